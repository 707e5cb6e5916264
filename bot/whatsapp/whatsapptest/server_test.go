package whatsapptest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// Made-up numbers.
const (
	ani  = "6281200000001"
	budi = "6281200000002"
)

func TestMessagesNameTheirSenderAsTheAccountIsSet(t *testing.T) {
	for name, tc := range map[string]struct {
		mode        Addressing
		sender, alt func(s *Server) types.JID
	}{
		"LID with phone number": {AsLID, func(s *Server) types.JID { return s.LID(ani) },
			func(*Server) types.JID { return JID(ani) }},
		"phone number with LID": {AsPhone, func(*Server) types.JID { return JID(ani) },
			func(s *Server) types.JID { return s.LID(ani) }},
		"LID and nothing else": {AsLIDOnly, func(s *Server) types.JID { return s.LID(ani) },
			func(*Server) types.JID { return types.EmptyJID }},
		"the phone number, nothing else": {AsPhoneOnly, func(*Server) types.JID { return JID(ani) },
			func(*Server) types.JID { return types.EmptyJID }},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(t)
			a, b := s.Person(ani, "Ani"), s.Person(budi, "Budi")
			s.Address(ani, tc.mode)
			id := a.Say(budi, "halo")
			got := b.Next()
			if Text(got) != "halo" || got.Info.ID != id || got.Info.PushName != "Ani" {
				t.Errorf("got %q id %s from %q", Text(got), got.Info.ID, got.Info.PushName)
			}
			if got.Info.Sender.ToNonAD() != tc.sender(s) || got.Info.SenderAlt.ToNonAD() != tc.alt(s) {
				t.Errorf("sender %s, also %q", got.Info.Sender, got.Info.SenderAlt)
			}
		})
	}
}

func TestWhatCameWhileAwayIsDeliveredOnceAtLogin(t *testing.T) {
	s := New(t)
	a, b := s.Person(ani, "Ani"), s.Person(budi, "Budi")
	b.Leave()
	for _, text := range []string{"satu", "dua", "tiga"} {
		a.Say(budi, text)
	}
	b.Connect()
	for _, want := range []string{"satu", "dua", "tiga"} {
		if got := Text(b.Next()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	a.Receipt("the last delivery", func(r *events.Receipt) bool { return r.Type == types.ReceiptTypeDelivered })
	b.Leave()
	b.Connect()
	a.Say(budi, "empat")
	if got := Text(b.Next()); got != "empat" {
		t.Errorf("after the second login: %q", got)
	}
}

func TestUnreadableMessageIsAskedForAgain(t *testing.T) {
	s := New(t)
	a, b := s.Person(ani, "Ani"), s.Person(budi, "Budi")
	a.Say(budi, "satu")
	b.Next()
	b.Say(ani, "dua") // both sides have a full session now
	a.Next()
	b.ForgetSession(ani)
	id := a.Say(budi, "tiga")
	got := b.Next()
	if Text(got) != "tiga" || got.Info.ID != id || got.RetryCount == 0 {
		t.Errorf("got %q id %s retries %d", Text(got), got.Info.ID, got.RetryCount)
	}
}

func TestReceiptsReachTheSender(t *testing.T) {
	s := New(t)
	a, b := s.Person(ani, "Ani"), s.Person(budi, "Budi")
	id := a.Say(budi, "halo")
	b.Read(b.Next())
	seen := map[types.ReceiptType]bool{} // in either order: a client confirms aside
	a.Receipt("delivered and read", func(r *events.Receipt) bool {
		if r.MessageIDs[0] != id {
			t.Errorf("%q receipt for %s, want %s", r.Type, r.MessageIDs[0], id)
		}
		seen[r.Type] = true
		return seen[types.ReceiptTypeDelivered] && seen[types.ReceiptTypeRead]
	})
}

func TestAcknowledgementsFailAndStallWhenTold(t *testing.T) {
	s := New(t)
	a, b := s.Person(ani, "Ani"), s.Person(budi, "Budi")
	text := func() *waE2E.Message { return &waE2E.Message{Conversation: proto.String("x")} }
	s.FailAcks(ani, 463, 1)
	_, err := a.Client.SendMessage(t.Context(), JID(budi), text())
	if !errors.Is(err, whatsmeow.ErrServerReturnedError) || !strings.Contains(err.Error(), "463") {
		t.Errorf("send: %v", err)
	}
	release := s.HoldAcks(budi)
	_, err = a.Client.SendMessage(t.Context(), JID(budi), text(),
		whatsmeow.SendRequestExtra{Timeout: 50 * time.Millisecond})
	if !errors.Is(err, whatsmeow.ErrMessageTimedOut) {
		t.Errorf("send with the acknowledgement held: %v", err)
	}
	release()
	b.Next() // the second arrived although nobody said so
	a.Say(budi, "y")
	if got := Text(b.Next()); got != "y" {
		t.Errorf("got %q", got)
	}
}

func TestMediaArrivesByteForByteAndTheHostCanFail(t *testing.T) {
	s := New(t)
	a, b := s.Person(ani, "Ani"), s.Person(budi, "Budi")
	file := bytes.Repeat([]byte("%PDF made up "), 5000)
	s.MediaDown(true)
	if _, err := a.Client.Upload(t.Context(), file, whatsmeow.MediaDocument); err == nil {
		t.Error("upload to a host that is down succeeded")
	}
	s.MediaDown(false)
	up, err := a.Client.Upload(t.Context(), file, whatsmeow.MediaDocument)
	if err != nil {
		t.Fatal(err)
	}
	a.Send(budi, &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{URL: &up.URL, DirectPath: &up.DirectPath,
		MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength}})
	if got := b.Download(b.Next()); !bytes.Equal(got, file) {
		t.Errorf("received %d bytes, want %d", len(got), len(file))
	}
	if want := []string{"mmg.whatsapp.net:443", "web.whatsapp.com:443"}; strings.Join(s.Asked(), " ") != strings.Join(want,
		" ") {
		t.Errorf("dialled %v", s.Asked())
	}
}

func TestNoOtherHostIsReached(t *testing.T) {
	s := New(t)
	for name, do := range map[string]func() error{
		"the client of the server": func() error {
			_, err := quietClient(s).Get("https://example.com/")
			return err
		},
		"a client without a transport of its own": func() error {
			ctx, cancel := context.WithTimeout(t.Context(), Patience)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://192.0.2.1/", nil)
			if err != nil {
				return err
			}
			_, err = http.DefaultClient.Do(req)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := do(); err == nil || !strings.Contains(err.Error(), "whatsapptest") {
				t.Errorf("got %v, want a refusal", err)
			}
		})
	}
}

// quietClient refuses like the server's client, but the server does not hear of
// it: else this test would fail as it should.
func quietClient(s *Server) *http.Client {
	return client(s.Addr(), func(host string) error {
		if allowed(host) {
			return nil
		}
		return errors.New("whatsapptest: no host of WhatsApp's")
	})
}

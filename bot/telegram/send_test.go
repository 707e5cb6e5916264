package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// line is a channel that only sends, and a person who wrote first.
func line(t *testing.T, o telegramtest.Options, change func(*Config)) (*telegramtest.Server, *Channel,
	*telegramtest.User) {
	t.Helper()
	srv := telegramtest.Start(t, o)
	u := srv.User(reader)
	u.Say("/start")
	return srv, mustNew(t, srv, change), u
}

func TestALetterArrivesAsPeopleReadIt(t *testing.T) {
	srv, c, u := line(t, telegramtest.Options{}, nil)
	mustSend(t, c, menu("Ketik *1* untuk <cari> & baca https://bps.go.id", search))
	m := u.FromBot()[0]
	if m.Text != "Ketik 1 untuk <cari> & baca https://bps.go.id" || len(m.Bold()) != 1 || m.Bold()[0] != "1" ||
		m.Buttons()[0] != "Cari" {
		t.Errorf("the person sees %+v", m)
	}
	if v := srv.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

func pdf(size int) *bot.File {
	return &bot.File{Name: "BPS1906 hal/12–25.pdf", MIME: "application/pdf", Data: bytes.Repeat([]byte("%PDF-1.7\n"),
		size/9+1)[:size], Pages: 14}
}

func TestADocumentArrivesByteForByte(t *testing.T) {
	srv, c, u := line(t, telegramtest.Options{}, func(cfg *Config) { cfg.ProtectContent = true })
	l := letter("Kutipan *14 halaman*")
	l.File, l.Send.Excerpt = pdf(3<<20), "X1"
	id := mustSend(t, c, l)
	m := u.FromBot()[0]
	if m.File == nil || !bytes.Equal(m.File.Data, l.File.Data) || m.Text != "Kutipan 14 halaman" ||
		fmt.Sprint(m.ID) != id {
		t.Fatalf("the person sees %q %+v", m.Text, m.ID)
	}
	if m.File.Name != "BPS1906_hal_12_25.pdf" || !m.Protected {
		t.Errorf("name %q, protected %v", m.File.Name, m.Protected)
	}
	l.Send.Excerpt = ""
	mustSend(t, c, l)
	if m := u.FromBot()[1]; m.Protected {
		t.Error("a file that is no excerpt was protected")
	}
	l.File = &bot.File{Name: "foto.jpg", MIME: "image/jpeg", Data: []byte("jpg")}
	mustSend(t, c, l)
	if n := srv.Count("sendPhoto", 0); n != 1 {
		t.Errorf("%d photos", n)
	}
	if v := srv.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

func TestTextTooLongForACaptionGoesBeforeTheFile(t *testing.T) {
	_, c, u := line(t, telegramtest.Options{}, nil)
	l := menu(strings.Repeat("kalimat panjang. ", 100), search)
	l.File = pdf(100)
	mustSend(t, c, l)
	got := u.FromBot()
	if len(got) != 2 || got[0].File != nil || got[1].File == nil || len(got[0].Keyboard) != 0 ||
		len(got[1].Keyboard) != 1 {
		t.Errorf("the chat shows %d messages: %+v", len(got), got)
	}
}

func TestALongLetterTriedAgainDoesNotRepeatWhatArrived(t *testing.T) {
	srv, c, u := line(t, telegramtest.Options{}, nil)
	l := menu(strings.Repeat("satu baris.\n", 900), search)
	srv.Fail("sendMessage", 1, func(w http.ResponseWriter, r *http.Request, real http.Handler) {
		real.ServeHTTP(w, r) // the first arrives
	})
	srv.Fail("sendMessage", 1, telegramtest.TooMany(1))
	_, err := c.Send(testContext(t), l)
	var fault *bot.SendError
	if !errors.As(err, &fault) || fault.After != time.Second {
		t.Fatalf("got %v", err)
	}
	mustSend(t, c, l)
	got := u.FromBot()
	if len(got) != 3 || len(got[0].Keyboard)+len(got[1].Keyboard) != 0 || len(got[2].Keyboard) != 1 {
		t.Errorf("%d messages, want 3 with the buttons under the last", len(got))
	}
}

func TestWhatAFailedSendingMeans(t *testing.T) {
	big := letter("x")
	big.File = &bot.File{Name: "a.pdf", Data: make([]byte, maxUpload+1)}
	file := letter("x")
	file.File = pdf(200_000)
	wrong := letter("x")
	wrong.Send.To = "telegram:siti"
	tests := map[string]struct {
		letter bot.Letter
		prep   func(*telegramtest.Server, *telegramtest.User)
		want   bot.SendError
		gone   bool
	}{
		"blocked": {letter("x"), func(_ *telegramtest.Server, u *telegramtest.User) { u.Block() },
			bot.SendError{Blame: "person"}, true},
		"account deleted": {letter("x"), func(_ *telegramtest.Server, u *telegramtest.User) { u.Delete() },
			bot.SendError{Blame: "person"}, true},
		"never wrote": {bot.Letter{Send: conversation.Send{To: "telegram:12", Text: "x"}}, nil,
			bot.SendError{Blame: "person"}, true},
		"too many requests": {letter("x"), fail("sendMessage", telegramtest.TooMany(17)),
			bot.SendError{Retry: true, After: 17 * time.Second, Blame: "platform"}, false},
		"too many requests on an upload, where the library forgets the code": {file,
			fail("sendDocument", telegramtest.TooMany(60)),
			bot.SendError{Retry: true, After: time.Minute, Blame: "platform"}, false},
		"proxy down": {letter("x"), fail("sendMessage", telegramtest.BadGateway),
			bot.SendError{Retry: true, Blame: "platform"}, false},
		"guest network": {letter("x"), fail("sendMessage", telegramtest.Portal),
			bot.SendError{Retry: true, Blame: "platform"}, false},
		"reset": {letter("x"), fail("sendMessage", telegramtest.Reset),
			bot.SendError{Retry: true, Blame: "platform"}, false},
		"reset in mid-upload": {file, fail("sendDocument", telegramtest.Reset),
			bot.SendError{Retry: true, Blame: "platform"}, false},
		"Telegram's own fault": {letter("x"), fail("sendMessage", telegramtest.Refusal(500, "Internal Server Error")),
			bot.SendError{Retry: true, Blame: "platform"}, false},
		"a firewall's page": {letter("x"), fail("sendMessage", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			http.Error(w, "<html>blocked</html>", http.StatusForbidden)
		}), bot.SendError{Retry: true, Blame: "platform"}, false},
		"token revoked": {letter("x"), fail("sendMessage", telegramtest.Refusal(401, "Unauthorized")),
			bot.SendError{Retry: true, After: tokenPause, Whole: true, Blame: "platform"}, false},
		"our mistake, in whatever form": {letter("x"), func(s *telegramtest.Server, _ *telegramtest.User) {
			s.Fail("sendMessage", 3, telegramtest.Refusal(400, "Bad Request: message is not to our liking"))
		}, bot.SendError{Blame: "desk"}, false},
		"file too big":   {big, nil, bot.SendError{Blame: "desk"}, false},
		"nothing to say": {letter(" \n"), nil, bot.SendError{Blame: "desk"}, false},
		"no address":     {wrong, nil, bot.SendError{Blame: "desk"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			srv, c, u := line(t, telegramtest.Options{}, nil)
			if test.prep != nil {
				test.prep(srv, u)
			}
			_, err := c.Send(testContext(t), test.letter)
			var got *bot.SendError
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			if got.Retry != test.want.Retry || got.After != test.want.After || got.Whole != test.want.Whole ||
				got.Blame != test.want.Blame {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if errors.Is(err, bot.ErrUnreachable) != test.gone {
				t.Errorf("unreachable: %v", err)
			}
			if test.want.Retry {
				mustSend(t, c, test.letter) // the reader of a file is opened anew
			}
		})
	}
}

func fail(method string, f telegramtest.Fault) func(*telegramtest.Server, *telegramtest.User) {
	return func(s *telegramtest.Server, _ *telegramtest.User) { s.Fail(method, 1, f) }
}

func TestAMessageThatIsOutIsNotSentAgain(t *testing.T) {
	for _, l := range []bot.Letter{letter("teks"), {Key: "K", Send: letter("").Send, File: pdf(5000)}} {
		srv, c, u := line(t, telegramtest.Options{}, nil)
		srv.Fail("sendMessage", 1, telegramtest.HalfAnswer)
		srv.Fail("sendDocument", 1, telegramtest.HalfAnswer)
		if id := mustSend(t, c, l); id != "" {
			t.Errorf("made up the id %q", id)
		}
		if n := len(u.FromBot()); n != 1 {
			t.Errorf("%d messages", n)
		}
	}
}

func TestOneChatsLimitIsNotTheBots(t *testing.T) {
	type try struct {
		chat          int64
		after         time.Duration // since the one before
		wait          int           // seconds, as Telegram says
		whole, paused string        // wanted
	}
	for name, tries := range map[string][]try{
		"one chat":                               {{reader, 0, 9, "false", "0s"}, {reader, time.Second, 9, "false", "0s"}},
		"two at about the same time":             {{reader, 0, 9, "false", "0s"}, {8, time.Second, 9, "true", "9s"}},
		"a long one of the first is its own":     {{reader, 0, 3600, "false", "0s"}, {8, time.Second, 5, "true", "5s"}},
		"a long one of the second is its own":    {{reader, 0, 5, "false", "0s"}, {8, time.Second, 3600, "true", "5s"}},
		"another while the first waits for long": {{reader, 0, 3600, "false", "0s"}, {8, time.Minute, 60, "false", "0s"}},
	} {
		t.Run(name, func(t *testing.T) {
			srv, c, _ := line(t, telegramtest.Options{}, nil)
			srv.User(8).Say("/start")
			for i, x := range tries {
				srv.Advance(x.after)
				srv.Fail("sendMessage", 1, telegramtest.TooMany(x.wait))
				l := letter("x")
				l.Send.To = address(x.chat)
				_, err := c.Send(testContext(t), l)
				var fault *bot.SendError
				if !errors.As(err, &fault) {
					t.Fatal(err)
				}
				if got := fmt.Sprint(fault.Whole, fault.Rest); got != x.whole+" "+x.paused || !fault.Kept ||
					fault.After != time.Duration(x.wait)*time.Second {
					t.Errorf("refusal %d: %+v, want %s %s", i, fault, x.whole, x.paused)
				}
			}
		})
	}
}

func TestALetterRefusedAsMalformedIsSentPlain(t *testing.T) {
	bad := func(w string) telegramtest.Fault { return telegramtest.Refusal(400, "Bad Request: "+w) }
	long := strings.Repeat("*Baris* yang panjang.\n", 150)
	tests := map[string]struct {
		letter bot.Letter
		prep   func(*telegramtest.Server)
		want   int // messages
	}{
		"marks": {menu("Ketik *1*\n*1* Cari", search), func(s *telegramtest.Server) {
			s.Fail("sendMessage", 1, bad("can't parse entities: Unexpected end tag at byte offset 3"))
		}, 1},
		"buttons": {menu("Ketik *1*\n*1* Cari", search),
			func(s *telegramtest.Server) { s.Fail("sendMessage", 1, bad("BUTTON_DATA_INVALID")) }, 1},
		"too long": {menu(long, search), func(s *telegramtest.Server) {
			s.Fail("sendMessage", 2,
				bad("message is too long"))
		}, 3},
		"an edit": {pressed(menu("Ketik *1*\n*1* Cari", search)),
			func(s *telegramtest.Server) { s.Fail("editMessageText", 1, bad("MESSAGE_NOT_TO_OUR_LIKING")) }, 1},
		"a file's caption": {with(menu("Ketik *1*\n*1* Cari", search), pdf(1000)),
			func(s *telegramtest.Server) { s.Fail("sendDocument", 1, bad("can't parse entities")) }, 2},
		"a picture's size": {with(menu("Ketik *1*\n*1* Cari", search), &bot.File{Name: "a.png", MIME: "image/png",
			Data: []byte("png")}),
			func(s *telegramtest.Server) { s.Fail("sendPhoto", 1, bad("PHOTO_INVALID_DIMENSIONS")) }, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			srv, c, u := line(t, telegramtest.Options{}, nil)
			test.prep(srv)
			mustSend(t, c, test.letter)
			var text string
			got := u.FromBot()
			for _, m := range got {
				text += m.Text + "\n"
				for _, caption := range m.Buttons() { // the text leaves out what they say
					text += "1 " + caption + "\n"
				}
			}
			want := strings.ReplaceAll(test.letter.Send.Text, "*", "")
			if strings.Join(strings.Fields(text), " ") != strings.Join(strings.Fields(want), " ") || len(got) != test.want {
				t.Errorf("the person got %d messages: %q", len(got), text)
			}
			if test.letter.File != nil && got[len(got)-1].File == nil {
				t.Error("the file did not arrive")
			}
			if v := srv.Violations(); len(v) > 0 {
				t.Errorf("violations: %v", v)
			}
		})
	}
}

func with(l bot.Letter, f *bot.File) bot.Letter { l.File = f; return l }

func pressed(l bot.Letter) bot.Letter { l.Send.Paging, l.Send.Answers = true, "b1.77"; return l }

func TestASendingEndsWithItsContext(t *testing.T) {
	srv, c, _ := line(t, telegramtest.Options{}, nil)
	srv.Fail("sendMessage", 1, telegramtest.Hang)
	_, err := c.Send(deadline(t, 30*time.Millisecond), letter("x"))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	srv.Fail("sendMessage", 1, telegramtest.Hang)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := c.Send(ctx, letter("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFailedUploadsLeaveNothingOpen(t *testing.T) {
	srv, c, _ := line(t, telegramtest.Options{Forget: true}, nil)
	l := letter("x")
	l.File = pdf(100_000)
	round := func() {
		srv.Fail("sendDocument", 1, telegramtest.Reset)
		srv.Fail("sendDocument", 1, telegramtest.TooMany(1))
		for range 2 {
			if _, err := c.Send(testContext(t), l); err == nil {
				t.Fatal("no error")
			}
		}
	}
	round()
	before := openFiles(t)
	for range 50 {
		round()
	}
	await(t, "descriptors closed", func() bool { return openFiles(t) <= before+8 })
}

func openFiles(t *testing.T) int {
	t.Helper()
	d, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this system does not list a process's open files")
	}
	return len(d)
}

func TestTypingShowsWhatIsBeingMade(t *testing.T) {
	_, c, u := line(t, telegramtest.Options{}, nil)
	for _, upload := range []bool{false, true} {
		if err := c.Typing(testContext(t), address(reader), upload); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(u.Actions()); got != "[typing upload_document]" {
		t.Error(got)
	}
}

func TestAPhotoOfAComplaintCanBeFetched(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	c := mustNew(t, srv, nil)
	run(t, c, in)
	srv.User(reader).Photo("", []byte("gambar"))
	var b bytes.Buffer
	n, err := c.Download(testContext(t), in.last(t, 1).Media.Ref, &b)
	if err != nil || n != 6 || b.String() != "gambar" {
		t.Errorf("%d %q %v", n, b.String(), err)
	}
	if _, err := c.Download(testContext(t), "tidak ada", &b); err == nil {
		t.Error("a file that is not there was fetched")
	}
}

func TestADocumentSentBackCanBeFetched(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	c := mustNew(t, srv, nil)
	run(t, c, in)
	srv.User(reader).Document("kutipan_K7F3Q9AB2D.pdf", "asli?", []byte("%PDF-1.7"))
	m := in.last(t, 1)
	var b bytes.Buffer
	n, err := c.Download(testContext(t), m.Media.Ref, &b)
	if err != nil || n != 8 || b.String() != "%PDF-1.7" {
		t.Errorf("%d %q %v", n, b.String(), err)
	}
	if !m.Media.PDF() || m.Media.Name != "kutipan_K7F3Q9AB2D.pdf" || m.Text != "asli?" {
		t.Errorf("received %+v with %+v", m, m.Media)
	}
}

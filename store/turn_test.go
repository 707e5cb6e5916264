package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

const ani, budi conversation.Address = "telegram:1", "whatsapp:628@s.whatsapp.net"

func TestATurnIsAllOrNothing(t *testing.T) {
	d := openDesk(t)
	first := d.hears(ani, "halo")
	s, err := d.Session(t.Context(), ani)
	if err != nil || s.Version != 0 || s.Chat != ani {
		t.Fatalf("session of an unknown chat: %+v, %v", s, err)
	}
	s.State, s.Deadline, s.SeenAt = "menu", d.clock.Now().Add(time.Hour), d.clock.Now()
	turn := conversation.Turn{Message: first, Session: s, Effects: []conversation.Effect{
		conversation.Send{To: ani, Text: "Selamat datang"},
		conversation.AddPost{Post: conversation.Post{Ticket: "ADU-261123-XXX", Text: "to no ticket"}},
	}}
	if err := d.Commit(t.Context(), turn); err == nil {
		t.Fatal("a post to no ticket was accepted")
	}
	if len(d.out()) != 0 || len(d.waiting()) != 1 {
		t.Fatal("a turn that failed left a trace")
	}
	turn.Effects = turn.Effects[:1]
	if err := d.Commit(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
	wantErr(t, d.Commit(t.Context(), turn), conversation.ErrNotFound) // the same turn again
	got, err := d.Session(t.Context(), ani)
	if err != nil || got.Version != 1 || got.State != "menu" || !got.Deadline.Equal(s.Deadline) ||
		!got.SeenAt.Equal(s.SeenAt) {
		t.Fatalf("session %+v, %v", got, err)
	}
	if err := d.Put(t.Context(), first); err != nil { // the platform delivers again
		t.Fatal(err)
	}
	if out := d.out(); len(out) != 1 || out[0].Send.Text != "Selamat datang" || len(d.waiting()) != 0 {
		t.Fatalf("out %+v, waiting %+v", out, d.waiting())
	}
}

func TestASessionChangedMeanwhileConflicts(t *testing.T) {
	d := openDesk(t)
	for _, known := range []bool{false, true} {
		a, b := d.hears(ani, "a"), d.hears(ani, "b")
		s, err := d.Session(t.Context(), ani)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Commit(t.Context(), conversation.Turn{Message: a, Session: s}); err != nil {
			t.Fatal(err)
		}
		wantErr(t, d.Commit(t.Context(), conversation.Turn{Message: b, Session: s}), conversation.ErrConflict)
		if n := len(d.waiting()); n != 1 {
			t.Fatalf("known chat %v: %d messages wait, want 1", known, n)
		}
		if s, err = d.Session(t.Context(), ani); err != nil {
			t.Fatal(err)
		}
		if err := d.Commit(t.Context(), conversation.Turn{Message: b, Session: s}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASessionOfAnotherVersionStartsAnew(t *testing.T) {
	d := openDesk(t)
	r := d.joins(ani, "ani")
	if err := d.update(t.Context(), func(x *tx) error {
		_, err := x.exec(`UPDATE chats SET data = ?`, d.seal.seal("session", string(ani), []byte(`{"misses":"many"}`)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Session(t.Context(), ani); err != nil || s.State != "" || s.Reader != r {
		t.Fatalf("%+v, %v", s, err)
	}
	d.does(ani)
}

func TestTheInboxTakesWhatPeopleSend(t *testing.T) {
	d := openDesk(t)
	texts := []string{"", "'; DROP TABLE inbox; --", strings.Repeat("panjang ", 40_000), "a\x00b", "emoji 🙏🏽",
		"rusak \xff\xfe"}
	for _, text := range texts {
		d.hears(ani, text)
	}
	got := d.waiting()
	if len(got) != len(texts) {
		t.Fatalf("%d of %d wait", len(got), len(texts))
	}
	for i, text := range texts {
		if want := strings.ToValidUTF8(text, "\ufffd"); got[i].Text != want && got[i].Text != strings.ReplaceAll(text,
			"\xff\xfe", "\ufffd\ufffd") {
			t.Errorf("message %d reads %.40q, want %.40q", i, got[i].Text, want)
		}
	}
	wantErr(t, d.Put(t.Context(), conversation.Message{ID: "x", From: ani, Kind: conversation.Delivered}), ErrInternal)
	if err := d.Put(t.Context(), conversation.Message{From: ani, Kind: conversation.Text}); err == nil {
		t.Error("a message without id was taken")
	}
	wantErr(t, d.Put(t.Context(), conversation.Message{ID: "x", From: "nobody", Kind: conversation.Text}),
		conversation.ErrAddress)
}

func TestWaitingIsInOrderAndNarrowed(t *testing.T) {
	d := openDesk(t)
	d.hears(ani, "1")
	d.hears(budi, "2")
	d.hears("telegram:2", "3")
	for _, c := range []struct {
		name   string
		among  []string
		except []conversation.Address
		limit  int
		want   string
	}{
		{"all schemes", []string{"telegram", "whatsapp"}, nil, 9, "123"},
		{"one scheme", []string{"telegram"}, nil, 9, "13"},
		{"one address", []string{string(budi)}, nil, 9, "2"},
		{"but one chat", []string{"telegram", "whatsapp"}, []conversation.Address{ani}, 9, "23"},
		{"the first", []string{"telegram", "whatsapp"}, nil, 1, "1"},
		{"nothing asked", nil, nil, 9, ""},
	} {
		ms, err := d.Waiting(t.Context(), c.among, c.except, c.limit)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, m := range ms {
			got += m.Text
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestQuarantineLetsTheChatGoOn(t *testing.T) {
	d := openDesk(t)
	m := d.hears(ani, "racun")
	for range 2 {
		if err := d.Quarantine(t.Context(), m, "step failed", conversation.Send{To: ani, Text: "maaf"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Put(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if len(d.waiting()) != 0 || len(d.out()) != 1 {
		t.Fatalf("waiting %v, out %v", d.waiting(), d.out())
	}
}

func TestDeadlinesAreSweptOnce(t *testing.T) {
	d := openDesk(t)
	m := d.hears(ani, "halo")
	due := d.clock.Now().Add(time.Minute)
	if err := d.Commit(t.Context(), conversation.Turn{Message: m,
		Session: conversation.Session{Chat: ani, Deadline: due}, Effects: []conversation.Effect{
			conversation.OpenTicket{Ticket: conversation.Ticket{Category: "Saran", Text: "antre lama", ID: "ADU-261123-ABC",
				State: conversation.StateNew, Chat: ani, NextDue: due}},
		}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{59 * time.Second, 0}, {time.Minute, 2}, {time.Hour, 0}} {
		n, err := d.Sweep(t.Context(), due.Add(c.after-time.Minute))
		if err != nil || n != c.want {
			t.Fatalf("after %v: put %d, %v; want %d", c.after, n, err, c.want)
		}
	}
	got := d.waiting()
	if len(got) != 2 || got[0].Kind != conversation.Expired || got[0].From != ani ||
		got[1].Kind != conversation.Due || got[1].From != "desk:ADU-261123-ABC" {
		t.Fatalf("waiting: %+v", got)
	}
	// The desk's own turn saves no session, so it may come again and again.
	for _, due := range []time.Time{due.Add(time.Hour), {}} {
		ticket, err := d.Ticket(t.Context(), "ADU-261123-ABC")
		if err != nil {
			t.Fatal(err)
		}
		ticket.NextDue = due
		reminder := d.waiting()[1]
		s, err := d.Session(t.Context(), reminder.From)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Commit(t.Context(), conversation.Turn{Message: reminder, Session: s,
			Effects: []conversation.Effect{conversation.UpdateTicket{Ticket: ticket}}}); err != nil {
			t.Fatal(err)
		}
		if n, err := d.Sweep(t.Context(), d.clock.Now().Add(48*time.Hour)); err != nil || n != flag(!due.IsZero()) {
			t.Fatalf("put %d, %v", n, err)
		}
	}
}

func TestTheOutboxKeepsAChatsOrder(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.Send{To: ani, Text: "1"}, conversation.Send{To: budi, Text: "x"},
		conversation.Send{To: ani, Text: "2", Ref: "ticket:T", Report: true})
	out := d.out()
	if len(out) != 2 || out[0].Send.Text != "1" || out[1].Send.Text != "x" {
		t.Fatalf("first in line: %+v", out)
	}
	later := d.clock.Now().Add(time.Minute)
	if err := d.MarkLater(t.Context(), out[0].ID, later, "down", false); err != nil {
		t.Fatal(err)
	}
	if rows := d.out(); len(rows) != 1 || rows[0].Send.Text != "x" {
		t.Fatalf("while the first waits: %+v", rows)
	}
	d.clock.forward(time.Minute)
	again := d.out()
	if len(again) != 2 || again[1].Key != out[0].Key || again[1].Attempt != 1 {
		t.Fatalf("second try: %+v", again)
	}
	for range 2 { // the second time is a crash between sending and noting
		if err := d.MarkSent(t.Context(), out[0].ID, conversation.Sent{PlatformID: "77", At: d.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	out = d.out()
	if len(out) != 2 || out[1].Send.Text != "2" {
		t.Fatalf("then: %+v", out)
	}
	for range 2 {
		if err := d.MarkFailed(t.Context(), out[1].ID, d.clock.Now(), "blocked"); err != nil {
			t.Fatal(err)
		}
	}
	if w := d.waiting(); len(w) != 1 || w[0].Kind != conversation.Failed || w[0].Text != "ticket:T" || w[0].From != ani {
		t.Fatalf("report: %+v", w)
	}
}

func TestALetterThatWaitsLongIsDueWhenItsPersonWrites(t *testing.T) {
	for _, c := range []struct {
		name string
		wait time.Duration
		kept bool
		from conversation.Address
		want int
	}{
		{"a long wait", 15 * time.Minute, false, ani, 1},
		{"a long wait that the platform asked for", 15 * time.Minute, true, ani, 0},
		{"a short wait, as between two tries", 30 * time.Second, false, ani, 0},
		{"somebody else writes", 15 * time.Minute, false, budi, 0},
	} {
		d := openDesk(t)
		d.does(ani, conversation.Send{To: ani, Text: "1"})
		if err := d.MarkLater(t.Context(), d.out()[0].ID, d.clock.Now().Add(c.wait), "not yet", c.kept); err != nil {
			t.Fatal(err)
		}
		d.hears(c.from, "halo")
		if n := len(d.out()); n != c.want {
			t.Errorf("%s: %d letters are due, want %d", c.name, n, c.want)
		}
	}
}

func TestAPersonWhoIsAwayKeepsTheirLetters(t *testing.T) {
	d := openDesk(t)
	d.does(ani)
	s, err := d.Session(t.Context(), ani)
	if err != nil {
		t.Fatal(err)
	}
	s.Away = true
	if err := d.Commit(t.Context(), conversation.Turn{Message: d.hears(ani, ""), Session: s,
		Effects: []conversation.Effect{conversation.Send{To: ani, Text: "nanti"}}}); err != nil {
		t.Fatal(err)
	}
	if len(d.out()) != 0 {
		t.Fatal("sent to a person who is away")
	}
	s.Away = false
	s.Version++
	if err := d.Commit(t.Context(), conversation.Turn{Message: d.hears(ani, ""), Session: s}); err != nil {
		t.Fatal(err)
	}
	if len(d.out()) != 1 {
		t.Fatal("the letter is gone")
	}
}

func TestALetterPastItsTimeIsNotSent(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.Send{To: ani, Text: "kode", Expires: d.clock.Now().Add(time.Minute), Ref: "code:1",
		Report: true}, conversation.Send{To: ani, Text: "lain"})
	d.clock.forward(time.Minute)
	if out := d.out(); len(out) != 1 || out[0].Send.Text != "lain" {
		t.Fatalf("out: %+v", out)
	}
	if w := d.waiting(); len(w) != 1 || w[0].Kind != conversation.Failed {
		t.Fatalf("waiting: %+v", w)
	}
}

// A letter by mail that comes back is told of once, to whom its failure at the door
// would have been told; nothing is of one whose code was sent anew.
func TestALetterComesBack(t *testing.T) {
	d := openDesk(t)
	mailed := func(ref string) conversation.Send {
		return conversation.Send{To: "mailto:ani@rumah.example", Text: "surat", Ref: ref, Report: true}
	}
	d.does(ani, mailed("code:"+string(ani)))
	sent := d.clock.Now()
	for i, ref := range []string{"", "copy:ADU-261123-ABC", "code:" + string(budi), "code:" + string(budi)} {
		if ref != "" {
			d.does(budi, mailed(ref))
		}
		if err := d.MarkSent(t.Context(), d.out()[0].ID, conversation.Sent{PlatformID: fmt.Sprintf("<%d@office.example>",
			i+1), At: sent}); err != nil {
			t.Fatal(err)
		}
	}
	d.does(ani, conversation.Send{To: budi, Text: "bukan surat", Ref: "ticket:X", Report: true})
	if err := d.MarkSent(t.Context(), d.out()[0].ID, conversation.Sent{PlatformID: "<5@office.example>",
		At: sent}); err != nil {
		t.Fatal(err)
	}
	d.clock.forward(time.Hour)
	for _, c := range []struct {
		id   string
		ours bool
	}{{"<1@office.example>", true}, {"<1@office.example>", true}, {"<2@office.example>", true}, {"<3@office.example>",
		true}, {"<5@office.example>", false}, {"<6@office.example>", false}, {"", false}} {
		if ours, err := d.MarkBounced(t.Context(), c.id, "came back: 5.1.1"); ours != c.ours || err != nil {
			t.Errorf("%s: %v, %v", c.id, ours, err)
		}
	}
	var got []string
	for _, m := range d.waiting() {
		if m.Kind == conversation.Failed {
			got = append(got, string(m.From)+" "+m.Text)
		}
	}
	if want := []string{string(ani) + " code:" + string(ani), "desk:bounced copy:ADU-261123-ABC"}; !slices.Equal(got,
		want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestAQuoteFindsWhatItIsAbout(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.Send{To: budi, Text: "tiket", Ref: "ticket:ADU-261123-ABC"})
	out := d.out()
	if ref, err := d.Ref(t.Context(), budi, out[0].Key); ref != "ticket:ADU-261123-ABC" || err != nil {
		t.Errorf("quoted before the sending was recorded: %q, %v", ref, err)
	}
	if err := d.MarkSent(t.Context(), out[0].ID, conversation.Sent{PlatformID: "9", At: d.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if err := d.MarkReceipt(t.Context(), budi, "9", "read", d.clock.Now()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		chat conversation.Address
		id   string
		want string
	}{{budi, "9", "ticket:ADU-261123-ABC"}, {ani, "9", ""}, {budi, "8", ""}, {budi, "", ""}} {
		got, err := d.Ref(t.Context(), c.chat, c.id)
		if got != c.want || (c.want == "") != errors.Is(err, conversation.ErrNotFound) {
			t.Errorf("%s quoted in %s: %q, %v", c.id, c.chat, got, err)
		}
	}
}

// An excerpt that must wait for its media server does not silence its chat.
func TestAWaitingExcerptLetsTheChatGoOn(t *testing.T) {
	d := openDesk(t)
	d.does(ani, conversation.Send{To: ani, Text: "berkas", Excerpt: "A"}, conversation.Send{To: ani, Text: "jawaban"})
	out := d.out()
	if len(out) != 1 || out[0].Send.Excerpt != "A" {
		t.Fatalf("first in line: %+v", out)
	}
	if err := d.MarkLater(t.Context(), out[0].ID, d.clock.Now().Add(time.Minute), "media server down", false); err != nil {
		t.Fatal(err)
	}
	rows := d.out()
	if len(rows) != 1 || rows[0].Send.Text != "jawaban" {
		t.Fatalf("while the excerpt waits: %+v", rows)
	}
	if err := d.MarkSent(t.Context(), rows[0].ID, conversation.Sent{PlatformID: "1", At: d.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	d.clock.forward(time.Minute)
	if rows := d.out(); len(rows) != 1 || rows[0].Send.Excerpt != "A" {
		t.Fatalf("when its time has come: %+v", rows)
	}
}

func TestMessagesThatWaitedTogetherEndTogetherOrNotAtAll(t *testing.T) {
	d := openDesk(t)
	var ms []conversation.Message
	for range 3 {
		ms = append(ms, d.hears(ani, "halo"))
	}
	s, err := d.Session(t.Context(), ani)
	if err != nil {
		t.Fatal(err)
	}
	say := []conversation.Effect{conversation.Send{To: ani, Text: "satu jawaban"}}
	stranger := ms[1]
	stranger.ID = "tidak ada"
	wantErr(t, d.Commit(t.Context(), conversation.Turn{Earlier: []conversation.Message{ms[0], stranger}, Message: ms[2],
		Session: s, Effects: say}),
		conversation.ErrNotFound)
	waiting := func() int {
		t.Helper()
		list, err := d.Waiting(t.Context(), []string{string(ani)}, nil, 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := waiting(); n != 3 || len(d.out()) != 0 {
		t.Errorf("after a refused turn %d messages wait, %d letters", n, len(d.out()))
	}
	if err := d.Commit(t.Context(), conversation.Turn{Earlier: ms[:2], Message: ms[2], Session: s,
		Effects: say}); err != nil {
		t.Fatal(err)
	}
	if n := waiting(); n != 0 || len(d.out()) != 1 {
		t.Errorf("%d messages wait, %d letters", n, len(d.out()))
	}
}

func TestABatchIsPutWholeOrNotAtAll(t *testing.T) {
	d := openDesk(t)
	m := conversation.Message{ID: "1", From: ani, Kind: conversation.Text, Text: "halo"}
	bad := conversation.Message{ID: "2", From: ani, Kind: conversation.Due}
	wantErr(t, d.Put(t.Context(), m, bad), ErrInternal)
	if list, err := d.Waiting(t.Context(), []string{string(ani)}, nil, 100); err != nil || len(list) != 0 {
		t.Errorf("half a batch waits: %v, %v", list, err)
	}
	bad.Kind = conversation.Text
	if err := d.Put(t.Context(), m, bad, m); err != nil {
		t.Fatal(err)
	}
	if list, err := d.Waiting(t.Context(), []string{string(ani)}, nil,
		100); err != nil || len(list) != 2 || list[0].ID != "1" {
		t.Errorf("waiting: %v, %v", list, err)
	}
}

// A ticket without words would reach staff as an empty card: the whole turn is refused.
func TestATicketNeedsTextAndCategory(t *testing.T) {
	for _, k := range []conversation.Ticket{{ID: "ADU-261123-AAA", Category: "Saran"},
		{ID: "ADU-261123-AAB", Text: "antre lama", Category: " "}} {
		d := openDesk(t)
		m := d.hears(ani, "kirim")
		s, err := d.Session(t.Context(), ani)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Commit(t.Context(), conversation.Turn{Message: m, Session: s,
			Effects: []conversation.Effect{conversation.OpenTicket{Ticket: k}}}); err == nil {
			t.Errorf("%+v was opened", k)
		}
	}
}

//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
	"pst/store"
)

// whatsappPeople are people with WhatsApp, from number 3000 on.
func whatsappPeople(srv *whatsapptest.Server, n int) (out []*whatsapptest.Person) {
	for i := range n {
		out = append(out, srv.Person(fmt.Sprint("628120001", 3000+i), fmt.Sprint("Orang ", i)))
	}
	return out
}

// whatsappRest waits until nothing of WhatsApp's waits on either side.
func whatsappRest(t *testing.T, srv *whatsapptest.Server, db *store.DB, people []*whatsapptest.Person) {
	t.Helper()
	arrived := func() bool {
		for _, p := range people {
			if srv.Unacknowledged(p.Phone) > 0 {
				return false
			}
		}
		return srv.Unacknowledged(deskPhone) == 0
	}
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		in, err := db.Waiting(t.Context(), []string{conversation.WhatsApp}, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		// Those to be tried again, too; the Kasubbag has not written yet.
		out, err := db.Out(t.Context(), []string{conversation.WhatsApp}, []conversation.Address{numberOf(kasubbagPhone)},
			time.Now().Add(time.Hour), 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(in) == 0 && len(out) == 0 && arrived() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("in the end %d messages are not acknowledged, %d messages and %d letters wait",
				srv.Unacknowledged(deskPhone), len(in), len(out))
		}
	}
}

// startJoined runs the whole program in a process of its own until it is online.
func startJoined(t *testing.T, data string, srv *whatsapptest.Server, hurry ...string) *serving {
	t.Helper()
	s := launch(t, "pst-whatsapp", append([]string{data, srv.Addr()}, hurry...)...)
	soon(t, "the program is online", func() bool { return strings.Contains(s.said.String(), "whatsapp is online") })
	return s
}

// Many people wrote many messages each while the program was down. They are read
// in order and answered together, at the pace that WhatsApp is owed: nobody gets
// an answer to each. With PST_LOAD, 2,000 messages of 40 people.
func TestWhatsAppBacklogIsAnsweredTogether(t *testing.T) {
	t.Parallel()
	people, each := 8, 12
	if os.Getenv("PST_LOAD") != "" {
		people, each = 40, 50
	}
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	crowd := whatsappPeople(srv, people)
	texts := []string{"halo", "info", "1", "ada orang?", "jam buka", "menu", "3", "bukunya ada?", "2", "tolong dibalas"}
	for n := range each {
		for i, p := range crowd {
			p.Say(deskPhone, texts[(n+i)%len(texts)])
		}
	}
	begin := time.Now()
	s := startJoined(t, h.data, srv)
	soon(t, "all is taken in", func() bool { return srv.Unacknowledged(deskPhone) == 0 })
	taken := time.Since(begin)
	whatsappRest(t, srv, openData(t, h.data), crowd)
	took := time.Since(begin)
	letters, most := 0, 0
	for i, p := range crowd {
		n := p.Waiting()
		letters, most = letters+n, max(most, n)
		if n == 0 || n > 4 {
			t.Errorf("person %d wrote %d messages and got %d letters, want 1 to 4", i, each, n)
		}
	}
	if os.Getenv("PST_LOAD") != "" && took > 3*time.Minute {
		t.Errorf("took %v", took)
	}
	t.Logf("%d messages of %d people: taken in within %v, %d letters, at most %d a person, in %v; %s at most",
		people*each, people, taken.Round(time.Millisecond), letters, most, took.Round(time.Millisecond), s.peak())
	if exit, _ := s.end(syscall.SIGTERM); exit != exitFine {
		t.Errorf("exit %d; the program said:\n%s", exit, s.said)
	}
}

// One chat sends very many messages while others talk as people do: these are
// answered no later than without it by much, and it gets a handful of letters.
// With PST_LOAD, 1,000 messages beside 20 people.
func TestWhatsAppFloodOfOneChatSlowsNobody(t *testing.T) {
	t.Parallel()
	people, turns, flood := 6, 3, 150
	if os.Getenv("PST_LOAD") != "" {
		people, turns, flood = 20, 6, 1000
	}
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	crowd := whatsappPeople(srv, people+1)
	// The pace of one chat, as by default; all together are not held up, as that
	// would hide what the flood does to others.
	d := startPaced(t, h, srv, &bot.Pace{Each: bot.Rate{PerSecond: 0.5, Burst: 4}, Minute: 20})
	var chatters []chatter
	for _, p := range crowd[:people] {
		chatters = append(chatters, chatter{func(text string) { p.Say(deskPhone, text) },
			func(context.Context) error { p.Next(); return nil }})
	}
	flooder, begin := crowd[people], time.Now()
	slowsNobody(t, chatters, turns, 2100*time.Millisecond, func() {
		for n := range flood {
			flooder.Say(deskPhone, fmt.Sprint("banjir ", n))
			time.Sleep(5 * time.Millisecond)
		}
	})
	if letters := flooder.Waiting(); letters == 0 || letters > twentyAMinute(begin) {
		t.Errorf("a flood got %d letters", letters)
	}
	d.stop()
}

// Many messages of many people, and the program killed eight times over them: each
// line of each complaint is in its ticket once, and in order; each person has one
// ticket, is told of it last, and got no letter twice. With PST_LOAD, 500 messages
// of 50 people.
func TestWhatsAppKilledAtAnyPoint(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program nine times")
	}
	t.Parallel()
	people := 10
	if os.Getenv("PST_LOAD") != "" {
		people = 50
	}
	const lines = 4
	srv := whatsapptest.New(t)
	h := whatsappHouse(t, srv, nil, nil)
	crowd := whatsappPeople(srv, people)
	var scripts [][]string
	for i := range people {
		script := []string{"pengaduan", "1", "3"}
		for n := range lines {
			script = append(script, complaintLine(i, n))
		}
		scripts = append(scripts, append(script, "kirim", "2", "1"))
	}
	sent := func() (n int) {
		for _, p := range crowd {
			n += p.Waiting()
		}
		return n
	}
	left := func() int { return srv.Unacknowledged(deskPhone) }
	before := 0
	deaths := []struct {
		online bool // before anybody writes
		when   func() bool
	}{
		{false, func() bool { return sent() > before }},
		{true, func() bool { return true }},
		{true, func() bool { return left() < people }},
		{false, func() bool { return left() == 0 }},
		{true, func() bool { return sent() > before+people/2 }},
		{false, func() bool { return sent() > before+people/4 }},
		{true, func() bool { return left() < people/2 }},
		{false, func() bool { return true }},
	}
	part := func(round int) int { return round * len(scripts[0]) / len(deaths) }
	say := func(round int) {
		for n := part(round); n < part(round+1); n++ {
			for i, p := range crowd {
				p.Say(deskPhone, scripts[i][n])
			}
		}
	}
	for round, death := range deaths {
		before = sent()
		if !death.online {
			say(round)
		}
		s := startJoined(t, h.data, srv, "quick")
		if death.online {
			say(round)
		}
		soon(t, fmt.Sprint("the moment to die, round ", round), death.when)
		t.Logf("killed with %d messages not acknowledged and %d letters arrived", left(), sent())
		s.end(syscall.SIGKILL)
	}
	begin := time.Now()
	last := startJoined(t, h.data, srv, "quick")
	db := openData(t, h.data)
	whatsappRest(t, srv, db, crowd)
	t.Logf("the rest took %v; %s at most", time.Since(begin).Round(time.Millisecond), last.peak())
	if exit, _ := last.end(syscall.SIGTERM); exit != exitFine {
		t.Errorf("exit %d; the program said:\n%s", exit, last.said)
	}
	letters := 0
	for i, p := range crowd {
		tickets, err := db.Tickets(t.Context(), lidOf(srv, p.Phone), 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(tickets) != 1 {
			at, _ := db.Session(t.Context(), lidOf(srv, p.Phone))
			var heard []string
			for p.Waiting() > 0 {
				heard = append(heard, whatsapptest.Text(p.Next()))
			}
			t.Errorf("person %d has %d tickets, stands at %s, complaint %+v, was told %q; the program said:\n%s", i,
				len(tickets),
				at.State, at.Data.Complaint, heard, last.said)
			continue
		}
		var want []string
		for n := range lines {
			want = append(want, complaintLine(i, n))
		}
		if got := strings.Split(tickets[0].Text, "\n"); !slices.Equal(got, want) {
			t.Errorf("the ticket of person %d says %q", i, got)
		}
		// Phones show a message that comes twice under one id once.
		shown := map[string]bool{}
		var texts []string
		for p.Waiting() > 0 {
			if m := p.Next(); !shown[m.Info.ID] {
				shown[m.Info.ID] = true
				texts = append(texts, whatsapptest.Text(m))
			}
		}
		letters += len(texts)
		if n := len(texts); n == 0 || n > len(scripts[i]) || !strings.Contains(texts[n-1], tickets[0].ID) ||
			len(slices.Compact(slices.Clone(texts))) < n {
			t.Errorf("person %d wrote %d messages and was shown %q", i, len(scripts[i]), texts)
		}
	}
	t.Logf("%d messages, %d kills; %d letters shown, none twice", people*len(scripts[0]), len(deaths), letters)
}

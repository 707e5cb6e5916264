package main

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// Forty people wrote fifty messages each while the program was down. They are
// read in order and answered together: nobody gets fifty answers one by one.
func TestTelegramBacklogIsAnsweredTogether(t *testing.T) {
	t.Parallel()
	const people, each = 40, 50
	srv := telegramtest.Start(t, telegramtest.Options{Limited: true, Forget: true})
	h := telegramHouse(t, srv, nil)
	texts := []string{"halo", "info", "1", "ada orang?", "jam buka", "menu", "3", "bukunya ada?", "2", "tolong dibalas"}
	for n := range each {
		for i := range people {
			srv.User(int64(6000 + i)).Say(texts[(n+i)%len(texts)])
		}
	}
	begin := time.Now()
	s := startServe(t, h.data)
	db := openData(t, h.data)
	rest(t, srv, db)
	took := time.Since(begin)
	letters, most := 0, 0
	for i := range people {
		n := len(srv.User(int64(6000 + i)).FromBot())
		letters, most = letters+n, max(most, n)
		if n == 0 || n > 4 {
			t.Errorf("person %d wrote %d messages and got %d letters, want 1 to 4", i, each, n)
		}
	}
	if n := srv.Count("sendMessage", 429); n > 0 {
		t.Errorf("refused %d times for too many requests", n)
	}
	if os.Getenv("PST_LOAD") != "" && took > 3*time.Minute {
		t.Errorf("took %v", took)
	}
	t.Logf("%d messages of %d people: %d letters, at most %d a person, in %v; %s at most", people*each, people, letters,
		most,
		took.Round(time.Millisecond), s.peak())
	if exit, _ := s.end(syscall.SIGTERM); exit != exitFine {
		t.Errorf("exit %d", exit)
	}
}

// rest waits until nothing of Telegram's waits on either side.
func rest(t *testing.T, srv *telegramtest.Server, db interface {
	Waiting(context.Context, []string, []conversation.Address, int) ([]conversation.Message, error)
	Out(context.Context, []string, []conversation.Address, time.Time, int) ([]conversation.Delivery, error)
}) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		in, err := db.Waiting(t.Context(), []string{conversation.Telegram}, nil, 1)
		if err != nil {
			t.Fatal(err)
		}
		out, err := db.Out(t.Context(), []string{conversation.Telegram}, nil, time.Now(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if srv.Pending() == 0 && len(in) == 0 && len(out) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("in the end %d updates are not confirmed, %d messages and %d letters wait", srv.Pending(), len(in),
				len(out))
		}
	}
}

// One chat sends a thousand messages while twenty people talk as people do:
// they are answered no later than without it by much, and it gets a handful of
// letters.
func TestTelegramFloodOfOneChatSlowsNobody(t *testing.T) {
	t.Parallel()
	people, turns, flood := 6, 3, 150
	if os.Getenv("PST_LOAD") != "" { // alone, since it compares times
		people, turns, flood = 20, 6, 1000
	}
	srv := telegramtest.Start(t, telegramtest.Options{Limited: true, Forget: true})
	h := telegramHouse(t, srv, nil)
	s := startServe(t, h.data)
	soon(t, "a poll is open", srv.Polling)
	begin := time.Now()
	var crowd []chatter
	for i := range people {
		u := srv.User(int64(7000 + i))
		crowd = append(crowd, chatter{func(text string) { u.Say(text) },
			func(ctx context.Context) error { _, err := u.Next(ctx); return err }})
	}
	slowsNobody(t, crowd, turns, 1200*time.Millisecond, func() {
		u := srv.User(7999)
		for n := range flood {
			u.Say(fmt.Sprint("banjir ", n))
			time.Sleep(5 * time.Millisecond)
		}
	})
	if letters := len(srv.User(7999).FromBot()); letters == 0 || letters > twentyAMinute(begin) {
		t.Errorf("a flood got %d letters", letters)
	}
	if n := srv.Count("sendMessage", 429); n > 0 {
		t.Errorf("refused %d times for too many requests", n)
	}
	t.Logf("%s at most", s.peak())
	if exit, _ := s.end(syscall.SIGTERM); exit != exitFine {
		t.Errorf("exit %d; the program said:\n%s", exit, s.said)
	}
}

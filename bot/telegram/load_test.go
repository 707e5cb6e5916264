package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// serve runs the real loops with these channels until the test ends.
func serve(t *testing.T, memory *bottest.Memory, channels ...bot.Channel) *bot.Loops {
	t.Helper()
	d, err := bot.New(bot.Config{
		Turner: bottest.Turner{Memory: memory, Answer: bottest.Echo}, Queue: memory, Outbox: memory, Channels: channels,
		Turns: 16,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := d.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the loops ended with %v", err)
		}
	}()
	t.Cleanup(func() { stop(); <-done })
	return d
}

// By a clock that no machine's speed moves: the server answers without a line between.
func TestThreeHundredLettersPassTheLimitsInOrder(t *testing.T) {
	srv := telegramtest.Start(t, telegramtest.Options{Limited: true})
	synctest.Test(t, func(t *testing.T) {
		var users []*telegramtest.User
		for i := range 100 {
			u := srv.User(int64(1000 + i))
			u.Say("halo")
			users = append(users, u)
		}
		memory := bottest.NewMemory()
		for n := range 3 {
			for _, u := range users {
				memory.EnqueueAt(time.Now(), conversation.Send{To: address(u.ID()), Text: fmt.Sprint("surat ", n)})
			}
		}
		begin := time.Now()
		d := serve(t, memory, sender{mustNew(t, srv, func(cfg *Config) { cfg.Transport = inside{srv} })})
		if err := d.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begin)
		for _, u := range users {
			got := u.FromBot()
			if len(got) != 3 {
				t.Fatalf("chat %d has %d letters", u.ID(), len(got))
			}
			for n := range 3 {
				if want := fmt.Sprint("surat ", n); got[n].Text != want {
					t.Errorf("chat %d shows %q at place %d", u.ID(), got[n].Text, n)
				}
			}
		}
		if took > 11*time.Second || srv.Count("sendMessage", 429) > 0 || srv.Count("sendMessage", 0) != 300 {
			t.Errorf("took %v, %d sent, %d refused by the limits", took, srv.Count("sendMessage", 0),
				srv.Count("sendMessage", 429))
		}
		t.Logf("300 letters to 100 chats in %v", took)
	})
}

// inside carries requests to a server in this process by calling it.
type inside struct{ http.Handler }

func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	i.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// sender is a channel that does not receive.
type sender struct{ *Channel }

func (sender) Run(ctx context.Context, _ bot.Inbox) error {
	<-ctx.Done()
	return nil
}

func TestManyPeopleAtOnceLoseAndDoubleNothing(t *testing.T) {
	const people, words = 400, 3
	srv := telegramtest.Start(t, telegramtest.Options{Forget: true})
	memory := bottest.NewMemory()
	c := mustNew(t, srv, nil)
	serve(t, memory, struct{ bot.Channel }{c}) // without its pace
	ctx := testContext(t)
	begin := time.Now()
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			u := srv.User(int64(1000 + i))
			for n := range words {
				want := fmt.Sprintf("kata %d dari %d", n, i)
				u.Say(want)
				if m, err := u.Next(ctx); err != nil || m.Text != want {
					t.Errorf("person %d, word %d: %q, %v", i, n, m.Text, err)
					return
				}
			}
		})
	}
	all.Wait()
	took := time.Since(begin)
	if n := srv.Count("sendMessage", 0); n != people*words {
		t.Errorf("%d messages, want %d", n, people*words)
	}
	t.Logf("%d people, %d turns in %v: %.0f a second", people, people*words, took, people*words/took.Seconds())
}

package telegram

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// serve runs the real loops with these channels until the test ends.
func serve(t *testing.T, memory *bottest.Memory, channels ...bot.Channel) {
	t.Helper()
	d, err := bot.New(bot.Config{
		Turner: bottest.Turner{Memory: memory, Answer: bottest.Echo}, Queue: memory, Outbox: memory, Channels: channels, Turns: 16,
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
}

func TestThreeHundredLettersPassTheLimitsInOrder(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{Limited: true})
	var users []*telegramtest.User
	for i := range 100 {
		u := srv.User(int64(1000 + i))
		u.Say("halo")
		users = append(users, u)
	}
	await(t, "the people wrote", func() bool { return srv.Pending() == 100 })
	memory := bottest.NewMemory()
	for n := range 3 {
		for _, u := range users {
			memory.EnqueueAt(time.Now(), conversation.Send{To: address(u.ID()), Text: fmt.Sprint("surat ", n)})
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	begin := time.Now()
	serve(t, memory, sender{mustNew(t, srv, nil)})
	for _, u := range users {
		got, err := u.Await(ctx, func(m []telegramtest.Message) bool { return len(m) == 4 })
		if err != nil {
			t.Fatal(err)
		}
		for n := range 3 {
			if want := fmt.Sprint("surat ", n); got[n+1].Text != want {
				t.Fatalf("chat %d shows %q at place %d", u.ID(), got[n+1].Text, n)
			}
		}
	}
	took := time.Since(begin)
	if took > 11*time.Second || srv.Count("sendMessage", 429) > 0 || srv.Count("sendMessage", 0) != 300 {
		t.Errorf("took %v, %d sent, %d refused by the limits", took, srv.Count("sendMessage", 0), srv.Count("sendMessage", 429))
	}
	t.Logf("300 letters to 100 chats in %v", took)
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
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
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

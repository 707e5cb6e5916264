package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

// together answers all messages that it is given at once with one letter, as
// the engine does.
type together struct {
	*bottest.Memory
	mu   sync.Mutex
	runs []int
	fail string // the text that fails
}

func (e *together) Take(ctx context.Context, ms ...conversation.Message) error {
	e.mu.Lock()
	e.runs = append(e.runs, len(ms))
	e.mu.Unlock()
	for i, m := range ms {
		if m.Text == e.fail {
			return errors.New("always")
		}
		var say []conversation.Send
		if i == len(ms)-1 {
			say = []conversation.Send{{To: m.From, Text: m.Text}}
		}
		if err := e.Commit(ctx, m, time.Now(), say...); err != nil {
			return err
		}
	}
	return nil
}

func TestABacklogOfAChatIsTakenTogetherAndAnsweredOnce(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	e := &together{Memory: q}
	cfg.Turner = e
	var people []conversation.Address
	for i := range 40 {
		people = append(people, conversation.Address(fmt.Sprintf("telegram:%d", i)))
	}
	for n := range 50 { // as they came: everybody between the others
		for _, p := range people {
			if err := q.Put(t.Context(), conversation.Message{ID: fmt.Sprint(n), From: p, Kind: conversation.Text,
				Text: fmt.Sprint(n)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	d, _ := run(t, cfg)
	settle(t, d)
	for _, p := range people {
		if got := ch.texts(p); !slices.Equal(got, []string{"49"}) {
			t.Errorf("%s got %q, want one answer after the last message", p, got)
		}
	}
	if len(e.runs) != len(people) {
		t.Errorf("2,000 messages of 40 people were taken in %d turns", len(e.runs))
	}
}

func TestAMessageThatFailsInABacklogIsSetAsideAloneAndTheRestIsTaken(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	cfg.Turner = &together{Memory: q, fail: "17"}
	put(t, q, "telegram:1", numbers(40)...)
	d, _ := run(t, cfg)
	settle(t, d)
	aside := q.SetAside()
	if len(aside) != 1 || aside[0].Message.Text != "17" {
		t.Errorf("set aside: %v", aside)
	}
	if got := ch.texts("telegram:1"); !slices.Equal(got, []string{"39"}) {
		t.Errorf("the person got %q", got)
	}
}

// Whoever writes without pause is answered, and not at a machine's rhythm.
func TestNobodyGetsMoreLettersThanAMinuteAllows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, ch := bottest.NewMemory(), &channel{scheme: "telegram", pace: bot.Pace{Each: bot.Rate{PerSecond: 1, Burst: 3},
			Minute: 20}}
		inbox := make(chan bot.Inbox, 1)
		ch.run = func(ctx context.Context, in bot.Inbox) error { inbox <- in; <-ctx.Done(); return nil }
		cfg := config(q, ch)
		cfg.Timing = bot.Timing{Tick: time.Second}
		cfg.Turner = &together{Memory: q}
		run(t, cfg)
		in := <-inbox
		for i := range 300 {
			put(t, in, "telegram:1", fmt.Sprint(i))
			if i%10 == 0 {
				put(t, in, "telegram:2", fmt.Sprint(i))
			}
			time.Sleep(500 * time.Millisecond)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		got := ch.texts("telegram:1")
		if len(got) == 0 || got[len(got)-1] != "299" {
			t.Errorf("the last message was not answered: %q", got)
		}
		if n := len(ch.texts("telegram:2")); n != 30 {
			t.Errorf("another person got %d answers to 30 messages", n)
		}
		var times []time.Time
		for i, l := range ch.arrived {
			if l.Send.To == "telegram:1" {
				times = append(times, ch.times[i])
			}
		}
		for i := 20; i < len(times); i++ {
			if times[i].Sub(times[i-20]) < time.Minute {
				t.Errorf("letters %d to %d came within %v", i-20, i, times[i].Sub(times[i-20]))
			}
		}
	})
}

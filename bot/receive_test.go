package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

func TestEachChatIsAnsweredInOrderAndNothingIsLost(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	d, _ := run(t, config(q, ch))
	want := numbers(20)
	for i := range 30 {
		put(t, q, conversation.Address(fmt.Sprintf("telegram:%d", i)), want...)
	}
	settle(t, d)
	for i := range 30 {
		to := conversation.Address(fmt.Sprintf("telegram:%d", i))
		if got := ch.texts(to); !slices.Equal(got, want) {
			t.Fatalf("%s got %v, want %v", to, got, want)
		}
	}
}

func TestOneChatHasOneTurnAtATimeAndSeveralChatsHaveTurnsAtOnce(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	var mu sync.Mutex
	inside := map[conversation.Address]int{}
	both := make(chan struct{})
	cfg.Turner = bottest.Turner{Memory: q, Answer: func(ctx context.Context, m conversation.Message) ([]conversation.Send,
		error) {
		mu.Lock()
		inside[m.From]++
		if inside[m.From] > 1 {
			t.Errorf("two turns of %s at once", m.From)
		}
		if len(inside) == 2 {
			close(both)
			inside["telegram:none"] = 1 // closes once
		}
		mu.Unlock()
		select { // each chat's turn lasts until the other chat has one as well
		case <-both:
		case <-ctx.Done():
			t.Error("no second chat had a turn meanwhile")
		}
		mu.Lock()
		inside[m.From]--
		mu.Unlock()
		return nil, nil
	}}
	d, _ := run(t, cfg)
	put(t, q, "telegram:1", numbers(5)...)
	put(t, q, "telegram:2", numbers(5)...)
	settle(t, d)
}

func TestAFloodOfOneChatDoesNotKeepAnotherWaiting(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	var turns atomic.Int32
	answered := make(chan struct{})
	cfg.Turner = bottest.Turner{Memory: q, Answer: func(ctx context.Context, m conversation.Message) ([]conversation.Send,
		error) {
		if m.From == "telegram:2" {
			close(answered)
		} else if turns.Add(1) > 10 { // however quick the flood's turns are, no more need come first
			select {
			case <-answered:
			case <-ctx.Done():
				t.Error("the other chat had no turn behind ten of the flood's")
			}
		}
		return nil, nil
	}}
	put(t, q, "telegram:1", numbers(500)...)
	put(t, q, "telegram:2", "halo")
	d, _ := run(t, cfg)
	settle(t, d)
	if n := turns.Load(); n != 500 {
		t.Errorf("the flood had %d turns, want 500", n)
	}
}

func TestATurnThatFailsIsTriedAgainAndKeepsItsPlace(t *testing.T) {
	for name, fail := range map[string]func() error{
		"an error": func() error { return errors.New("database is locked") },
		"a panic":  func() error { panic("index out of range") },
	} {
		t.Run(name, func(t *testing.T) {
			q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
			cfg := config(q, ch)
			var tries atomic.Int32
			cfg.Turner = bottest.Turner{Memory: q, Answer: func(ctx context.Context,
				m conversation.Message) ([]conversation.Send, error) {
				if m.Text == "1" && tries.Add(1) < 4 {
					return nil, fail()
				}
				return bottest.Echo(ctx, m)
			}}
			d, _ := run(t, cfg)
			put(t, q, "telegram:1", "0", "1", "2")
			settle(t, d)
			if got := ch.texts("telegram:1"); !slices.Equal(got, []string{"0", "1", "2"}) {
				t.Errorf("got %v", got)
			}
			if aside := q.SetAside(); len(aside) > 0 {
				t.Errorf("set aside: %v", aside)
			}
		})
	}
}

func TestAMessageThatAlwaysFailsIsSetAsideThePersonIsToldAndTheChatGoesOn(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	cfg.Apology = "Maaf"
	cfg.Turner = bottest.Turner{Memory: q, Answer: func(ctx context.Context, m conversation.Message) ([]conversation.Send,
		error) {
		if m.Text == "racun" {
			panic(m.Text)
		}
		return bottest.Echo(ctx, m)
	}}
	d, _ := run(t, cfg)
	put(t, q, "telegram:1", "racun", "halo")
	settle(t, d)
	if got := ch.texts("telegram:1"); !slices.Equal(got, []string{"Maaf", "halo"}) {
		t.Errorf("the person got %v", got)
	}
	aside := q.SetAside()
	if len(aside) != 1 || aside[0].Message.Text != "racun" {
		t.Fatalf("set aside: %v", aside)
	}
	if why := aside[0].Why; !strings.Contains(why, "panic") || strings.Contains(why, "racun") {
		t.Errorf("the cause %q must name the panic and not quote the person", why)
	}
}

func TestNothingIsSetAsideWhileTheStoreIsIll(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	var tries atomic.Int32
	broken := &illQuarantine{Memory: q}
	cfg.Queue = broken
	cfg.Turner = bottest.Turner{Memory: q, Answer: func(ctx context.Context, m conversation.Message) ([]conversation.Send,
		error) {
		if tries.Add(1) <= 20 {
			return nil, errors.New("disk is full")
		}
		return bottest.Echo(ctx, m)
	}}
	d, _ := run(t, cfg)
	put(t, q, "telegram:1", "halo")
	settle(t, d)
	if got := ch.texts("telegram:1"); !slices.Equal(got, []string{"halo"}) {
		t.Errorf("got %v", got)
	}
	if broken.asked.Load() == 0 {
		t.Error("setting aside was never tried, so this shows nothing")
	}
}

type illQuarantine struct {
	*bottest.Memory
	asked atomic.Int32
}

func (q *illQuarantine) Quarantine(context.Context, conversation.Message, string, ...conversation.Send) error {
	q.asked.Add(1)
	return errors.New("disk is full")
}

func TestAPutThroughTheDeskIsAnsweredWithoutWaitingForATick(t *testing.T) {
	q := bottest.NewMemory()
	got := make(chan struct{})
	ch := &channel{scheme: "telegram"}
	ch.run = func(ctx context.Context, in bot.Inbox) error {
		if err := in.Put(ctx, conversation.Message{ID: "1", From: "telegram:1", Kind: conversation.Text,
			Text: "halo"}); err != nil {
			return err
		}
		<-ctx.Done()
		return nil
	}
	ch.send = func(context.Context, bot.Letter) (string, error) { close(got); return "", nil }
	cfg := config(q, ch)
	cfg.Timing = bot.Timing{Tick: time.Hour, Sweep: time.Hour}
	run(t, cfg)
	select {
	case <-got:
	case <-time.After(patience):
		t.Fatal("no answer")
	}
}

func TestTheDeskHandlesOnlyItsOwnSchemesAndItsOwnClock(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "terminal"}
	d, _ := run(t, config(q, ch))
	put(t, q, "telegram:1", "halo")
	q.EnqueueAt(time.Now(), conversation.Send{To: "whatsapp:1@lid", Text: "pengaduan"})
	q.Expire(conversation.Message{ID: "due", From: "desk:ADU-1", Kind: conversation.Due})
	put(t, q, "terminal:ani", "halo")
	until(t, "the ticket's reminder was swept and handled", func() bool {
		settle(t, d)
		in := q.Inbox()
		return len(in) == 1 && in[0].From == "telegram:1"
	})
	if r := q.Rows()[0]; r.Sent != nil || len(r.Later) > 0 {
		t.Errorf("another process's letter was touched: %+v", r)
	}
}

func TestPeopleOfOtherTerminalsWaitUntilTheyTalk(t *testing.T) {
	q := bottest.NewMemory()
	ch := &localChannel{channel: channel{scheme: "terminal"}, addresses: []conversation.Address{"terminal:kasubbag"}}
	d, _ := run(t, config(q, ch))
	q.EnqueueAt(time.Now(), conversation.Send{To: "terminal:ani", Text: "jawaban"},
		conversation.Send{To: "terminal:kasubbag", Text: "pengaduan"})
	put(t, q, "terminal:ani", "halo")
	settle(t, d)
	if got := ch.texts("terminal:kasubbag"); !slices.Equal(got, []string{"pengaduan"}) {
		t.Errorf("kasubbag got %v", got)
	}
	if got := ch.texts("terminal:ani"); len(got) > 0 || len(q.Inbox()) != 1 {
		t.Errorf("ani is not here, but got %v; inbox %v", got, q.Inbox())
	}
}

type localChannel struct {
	channel
	addresses []conversation.Address
}

func (c *localChannel) Addresses() []conversation.Address { return c.addresses }

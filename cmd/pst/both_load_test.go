package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/bot/whatsapp/whatsapptest"
)

// phone is a person with WhatsApp as the walkers of Telegram see their partner.
type phone struct {
	*whatsapptest.Person
	mu  sync.Mutex
	got []telegramtest.Message
}

var _ partner = (*phone)(nil)

func (p *phone) Say(text string) int {
	p.Person.Say(deskPhone, text)
	return 0
}

func (p *phone) Next(context.Context) (telegramtest.Message, error) {
	e := p.Person.Next()
	m := telegramtest.Message{FromBot: true, Text: whatsapptest.Text(e), At: e.Info.Timestamp}
	if doc := e.Message.GetDocumentMessage(); doc != nil {
		m.File = &telegramtest.File{Name: doc.GetFileName()}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, m)
	return m, nil
}

// FromBot is all that has come, also what nobody has taken yet.
func (p *phone) FromBot() []telegramtest.Message {
	for p.Waiting() > 0 {
		p.Next(context.Background())
	}
	return p.got
}

// One desk on both platforms at once: half of the people on each walk from the greeting
// to the PDF and the rating, as fast as answers come and as people type, so that 250
// messages a second come in. Nothing is lost, nothing doubled. PST_LOAD=1 is the size
// of the README's figures, 1,000 people.
func TestManyPeopleOnBothPlatforms(t *testing.T) {
	t.Parallel()
	people := loadPeople(t, 20)
	for _, c := range []struct {
		name  string
		think time.Duration
	}{
		{"as fast as answers come", 0},
		{"as people type", time.Duration(people) * time.Second / 250},
	} {
		t.Run(c.name, func(t *testing.T) {
			tg, wa, letters := telegramtest.Start(t, telegramtest.Options{Forget: true}), whatsapptest.New(t), startPost(t)
			h := whatsappHouse(t, wa, letters, tg)
			w := startPaced(t, h, wa, &bot.Pace{})
			walkers := make([]*walker, people)
			for i := range walkers {
				if i%2 == 0 {
					walkers[i] = onTelegramWalks(tg, letters, i, c.think)
					continue
				}
				p := wa.Person(fmt.Sprint("628120001", 3000+i), fmt.Sprint("Orang ", i))
				walkers[i] = &walker{user: &phone{Person: p}, address: lidOf(wa, p.Phone), letters: letters, number: i,
					think: c.think}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
			defer cancel()
			// The first walks alone: for them the reader of pages is compiled, once.
			walkers[0].err = walkers[0].walk(ctx)
			begin := time.Now()
			var all sync.WaitGroup
			for _, one := range walkers[1:] {
				all.Go(func() { one.err = one.walk(ctx) })
			}
			all.Wait()
			took := time.Since(begin)
			settle(t, tg, w.loops)
			w.settle()
			for _, one := range walkers {
				if p, ok := one.user.(*phone); ok {
					soon(t, "every answer has arrived", func() bool { return wa.Unacknowledged(p.Phone) == 0 })
				}
			}
			assertAllServed(t, w.desk, walkers)
			if v := tg.Violations(); len(v) > 0 {
				t.Errorf("Telegram would not like: %q", v)
			}
			tell(t, walkers[1:], took)
		})
	}
}

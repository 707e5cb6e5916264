package whatsapp

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/bot/whatsapp/whatsapptest"
)

// The loops, the channel and five people over connections that are cut:
// everybody is answered, in order, and the letters know that they arrived.
func TestDeskAnswersEverybodyInOrderThroughCuts(t *testing.T) {
	r := prepare(t, nil)
	r.link()
	q := bottest.NewMemory()
	timing := bot.Timing{Tick: 10 * time.Millisecond, Retry: 5 * time.Millisecond, RetryMost: 50 * time.Millisecond}
	desk1, err := bot.New(bot.Config{Turner: bottest.Turner{Memory: q, Answer: bottest.Echo}, Queue: q, Outbox: q,
		Channels: []bot.Channel{r.ch}, Timing: timing})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- desk1.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	r.state(Online)

	const each = 5
	people := []*whatsapptest.Person{}
	for i := range 5 {
		people = append(people, r.srv.Person(fmt.Sprintf("62812000001%02d", i), "x"))
	}
	for n := range each {
		for _, p := range people {
			p.Say(desk, fmt.Sprint("pesan ", n))
		}
		if n%2 == 1 {
			r.srv.Cut(desk)
		}
	}
	for i, p := range people {
		seen := map[string]bool{}
		for n := 0; n < each; {
			m := p.Next()
			if seen[m.Info.ID] {
				continue // a phone shows an id once
			}
			seen[m.Info.ID] = true
			if got, want := whatsapptest.Text(m), fmt.Sprint("pesan ", n); got != want {
				t.Errorf("person %d, answer %d: %q, want %q", i, n, got, want)
			}
			n++
		}
	}
	r.eventually("all receipts", func() bool {
		arrived := 0
		for _, row := range q.Rows() {
			if row.Sent != nil && row.Status == "delivered" && row.Sent.PlatformID == messageID(row.Key) {
				arrived++
			}
		}
		return arrived == each*len(people)
	})
	if n := len(q.Rows()); n != each*len(people) {
		t.Errorf("%d letters, want %d", n, each*len(people))
	}
}

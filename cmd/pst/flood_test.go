package main

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"
	"time"
)

// chatter is somebody of any channel who talks beside a flood.
type chatter struct {
	say  func(string)
	next func(context.Context) error
}

// slowsNobody compares how long people wait, at the 95th percentile, with and without
// one chat's flood, in one run: the calm before and after it stands for what else the
// machine does. Waits of half a second are none: on a machine that is busy otherwise the
// flood's own work is felt so long, and what this finds is a desk that answers the
// flood first, which took people eighty times as long. Where people wait for long in the
// calm already, the processor is what everybody waits for, and more is allowed. With
// PST_LOAD, on a quiet machine, a tenth of a second is none. Three times turns stay
// under the twenty letters a minute of one chat, or the last calm would be spent waiting
// for those.
func slowsNobody(t *testing.T, crowd []chatter, turns int, pause time.Duration, flood func()) {
	t.Helper()
	floor := 500 * time.Millisecond
	if os.Getenv("PST_LOAD") != "" {
		floor = 100 * time.Millisecond
	}
	calm := waits(t, crowd, turns, pause)
	var flooding sync.WaitGroup
	flooding.Go(flood)
	wild := waits(t, crowd, turns, pause)
	flooding.Wait()
	calm = max(calm, waits(t, crowd, turns, pause))
	t.Logf("p95 of %d people %v, beside a flood %v (%.1f times)", len(crowd), calm.Round(time.Millisecond),
		wild.Round(time.Millisecond),
		float64(wild)/float64(calm))
	factor := time.Duration(2)
	if calm > starved && os.Getenv("PST_LOAD") == "" {
		factor = 10
	}
	if wild > factor*max(calm, floor) {
		t.Errorf("a flood slows other people's p95 from %v to %v", calm, wild)
	}
}

// twentyAMinute is how many letters one chat may have got since then.
func twentyAMinute(since time.Time) int { return 20 * (2 + int(time.Since(since)/time.Minute)) }

// starved is how long nobody waits in the calm on a machine that has time for us.
const starved = 150 * time.Millisecond

// waits lets people talk as people do, and returns how long 95 in 100 of their
// messages waited at most for the first answer.
func waits(t *testing.T, crowd []chatter, turns int, pause time.Duration) time.Duration {
	t.Helper()
	var mu sync.Mutex
	var replies []time.Duration
	var all sync.WaitGroup
	for i, c := range crowd {
		all.Go(func() {
			for n := range turns {
				begin := time.Now()
				c.say([]string{"menu", "info"}[n%2])
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				if err := c.next(ctx); err != nil {
					t.Errorf("person %d: %v", i, err)
				}
				cancel()
				mu.Lock()
				replies = append(replies, time.Since(begin))
				mu.Unlock()
				time.Sleep(pause + time.Duration(i)*10*time.Millisecond) // as people type
			}
		})
	}
	all.Wait()
	slices.Sort(replies)
	return replies[len(replies)*95/100]
}

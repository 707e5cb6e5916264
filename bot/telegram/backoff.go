package telegram

import (
	"context"
	"math/rand/v2"
	"time"

	"pst/bot"
)

const (
	shortestPause = 100 * time.Millisecond
	longestPause  = 30 * time.Second
)

// backoff grows from a tenth of a second to half a minute. The jitter only
// spreads load, so its randomness is not injected.
type backoff struct{ tries int }

func (b *backoff) reset() { b.tries = 0 }

func (b *backoff) next() time.Duration {
	b.tries++
	return bot.Backoff(b.tries-1, shortestPause, longestPause, rand.Float64())
}

// sleep waits, and returns false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

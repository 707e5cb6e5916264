package telegram

import (
	"context"
	"math/rand/v2"
	"time"
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
	d := shortestPause << min(b.tries, 12)
	b.tries++
	d = min(d, longestPause)
	return d/2 + rand.N(d/2+1)
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

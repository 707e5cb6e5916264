package bot

import (
	"sync"
	"time"
)

// Skew is how far our clock and a platform's may be apart without harm.
const Skew = 10 * time.Minute

// Clocked is a channel that compares our clock with its platform's.
type Clocked interface {
	// Ahead is how far our clock was ahead of the platform's when it last told
	// the time, negative when it was behind; ok is false before it told.
	Ahead() (ahead time.Duration, ok bool)
}

// Comparison is our clock beside a platform's. The zero value knows nothing yet;
// it may be used from many goroutines.
type Comparison struct {
	mu    sync.Mutex
	ahead time.Duration
	known bool
}

// Told notes that the platform said it was theirs when our clock said it was ours.
// A zero time says nothing.
func (c *Comparison) Told(theirs, ours time.Time) {
	if theirs.IsZero() || theirs.Unix() <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead, c.known = ours.Sub(theirs), true
}

// Ahead is as of [Clocked].
func (c *Comparison) Ahead() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead, c.known
}

// Off is how far our clock is ahead (negative: behind), 0 within [Skew].
func (c *Comparison) Off() time.Duration {
	if ahead, _ := c.Ahead(); ahead.Abs() > Skew {
		return ahead
	}
	return 0
}

// Ours is what our clock said at a moment of the platform's: how long ago something
// was is then right, although our clock is wrong.
func (c *Comparison) Ours(theirs time.Time) time.Time { return theirs.Add(c.Off()) }

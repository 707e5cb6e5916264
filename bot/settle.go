package bot

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// bell wakes one waiting loop; rings before it listens are not lost, and many
// are as good as one.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// activity counts what is under way, and tells who waits when that changes.
type activity struct {
	mu      sync.Mutex
	running int
	begun   int // ever
	changed chan struct{}
}

func (a *activity) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running++
	a.begun++
}

func (a *activity) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running--
	close(a.changed)
	a.changed = make(chan struct{})
}

func (a *activity) look() (running, begun int, changed <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running, a.begun, a.changed
}

// Settle waits until nothing waits in the inbox and nothing is due now in the
// outbox of this desk's addresses, and no turn or sending is under way. Letters
// to be tried again later do not hold it back. It returns ctx's error, or the
// queue's.
func (l *Loops) Settle(ctx context.Context) error {
	for {
		running, begun, changed := l.activity.look()
		if running == 0 {
			empty, err := l.empty(ctx)
			if err != nil {
				return fmt.Errorf("settle: %w", err)
			}
			// Something that began and ended in between may have put into one
			// queue after it was looked at.
			if _, now, _ := l.activity.look(); empty && now == begun {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("settle: %w", ctx.Err())
		case <-changed:
		case <-time.After(l.cfg.Timing.Tick):
		}
	}
}

// empty looks at the outbox first: a letter that has expired there may put a
// message into the inbox.
func (l *Loops) empty(ctx context.Context) (bool, error) {
	for _, c := range l.carriers {
		out, err := l.cfg.Outbox.Out(ctx, c.among, nil, l.cfg.Now(), 1)
		if err != nil || len(out) > 0 {
			return false, err
		}
	}
	in, err := l.cfg.Queue.Waiting(ctx, l.among(), nil, 1)
	return len(in) == 0, err
}

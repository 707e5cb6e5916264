package whatsapp

import (
	"context"
	"sync"
)

// turns lets those who use the device follow one another within this process: Run,
// and Pair, which goes before. Other processes are kept out by the file's lock.
type turns struct {
	mu      sync.Mutex
	linking chan struct{}      // closed when the linking under way is over; nil: there is none
	leave   context.CancelFunc // asks Run to let go of the device
	left    chan struct{}      // closed when Run has let go; nil while it does not use the device
	over    bell               // rung when a linking is over: Run need not wait any longer
}

// serve waits until nobody links the device. The context it gives ends with ctx, and
// when somebody wants to link; done lets go.
func (t *turns) serve(ctx context.Context) (live context.Context, done func()) {
	for {
		t.mu.Lock()
		linking := t.linking
		if linking == nil {
			live, t.leave = context.WithCancel(ctx)
			left := make(chan struct{})
			t.left = left
			leave := t.leave
			t.mu.Unlock()
			return live, func() {
				leave()
				t.mu.Lock()
				t.left = nil
				t.mu.Unlock()
				close(left)
			}
		}
		t.mu.Unlock()
		select {
		case <-linking:
		case <-ctx.Done():
			return ctx, func() {}
		}
	}
}

// link sends Run away from the device until done is called. It returns ErrPairing
// while somebody else links.
func (t *turns) link() (done func(), err error) {
	t.mu.Lock()
	if t.linking != nil {
		t.mu.Unlock()
		return nil, ErrPairing
	}
	linking := make(chan struct{})
	t.linking = linking
	leave, left := t.leave, t.left
	t.mu.Unlock()
	if left != nil {
		leave()
		<-left
	}
	return func() {
		t.mu.Lock()
		t.linking = nil
		t.mu.Unlock()
		close(linking)
		t.over.ring()
	}, nil
}

package whatsapp

import (
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types/events"
)

// order keeps the messages of a chat in their order while some could not be
// taken in: those behind it wait until it has come again.
type order struct {
	mu     sync.Mutex
	closed bool // nothing is taken in until the connection was dropped
	// unknown: some message failed before it was known which. Then only the order
	// in which a new connection brings them counts, and not what was seen here.
	unknown  bool
	late     bool // something was refused while the connection was being dropped
	dropsNow bool // from dropping to open
	ending   chan struct{}
	chats    map[string]*waiting
}

// waiting are the messages of a chat that come again, in their order.
type waiting struct {
	ids     []string
	seen    time.Time // when one was last refused
	refused int       // how often one was, since one was taken in
}

// refusedAtMost is how often messages of a chat are refused for the sake of an
// order that does not come about.
const refusedAtMost = 200

// waitAtMost is how long a message is waited for that does not come again.
const waitAtMost = 5 * time.Minute

func chatOf(m *events.Message) string { return m.Info.Chat.ToNonAD().String() }

// mayPass tells whether a message does not overtake another one.
func (o *order) mayPass(m *events.Message, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false
	}
	w := o.chats[chatOf(m)]
	if w != nil && (now.Sub(w.seen) > waitAtMost || w.refused > refusedAtMost) {
		delete(o.chats, chatOf(m))
		w = nil
	}
	return w == nil || w.ids[0] == m.Info.ID
}

// hold notes a message that will come again.
func (o *order) hold(m *events.Message, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.late = o.late || o.dropsNow
	if o.unknown {
		return
	}
	if o.chats == nil {
		o.chats = map[string]*waiting{}
	}
	w := o.chats[chatOf(m)]
	if w == nil {
		w = &waiting{}
		o.chats[chatOf(m)] = w
	}
	w.seen = now
	w.refused++
	if !slices.Contains(w.ids, m.Info.ID) {
		w.ids = append(w.ids, m.Info.ID)
	}
}

// pass notes that a message was taken in.
func (o *order) pass(m *events.Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w := o.chats[chatOf(m)]
	if w == nil {
		return
	}
	w.refused = 0
	w.ids = slices.DeleteFunc(w.ids, func(id string) bool { return id == m.Info.ID })
	if len(w.ids) == 0 {
		delete(o.chats, chatOf(m))
	}
}

// close keeps everything back, as some message has to come again; false when
// that is so already.
func (o *order) close() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	was := o.closed
	o.closed, o.late = true, o.late || o.dropsNow
	return !was
}

// dropping begins the end of a connection; the channel is closed by dropped.
func (o *order) dropping() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ending, o.late, o.dropsNow = make(chan struct{}), false, true
	return o.ending
}

func (o *order) dropped() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ending != nil {
		close(o.ending)
		o.ending = nil
	}
}

// open lets messages in again; true when some were refused meanwhile that the
// new connection may have brought, and would not bring again.
func (o *order) open() (late bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.ending, o.dropsNow = false, nil, false
	if !o.late {
		o.unknown = false
	}
	return o.late
}

// lost notes that some message failed, not known which.
func (o *order) lost() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unknown, o.chats = true, nil
}

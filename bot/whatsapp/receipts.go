package whatsapp

import (
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"pst/bot"
	"pst/conversation"
)

// receipt is what a phone reported of a letter.
type receipt struct {
	to     conversation.Address
	id     string
	status string
	at     time.Time
	due    time.Time
}

// confirmed takes "delivered" and "read" of the desk's own letters.
func (k *link) confirmed(e *events.Receipt) {
	k.phoneSeen(e.IsFromMe, e.Sender)
	var status string
	switch e.Type {
	case types.ReceiptTypeDelivered, types.ReceiptTypeInactive:
		status = "delivered"
	case types.ReceiptTypeRead, types.ReceiptTypePlayed:
		status = "read"
	default:
		return
	}
	if e.IsFromMe || e.IsGroup {
		return
	}
	k.c.silence.confirmed()
	k.c.board.edit(func(s *Status) { s.Silent = time.Time{} })
	for _, id := range e.MessageIDs {
		r := receipt{to: k.c.address(e.Chat, e.SenderAlt), id: id, status: status, at: e.Timestamp}
		if !k.c.flights.keep(r) {
			k.pass(r)
		}
	}
}

// pass queues a receipt of a letter whose sending has ended.
func (k *link) pass(r receipt) {
	r.due = time.Now().Add(k.c.cfg.Timing.Receipts)
	select {
	case k.receipts <- r:
	default: // a mark less on a letter that arrived anyway
	}
}

// flights are the letters being sent, or to be tried again: a phone may confirm
// one before its sending has ended, or although it failed.
type flights struct {
	mu  sync.Mutex
	all map[string][]receipt // by message id
}

// flightsAtMost bounds what is remembered of letters that were given up.
const flightsAtMost = 1000

func (f *flights) begin(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil || len(f.all) >= flightsAtMost {
		f.all = map[string][]receipt{}
	}
	if _, again := f.all[id]; !again {
		f.all[id] = nil
	}
}

// keep holds a receipt back when its letter is in flight.
func (f *flights) keep(r receipt) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	held, ok := f.all[r.id]
	if ok && len(held) < 4 { // two statuses, and a second phone
		f.all[r.id] = append(held, r)
	}
	return ok
}

// end returns what was held back for a letter that has been sent.
func (f *flights) end(id string) []receipt {
	f.mu.Lock()
	defer f.mu.Unlock()
	held := f.all[id]
	delete(f.all, id)
	return held
}

// passReceipts hands receipts on a little later than they came: the loop that
// sent the letter first has to note under which id.
func (k *link) passReceipts() {
	to, ok := k.in.(bot.Receipts)
	for {
		select {
		case <-k.ctx.Done():
			return
		case r := <-k.receipts:
			select {
			case <-k.ctx.Done():
				return
			case <-time.After(time.Until(r.due)):
			}
			if err := k.d.arrived(k.ctx, r.id); err != nil && k.ctx.Err() == nil {
				k.c.cfg.Log.Warn("the WhatsApp device file could not be tidied", "error", redact(err))
			}
			if !ok {
				continue
			}
			if err := to.Receipt(k.ctx, r.to, r.id, r.status, r.at); err != nil && k.ctx.Err() == nil {
				k.c.cfg.Log.Warn("a receipt could not be noted", "error", err)
			}
		}
	}
}

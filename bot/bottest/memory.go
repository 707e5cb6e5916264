// Package bottest holds an inbox and outbox in memory for the tests of the
// loops and the channels. It keeps the promises of bot.Queue and bot.Outbox as
// the store does, and forgets everything when the process ends.
package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"pst/bot"
	"pst/conversation"
)

// Memory is an inbox, an outbox and a record of what happened to both. It is
// safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	seen    map[string]bool
	waiting []conversation.Message
	aside   []Aside
	rows    []*Row
	expired []conversation.Message
	failing error
}

var (
	_ bot.Queue  = (*Memory)(nil)
	_ bot.Outbox = (*Memory)(nil)
)

// Aside is a message that was set aside.
type Aside struct {
	Message conversation.Message
	Why     string
}

// Row is one outbox row and what became of it.
type Row struct {
	conversation.Delivery
	Due    time.Time
	Sent   *conversation.Sent // set when it arrived
	Failed string             // why, when it failed for good
	Later  []string           // why it was put off, a line each time
	Kept   bool               // the platform asked for the wait
	Status string             // last receipt
}

// NewMemory returns empty queues.
func NewMemory() *Memory { return &Memory{seen: map[string]bool{}} }

// Fail makes every further call return err; nil ends that.
func (q *Memory) Fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failing = err
}

// Put implements bot.Inbox.
func (q *Memory) Put(ctx context.Context, ms ...conversation.Message) error {
	for _, m := range ms {
		if m.Kind.Internal() {
			return errors.New("put message: internal kind")
		}
	}
	for _, m := range ms {
		if err := q.put(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (q *Memory) put(ctx context.Context, m conversation.Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return err
	}
	q.insert(m)
	for _, r := range q.rows {
		if r.Send.To == m.From && r.Sent == nil && r.Failed == "" && !r.Kept && time.Until(r.Due) > conversation.Patience {
			r.Due = time.Now()
		}
	}
	return nil
}

func (q *Memory) ill(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return q.failing
}

func (q *Memory) insert(m conversation.Message) {
	key := string(m.From) + "\n" + m.ID
	if !q.seen[key] {
		q.seen[key] = true
		q.waiting = append(q.waiting, m)
	}
}

func listed(a conversation.Address, among []string, except []conversation.Address) bool {
	return (slices.Contains(among, a.Scheme()) || slices.Contains(among, string(a))) && !slices.Contains(except, a)
}

// Waiting implements bot.Queue.
func (q *Memory) Waiting(ctx context.Context, among []string, except []conversation.Address,
	limit int) ([]conversation.Message, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return nil, err
	}
	var out []conversation.Message
	for _, m := range q.waiting {
		if len(out) < limit && listed(m.From, among, except) {
			out = append(out, m)
		}
	}
	return out, nil
}

// done ends a waiting message; false when it does not wait any more.
func (q *Memory) done(m conversation.Message) bool {
	for i, w := range q.waiting {
		if w.From == m.From && w.ID == m.ID {
			q.waiting = slices.Delete(q.waiting, i, i+1)
			return true
		}
	}
	return false
}

// Commit ends a message and enqueues what is to be said, as one transaction.
// A message handled already changes nothing.
func (q *Memory) Commit(ctx context.Context, m conversation.Message, now time.Time, say ...conversation.Send) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return err
	}
	if q.done(m) {
		q.enqueue(now, say...)
	}
	return nil
}

// EnqueueAt puts letters into the outbox as of a moment, due from then on.
func (q *Memory) EnqueueAt(now time.Time, say ...conversation.Send) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.enqueue(now, say...)
}

// Enqueue implements bot.Outbox.
func (q *Memory) Enqueue(ctx context.Context, say ...conversation.Send) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return err
	}
	q.enqueue(time.Now(), say...)
	return nil
}

func (q *Memory) enqueue(now time.Time, say ...conversation.Send) {
	for _, s := range say {
		id := int64(len(q.rows) + 1)
		row := &Row{Due: now}
		row.Delivery = conversation.Delivery{ID: id, Key: fmt.Sprintf("key-%d", id), Send: s, Queued: now}
		if s.Excerpt != "" {
			row.Order = &conversation.ExcerptOrder{File: s.Excerpt + ".pdf", FileName: s.Excerpt + ".pdf"}
		}
		q.rows = append(q.rows, row)
	}
}

// Quarantine implements bot.Queue.
func (q *Memory) Quarantine(ctx context.Context, m conversation.Message, why string, tell ...conversation.Send) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return err
	}
	if q.done(m) {
		q.aside = append(q.aside, Aside{m, why})
		q.enqueue(time.Now(), tell...)
	}
	return nil
}

// Expire makes the next Sweep put this internal message.
func (q *Memory) Expire(m conversation.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.expired = append(q.expired, m)
}

// Sweep implements bot.Queue.
func (q *Memory) Sweep(ctx context.Context, _ time.Time) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return 0, err
	}
	n := len(q.expired)
	for _, m := range q.expired {
		q.insert(m)
	}
	q.expired = nil
	return n, nil
}

// Out implements bot.Outbox.
func (q *Memory) Out(ctx context.Context, among []string, except []conversation.Address, now time.Time,
	limit int) ([]conversation.Delivery, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return nil, err
	}
	var out []conversation.Delivery
	head := map[conversation.Address]bool{}
	for _, r := range q.rows {
		if r.Sent != nil || r.Failed != "" || head[r.Send.To] {
			continue
		}
		if e := r.Send.Expires; !e.IsZero() && now.After(e) {
			r.Failed = "expired"
			continue
		}
		head[r.Send.To] = true
		if len(out) < limit && !r.Due.After(now) && (listed(r.Send.To, among, except) || r.Send.Ref != "" &&
			slices.Contains(among, r.Send.Ref) && !slices.Contains(except, r.Send.To)) {
			out = append(out, r.Delivery)
		}
	}
	return out, nil
}

// MarkSent implements bot.Outbox.
func (q *Memory) MarkSent(ctx context.Context, id int64, s conversation.Sent) error {
	return q.mark(ctx, id, func(r *Row) { r.Sent = &s; q.report(r, conversation.Delivered) })
}

// MarkLater implements bot.Outbox.
func (q *Memory) MarkLater(ctx context.Context, id int64, due time.Time, why string, kept bool) error {
	return q.mark(ctx, id, func(r *Row) { r.Attempt++; r.Due, r.Kept = due, kept; r.Later = append(r.Later, why) })
}

// MarkFailed implements bot.Outbox.
func (q *Memory) MarkFailed(ctx context.Context, id int64, _ time.Time, why string) error {
	return q.mark(ctx, id, func(r *Row) { r.Failed = why; q.report(r, conversation.Failed) })
}

func (q *Memory) report(r *Row, kind conversation.Kind) {
	if r.Send.Report {
		q.insert(conversation.Message{ID: string(kind) + ":" + r.Key, From: conversation.Hearer(r.Send.Ref, r.Send.To),
			Kind: kind, Text: r.Send.Ref})
	}
}

func (q *Memory) mark(ctx context.Context, id int64, change func(*Row)) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return err
	}
	r := q.rows[id-1]
	if r.Sent != nil || r.Failed != "" {
		return fmt.Errorf("mark row %d: ended already", id)
	}
	change(r)
	return nil
}

// MarkBounced implements bot.Outbox.
func (q *Memory) MarkBounced(ctx context.Context, platformID, why string) (bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return false, err
	}
	for _, r := range q.rows {
		if r.Sent != nil && r.Sent.PlatformID == platformID && r.Send.To.Scheme() == conversation.Mail {
			if r.Failed == "" {
				r.Failed = why
				q.report(r, conversation.Failed)
			}
			return true, nil
		}
	}
	return false, nil
}

// Placed implements bot.Outbox.
func (q *Memory) Placed(ctx context.Context, to conversation.Address, ref string) (string, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range slices.Backward(q.rows) {
		if r.Send.To == to && r.Send.Ref == ref && r.Sent != nil {
			return r.Sent.PlatformID, q.ill(ctx)
		}
	}
	return "", conversation.ErrNotFound
}

// MarkReceipt implements bot.Outbox.
func (q *Memory) MarkReceipt(ctx context.Context, to conversation.Address, platformID, status string,
	_ time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.ill(ctx); err != nil {
		return err
	}
	for _, r := range q.rows {
		if r.Send.To == to && r.Sent != nil && r.Sent.PlatformID == platformID {
			r.Status = status
		}
	}
	return nil
}

// Rows is a copy of the outbox, oldest first.
func (q *Memory) Rows() []Row {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []Row
	for _, r := range q.rows {
		out = append(out, *r)
	}
	return out
}

// Inbox is a copy of the messages not yet handled, oldest first.
func (q *Memory) Inbox() []conversation.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.waiting)
}

// SetAside is a copy of the messages that were set aside.
func (q *Memory) SetAside() []Aside {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.aside)
}

package conversation

import "time"

// What one chat may send, far above what a person types: beyond it, one line is
// said and the rest of the time's messages are dropped.
const (
	floodMost = 600
	floodTime = 10 * time.Minute
)

// flooded tells whether this chat sends more than any person would. The
// terminal is the operator's own.
func (t *turn) flooded() bool {
	d := &t.s.Data
	if t.at.Sub(d.FloodFrom).Abs() > floodTime {
		d.FloodFrom, d.Flood = t.at, 0
	}
	d.Flood++
	if d.Flood <= floodMost || t.s.Chat.Scheme() == Terminal {
		return false
	}
	if d.Flood == floodMost+1 {
		t.say("flood", nil)
		t.quiet = true
		t.flush()
	}
	return true
}

// late tells whether the message waited too long to be answered as if it were new.
func (t *turn) late() bool {
	return t.msg.Kind == Backlog || !t.msg.SentAt.IsZero() && t.at.Sub(t.msg.SentAt) > TooLate
}

// TooLate is the age from which on a message is not answered for itself but, with all of
// its chat's, by one apology: channels make one [Backlog] message of them.
const TooLate = 12 * time.Hour

// Patience is how long a chat's letters may go on waiting when its person writes: whoever
// writes can be reached.
const Patience = time.Minute

// apologise answers messages from the time the desk was down, once a chat.
func (t *turn) apologise() error {
	if t.at.Sub(t.s.Data.ApologyAt) < time.Hour {
		return nil
	}
	t.s.Data.ApologyAt = t.at
	t.say("backlog", nil)
	if t.s.State == "" {
		t.s.State = "menu"
	}
	return t.finish()
}

package conversation

import (
	"strings"
)

// press makes sense of a pressed button: of the question at hand, or of an
// earlier one that can still be answered. handled means that it was neither,
// and that the person was told.
func (t *turn) press() (handled bool, err error) {
	now, from := t.table[t.s.State], t.table[t.msg.Menu]
	if t.in == "0" || t.in == zeroKey { // "0" was the key of the way back before keys were stable
		t.in = "0"
		return false, nil
	}
	key, about, _ := strings.Cut(t.in, "@")
	switch {
	case from == nil || now.deaf:
		return t.stale(), nil
	case from.option(key) == nil: // a number, from before keys were stable
		return from != now && t.stale(), nil
	case from != now && !from.lives:
		return t.stale(), nil
	case from != now && from.chapter == "library" && t.s.Data.Visit == "" && from.pages(key):
		if t.s.Reader == 0 { // searching is open to all
			break
		}
		return true, t.listAnew(about)
	case from != now && from.chapter == "library" && t.s.Data.Visit == "": // it is entered by its gates
		id, _ := hitOf(about)
		return true, t.deepLink("pub_" + id)
	case from.of != nil && about != from.of(t) && (from.recall == nil || !from.recall(t, about)):
		return t.stale(), nil
	}
	if from != now {
		t.park(now)
		t.enter(from.name)
	}
	t.pressed = t.in
	return false, nil
}

// pages tells whether an answer is a way to another part of the result list.
func (s *state) pages(key string) bool { return s.name == "results" && key != "hit" }

// stale tells that a button has no meaning any more.
func (t *turn) stale() bool {
	t.say("stale_button", nil)
	return true
}

// earlier takes a number for an answer of the list that was shown last, where
// the question at hand has not been shown since.
func (t *turn) earlier() {
	last := t.s.Data.Shown
	now := t.table[t.s.State]
	if t.msg.Kind != Text || last == nil || last.State == now.name || now.take != nil && len(now.options) == 0 {
		return
	}
	from := t.table[last.State]
	if from == nil || !from.lives {
		return
	}
	if key := last.Keys[strings.TrimLeft(word(t.in), "0")]; key != "" && key != zeroKey {
		t.msg.Kind, t.msg.Menu, t.in = Choice, last.State, key
	}
}

package store

import (
	"testing"
	"time"

	"pst/conversation"
)

// An alarm rings once for each state, over restarts too.
func TestAnAlarmRingsOnce(t *testing.T) {
	d := openDesk(t)
	letter := conversation.Send{To: "telegram:9", Text: "Telegram tidak melayani."}
	for i, c := range []struct {
		state string
		rings bool
	}{{"", false}, {"down", true}, {"down", false}, {"", true}, {"", false}, {"down", true}} {
		rung, err := d.Ring(t.Context(), "channel telegram", c.state, letter)
		if err != nil || rung != c.rings {
			t.Errorf("step %d, %q: rung %v, %v", i, c.state, rung, err)
		}
	}
	depths, err := d.Depths(t.Context(), []string{"telegram"}, time.Now().Add(time.Hour))
	if err != nil || depths.Outbox["telegram"].Count != 3 || depths.Outbox["telegram"].Due != 3 || depths.First != 0 {
		t.Errorf("after three rings there are %+v, %v", depths, err)
	}
	if err := d.Beat(t.Context()); err != nil {
		t.Error(err)
	}
}

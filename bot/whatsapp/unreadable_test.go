package whatsapp

import (
	"testing"
	"time"

	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

func textOf(p *whatsapptest.Person) string { return whatsapptest.Text(p.Next()) }

func soonAsked(c *Config) { c.Timing.Unreadable = 50 * time.Millisecond }

// A photo to be seen once comes to a companion without content, and never will.
func TestUnreadableMessageIsAnswered(t *testing.T) {
	for name, send := range map[string]func(r *rig) string{
		"to be seen once": func(r *rig) string { return r.srv.Unavailable(ani, desk, "view_once") },
		"unavailable":     func(r *rig) string { return r.srv.Unavailable(ani, desk, "") },
		"cannot be opened": func(r *rig) string {
			r.srv.Deaf(desk, true) // the sender's phone never hears that
			r.srv.Garble(ani, 1)
			return r.srv.Person(ani, "Ani").Say(desk, "rusak")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, soonAsked)
			r.srv.Person(ani, "Ani")
			id := send(r)
			got := r.in.wait(t, 0)
			if got.Kind != conversation.Unreadable || got.From != r.lid(ani) || got.ID != "unreadable-"+id {
				t.Errorf("inbox %+v", got)
			}
			f, err := r.ch.Facts(t.Context())
			if err != nil || f.Unreadable != 1 {
				t.Errorf("counted %+v, %v", f, err)
			}
		})
	}
}

func TestMessageThatComesReadableInTimeIsNotAskedFor(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Unreadable = time.Hour })
	p := r.srv.Person(ani, "Ani")
	r.srv.Garble(ani, 1)
	p.Say(desk, "halo")
	if got := r.in.wait(t, 0); got.Kind != conversation.Text || got.Text != "halo" {
		t.Errorf("inbox %+v", got)
	}
	r.stop()
	r.make(soonAsked)
	r.run()
	r.state(Online)
	p.Say(desk, "lagi")
	if got := r.in.wait(t, 1); got.Text != "lagi" {
		t.Errorf("inbox %+v", got)
	}
}

// The desk is stopped within the minute: the person is asked by the next run.
func TestUnreadableMessageIsAnsweredAfterARestart(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Unreadable = time.Second })
	r.srv.Person(ani, "Ani")
	r.srv.Unavailable(ani, desk, "")
	r.srv.Unavailable(ani, desk, "")
	r.eventually("both to be noted", func() bool { f, err := r.ch.Facts(t.Context()); return err == nil && f.Unreadable == 2 })
	r.stop()
	r.make(soonAsked)
	r.run()
	if got := r.in.wait(t, 0); got.Kind != conversation.Unreadable {
		t.Errorf("inbox %+v", got)
	}
	p := r.srv.Person(budi, "Budi")
	p.Say(desk, "halo")
	if got := r.in.wait(t, 1); got.Kind != conversation.Text {
		t.Errorf("asked twice: %+v", r.in.messages())
	}
}

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
	r := start(t, func(c *Config) { c.Timing.Unreadable = time.Hour })
	r.srv.Person(ani, "Ani")
	r.srv.Unavailable(ani, desk, "")
	r.srv.Unavailable(ani, desk, "")
	r.eventually("both to be noted", func() bool {
		f, err := r.ch.Facts(t.Context())
		return err == nil &&
			f.Unreadable == 2
	})
	r.stop()
	r.sql(`UPDATE pst_unreadable SET due = 1`) // the hour is over
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

// A message that could not be read is sent again by its sender's phone, behind what
// they wrote meanwhile: it is taken in where it belongs.
func TestMessageThatComesAgainKeepsItsPlace(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Resend, c.Timing.Unreadable = time.Hour, time.Hour })
	p := r.srv.Person(ani, "Ani")
	p.Delivered(p.Say(desk, "nol"))
	sendAgain := r.srv.HoldRetries(desk) // the phone is asked, and does not hear it yet
	r.srv.Garble(ani, 1)
	p.Say(desk, "satu")
	p.Say(desk, "dua")
	r.eventually("both to be acknowledged", func() bool { return r.srv.Unacknowledged(desk) == 0 })
	r.srv.Person(budi, "Budi").Say(desk, "orang lain")
	if got := r.in.wait(t, 1); got.Text != "orang lain" {
		t.Errorf("inbox %+v", got)
	}
	p.Say(desk, "tiga")
	r.stop() // and a restart between
	r.make(func(c *Config) { c.Timing.Resend, c.Timing.Unreadable = time.Hour, time.Hour })
	r.run()
	r.state(Online)
	sendAgain()
	for i, want := range []string{"satu", "dua", "tiga"} {
		if got := r.in.wait(t, 2+i); got.Text != want || got.From != r.lid(ani) {
			t.Errorf("message %d is %+v, want %s", i, got, want)
		}
	}
}

// What never comes again holds nobody up for long.
func TestWhatFollowsAMessageThatNeverComesAgainIsTakenInSoon(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Resend, c.Timing.Unreadable = 300*time.Millisecond, time.Hour })
	p := r.srv.Person(ani, "Ani")
	r.srv.Deaf(desk, true) // the sender's phone never hears that
	r.srv.Garble(ani, 1)
	p.Say(desk, "satu")
	for _, text := range []string{"dua", "tiga"} {
		p.Say(desk, text)
	}
	for i, want := range []string{"dua", "tiga"} {
		if got := r.in.wait(t, i); got.Text != want {
			t.Errorf("message %d is %+v, want %s", i, got, want)
		}
	}
	r.eventually("the places to be given up", func() bool {
		k := r.ch.current()
		k.resend.Lock()
		defer k.resend.Unlock()
		return len(k.resending) == 0
	})
}

// Rows that name nobody keep nobody else from being asked.
func TestARowThatNamesNobodyKeepsNobodyWaiting(t *testing.T) {
	r := start(t, nil)
	r.srv.Person(ani, "Ani")
	from := string(r.lid(ani))
	r.stop()
	r.sql(`INSERT INTO pst_unreadable (id, chat, at, due) VALUES ('3A', 'a', 1, 1), ('3B', 'whatsapp:', 1, 1), ('3C', 'sms:1', 1, 1),
		('3D', '` + from + `', 1, 1)`)
	r.in.set(func(m conversation.Message) error { // as the store does
		_, err := conversation.ParseAddress(string(m.From))
		return err
	})
	r.make(soonAsked)
	r.run()
	if got := r.in.wait(t, 0); got.Kind != conversation.Unreadable || string(got.From) != from {
		t.Errorf("inbox %+v", got)
	}
}

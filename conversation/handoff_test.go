package conversation

import (
	"strings"
	"testing"
	"time"
)

func TestTheRosterSaysWhoAnswers(t *testing.T) {
	o := testOffice()
	if _, ok := o.onDuty(moment(t, "2026-11-23 09:00:00")); ok {
		t.Error("an office without staff has somebody at the desk")
	}
	o.Staff = []Staff{
		{Name: "kasubbag", Role: Kasubbag, Addresses: []Address{"telegram:1"}},
		{Name: "monday", Role: Officer, Addresses: []Address{"telegram:2"}, Days: []time.Weekday{time.Monday}},
		{Name: "friday", Role: Officer, Addresses: []Address{"telegram:3"}, Days: []time.Weekday{time.Friday}},
		{Name: "no address", Role: Officer, Days: []time.Weekday{time.Tuesday}},
	}
	for at, want := range map[string]string{
		"2026-11-23 09:00:00": "monday",
		"2026-11-20 17:00:00": "monday", // a Friday after hours: Monday is next
		"2026-11-27 10:00:00": "friday",
		"2026-11-26 20:00:00": "friday",
		"2026-11-28 10:00:00": "monday",
		"2026-11-24 10:00:00": "monday", // nobody on Tuesdays: any officer
		"2026-12-24 10:00:00": "monday", // over the holidays
	} {
		if s, ok := o.onDuty(moment(t, at)); !ok || s.Name != want {
			t.Errorf("on %s %q answers, want %q", at, s.Name, want)
		}
	}
	o.Staff = o.Staff[:1]
	if s, ok := o.onDuty(moment(t, "2026-11-23 09:00:00")); !ok || s.Name != "kasubbag" {
		t.Errorf("without an officer %q answers", s.Name)
	}
}

// A clock that has not rung yet must not swallow the first words of the next day.
func TestTheFirstWordsAfterALongSilenceAreForTheBot(t *testing.T) {
	for name, data := range map[string]Data{"staff wrote there themselves": {Silent: true}, "a hand-off": {}} {
		b := newBench(t)
		b.stand(t, Session{Chat: siti, State: "handoff", Data: data, SeenAt: b.at.Add(-staffIdle - time.Minute)})
		if err := b.Take(t.Context(), b.text("syarat")); err != nil {
			t.Fatal(err)
		}
		turn, said := b.last(t)
		if turn.Session.State == "handoff" || !strings.Contains(said, "aktif kembali") ||
			!strings.Contains(said, "Persyaratan") {
			t.Errorf("%s: in state %s the desk says %q", name, turn.Session.State, said)
		}
	}
}

// The ten minutes run from the first message that waits, not from the last.
func TestWhoKeepsWritingIsNotLeftWaiting(t *testing.T) {
	b := newBench(t)
	began := b.at
	b.stand(t, Session{Chat: siti, State: "handoff", Data: Data{Ticket: aTicket.ID, WaitFrom: began}, SeenAt: began})
	for n := range 3 {
		b.at = b.at.Add(3 * time.Minute)
		if err := b.Take(t.Context(), b.text("halo, ada orang?")); err != nil {
			t.Fatal(err)
		}
		if turn, _ := b.last(t); !turn.Session.Deadline.Equal(began.Add(noStaff)) {
			t.Errorf("message %d moves the ten minutes to %s", n+1, turn.Session.Deadline)
		}
	}
}

package whatsapp

import (
	"fmt"
	"testing"
	"time"
)

// A phone confirms a letter whose acknowledgement is lost: what it said counts
// once the letter has been sent for good, not before.
func TestReceiptOfALetterThatIsTriedAgain(t *testing.T) {
	r := start(t, func(c *Config) { c.Timing.Ack = 300 * time.Millisecond })
	p := r.srv.Person(ani, "Ani")
	r.eventually("a first letter", func() bool { return second(r.send(letter("first", pn(ani), "halo"))) == nil })
	release := r.srv.HoldAcks(ani)
	r.eventually("the letter to arrive", func() bool { // a busy machine may need more than a try
		if _, err := r.send(letter("k", r.lid(ani), "kutipan")); err == nil {
			t.Fatal("sent without an acknowledgement")
		}
		return p.Waiting() > 0
	})
	p.Read(p.Until("the letter", isText("kutipan")))
	release()
	r.srv.Deaf(ani, true) // nothing more comes from the phone
	want := fmt.Sprint(string(r.lid(ani)), " ", messageID("k"), " delivered")
	told := func() bool {
		for _, got := range r.in.receipts {
			if got == want {
				return true
			}
		}
		return false
	}
	r.eventually("the receipt to be held", func() bool {
		r.ch.flights.mu.Lock()
		defer r.ch.flights.mu.Unlock()
		return len(r.ch.flights.all[messageID("k")]) > 0
	})
	r.in.mu.Lock()
	early := told()
	r.in.mu.Unlock()
	if early {
		t.Error("told before the letter was sent")
	}
	r.eventually("the second try", func() bool { return second(r.send(letter("k", r.lid(ani), "kutipan"))) == nil })
	r.in.until(t, "the receipt", told)
}

package conversation

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// refusal is an answer that a state does not take: the key of a sentence that
// says what is wrong and gives a right example.
type refusal struct {
	key  string
	data D
}

func (r *refusal) Error() string { return "answer refused: " + r.key }

func refuse(key string, data D) (string, error) { return "", &refusal{key, data} }

// refuseSame is how often the same answer is refused before the desk is silent.
const refuseSame = 2

// refused says what is wrong: first with an example, then with the question
// again, then with the ways out, and so on in turn.
// The same answer again and again is a machine's, or is meant for nobody: it is
// refused twice, then told once where to go on, then met with silence.
func (t *turn) refused(no *refusal) {
	d := &t.s.Data
	if d.Doubt != nil { // said back: a question of its own
		t.say(no.key, no.data)
		t.quiet = true
		return
	}
	if same := t.secret.Hash("refused", t.s.State+"\x00"+t.in)[:16]; same == d.Same {
		d.SameTimes++
	} else {
		d.Same, d.SameTimes = same, 1
	}
	if d.SameTimes > refuseSame {
		t.quiet = true
		if d.SameTimes == refuseSame+1 {
			t.say("fallback.same", nil)
		}
		return
	}
	if t.more {
		return // what comes behind it is answered
	}
	t.s.Data.Misses++
	n := t.s.Data.Misses
	if n <= 0 && no.key != "menu.unknown" { // a first message that is no answer: the question alone
		t.s.Data.Misses = 0
		return
	}
	if no.key == "pages.over" {
		t.tally("cap")
	} else {
		t.notUnderstood()
	}
	said := t.text(no.key, no.data)
	if told := digest(said); told == t.s.Data.Refused {
		said, t.s.Data.Refused = t.text("fallback.again", nil), ""
	} else {
		t.s.Data.Refused = told
	}
	t.said = append(t.said, said)
	if n <= 0 { // the first message names what is not known here, and the menu follows
		t.s.Data.Misses = 0
		return
	}
	if n%2 == 1 {
		t.quiet = true
	}
	if n >= 3 && n%2 == 1 {
		t.say("fallback.offer", nil)
	}
}

// finish asks the question of the state the chat is in now and sends all that
// was said.
func (t *turn) finish() error {
	d := &t.s.Data
	d.Unasked = !t.quiet && t.more || d.Unasked
	if !t.quiet || d.Unasked && !t.more {
		now := t.table[t.s.State]
		if now == nil {
			return fmt.Errorf("no state %q", t.s.State)
		}
		if q := t.question(now); q != "" {
			before := d.Shown
			d.Shown = t.shownNow()
			switch {
			case t.more:
			case t.justShown(q, before):
				t.say("question.above", D{"Said": len(t.said) > 0 || len(d.Held) > 0})
				d.Shown.Card, d.Shown.At, t.offers = before.Card, before.At, nil
			default:
				t.said = append(t.said, q)
				if utf8.RuneCountInString(q) >= longCard {
					d.Shown.Card, d.Shown.At = digest(q), t.at
				}
			}
		}
		if !t.more {
			d.Unasked, t.quiet = false, false
		}
	}
	t.flush()
	return t.fault
}

// justShown tells whether a long question that the message met stands whole a few
// lines above. A tap on a button may come from further up.
func (t *turn) justShown(q string, before *Shown) bool {
	return before != nil && t.met == t.s.State && before.Card == digest(q) && t.at.Sub(before.At) < cardStands &&
		t.msg.Kind != Choice
}

// heldMost is how many paragraphs are held back for the answer to several
// messages; the oldest make room.
const heldMost = 5

// flush makes the Send effects for what was said to the person. While more
// messages of the chat wait it is held back, once each, for the answer to the
// last: but not what a person may have to quote.
func (t *turn) flush() {
	d := &t.s.Data
	if t.more && t.ref == "" {
		for _, s := range t.said {
			if !slices.Contains(d.Held, s) {
				d.Held = append(d.Held, s)
			}
		}
		d.Held, t.said = d.Held[max(0, len(d.Held)-heldMost):], nil
		return
	}
	if !t.more && len(d.Held) > 0 {
		t.paging = false // what is held back has a place of its own
		held := slices.DeleteFunc(d.Held, func(s string) bool { return slices.Contains(t.said, s) })
		t.said, d.Held = append(held, t.said...), nil
	}
	messages := pack(t.said)
	t.said = nil
	for i, m := range messages {
		send := Send{To: t.s.Chat, Text: m, Answers: t.msg.ID, Ref: t.ref, Quotes: t.quotes(), Copy: copied(m, t.copies)}
		send.Replaces, t.becomes = t.becomes, nil
		if i == len(messages)-1 && !t.quiet {
			send.Menu, send.Paging = t.s.State, t.paging
			for _, o := range t.offers {
				send.Options = append(send.Options, o.Option)
			}
		}
		if i == len(messages)-1 && len(t.quick) > 0 {
			send.Menu, send.Options = staffMenu, t.quick
		}
		t.effects = append(t.effects, send)
	}
}

// say adds a paragraph to the answer.
func (t *turn) say(key string, data D) {
	if s := t.text(key, data); s != "" {
		t.said = append(t.said, s)
	}
}

// text renders a text; a fault is kept and fails the step.
func (t *turn) text(key string, data D) string {
	t.copies = append(t.copies, numbersOf(data)...)
	s, err := t.texts.Text(key, data)
	if err != nil && t.fault == nil {
		t.fault = err
	}
	return s
}

// do adds an effect.
func (t *turn) do(e Effect) { t.effects = append(t.effects, e) }

// tell sends a text to another address than the one that wrote.
func (t *turn) tell(to Address, ref, key string, data D) {
	for _, m := range pack([]string{t.text(key, data)}) {
		t.do(Send{To: to, Text: m, Ref: ref, Copy: copied(m, t.copies)})
	}
}

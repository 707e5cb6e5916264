package conversation

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// state is one row of the table: a place where a chat can stand. It says what
// is asked there, which answers there are and where each leads. Numbers, labels,
// buttons, exits and the diagram all follow from it.
type state struct {
	name    string
	chapter string // which part of the dialogue it belongs to, a group of the diagram
	about   string // in a few words what happens here

	// The text asked has the row's name, unless text names another; data is what
	// it needs, labels what the labels of its answers need.
	data   func(*turn) D
	labels func(*turn) D
	text   func(*turn) string
	silent bool // asks nothing

	// The answers, in the order in which they are numbered: items made for the
	// moment, lines of a configured list, options. A yes or no in the person's
	// own words is the option of that key.
	items   func(*turn) []item
	list    func(*turn) []string
	options []option
	yes, no string

	// take reads what is none of the answers above: a name, a number, pages,
	// words. It names the next state; a *refusal asks again.
	take  func(*turn) (string, error)
	exits []string // where take may lead, but the row itself
	// key of what is said to an answer that is not understood, where it is not choose
	misread string
	slot    func(*turn) (key string, sure bool) // finds the answer in a sentence, before words are looked for
	before  func(*turn) bool                    // the message is for take, whatever words it has
	concept string                              // list of synonyms (conversation/nlu) that the answers are heard with
	grave   bool                                // quota, deletion or a complaint hangs on the yes: unsure is asked back
	affirm  []string                            // words that are a yes to this question, besides the usual ones

	back   string             // where kembali and 0 lead; empty: the menu
	backTo func(*turn) string // where that must be decided

	form    bool     // part of a form: reminder, parked
	parked  bool     // leads back to the form that was left half filled in
	returns bool     // may lead back to where the person was
	seeks   bool     // words that are no answer are a search
	book    bool     // about the publication that was picked
	free    bool     // the answer is free text in the person's own words
	deaf    bool     // the words that work in every state do not work here
	glow    bool     // after a delivery: the visit closes soon
	photos  bool     // takes photos
	mends   bool     // its answer may be given anew by an edit of the message: nothing came of it yet
	own     []string // global words that mean something else here

	cancel func(*turn)       // what batal drops, and what it says; nil: nothing
	wake   func(*turn)       // sets a deadline of the row's own
	woken  func(*turn) error // what happens at it

	// Buttons of a row that lives still work when other questions have been
	// asked. What the answers are about (a publication, an excerpt) is part of
	// their keys: a button that is about another thing is stale, unless recall
	// brings that thing back.
	lives  bool
	of     func(*turn) string
	recall func(*turn, string) bool
}

// option is one answer of a question. Its label is the text "state:key".
type option struct {
	key   string                      // stable: labels, buttons and lists shown name it
	to    string                      // the state it leads to; or
	say   string                      // the key of a text that answers it, the question stays; or
	do    func(*turn) (string, error) // the function that carries it out, with
	leads []string                    // where that may lead, but the row itself
	words string                      // other words for it, comma-separated
	when  func(*turn) bool            // nil: always offered
	digit string                      // its number, where it is not its place in the list
	typed bool                        // not in the list: only its words are heard
	means string                      // intents (conversation/nlu) that mean this answer here, comma-separated
	// listed, where it says no, leaves the option out of the list; who asks for it
	// all the same is told by do why it cannot be.
	listed func(*turn) bool
}

// item is an answer made for the moment: a hit, a line of a configured list. It
// is carried out by the row's option Key, which finds in turn.subject what it
// was about.
type item struct {
	key, about string
	label      string // as it is shown
	mute       bool   // a hit: its label is not listened to, only its number
	unlisted   bool   // a button alone, without a number
}

// shown is an answer as it is offered: with its number, its label and the
// stable key that a button or a number leads back to.
type shown struct {
	Option
	text string // the line, which may have more than the label; "" for a button alone
	said string // the words that mean it; "" where only its number does
}

// Shown is the list of answers that a chat was shown last: what a typed number
// refers to, whatever has changed since.
type Shown struct {
	State string            `json:"state"`
	Keys  map[string]string `json:"keys"` // number -> stable key
	// Card is a digest of a long question, At when it was shown whole.
	Card string    `json:"card,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// A long question is not shown whole again so soon.
const (
	longCard   = 200 // characters
	cardStands = time.Minute
)

// menuLines is how many numbered lines a question may have (WhatsApp readers
// lose their way in longer ones).
const menuLines = 7

// zeroKey is the stable key of the way back, which every list ends with.
const zeroKey = "back"

// option finds an option of the row by its key.
func (s *state) option(key string) *option {
	for i := range s.options {
		if s.options[i].key == key {
			return &s.options[i]
		}
	}
	return nil
}

// leadsTo lists every state that an answer here may lead to, but the row itself.
func (s *state) leadsTo() []string {
	var out []string
	add := func(names ...string) {
		for _, n := range names {
			if n != "" && n != s.name && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	for _, o := range s.options {
		add(o.to)
		add(o.leads...)
	}
	add(s.exits...)
	return out
}

// stable is the key of an answer with what it is about.
func stable(key, about string) string {
	if about == "" {
		return key
	}
	return key + "@" + about
}

// offered lists the numbered answers of a row, as they are now.
func (t *turn) offered(now *state) []shown {
	var out []shown
	add := func(key, about, digit, text string) {
		if digit == "" {
			digit = fmt.Sprint(len(out) + 1)
		}
		out = append(out, shown{Option{Key: stable(key, about), Number: digit, Label: caption(text)}, text, label(text)})
	}
	if now.items != nil {
		for _, i := range now.items(t) {
			add(i.key, i.about, "", i.label)
			switch o := &out[len(out)-1]; {
			case i.mute:
				o.Label, o.said = "", ""
			case i.unlisted:
				o.Number, o.text = "", ""
			}
		}
	}
	if now.list != nil {
		part, first, more, next := t.listPart(now.list(t))
		for i, l := range part { // a line has one number, on whichever part it stands
			add("pick", lineKey(l), fmt.Sprint(first+i), l)
		}
		if more != "" {
			add("more", fmt.Sprint(next), fmt.Sprint(first+len(part)), t.text(more, nil))
		}
	}
	labels := t.labels(now)
	for _, o := range now.options {
		if !o.typed && o.offered(t) && (o.listed == nil || o.listed(t)) {
			add(o.key, t.subjectOf(now), o.digit, t.text(now.name+":"+o.key, labels))
		}
	}
	return out
}

// labels is what the labels of the row's answers need.
func (t *turn) labels(now *state) D {
	if now.labels == nil {
		return nil
	}
	return now.labels(t)
}

// lastNumber is the highest number of the answers offered.
func lastNumber(offers []shown) int {
	last := 0
	for _, o := range offers {
		last = max(last, atoiOr(o.Number, 0))
	}
	return last
}

// subjectOf is what the row's answers are about now.
func (t *turn) subjectOf(now *state) string {
	if now.of == nil {
		return ""
	}
	return now.of(t)
}

func (o *option) offered(t *turn) bool { return o.when == nil || o.when(t) }

// hears tells whether a word means the option.
func (o *option) hears(w string) bool {
	return w != "" && slices.Contains(strings.Split(o.words, ", "), w)
}

// captionMost is how many characters a button shows on a cheap phone held upright.
const captionMost = 36

// caption is what a button says: the whole line, or what fits of its label.
func caption(line string) string {
	if whole := strings.ReplaceAll(line, "*", ""); utf8.RuneCountInString(whole) <= captionMost &&
		!strings.Contains(whole, "\n") {
		return whole
	}
	return cut(label(line), captionMost)
}

// label is what means an answer in words: its line up to the explanation.
func label(line string) string {
	line, _, _ = strings.Cut(line, "\n")
	line, _, _ = strings.Cut(line, " (")
	line, _, _ = strings.Cut(line, ":")
	return cut(strings.ReplaceAll(line, "*", ""), 60)
}

// question renders a row's question with its answers, the way back as the last.
func (t *turn) question(now *state) string {
	t.offers = nil
	if now.silent {
		return ""
	}
	if now.book {
		if gone, err := t.gone(); gone || err != nil {
			return t.text("publication.gone", nil)
		}
	}
	data := D{}
	if now.data != nil {
		data = now.data(t)
	}
	offers := t.offered(now)
	var lines []string
	for _, o := range offers {
		if o.text != "" {
			lines = append(lines, o.line())
		}
	}
	data["Options"] = strings.Join(lines, "\n")
	key := now.name
	if now.text != nil {
		key = now.text(t)
	}
	q := t.text(key, data)
	if len(offers) == 0 {
		return q
	}
	zero := t.text(now.zero(), nil)
	back := shown{Option{Key: zeroKey, Number: "0", Label: caption(zero)}, zero, label(zero)}
	t.offers = append(offers, back)
	return q + "\n" + back.line()
}

// line is the answer as it stands in the text.
func (o shown) line() string { return "*" + o.Number + "* " + o.text }

// shownNow is the list of answers of the question just asked, for the numbers
// that are typed next.
func (t *turn) shownNow() *Shown {
	s := &Shown{State: t.s.State, Keys: map[string]string{}}
	for _, o := range t.offers {
		if o.Number != "" {
			s.Keys[o.Number] = o.Key
		}
	}
	return s
}

// zero is the key of the text of the way back.
func (s *state) zero() string {
	switch {
	case s.name == "menu":
		return "zero.again"
	case s.back != "":
		return "zero.back"
	}
	return "zero.menu"
}

// chosen finds the answer that the message means, with what it is about.
func (t *turn) chosen(now *state) (o *option, about string) {
	key := t.pressed
	if key == "" {
		key = t.heard(now)
	}
	key, about, _ = strings.Cut(key, "@")
	if o = now.option(key); o == nil || !o.offered(t) {
		return nil, ""
	}
	if now.list != nil && key == "pick" {
		about = lineOf(now.list(t), about)
	}
	return o, about
}

// heard is the stable key of the answer that was typed, or "": a number of the
// list shown last, or words.
func (t *turn) heard(now *state) string {
	offers := t.offered(now)
	if n := numeral(t.in); n != "" {
		return t.numbered(now, n, offers)
	}
	for _, o := range now.options { // words for what is not listed just now
		if o.listed != nil && o.offered(t) && !o.listed(t) {
			offers = append(offers, shown{Option: Option{Key: stable(o.key, t.subjectOf(now))},
				said: label(t.text(now.name+":"+o.key, nil))})
		}
	}
	key := now.meant(t.in, offers, func(o *option) bool { return o.offered(t) })
	if key == "" && now.list != nil {
		var all []shown // a word may name a line of the part not on show
		for _, l := range now.list(t) {
			all = append(all, shown{Option: Option{Key: stable("pick", lineKey(l))}, said: label(l)})
		}
		key = byLabel(word(t.in), all)
	}
	if key == "" && t.msg.Kind == Text {
		key = t.understood(now, offers)
	}
	if o := now.option(key); o != nil && key != "" { // an option, with what it is about
		return stable(key, t.subjectOf(now))
	}
	return key
}

// numeral is the number that an answer is, in digits or as a word, or "".
func numeral(in string) string {
	w := word(in)
	if n, ok := numberWords[w]; ok {
		w = n
	}
	if w == "" || strings.Trim(w, "0123456789") != "" {
		return ""
	}
	return "0"[:max(0, 1-len(strings.TrimLeft(w, "0")))] + strings.TrimLeft(w, "0")
}

// meant is the key of the answer that words mean, or "": a word for an option, a
// yes or no, the label of an answer.
func (s *state) meant(in string, offers []shown, open func(*option) bool) string {
	w := word(in)
	if w == "" {
		w = strings.TrimSpace(in) // "-" passes a question over
	}
	for i := range s.options {
		if o := &s.options[i]; open(o) && o.hears(w) {
			return o.key
		}
	}
	switch yesNo(in) {
	case "1":
		if s.yes != "" {
			return s.yes
		}
	case "2":
		if s.no != "" {
			return s.no
		}
	}
	return byLabel(w, offers)
}

// numbered is the key behind a number: of the list that was shown last, when
// that was this question; of the answers as they are now, when it was not shown.
func (t *turn) numbered(now *state, n string, offers []shown) string {
	if s := t.s.Data.Shown; s != nil && s.State == now.name {
		return s.Keys[n]
	}
	for _, o := range offers {
		if o.Number == n {
			return o.Key
		}
	}
	return ""
}

// byLabel finds the answer that a word means by its label: the whole of it, the
// beginning of exactly one, or a word that only one has.
func byLabel(w string, offers []shown) string {
	found := ""
	for _, o := range offers {
		l := word(o.said)
		if l == "" {
			continue
		}
		if l == w || word(o.Label) == w {
			return o.Key
		}
		if len(w) >= 2 && strings.HasPrefix(l, w) || len(w) >= 3 && slices.Contains(strings.Fields(l), w) {
			if found != "" {
				return ""
			}
			found = o.Key
		}
	}
	return found
}

// read takes the message as an answer to the row's question and names the next
// state.
func (t *turn) read(now *state) (string, error) {
	key, err := t.confirmed(now)
	if err != nil {
		return "", err
	}
	if key != "" {
		t.pressed = key
	}
	if o, about := t.chosen(now); o != nil {
		t.subject = about
		return t.carryOut(now, o)
	}
	if t.maybe != nil {
		t.s.Data.Doubt = t.maybe
		return refuse("doubt.option", D{"Label": t.maybe.Text})
	}
	if now.take != nil {
		return now.take(t)
	}
	return refuse(now.refusal(), nil)
}

func (s *state) refusal() string {
	switch {
	case s.misread != "":
		return s.misread
	case s.yes != "" && s.no != "":
		return "choose.yes"
	}
	return "choose"
}

func (t *turn) carryOut(now *state, o *option) (string, error) {
	switch {
	case o.say != "":
		t.say(o.say, nil)
		t.quiet = true
		return now.name, nil
	case o.do != nil:
		return o.do(t)
	}
	return o.to, nil
}

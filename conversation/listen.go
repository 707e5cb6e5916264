package conversation

import (
	"slices"
	"strconv"
	"strings"

	"pst/conversation/nlu"
)

// One order of reading holds in every state: quotes and ticket numbers; words
// for everywhere, as whole messages; the answer to the question at hand; a
// question about the service; a topic that the catalogue recognises; else a
// refusal. The answer to the question at hand is looked for in this order: the
// number or the words of an answer as they stand; the same inside a sentence;
// what the row itself takes.

// Doubt is what was heard without being sure: said back, and taken when it is
// confirmed in one word.
type Doubt struct {
	State string `json:"state"`
	Text  string `json:"text,omitempty"` // to be read again as if it had been typed
	Key   string `json:"key,omitempty"`  // or the answer that was meant
}

// message is what was written, as it was heard.
func (t *turn) message() *nlu.Message {
	if t.hearing == nil || t.heardIn != t.in {
		t.hearing, t.heardIn = t.lexicon.Hear(t.in), t.in
	}
	return t.hearing
}

// understood is the stable key of the answer found inside a sentence, or "".
// Where other words are a search, or an answer in the person's own words, the
// sentence must say nothing else.
func (t *turn) understood(now *state, offers []shown) string {
	if _, ok := t.pagesMeant(now); ok {
		return ""
	}
	m := t.message()
	if now.before != nil && now.before(t) {
		return ""
	}
	if now.slot != nil {
		key, sure := now.slot(t)
		if o := now.option(key); o != nil && !sure {
			t.maybe = &Doubt{State: now.name, Key: stable(key, t.subjectOf(now)), Text: t.text(now.name+":"+key, t.labels(now))}
			return ""
		} else if o != nil {
			return key
		}
	}
	keys, options := t.spoken(now, offers)
	decides := now.yes != "" && now.no != "" && now.concept != "" // by words of its own besides yes and no
	if decides {
		muted := slices.Clone(options)
		for i := range muted {
			muted[i].Mute = true
		}
		if a := m.Choice(now.concept, muted); a.Sureness == nlu.Sure && !m.Line(len(offers)).Heard() {
			return keys[a.Value]
		}
	}
	unsure := false
	if now.yes != "" {
		read := m.YesNo
		if now.grave {
			read = m.Consent
		}
		switch a := read(now.affirm...); {
		case a.Sureness == nlu.Likely:
			unsure = a.Value && now.grave
		case a.Sureness == nlu.None:
			if !now.form && !now.grave && now.no != "" && m.Skips() { // an offer: "lain kali aja"
				return now.no
			}
		case a.Value && now.option(now.yes).offered(t):
			return now.yes
		case !a.Value && now.no != "" && now.option(now.no).offered(t) && !t.asks(): // "aman gak datanya" is no refusal
			return now.no
		}
	}
	if line := m.Line(lastNumber(offers)); line.Heard() {
		return t.numbered(now, strconv.Itoa(line.Value+1), offers)
	}
	read := m.Choice
	switch {
	case now.yes != "" && now.no != "" && len(now.options) == 2:
		read = m.Pick
		for i := range options { // a yes or a no is not looked for in labels
			options[i].Mute = true
		}
	case now.seeks || now.free || now.grave && now.take != nil:
		read = m.Pick
	}
	a := read(now.concept, options)
	if unsure && a.Sureness == nlu.None {
		label := t.text(now.name+":"+now.yes, t.labels(now))
		t.maybe = &Doubt{State: now.name, Key: stable(now.yes, t.subjectOf(now)), Text: label}
		return ""
	}
	switch a.Sureness {
	case nlu.Sure:
		return keys[a.Value]
	case nlu.Likely:
		if o := options[a.Value]; now.concept != "" && o.Label != "" {
			t.maybe = &Doubt{State: now.name, Key: keys[a.Value], Text: o.Label}
		}
	}
	if wish := m.Intent(); a.Sureness == nlu.None && (wish.Sureness == nlu.Sure || wish.Heard() && !now.seeks) {
		for _, o := range now.options {
			if o.offered(t) && slices.Contains(strings.Split(o.means, ", "), wish.Value.Intent) {
				return stable(o.key, t.subjectOf(now))
			}
		}
	}
	return ""
}

// asks tells whether the message is a question about the service.
func (t *turn) asks() bool {
	wish := t.message().Intent()
	_, ok := services[wish.Value.Intent]
	return (ok || wish.Value.Intent == "pages left") && wish.Sureness == nlu.Sure
}

// turnsAway tells whether the message surely leaves the book at hand: it asks about
// the service, or wants to complain, to reach a person or its own data.
func (t *turn) turnsAway() bool {
	wish := t.message().Intent()
	_, leads := ways[wish.Value.Intent]
	return t.asks() && t.message().Asks() || leads && wish.Sureness == nlu.Sure && wish.Value.Intent != "cancel"
}

// spoken are the row's answers as they may be spoken, listed or not, with their
// stable keys.
func (t *turn) spoken(now *state, offers []shown) (keys []string, options []nlu.Option) {
	add := func(stable string, o nlu.Option) {
		keys, options = append(keys, stable), append(options, o)
	}
	listed := map[string]bool{}
	for _, o := range offers {
		key, _, _ := strings.Cut(o.Key, "@")
		listed[key] = true
		if now.list != nil && key == "pick" {
			continue
		}
		spoken := nlu.Option{Key: key, Label: o.said, Mute: o.said == ""}
		if row := now.option(key); row != nil && row.words != "" {
			spoken.Words = strings.Split(row.words, ", ")
		}
		add(o.Key, spoken)
	}
	if now.list != nil { // a word may name a line of the part not on show
		for _, l := range now.list(t) {
			add(stable("pick", lineKey(l)), nlu.Option{Key: l, Label: l})
		}
	}
	for _, o := range now.options {
		if !listed[o.key] && o.words != "" && o.offered(t) {
			add(stable(o.key, t.subjectOf(now)), nlu.Option{Key: o.key, Words: strings.Split(o.words, ", ")})
		}
	}
	return keys, options
}

// doubt says an uncertain answer back, to be confirmed in one word; text is what
// it is read as then.
func (t *turn) doubt(key, text string, data D) (string, error) {
	t.s.Data.Doubt = &Doubt{State: t.s.State, Text: text}
	return refuse(key, data)
}

// confirmed looks for the word that confirms what was said back. A yes puts the
// answer in the place of the message, or gives its key.
func (t *turn) confirmed(now *state) (key string, err error) {
	d := t.s.Data.Doubt
	t.s.Data.Doubt = nil
	if d == nil || d.State != now.name || t.msg.Kind != Text || numeral(t.in) != "" && d.Key != "" {
		return "", nil
	}
	a := t.message().YesNo()
	switch {
	case a.Sureness != nlu.Sure:
		return "", nil
	case !a.Value && len(strings.Fields(t.in)) <= 2: // "bukan, Rina" is read anew
		return "", &refusal{"doubt.no", nil}
	case !a.Value:
		return "", nil
	case d.Key != "":
		return d.Key, nil
	}
	t.in, t.sure = d.Text, true
	return "", nil
}

// settles tells whether the message is the yes or no to what was said back.
func (t *turn) settles(now *state) bool {
	d := t.s.Data.Doubt
	return d != nil && d.State == now.name && t.msg.Kind == Text && t.message().YesNo().Sureness == nlu.Sure
}

// taken tells whether what was heard may be taken as it is.
func (t *turn) taken(s nlu.Sureness) bool { return s == nlu.Sure || s == nlu.Likely && t.sure }

// request is what is asked, without the greeting and the polite words around it.
func (t *turn) request() string {
	m := t.message()
	if meant, ok := m.Correction(); ok && !meant.Empty() {
		m = meant
	}
	if r := m.Request().String(); r != "" {
		return r
	}
	return t.in
}

package conversation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"pst/conversation/nlu"
)

// Engine takes messages, one chat's at a time, and answers each with a [Turn].
// It reads, and writes nothing itself. It is safe for many chats at once.
type Engine struct{ core atomic.Pointer[core] }

// core is an engine as it is at one moment: a step begins and ends with the same.
type core struct {
	store     Store
	catalogue Catalogue
	texts     *Texts
	office    *Office
	secret    Secret
	now       func() time.Time
	random    io.Reader
	log       *slog.Logger
	shelf     Shelf
	walked    func(from, to string)
	table     map[string]*state
	lexicon   *nlu.Lexicon
}

// Shelf tells of the files behind publications what matters before one is cut.
type Shelf interface {
	// Room tells whether there is room on the disk to make excerpts.
	Room() bool
	// Held tells whether the file of a publication is there to be cut.
	Held(file string) bool
	// ExcerptBytes is about how many bytes the file with these pages would have
	// that is sent; 0 when that cannot be told at once.
	ExcerptBytes(ctx context.Context, p Publication, pages PageSet) int64
}

// Config is what an [Engine] is made of; all but Shelf, Lexicon and Walked is needed.
type Config struct {
	Store     Store
	Catalogue Catalogue
	Texts     *Texts
	Office    *Office
	Secret    Secret
	Now       func() time.Time
	Random    io.Reader // safe for use by several goroutines
	Log       *slog.Logger
	Shelf     Shelf                 // nil: every file is there, and its size is not told
	Lexicon   *nlu.Lexicon          // what messages are understood with; nil: the embedded tables alone
	Walked    func(from, to string) // told each exit of [Exits] that an answer took
}

// NewEngine makes an engine.
func NewEngine(c Config) *Engine {
	e := &core{
		store: c.Store, catalogue: c.Catalogue, texts: c.Texts, office: c.Office, secret: c.Secret,
		now: c.Now, random: c.Random, log: c.Log, shelf: c.Shelf, walked: c.Walked,
		table: map[string]*state{}, lexicon: c.Lexicon,
	}
	if e.lexicon == nil {
		e.lexicon = nlu.Default()
	}
	if e.walked == nil {
		e.walked = func(string, string) {}
	}
	for _, s := range states() {
		e.table[s.name] = s
	}
	engine := &Engine{}
	engine.core.Store(e)
	return engine
}

// Change gives the engine another office, texts and words; nil words are those of
// the embedded tables. Steps under way end with what they began with.
func (e *Engine) Change(o *Office, x *Texts, l *nlu.Lexicon) {
	c := *e.core.Load()
	c.office, c.texts, c.lexicon = o, x, l
	if l == nil {
		c.lexicon = nlu.Default()
	}
	e.core.Store(&c)
}

// Office is the office that the engine speaks for now; it is not changed, but
// replaced, see [Engine.Change].
func (e *Engine) Office() *Office { return e.core.Load().office }

// tries bounds how often one message is stepped again after a conflict.
const tries = 8

// Take brings the waiting messages of one chat, in their order, through load,
// step and commit. What is said to the chat comes after the last of them. nil
// means that all are done, now or earlier; on an error those before some message
// are done, and it and the rest wait in the inbox, nothing of theirs changed. A
// fault inside a step is told to the person in one sentence and to the operator
// in the log, and leaves the chat where it was.
func (e *Engine) Take(ctx context.Context, ms ...Message) error {
	return e.core.Load().Take(ctx, ms...)
}

func (e *core) Take(ctx context.Context, ms ...Message) error {
	for len(ms) > 0 {
		n, err := e.take(ctx, ms)
		if err != nil {
			return fmt.Errorf("take message: %w", err)
		}
		if n == 0 {
			return nil
		}
		ms = ms[n:]
	}
	return nil
}

// take commits the outcome of as many of the messages as one transaction can
// hold, and returns how many; 0 when another taker was faster and the rest must
// be looked at anew.
func (e *core) take(ctx context.Context, ms []Message) (int, error) {
	most := len(ms)
	for range tries {
		s, err := e.store.Session(ctx, ms[0].From)
		if err != nil {
			return 0, err
		}
		t, n, err := e.steps(ctx, s, ms, most)
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case err != nil && n > 0:
			// The failed step may have written into what the others share: they
			// are stepped anew, without it.
			most = n
			continue
		case err != nil && ms[0].Kind.Internal(): // nobody would send it again: it waits
			return 0, err
		case err != nil:
			n = 1
			e.log.Error("step failed", "chat", ms[0].From, "state", s.State, "kind", ms[0].Kind, "error", err)
			if t, err = e.apology(ctx, ms[0]); err != nil {
				return 0, err
			}
		}
		switch err := e.store.Commit(ctx, t); {
		case err == nil:
			return n, nil
		case errors.Is(err, ErrNotFound):
			return 0, nil
		case !errors.Is(err, ErrConflict):
			return 0, err
		}
	}
	return 0, fmt.Errorf("%d tries: %w", tries, ErrConflict)
}

// steps steps at most most messages, one after the other, until one has effects
// that the next step must find in the store. n is how many went well.
func (e *core) steps(ctx context.Context, s Session, ms []Message, most int) (out Turn, n int, err error) {
	out.Session = s
	for i, m := range ms[:most] {
		if i > 0 {
			out.Earlier = append(out.Earlier, out.Message)
		}
		if i < len(ms)-1 && again(m, ms[i+1]) {
			out.Message = m
			continue
		}
		t, err := e.step(ctx, out.Session, m, i < len(ms)-1)
		if err != nil {
			return out, i, err
		}
		out.Message, out.Session = m, t.Session
		out.Effects = append(out.Effects, t.Effects...)
		if m.Kind.Internal() || slices.ContainsFunc(t.Effects, stored) {
			return out, i + 1, nil
		}
	}
	return out, most, nil
}

// again tells whether a person wrote the same once more because nobody answered:
// the second is no answer to a question that the first would lead to.
func again(m, next Message) bool {
	return m.Kind == Text && next.Kind == Text && m.Quoted == next.Quoted && plain(m.Text) == plain(next.Text)
}

// stored tells whether an effect changes what a later step reads.
func stored(e Effect) bool {
	switch e.(type) {
	case Send, RecordSearch, RecordAnswer, RecordLesson, Audit, Tally:
		return false
	}
	return true
}

// apology ends a message whose step failed, changing nothing else: the session
// is loaded anew, because the failed step may have written into the first copy.
func (e *core) apology(ctx context.Context, m Message) (Turn, error) {
	s, err := e.store.Session(ctx, m.From)
	if err != nil {
		return Turn{}, err
	}
	turn := Turn{Message: m, Session: s}
	text, err := e.texts.Text("fault", nil)
	if err != nil {
		return Turn{}, err
	}
	turn.Effects = []Effect{Send{To: m.From, Text: text, Answers: m.ID}}
	return turn, nil
}

// turn is one step being taken.
type turn struct {
	*core
	ctx     context.Context
	msg     Message
	in      string    // the message's text, cleaned
	at      time.Time // now
	s       Session   // being changed
	last    *Slot     // the answer before, which the message may correct
	effects []Effect
	said    []string
	quiet   bool         // no question at the end
	ref     string       // what the answer is about, so that a quote of it is understood
	paging  bool         // the answer may replace the message it was pressed on
	told    bool         // the message is of an album that was answered
	refers  bool         // the answer is about this very message, not the next question
	copies  []string     // numbers that a text was given, for the person to copy
	becomes *Replacement // of an earlier letter, when this answer arrives
	fault   error        // the first text that could not be rendered
	more    bool         // messages of this chat wait behind this one: they are answered together

	hearing *nlu.Message // what was written, as it was heard, for heardIn
	heardIn string
	sure    bool   // an uncertain answer that was confirmed
	maybe   *Doubt // an answer that is likely, but not sure
	met     string // the state that the message met

	pressed string                 // the stable key of a pressed button that can be answered here
	subject string                 // what the answer chosen is about
	offers  []shown                // the answers of the question asked at the end
	loaded  map[string]Publication // read in this step

	member   Staff     // who of the staff writes
	commands []command // that they may give
	twins    []Ticket  // open tickets that share the end of a number just typed
	quoting  string    // number of the ticket that they quote
	quick    []Option  // buttons under what they are told
	answered bool      // an order was answered while it was being read
	page     bool      // what is shown stands beside buttons: it needs no hints what to type
}

// step works out the turn of one message. It bounds itself: one state's answer,
// then one question.
// more says that others wait behind it, whose answers come with its own.
func (e *core) step(ctx context.Context, s Session, m Message, more bool) (out Turn, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in step: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	t := &turn{core: e, ctx: ctx, msg: m, in: clean(m.Text), at: e.now(), s: s, met: s.State, more: more}
	if left := e.table[s.Data.Left]; left != nil && left.form { // kept by an earlier version
		t.keepForm(left)
	}
	t.s.Data.Left = ""
	if s.State == "mode" { // asked by itself in an earlier version
		t.s.State, s.State = "purpose", "purpose"
	}
	if s.State != "" && e.table[s.State] == nil { // a state of another version: start, verified data kept
		t.s.State = "menu"
	}
	if m.Kind.Internal() {
		err = t.desk()
	} else {
		err = t.person()
	}
	if err == nil && !more && len(t.s.Data.Held) > 0 {
		t.quiet = true
		err = t.finish()
	}
	if err == nil {
		err = t.fault
	}
	if err != nil {
		return Turn{}, err
	}
	t.schedule()
	return Turn{Message: m, Session: t.s, Effects: t.effects}, nil
}

// person handles a message that a person sent.
func (t *turn) person() error {
	defer func() { t.s.SeenAt = t.at }()
	switch t.msg.Kind {
	case Away:
		t.s.Away = true
		return nil
	case Back:
		t.s.Away = false
		return nil
	}
	t.s.Away = false
	t.kept()
	if handled, err := t.fromStaff(); handled || err != nil {
		return err
	}
	if t.flooded() {
		return nil
	}
	if t.late() {
		return t.apologise()
	}
	t.told = t.albumTold()
	slot := t.mend()
	t.last, t.s.Data.Slot = t.s.Data.Slot, slot
	if slot != nil {
		return t.answer()
	}
	if handled, err := t.otherKinds(); handled || err != nil {
		if len(t.said) > 0 && slices.ContainsFunc(missedMedia, func(m [2]string) bool { return m[0] == string(t.msg.Kind) }) {
			t.notUnderstood()
		}
		t.flush()
		return err
	}
	if t.s.State == "" {
		t.greet()
		t.s.State = "menu"
		if t.in == "" || t.onlyGreets() || t.msg.Kind == Text && t.message().Empty() && commandOf(t.in) == "" {
			return t.finish()
		}
		t.s.Data.Misses = -1 // a first message that is not understood is no mistake
	}
	if len([]rune(t.in)) > MaxText {
		t.say("too_long", D{"Max": MaxText})
		t.quiet = true
		return t.finish()
	}
	if t.unasked() && commandOf(t.in) == "" && t.msg.Kind == Text && t.msg.Quoted == "" {
		if letters(t.in) >= 3 && !t.onlyGreets() && t.s.Data.After == nil {
			t.s.Data.After = &After{State: "search", Text: t.in}
		}
		return t.finish()
	}
	t.closingWords()
	t.earlier()
	t.greeted()
	if handled, err := t.global(); handled || err != nil {
		if err != nil {
			return err
		}
		return t.finish()
	}
	if t.maybeReply() {
		return t.finish()
	}
	return t.answer()
}

// answer gives the message to the state the chat is in.
func (t *turn) answer() error {
	now := t.table[t.s.State]
	if now.book {
		gone, err := t.gone()
		if err != nil {
			return err
		}
		if gone { // taken out of the catalogue meanwhile
			t.say("publication.gone", nil)
			t.quiet = true
			t.enter("search")
			return t.finish()
		}
	}
	// A question about the service is no search, neither of the catalogue nor inside a book.
	if (now.seeks || now.book && t.turnsAway()) && !t.settles(now) {
		_, pages := t.pagesMeant(now)
		edition := t.message().Edition()
		another := now.book && edition.Heard() &&
			(hasEditions(t) || edition.Sureness == nlu.Sure && edition.Value.Order != nlu.AnyEdition)
		if o, _ := t.chosen(now); o == nil && t.maybe == nil && !pages && !another {
			if handled, err := t.service(now); handled || err != nil {
				if err != nil {
					return err
				}
				return t.finish()
			}
		}
	}
	next, err := t.read(now)
	if errors.Is(err, errAnew) {
		if !t.walk(now, next) {
			return fmt.Errorf("answer in %s: %q is no declared exit", now.name, next)
		}
		t.enter(next)
		if handled, err := t.global(); handled || err != nil {
			return errors.Join(err, t.finish())
		}
		return t.answer()
	}
	var no *refusal
	if errors.As(err, &no) && t.corrects(now) {
		t.s.Data.Doubt = nil
		t.enter(t.last.State)
		t.last = nil
		return t.answer()
	}
	if no != nil && t.s.Data.Doubt == nil {
		handled, err := t.service(now)
		if err == nil && !handled {
			handled, err = t.topic(now)
		}
		if handled || err != nil {
			if err != nil {
				return err
			}
			return t.finish()
		}
	}
	if no != nil {
		t.refused(no)
		return t.finish()
	}
	if err != nil {
		return fmt.Errorf("answer in %s: %w", now.name, err)
	}
	if next != now.name && !t.walk(now, next) {
		return fmt.Errorf("answer in %s: %q is no declared exit", now.name, next)
	}
	if now.mends && t.pressed == "" || now.form && now.list != nil {
		t.s.Data.Slot = &Slot{Message: or(t.msg.Of, t.msg.ID), State: now.name, Next: next}
	}
	if t.msg.Kind == Edited {
		t.said = append([]string{t.text("media.corrected", nil)}, t.said...)
	}
	t.enter(next)
	return t.finish()
}

// errAnew is what a row gives, with the state to go to, when the message is to be
// answered there.
var errAnew = errors.New("to be answered in the next state")

// walk tells whether a state declares this exit, and reports it.
func (e *core) walk(now *state, next string) bool {
	switch {
	case slices.Contains(now.leadsTo(), next):
		e.walked(now.name, next)
	case now.parked && e.table[next].form:
		e.walked(now.name, "parked")
	case now.returns && e.table[next] != nil:
		e.walked(now.name, "before")
	default:
		return false
	}
	return true
}

// enter moves to a state and forgets what the last question needed.
func (t *turn) enter(next string) {
	t.s.State = next
	t.s.Data.Misses = 0
	t.s.Data.Same, t.s.Data.SameTimes = "", 0
	t.s.Data.Refused, t.s.Data.Doubt = "", nil
	t.s.Data.Reminded, t.s.Data.Nodded = false, false
}

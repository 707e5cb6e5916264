package conversation

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"
)

// Engine takes messages, one chat's at a time, and answers each with a [Turn].
// It reads, and writes nothing itself. It is safe for many chats at once.
type Engine struct {
	store     Store
	catalogue Catalogue
	texts     *Texts
	office    *Office
	secret    Secret
	now       func() time.Time
	random    io.Reader
	log       *slog.Logger
	walked    func(from, to string)
	table     map[string]*state
}

// Config is what an [Engine] is made of; all but Walked is needed.
type Config struct {
	Store     Store
	Catalogue Catalogue
	Texts     *Texts
	Office    *Office
	Secret    Secret
	Now       func() time.Time
	Random    io.Reader // safe for use by several goroutines
	Log       *slog.Logger
	Walked    func(from, to string) // told each exit of [Exits] that an answer took
}

// NewEngine makes an engine.
func NewEngine(c Config) *Engine {
	e := &Engine{store: c.Store, catalogue: c.Catalogue, texts: c.Texts, office: c.Office, secret: c.Secret, now: c.Now, random: c.Random, log: c.Log,
		walked: c.Walked, table: map[string]*state{}}
	if e.walked == nil {
		e.walked = func(string, string) {}
	}
	for _, s := range states() {
		e.table[s.name] = s
	}
	return e
}

// tries bounds how often one message is stepped again after a conflict.
const tries = 8

// Take brings one message through load, step and commit. nil means the message
// is done, now or earlier; on an error nothing has changed and the message
// waits in the inbox. A fault inside a step is told to the person in one
// sentence and to the operator in the log, and leaves the chat where it was.
func (e *Engine) Take(ctx context.Context, ms ...Message) error {
	for _, m := range ms {
		if err := e.take(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) take(ctx context.Context, m Message) error {
	for range tries {
		s, err := e.store.Session(ctx, m.From)
		if err != nil {
			return fmt.Errorf("take message: %w", err)
		}
		t, err := e.step(ctx, s, m)
		if ctx.Err() != nil {
			return fmt.Errorf("take message: %w", ctx.Err())
		}
		if err != nil && m.Kind.Internal() { // nobody would send it again: it waits
			return fmt.Errorf("take message: %w", err)
		}
		if err != nil {
			e.log.Error("step failed", "chat", m.From, "state", s.State, "kind", m.Kind, "error", err)
			if t, err = e.apology(ctx, m); err != nil {
				return fmt.Errorf("take message: %w", err)
			}
		}
		switch err := e.store.Commit(ctx, t); {
		case err == nil, errors.Is(err, ErrNotFound):
			return nil
		case !errors.Is(err, ErrConflict):
			return fmt.Errorf("take message: %w", err)
		}
	}
	return fmt.Errorf("take message: %d tries: %w", tries, ErrConflict)
}

// apology ends a message whose step failed, changing nothing else: the session
// is loaded anew, because the failed step may have written into the first copy.
func (e *Engine) apology(ctx context.Context, m Message) (Turn, error) {
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
	*Engine
	ctx     context.Context
	msg     Message
	in      string    // the message's text, cleaned
	at      time.Time // now
	s       Session   // being changed
	effects []Effect
	said    []string
	quiet   bool   // no question at the end
	ref     string // what the answer is about, so that a quote of it is understood
	paging  bool   // the answer may replace the message it was pressed on
	fault   error  // the first text that could not be rendered

	pressed string                 // the stable key of a pressed button that can be answered here
	subject string                 // what the answer chosen is about
	offers  []shown                // the answers of the question asked at the end
	loaded  map[string]Publication // read in this step
}

// step works out the turn of one message. It bounds itself: one state's answer,
// then one question.
func (e *Engine) step(ctx context.Context, s Session, m Message) (out Turn, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in step: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	t := &turn{Engine: e, ctx: ctx, msg: m, in: clean(m.Text), at: e.now(), s: s}
	if s.State != "" && e.table[s.State] == nil { // a state of another version: start, verified data kept
		t.s.State = "menu"
	}
	if m.Kind.Internal() {
		err = t.desk()
	} else {
		err = t.person()
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
	if t.office.isStaff(t.msg.From) {
		return t.staff()
	}
	if t.flooded() {
		return nil
	}
	if t.late() {
		return t.apologise()
	}
	if handled, err := t.otherKinds(); handled || err != nil {
		t.flush()
		return err
	}
	if t.s.State == "" {
		t.greet()
		t.s.State = "menu"
		if t.in == "" || greetPattern.MatchString(plain(t.in)) {
			return t.finish()
		}
		t.s.Data.Misses = -1 // a first message that is not understood is no mistake
	}
	if len([]rune(t.in)) > MaxText {
		t.say("too_long", D{"Max": MaxText})
		t.quiet = true
		return t.finish()
	}
	t.earlier()
	if handled, err := t.global(); handled || err != nil {
		if err != nil {
			return err
		}
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
	next, err := t.read(now)
	var no *refusal
	if errors.As(err, &no) {
		t.refused(no)
		return t.finish()
	}
	if err != nil {
		return fmt.Errorf("answer in %s: %w", now.name, err)
	}
	if next != now.name && !t.walk(now, next) {
		return fmt.Errorf("answer in %s: %q is no declared exit", now.name, next)
	}
	t.enter(next)
	return t.finish()
}

// walk tells whether a state declares this exit, and reports it.
func (e *Engine) walk(now *state, next string) bool {
	switch {
	case slices.Contains(now.leadsTo(), next):
		e.walked(now.name, next)
	case now.parked && e.table[next].form:
		e.walked(now.name, "parked")
	default:
		return false
	}
	return true
}

// enter moves to a state and forgets what the last question needed.
func (t *turn) enter(next string) {
	t.s.State = next
	t.s.Data.Misses = 0
	t.s.Data.Reminded = false
}

// refusal is an answer that a state does not take: the key of a sentence that
// says what is wrong and gives a right example.
type refusal struct {
	key  string
	data D
}

func (r *refusal) Error() string { return "answer refused: " + r.key }

func refuse(key string, data D) (string, error) { return "", &refusal{key, data} }

// refused says what is wrong: first with an example, then with the question
// again, then with the ways out, and so on in turn.
func (t *turn) refused(no *refusal) {
	t.s.Data.Misses++
	n := t.s.Data.Misses
	if n <= 0 { // a first message that is no answer: the question alone
		t.s.Data.Misses = 0
		return
	}
	t.say(no.key, no.data)
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
	if !t.quiet {
		now := t.table[t.s.State]
		if now == nil {
			return fmt.Errorf("no state %q", t.s.State)
		}
		if q := t.question(now); q != "" {
			t.said = append(t.said, q)
			t.s.Data.Shown = t.shownNow()
		}
	}
	t.flush()
	return t.fault
}

// flush makes the Send effects for what was said to the person.
func (t *turn) flush() {
	messages := pack(t.said)
	t.said = nil
	for i, m := range messages {
		send := Send{To: t.s.Chat, Text: m, Answers: t.msg.ID, Ref: t.ref}
		if i == len(messages)-1 && !t.quiet {
			send.Menu, send.Paging = t.s.State, t.paging
			for _, o := range t.offers {
				send.Options = append(send.Options, o.Option)
			}
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
		t.do(Send{To: to, Text: m, Ref: ref})
	}
}

// What one chat may send, far above what a person types: beyond it, one line is
// said and the rest of the time's messages are dropped.
const (
	floodMost = 600
	floodTime = 10 * time.Minute
)

// flooded tells whether this chat sends more than any person would. The
// terminal is the operator's own.
func (t *turn) flooded() bool {
	d := &t.s.Data
	if t.at.Sub(d.FloodFrom) > floodTime {
		d.FloodFrom, d.Flood = t.at, 0
	}
	d.Flood++
	if d.Flood <= floodMost || t.s.Chat.Scheme() == Terminal {
		return false
	}
	if d.Flood == floodMost+1 {
		t.say("flood", nil)
		t.quiet = true
		t.flush()
	}
	return true
}

// late tells whether the message waited too long to be answered as if it were new.
func (t *turn) late() bool {
	return t.msg.Kind == Backlog || !t.msg.SentAt.IsZero() && t.at.Sub(t.msg.SentAt) > 12*time.Hour
}

// apologise answers messages from the time the desk was down, once a chat.
func (t *turn) apologise() error {
	if t.at.Sub(t.s.Data.ApologyAt) < time.Hour {
		return nil
	}
	t.s.Data.ApologyAt = t.at
	t.say("backlog", nil)
	if t.s.State == "" {
		t.s.State = "menu"
	}
	return t.finish()
}

package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"pst/bot"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

// Made-up numbers.
const (
	desk     = "6281200000001"
	ani      = "6281200000002"
	budi     = "6281200000003"
	cici     = "6281200000004"
	kasubbag = "6281200000009"
)

// testKey seals device files.
var testKey = []byte("0123456789abcdef")

// inbox is the durable inbox in memory: (From, ID) is unique.
type inbox struct {
	mu       sync.Mutex
	changed  chan struct{}
	all      []conversation.Message
	puts     int
	receipts []string
	catching []string                           // when catching up began and ended, with how many messages were there
	before   func(m conversation.Message) error // may fail, block or panic
}

func newInbox() *inbox { return &inbox{changed: make(chan struct{})} }

func (b *inbox) Put(ctx context.Context, ms ...conversation.Message) error {
	for _, m := range ms {
		if err := b.put(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (b *inbox) put(_ context.Context, m conversation.Message) error {
	b.mu.Lock()
	before := b.before
	b.puts++
	b.tell()
	b.mu.Unlock()
	if before != nil {
		if err := before(m); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, old := range b.all {
		if old.From == m.From && old.ID == m.ID {
			return nil
		}
	}
	b.all = append(b.all, m)
	b.tell()
	return nil
}

func (b *inbox) Receipt(_ context.Context, to conversation.Address, id, status string, _ time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.receipts = append(b.receipts, fmt.Sprint(string(to), " ", id, " ", status))
	b.tell()
	return nil
}

func (b *inbox) CatchUp() (done func()) {
	note := func(what string) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.catching = append(b.catching, fmt.Sprint(what, " at ", len(b.all)))
		b.tell()
	}
	note("begin")
	return sync.OnceFunc(func() { note("end") })
}

// tell wakes who waits. Callers hold mu.
func (b *inbox) tell() { close(b.changed); b.changed = make(chan struct{}) }

func (b *inbox) set(before func(conversation.Message) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.before = before
}

// until waits until holds, called with the inbox locked.
func (b *inbox) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.After(whatsapptest.Patience)
	for {
		b.mu.Lock()
		ok, changed := holds(), b.changed
		b.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("waited for %s; inbox: %+v", what, b.messages())
		}
	}
}

func (b *inbox) messages() []conversation.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]conversation.Message(nil), b.all...)
}

// wait returns message number n (from 0) once it is there.
func (b *inbox) wait(t *testing.T, n int) conversation.Message {
	t.Helper()
	b.until(t, fmt.Sprintf("message %d", n), func() bool { return len(b.all) > n })
	return b.messages()[n]
}

// fast are waits for tests; each is far above what this machine needs.
func fast() Timing {
	return Timing{Ack: whatsapptest.Patience, Typing: time.Millisecond, Redeliver: 20 * time.Millisecond,
		Receipts: 50 * time.Millisecond, UploadWait: 10 * time.Millisecond, Reconnect: time.Millisecond,
		Unpaired: 20 * time.Millisecond}
}

// rig is a desk's channel that runs on a test server.
type rig struct {
	t    *testing.T
	srv  *whatsapptest.Server
	ch   *Channel
	in   *inbox
	logs *logs
	file string
	stop func()

	mu     sync.Mutex
	passed []Status // every state there was
}

// logs keeps every log line.
type logs struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// prepare links a device and makes the channel, without running it.
func prepare(t *testing.T, change func(*Config)) *rig {
	t.Helper()
	r := &rig{t: t, srv: whatsapptest.New(t), in: newInbox(), logs: &logs{}, file: filepath.Join(t.TempDir(), "wa",
		"device.db")}
	t.Cleanup(func() { whatsapptest.Remove(filepath.Dir(r.file)) })
	r.make(change)
	t.Cleanup(func() {
		if t.Failed() {
			text := r.logs.String()
			t.Logf("%+v\n%s", r.ch.Status(), text[max(0, len(text)-6000):])
		}
	})
	return r
}

func (r *rig) make(change func(*Config)) {
	r.t.Helper()
	cfg := Config{DeviceFile: r.file, Key: testKey, HTTP: r.srv.HTTPClient(), Timing: fast(), Pace: &bot.Pace{},
		Log: slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelInfo}))}
	if change != nil {
		change(&cfg)
	}
	ch, err := New(cfg)
	if err != nil {
		r.t.Fatal(err)
	}
	publish := ch.board.publish
	ch.board.publish = func(s Status) {
		r.mu.Lock()
		r.passed = append(r.passed, s)
		r.mu.Unlock()
		publish(s)
	}
	r.ch = ch
}

// start links the device if need be, runs the channel and waits until it is online.
func start(t *testing.T, change func(*Config)) *rig {
	t.Helper()
	r := prepare(t, change)
	r.link()
	r.run()
	r.state(Online)
	return r
}

func (r *rig) link() {
	r.t.Helper()
	r.srv.LinkFile(r.file, desk, "PST")
}

// run runs the channel until the test ends or stop is called.
func (r *rig) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	ch := r.ch
	go func() {
		defer close(done)
		if err := ch.Run(ctx, r.in); err != nil {
			r.t.Errorf("run: %v", err)
		}
	}()
	r.stop = sync.OnceFunc(func() { cancel(); <-done })
	r.t.Cleanup(r.stop)
}

// state waits for a state.
func (r *rig) state(want State) {
	r.t.Helper()
	r.eventually("state "+string(want), func() bool { return r.ch.Status().State == want })
}

// passes waits until the channel has been in a state since before the call of from, be it
// for a moment only, and returns it.
func (r *rig) passes(from int, want State) (s Status) {
	r.t.Helper()
	r.eventually("to pass "+string(want), func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		i := slices.IndexFunc(r.passed[from:], func(s Status) bool { return s.State == want })
		if i >= 0 {
			s = r.passed[from+i]
		}
		return i >= 0
	})
	return s
}

// states is how many states there were so far, for passes.
func (r *rig) states() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.passed)
}

// eventually looks again and again; for what has no event to wait for.
func (r *rig) eventually(what string, holds func() bool) {
	r.t.Helper()
	limit := time.Now().Add(whatsapptest.Patience)
	for !holds() {
		if time.Now().After(limit) {
			r.t.Fatalf("waited for %s; status %+v", what, r.ch.Status())
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func (r *rig) lid(phone string) conversation.Address { return addressOf(r.srv.LID(phone)) }

func pn(phone string) conversation.Address { return addressOf(whatsapptest.JID(phone)) }

func (r *rig) send(l bot.Letter) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), whatsapptest.Patience)
	defer cancel()
	return r.ch.Send(ctx, l)
}

func letter(key string, to conversation.Address, text string) bot.Letter {
	return bot.Letter{Key: key, Send: conversation.Send{To: to, Text: text}}
}

func sendError(t *testing.T, err error) *bot.SendError {
	t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Fatalf("error is %T %v, want a SendError", err, err)
	}
	return e
}

// message is a text from a reader as whatsmeow gives it to a handler.
func message(r *rig, id string) *events.Message {
	m := &waE2E.Message{Conversation: proto.String("halo")}
	from := r.srv.LID(ani)
	return (&events.Message{RawMessage: m, Info: types.MessageInfo{ID: id, Timestamp: time.Now(),
		MessageSource: types.MessageSource{Chat: from, Sender: from, SenderAlt: whatsapptest.JID(ani)}}}).UnwrapRaw()
}

func parse(t *testing.T, jid string) types.JID {
	t.Helper()
	j, err := types.ParseJID(jid)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

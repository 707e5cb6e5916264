package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

func say(to conversation.Address, texts ...string) []conversation.Send {
	var out []conversation.Send
	for _, text := range texts {
		out = append(out, conversation.Send{To: to, Text: text, Ref: "about:" + text, Report: true})
	}
	return out
}

// reported collects what the engine hears of its letters: "failed about:x".
type reported struct {
	mu    sync.Mutex
	lines []string
}

func (r *reported) answer(_ context.Context, m conversation.Message) ([]conversation.Send, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, string(m.Kind)+" "+m.Text)
	return nil, nil
}

func TestFailingSendingsLoseNothingAndKeepTheOrder(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	var n atomic.Int32
	ch.send = func(context.Context, bot.Letter) (string, error) {
		switch i := n.Add(1); {
		case i%3 == 0:
			return "", &bot.SendError{Retry: true, Blame: "platform", Err: errors.New("HTTP 502")}
		case i%7 == 0:
			panic("nil map")
		}
		return "", nil
	}
	cfg := config(q, ch)
	cfg.Timing = quick
	cfg.Timing.SendTries = 100
	want := numbers(15)
	for i := range 20 {
		q.EnqueueAt(time.Now(), say(conversation.Address(fmt.Sprintf("telegram:%d", i)), want...)...)
	}
	run(t, cfg)
	until(t, "all letters arrived", func() bool {
		return !slices.ContainsFunc(q.Rows(), func(r bottest.Row) bool { return r.Sent == nil })
	})
	for i := range 20 {
		to := conversation.Address(fmt.Sprintf("telegram:%d", i))
		if got := ch.texts(to); !slices.Equal(got, want) {
			t.Errorf("%s got %v, want %v", to, got, want)
		}
	}
}

func TestWhatBecomesOfALetterThatCannotBeSent(t *testing.T) {
	cause := errors.New("cause")
	for _, c := range []struct {
		name  string
		fault error
		age   time.Duration // of the letter
		tries int           // expected
		heard []string      // by the engine
	}{
		{"a refused request is given up at once", &bot.SendError{Blame: "desk", Err: cause}, 0, 1,
			[]string{"failed about:a"}},
		{"a person who blocked us is away from then on", &bot.SendError{Blame: "person", Err: fmt.Errorf("%w: blocked",
			bot.ErrUnreachable)}, 0, 1, []string{"failed about:a", "away "}},
		{"our own fault is given up after some tries", &bot.SendError{Retry: true, Blame: "desk", Err: cause}, 0, 8,
			[]string{"failed about:a"}},
		{"an error that says nothing counts as ours", cause, 0, 8, []string{"failed about:a"}},
		{"a platform that is down for a day is given up by age", &bot.SendError{Retry: true, Blame: "platform", Err: cause},
			25 * time.Hour, 2, []string{"failed about:a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, ch, heard := bottest.NewMemory(), &channel{scheme: "telegram"}, &reported{}
			var tries atomic.Int32
			ch.send = func(_ context.Context, l bot.Letter) (string, error) {
				if l.Send.Text == "b" {
					return "", nil
				}
				if int(tries.Add(1)) != l.Attempt+1 {
					t.Errorf("try %d says it is attempt %d", tries.Load(), l.Attempt)
				}
				return "", c.fault
			}
			cfg := config(q, ch)
			cfg.Turner = bottest.Turner{Memory: q, Answer: heard.answer}
			q.EnqueueAt(time.Now().Add(-c.age), say("telegram:1", "a", "b")...)
			d, _ := run(t, cfg)
			until(t, "the next letter arrived", func() bool { return q.Rows()[1].Sent != nil })
			settle(t, d)
			if int(tries.Load()) != c.tries {
				t.Errorf("%d tries, want %d", tries.Load(), c.tries)
			}
			if s := d.State()[0]; !s.Up {
				t.Errorf("one letter's trouble shows the channel as %+v", s)
			}
			slices.Sort(heard.lines)
			want := append([]string{"delivered about:b"}, c.heard...)
			slices.Sort(want)
			if !slices.Equal(heard.lines, want) {
				t.Errorf("the engine heard %q, want %q", heard.lines, want)
			}
		})
	}
}

func TestAPlatformThatIsDownForHoursIsTriedUntilItIsBack(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "mailto"}
	var tries atomic.Int32
	seen := make(chan struct{})
	ch.send = func(context.Context, bot.Letter) (string, error) {
		if n := tries.Add(1); n == 30 {
			<-seen
		} else if n < 30 { // far more than Timing.SendTries
			return "", &bot.SendError{Retry: true, Whole: true, Blame: "platform", Err: errors.New("connection refused")}
		}
		return "", nil
	}
	q.EnqueueAt(time.Now(), say("mailto:ani@example.org", "kode")...)
	d, _ := run(t, config(q, ch))
	until(t, "the channel shows as down", func() bool { s := d.State()[0]; return !s.Up && s.Why == "connection refused" })
	close(seen)
	until(t, "the letter arrived", func() bool { return q.Rows()[0].Sent != nil })
	if s := d.State()[0]; !s.Up {
		t.Errorf("after an arrival the channel is %+v", s)
	}
}

func TestAWaitForOneChatHoldsOnlyThatChat(t *testing.T) {
	testWait(t, false, []string{"telegram:2"})
}

func TestAWaitForTheWholeChannelHoldsEveryChat(t *testing.T) {
	testWait(t, true, nil)
}

// testWait lets telegram:1 be told to wait an hour, writes to telegram:2 after
// that, and looks at who got something.
func testWait(t *testing.T, whole bool, want []string) {
	q, ch, other := bottest.NewMemory(), &channel{scheme: "telegram"}, &channel{scheme: "whatsapp"}
	ch.send = func(_ context.Context, l bot.Letter) (string, error) {
		if l.Send.To == "telegram:1" {
			return "", &bot.SendError{Retry: true, After: time.Hour, Whole: whole, Blame: "platform", Err: errors.New("429")}
		}
		return "", nil
	}
	d, _ := run(t, config(q, ch, other))
	asked := time.Now()
	q.EnqueueAt(asked, say("telegram:1", "a")...)
	until(t, "the first letter was refused", func() bool { return len(q.Rows()[0].Later) == 1 })
	if wait := q.Rows()[0].Due.Sub(asked); wait < time.Hour {
		t.Errorf("tried again after %v, though the platform said an hour", wait)
	}
	q.EnqueueAt(time.Now(), say("telegram:2", "b")...)
	q.EnqueueAt(time.Now(), say("whatsapp:3@lid", "c")...)
	until(t, "the other channel's letter arrived", func() bool { return q.Rows()[2].Sent != nil })
	if !whole {
		settle(t, d)
	}
	var got []string
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for _, l := range ch.arrived {
		got = append(got, string(l.Send.To))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got through: %v, want %v", got, want)
	}
	if n := len(q.Rows()[0].Later); n != 1 {
		t.Errorf("the held letter was tried %d times", n)
	}
}

func TestALetterThatWaitsLongLeavesWhenItsPersonWrites(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "whatsapp"}
	inbox := make(chan bot.Inbox, 1)
	ch.run = func(ctx context.Context, in bot.Inbox) error {
		inbox <- in
		<-ctx.Done()
		return nil
	}
	var wrote atomic.Bool
	ch.send = func(context.Context, bot.Letter) (string, error) {
		if !wrote.Load() {
			return "", &bot.SendError{Retry: true, After: time.Hour, Blame: "platform", Err: errors.New("not yet")}
		}
		return "", nil
	}
	d, _ := run(t, config(q, ch))
	q.EnqueueAt(time.Now(), say("whatsapp:9@lid", "kartu")...)
	until(t, "the letter was refused", func() bool { return len(q.Rows()[0].Later) == 1 })
	settle(t, d) // the sending has ended
	wrote.Store(true)
	put(t, <-inbox, "whatsapp:9@lid", "halo")
	until(t, "both letters arrived", func() bool { return len(ch.texts("whatsapp:9@lid")) == 2 })
	if got := ch.texts("whatsapp:9@lid"); got[0] != "kartu" {
		t.Errorf("arrived: %q", got)
	}
}

func TestAWaitThatThePlatformAskedForIsKeptWhenThePersonWrites(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	inbox := make(chan bot.Inbox, 1)
	ch.run = func(ctx context.Context, in bot.Inbox) error {
		inbox <- in
		<-ctx.Done()
		return nil
	}
	var tries atomic.Int32
	ch.send = func(_ context.Context, l bot.Letter) (string, error) {
		if l.Send.To == "telegram:2" {
			return "", nil
		}
		tries.Add(1)
		return "", &bot.SendError{Retry: true, After: time.Hour, Kept: true, Blame: "platform", Err: errors.New("429")}
	}
	d, _ := run(t, config(q, ch))
	q.EnqueueAt(time.Now(), say("telegram:1", "a")...)
	until(t, "the letter was refused", func() bool { return len(q.Rows()[0].Later) == 1 })
	settle(t, d)
	in := <-inbox
	put(t, in, "telegram:1", "halo", "halo?", "kok diam")
	put(t, in, "telegram:2", "halo")
	until(t, "another chat is answered", func() bool { return len(ch.texts("telegram:2")) == 1 })
	settle(t, d)
	if n := tries.Load(); n != 1 {
		t.Errorf("the platform was asked %d times within the wait it had asked for", n)
	}
}

func TestALongWaitOfOneChatRestsTheOthersForTheShortOneOnly(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	ch.send = func(_ context.Context, l bot.Letter) (string, error) {
		if l.Send.To == "telegram:1" {
			return "", &bot.SendError{Retry: true, After: time.Hour, Kept: true, Whole: true, Rest: 20 * time.Millisecond,
				Blame: "platform", Err: errors.New("429")}
		}
		return "", nil
	}
	run(t, config(q, ch))
	q.EnqueueAt(time.Now(), say("telegram:1", "a")...)
	until(t, "the letter was refused", func() bool { return len(q.Rows()[0].Later) == 1 })
	q.EnqueueAt(time.Now(), say("telegram:2", "b")...)
	until(t, "the other chat's letter arrived", func() bool { return q.Rows()[1].Sent != nil })
}

func TestALetterThatArrivedIsNotSentAgainWhenItsNoteFailsAtFirst(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	cfg.Outbox = &illMark{Memory: q, left: 3}
	q.EnqueueAt(time.Now(), say("telegram:1", "a")...)
	d, _ := run(t, cfg)
	settle(t, d)
	if got := ch.texts("telegram:1"); len(got) != 1 || q.Rows()[0].Sent == nil {
		t.Errorf("sent %d times; row %+v", len(got), q.Rows()[0])
	}
}

type illMark struct {
	*bottest.Memory
	left int
}

func (q *illMark) MarkSent(ctx context.Context, id int64, s conversation.Sent) error {
	if q.left--; q.left >= 0 {
		return errors.New("database is locked")
	}
	return q.Memory.MarkSent(ctx, id, s)
}

// A platform is quicker with what it reports of a letter than the store with noting that
// it was sent.
func TestAReceiptWaitsUntilItsLetterIsNoted(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "whatsapp"}
	slow := &slowMark{Memory: q, entered: make(chan struct{}), release: make(chan struct{})}
	done := make(chan struct{})
	ch.run = func(ctx context.Context, in bot.Inbox) error {
		<-slow.entered
		if err := in.(bot.Receipts).Receipt(ctx, "whatsapp:1@lid", "id-key-1", "read", time.Now()); err != nil {
			t.Error(err)
		}
		close(done)
		<-ctx.Done()
		return nil
	}
	cfg := config(q, ch)
	cfg.Outbox = slow
	q.EnqueueAt(time.Now(), say("whatsapp:1@lid", "a")...)
	run(t, cfg)
	select {
	case <-done:
	case <-time.After(50 * time.Millisecond):
	}
	close(slow.release)
	<-done
	if r := q.Rows()[0]; r.Status != "read" {
		t.Errorf("the receipt is lost: %+v", r)
	}
}

type slowMark struct {
	*bottest.Memory
	entered, release chan struct{}
}

func (q *slowMark) MarkSent(ctx context.Context, id int64, s conversation.Sent) error {
	close(q.entered)
	<-q.release
	return q.Memory.MarkSent(ctx, id, s)
}

func TestReceiptsReachTheLetter(t *testing.T) {
	q := bottest.NewMemory()
	ch := &channel{scheme: "whatsapp"}
	sent := make(chan struct{})
	ch.run = func(ctx context.Context, in bot.Inbox) error {
		<-sent
		if err := in.(bot.Receipts).Receipt(ctx, "whatsapp:1@lid", "id-key-1", "read", time.Now()); err != nil {
			t.Error(err)
		}
		<-ctx.Done()
		return nil
	}
	q.EnqueueAt(time.Now(), say("whatsapp:1@lid", "a")...)
	d, _ := run(t, config(q, ch))
	settle(t, d)
	close(sent)
	until(t, "the receipt was noted", func() bool { return q.Rows()[0].Status == "read" })
}

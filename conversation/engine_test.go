package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestAConflictIsSteppedAgain(t *testing.T) {
	b := newBench(t)
	b.memory.conflicts = 3
	if err := b.Take(t.Context(), b.text("menu")); err != nil {
		t.Fatal(err)
	}
	if b.memory.loads != 4 || b.memory.commits != 4 || len(b.memory.turns) != 1 {
		t.Errorf("%d loads, %d commits, %d turns; want 4 loads and commits, the last of which holds", b.memory.loads,
			b.memory.commits, len(b.memory.turns))
	}
}

func TestEndlessConflictsLeaveTheMessageWaiting(t *testing.T) {
	b := newBench(t)
	b.memory.conflicts = 1 << 30
	if err := b.Take(t.Context(), b.text("menu")); !errors.Is(err, ErrConflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	if b.memory.commits != tries || len(b.memory.turns) != 0 {
		t.Errorf("%d tries, %d turns; want %d and none", b.memory.commits, len(b.memory.turns), tries)
	}
}

func TestAMessageHandledAlreadyIsDone(t *testing.T) {
	b := newBench(t)
	b.memory.refuses = fmt.Errorf("commit: %w", ErrNotFound)
	if err := b.Take(t.Context(), b.text("menu")); err != nil || b.memory.commits != 1 {
		t.Errorf("got %v after %d commits, want no error after one", err, b.memory.commits)
	}
}

func TestAStoreThatFailsLeavesTheMessageWaiting(t *testing.T) {
	broken := errors.New("disk full")
	t.Run("when the session is loaded", func(t *testing.T) {
		b := newBench(t)
		b.memory.lost = broken
		if err := b.Take(t.Context(), b.text("menu")); !errors.Is(err, broken) || b.memory.commits != 0 {
			t.Errorf("got %v after %d commits", err, b.memory.commits)
		}
	})
	t.Run("when the turn is committed", func(t *testing.T) {
		b := newBench(t)
		b.memory.refuses = broken
		if err := b.Take(t.Context(), b.text("menu")); !errors.Is(err, broken) || b.memory.commits != 1 {
			t.Errorf("got %v after %d commits", err, b.memory.commits)
		}
	})
	t.Run("when the desk is stopping", func(t *testing.T) {
		b := newBench(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.Take(ctx, b.text("menu")); !errors.Is(err, context.Canceled) || b.memory.commits != 0 {
			t.Errorf("got %v after %d commits", err, b.memory.commits)
		}
	})
}

// TestAFaultIsToldOnce: whatever goes wrong inside a step, the person reads one
// sentence, nothing changes, and the log names no person and no text.
func TestAFaultIsToldOnce(t *testing.T) {
	undeclared := func(b *bench) { b.table["menu"].option("register").leads = nil }
	for _, c := range []struct {
		name, state, text, logged string
		spoil                     func(*bench)
	}{
		{"the store fails", "account", "1", "disk full", func(b *bench) { b.memory.sick = errors.New("disk full") }},
		{"the catalogue fails", "search", "data sakit", "catalogue: broken", func(*bench) {}},
		{"the catalogue panics", "search", "data jatuh", "panic in step", func(*bench) {}},
		{"a state leads where it does not say", "menu", "2", "is no declared exit", undeclared},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.stand(t, registered(c.state))
			before := string(b.memory.sessions[siti])
			c.spoil(b)
			if err := b.Take(t.Context(), b.text(c.text)); err != nil {
				t.Fatal(err)
			}
			turn, said := b.last(t)
			if len(turn.Effects) != 1 || !strings.Contains(said, "ada gangguan") {
				t.Errorf("%d effects, said %q; want the one apology", len(turn.Effects), said)
			}
			if after := string(b.memory.sessions[siti]); after != before {
				t.Errorf("the session changed:\n%s\n%s", before, after)
			}
			if !strings.Contains(b.log.String(), c.logged) || strings.Contains(b.log.String(), string(siti)) ||
				strings.Contains(b.log.String(), c.text+"\"") {
				t.Errorf("the log, which should say %q: %s", c.logged, b.log)
			}
		})
	}
}

// What the desk itself put in would never come again: a fault leaves it waiting,
// nobody is told, and nothing is committed.
func TestAFaultBehindTheDeskLeavesTheMessageWaiting(t *testing.T) {
	for _, m := range []Message{{ID: "1", From: siti, Kind: Delivered, Text: "excerpt:ABCDEFGHJK"},
		{ID: "1", From: "desk:ADU-261123-07K", Kind: Due}} {
		b := newBench(t)
		b.memory.sick = errors.New("disk full")
		if err := b.Take(t.Context(), m); err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s from %s: %v", m.Kind, m.From, err)
		}
		if n := len(b.memory.turns); n != 0 {
			t.Errorf("%s from %s: %d turns were committed", m.Kind, m.From, n)
		}
	}
}

func TestAStateOfAnotherVersionStartsAtTheMenu(t *testing.T) {
	b := newBench(t)
	s := registered("no_longer_there")
	s.Data.Draft.Verified = true
	b.stand(t, s)
	if err := b.Take(t.Context(), b.text("bantuan")); err != nil {
		t.Fatal(err)
	}
	turn, said := b.last(t)
	got := turn.Session
	if got.State != "menu" || got.Reader != 1 || got.Data.Visit != "visit-1" || got.Data.Draft == nil ||
		!got.Data.Draft.Verified || strings.Contains(said, "gangguan") {
		t.Errorf("stands in %q as reader %d with %+v, told %q", got.State, got.Reader, got.Data, said)
	}
}

func TestAnAnswerIsOneMessage(t *testing.T) {
	b := newBench(t)
	if err := b.Take(t.Context(), b.text("halo")); err != nil {
		t.Fatal(err)
	}
	turn, said := b.last(t)
	all := sends(turn, siti)
	if len(all) != 1 || !strings.Contains(said, "gratis") || len(all[0].Options) < menuLines || all[0].Menu != "menu" ||
		all[0].Answers != "m1" {
		t.Errorf("the greeting with its menu comes as %+v", all)
	}
}

// TestManyChatsAtOnce is for the race detector.
func TestManyChatsAtOnce(t *testing.T) {
	b := newBench(t)
	const chats = 12
	lines := []string{"halo", "3", "0", "5", "1", "10", "penduduk 2024", "1", "Siti Aminah", "batal"}
	var wg sync.WaitGroup
	for i := range chats {
		wg.Go(func() {
			for j, line := range lines {
				m := Message{ID: fmt.Sprint(j), From: Address(fmt.Sprint("telegram:", 100+i)), Kind: Text, Text: line, SentAt: b.at}
				if err := b.Take(t.Context(), m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	last := map[Address]string{}
	for _, turn := range b.memory.turns {
		last[turn.Session.Chat] = turn.Session.State
	}
	for chat, state := range last {
		if state != last["telegram:100"] {
			t.Errorf("%s ends in %s, another chat with the same words in %s", chat, state, last["telegram:100"])
		}
	}
	if n := len(b.memory.turns); n != chats*len(lines) || b.log.Len() > 0 {
		t.Errorf("%d turns, want %d; log: %s", n, chats*len(lines), b.log)
	}
}

// TestTheTableHoldsTogether: every name leads somewhere, and every state can be
// reached.
func TestTheTableHoldsTogether(t *testing.T) {
	b := newBench(t)
	if len(b.table) != len(states()) {
		t.Error("two states have one name")
	}
	next := map[string][]string{}
	for _, s := range states() {
		if s.about == "" || len(s.options) == 0 && s.take == nil {
			t.Errorf("%s says nothing about itself, or reads nothing", s.name)
		}
		if !slices.Contains(Chapters(), s.chapter) {
			t.Errorf("%s is in the chapter %q, which there is not", s.name, s.chapter)
		}
		for _, key := range []string{s.yes, s.no} {
			if key != "" && s.option(key) == nil {
				t.Errorf("a yes or no in %s means %q, which is no option", s.name, key)
			}
		}
		for i, o := range s.options {
			if n := len(slices.DeleteFunc([]bool{o.to != "", o.say != "", o.do != nil},
				func(b bool) bool { return !b })); n != 1 {
				t.Errorf("%s:%s does %d things, want one", s.name, o.key, n)
			}
			if slices.ContainsFunc(s.options[:i], func(p option) bool { return p.key == o.key }) {
				t.Errorf("%s has two options %s", s.name, o.key)
			}
		}
		for _, x := range append(s.leadsTo(), s.back) {
			if x != "" && b.table[x] == nil {
				t.Errorf("%s leads to %q, which is no state", s.name, x)
			}
		}
		next[s.name] = s.leadsTo()
	}
	// the desk itself leads to the others, after a delivery
	reached, queue := map[string]bool{}, []string{"menu", "rating", "reply", "closing"}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if !reached[s] {
			reached[s] = true
			queue = append(queue, next[s]...)
		}
	}
	for _, name := range stateNames() {
		if !reached[name] {
			t.Errorf("nothing leads to %s", name)
		}
		if g, err := Graph(b.table[name].chapter); err != nil || !strings.Contains(g, "    "+name+": ") {
			t.Errorf("the diagram of its chapter leaves out %s (%v)", name, err)
		}
	}
}

// TestEveryQuestionCanBeAnswered: at most seven numbered lines (rule 2 of the
// dialogue), the way back as the last one, and buttons that match.
func TestEveryQuestionCanBeAnswered(t *testing.T) {
	b := newBench(t)
	for _, name := range stateNames() {
		b.stand(t, registered(name))
		if err := b.Take(t.Context(), Message{ID: "1", From: siti, Kind: Choice, Menu: "another question", Text: "1",
			SentAt: b.at}); err != nil {
			t.Fatal(err)
		}
		turn, said := b.last(t)
		all := sends(turn, siti)
		options := numberedIn(said)
		if len(options) == 0 {
			continue
		}
		send := all[len(all)-1]
		if n := len(slices.DeleteFunc(slices.Clone(options), func(o string) bool { return o == "0" })); n > menuLines {
			t.Errorf("%s has %d numbered lines:\n%s", name, n, said)
		}
		lines := strings.Split(strings.TrimSpace(said), "\n")
		if !strings.HasPrefix(lines[len(lines)-1], "*0* ") {
			t.Errorf("the last line of %s is no way back:\n%s", name, said)
		}
		var buttons []string
		for _, o := range send.Options {
			buttons = append(buttons, o.Number)
		}
		if len(all) == 1 && !slices.Equal(options, buttons) || send.Menu != name {
			t.Errorf("%s asks %v, has the buttons %v of the menu %q", name, options, buttons, send.Menu)
		}
	}
}

// TestASessionSurvivesBeingKept: what one step leaves is the same once written
// and read.
func TestASessionSurvivesBeingKept(t *testing.T) {
	kept, err := json.Marshal(registered("confirm").Data)
	if err != nil {
		t.Fatal(err)
	}
	var back Data
	if err := json.Unmarshal(kept, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(kept) {
		t.Errorf("%v\n%s\n%s", err, kept, again)
	}
}

// A backlog is one conversation: read in order, made true in one transaction
// where the steps allow it, and answered after the last.
func TestMessagesThatWaitTogetherAreAnsweredOnce(t *testing.T) {
	b := newBench(t)
	run := []Message{b.text("halo"), b.text("info"), b.text("1"), b.text("4")}
	for i := range run {
		run[i].ID = fmt.Sprint("run", i)
	}
	if err := b.Take(t.Context(), run...); err != nil {
		t.Fatal(err)
	}
	if len(b.memory.turns) != 1 {
		t.Fatalf("%d transactions", len(b.memory.turns))
	}
	turn := b.memory.turns[0]
	var ended []string
	for _, m := range append(turn.Earlier, turn.Message) {
		ended = append(ended, m.ID)
	}
	if fmt.Sprint(ended) != "[run0 run1 run2 run3]" {
		t.Errorf("ended %v", ended)
	}
	var said []string
	for _, e := range turn.Effects {
		if s, ok := e.(Send); ok {
			said = append(said, s.Text)
		}
	}
	text := strings.Join(said, "\n")
	if len(said) == 0 || len(said) > 3 || !strings.Contains(text, "Persyaratan") || !strings.Contains(text, "Biaya") {
		t.Errorf("%d letters: %q", len(said), said)
	}
	if last := turn.Effects[len(turn.Effects)-1].(Send); last.Answers != "run3" || turn.Session.Data.Held != nil {
		t.Errorf("the last letter answers %s; held %q", last.Answers, turn.Session.Data.Held)
	}
}

func TestAFloodOfOneChatIsFewTransactionsAndFewLetters(t *testing.T) {
	b := newBench(t)
	run := make([]Message, 100)
	for i := range run {
		run[i] = b.text(fmt.Sprintf("bukan jawaban nomor %d", i))
		run[i].ID = fmt.Sprint("run", i)
	}
	if err := b.Take(t.Context(), run...); err != nil {
		t.Fatal(err)
	}
	letters := 0
	for _, turn := range b.memory.turns {
		for _, e := range turn.Effects {
			if _, ok := e.(Send); ok {
				letters++
			}
		}
	}
	if len(b.memory.turns) > 5 || letters == 0 || letters > 4 {
		t.Errorf("100 messages: %d transactions and %d letters", len(b.memory.turns), letters)
	}
}

// sized is how large excerpts are in a test.
type sized int64

func (s sized) ExcerptBytes(context.Context, Publication, PageSet) int64 { return int64(s) }

func (sized) Held(string) bool { return true }
func (sized) Room() bool       { return true }

// Who pays for each megabyte hears of many before they are sent, and how to get
// fewer.
func TestAHeavyExcerptTellsItsSizeFirst(t *testing.T) {
	for size, want := range map[sized]string{3_449_999: "*3,4 MB*", 2_000_000: "", 80_000: "", 0: ""} {
		b := newBench(t)
		b.shelf = size
		b.stand(t, registered("pages"))
		if err := b.Take(t.Context(), b.text("12-13")); err != nil {
			t.Fatal(err)
		}
		_, said := b.last(t)
		if !strings.Contains(said, "Kirim") || strings.Contains(said, "MB") != (want != "") || !strings.Contains(said, want) {
			t.Errorf("%d bytes: %s", size, said)
		}
		if want != "" && (!strings.Contains(said, "lebih sedikit halaman") || !strings.Contains(said, "gambar")) {
			t.Errorf("no way to less: %s", said)
		}
	}
}

// Whoever writes first, with whatever greeting, is greeted once.
func TestAFirstMessageIsGreetedOnce(t *testing.T) {
	for _, text := range []string{"/start", "start", "halo", "p", "Assalamualaikum", "selamat pagi", "tes", "/menu",
		"menu", "halo kak mau tanya", "cari penduduk"} {
		b := newBench(t)
		b.stand(t, Session{Chat: siti})
		if err := b.Take(t.Context(), b.text(text)); err != nil {
			t.Fatal(err)
		}
		if _, said := b.last(t); strings.Count(said, "Sahabat Data") != 1 {
			t.Errorf("%q is answered\n%s", text, said)
		}
	}
}

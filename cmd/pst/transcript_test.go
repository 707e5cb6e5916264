package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pst/conversation"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what the desk says now")

// Transcripts are the specification of the conversation. They are written in
// conversation/testdata as
//
//	# a remark
//	! a directive: clock TIME, later DURATION, backlog DURATION (age of the next message),
//	  file WHAT (the next message is the excerpt delivered last, sent back: same, changed, renamed, bare of its code,
//
// lost or unnamed: not to be fetched), kind KIND (of the next message), press MENU (the next message is a button of
// that menu),
//
//	fail WHAT (the next letter of this kind fails for good: excerpt, mail, staff, staff and mail, person), hold (the
//
// next excerpt
//
//	or letter to staff waits an hour), mail down|up (no server takes a letter meanwhile),
//	bounce (the letter mailed last comes back), staff down|up (the chat of the first of the staff cannot
//	be reached meanwhile), twin TEXT (an older open ticket whose number ends like the last one's), flood N (messages
//
// unseen), office CHANGE, catalogue STATE, tables (of the samples are trusted from now on), withdraw PUBLICATION, scan
// ID | TITLE,
//
//	reader NAME, EMAIL, NIK, DISABILITY (registers unseen, with a profile; the last may be left out), brief NAME,
//
// EMAIL, NIK (without one),
//
//	  visit (signs the guest book unseen), complain CATEGORY, IDENTITY, TEXT (unseen but for what comes of it)
//	@ ADDRESS the chat that speaks from here on
//	> what the visitor writes; {kode} stands for the last code mailed, {tiket} for
//	  the last ticket, {akhir} for its end, {akhir1} {akhir2} for those of the first ones, {pin} for the
//	  last PIN, {kutipan} for the last excerpt code told, {angka} for that of the last number
//	> a line that ends in & waits: the next is read together with it
//	>> the same, quoting the last message the desk sent to this chat
//	< what the desk says, further lines indented; to another chat, after its @
//	= what it does beside: the words of the mark on an excerpt, the lines of the audit
//
// Between any two messages the database is closed and opened again, and every
// message is delivered and taken twice: the outcome must not change.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../conversation/testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts found", err)
	}
	seen := &coverage{walked: map[[2]string]bool{}, used: map[string]bool{}}
	ok := t.Run("each", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				t.Parallel()
				playFile(t, file, seen)
			})
		}
	})
	if !ok || strings.Contains(flag.Lookup("test.run").Value.String(), "/") {
		return // only a whole run can have walked everything
	}
	for _, x := range conversation.Exits() {
		if !seen.walked[x] {
			t.Errorf("no transcript walks %s --> %s", x[0], x[1])
		}
	}
	texts, err := conversation.NewTexts(&conversation.Office{Zone: time.UTC}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range texts.Keys() {
		switch key {
		case "full": // said when nothing can be written: TestAFullDiskIsSurvived hears it
			continue
		case "group", "button.stale": // said by Telegram's channel, whose tests hear them
			continue
		}
		if strings.HasPrefix(key, "telegram.") {
			continue // the bot's profile, which Telegram shows: a test of that channel sets it
		}
		if strings.HasPrefix(key, "step:") {
			continue // names of the steps of a form: a test of the conversation renders each
		}
		if !seen.used[key] {
			t.Errorf("no transcript uses the text %q", key)
		}
	}
}

// coverage is which exits and texts the transcripts have met.
type coverage struct {
	mu     sync.Mutex
	walked map[[2]string]bool
	used   map[string]bool
}

func (c *coverage) exit(from, to string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.walked[[2]string{from, to}] = true
}

func (c *coverage) text(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used[key] = true
}

// playFile plays one transcript and compares.
func playFile(t *testing.T, file string, seen *coverage) {
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := newRunner(t)
	r.seen = seen
	got := r.play(string(want))
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(want) {
		t.Errorf("the conversation changed (run with -update to accept):\n%s", firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(end)", "(end)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n want %s\n  got %s", i+1, a, b)
		}
	}
	return ""
}

// A transcript that is not what the desk says must fail.
func TestTranscriptNoticesAChange(t *testing.T) {
	r := newRunner(t)
	if got := r.play("> halo\n< Selamat datang di toko kami.\n"); !strings.Contains(got, "Sahabat Data") ||
		strings.Contains(got, "toko") {
		t.Errorf("played:\n%s", got)
	}
	if !slices.Contains(everybody, conversation.Desk) {
		t.Error("the desk's own clock is not played")
	}
}

// The README shows the states as they are.
func TestReadmeShowsTheStates(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	overview, err := conversation.Graph("")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), overview) {
		t.Error("the diagram in README.md is not what pst graph prints")
	}
}

// TestTwelveMessages counts the messages from the first word to the first excerpt:
// of a new reader at most twelve, of one who comes back at most four.
func TestTwelveMessages(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../conversation/testdata/twelve.txt")
	if err != nil {
		t.Fatal(err)
	}
	var took []int
	n := 0
	for line := range strings.Lines(newRunner(t).play(string(text))) {
		switch {
		case strings.HasPrefix(line, "# A visit"):
			n = 0
		case strings.HasPrefix(line, ">"):
			n++
		case strings.HasPrefix(line, "< [berkas "):
			took = append(took, n)
		}
	}
	if len(took) != 3 {
		t.Fatalf("%d excerpts, want 3: %v", len(took), took)
	}
	for i, most := range []int{12, 12, 4} {
		t.Logf("visit %d: the excerpt comes after %d messages (at most %d)", i+1, took[i], most)
		if took[i] > most {
			t.Errorf("visit %d: the excerpt comes after %d messages, want at most %d", i+1, took[i], most)
		}
	}
}

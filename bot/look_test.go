package bot_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync"
	"testing"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

// lending is a channel whose people's files can be fetched.
type lending struct {
	channel
	fetched []string // references, in order
	files   map[string]string
	waits   chan struct{} // closed: fetching may end
}

func (l *lending) Download(ctx context.Context, ref string, w io.Writer) (int64, error) {
	l.mu.Lock()
	l.fetched = append(l.fetched, ref)
	data, ok := l.files[ref]
	l.mu.Unlock()
	if l.waits != nil {
		select {
		case <-l.waits:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	if !ok {
		return 0, errors.New("gone")
	}
	n, err := io.WriteString(w, data)
	return int64(n), err
}

// looker wants to know of every PDF file.
type looker struct {
	bottest.Turner
	mu   sync.Mutex
	seen map[string]conversation.Media
}

func (l *looker) LooksAt(_ context.Context, ms ...conversation.Message) (at []int) {
	for i, m := range ms {
		if m.Media.PDF() {
			at = append(at, i)
		}
	}
	return at
}

func (l *looker) Take(ctx context.Context, ms ...conversation.Message) error {
	l.mu.Lock()
	for _, m := range ms {
		if m.Media != nil {
			l.seen[m.ID] = *m.Media
		}
	}
	l.mu.Unlock()
	return l.Turner.Take(ctx, ms...)
}

func lookers(files map[string]string) (*bottest.Memory, *lending, *looker, bot.Config) {
	q := bottest.NewMemory()
	ch := &lending{channel: channel{scheme: "telegram"}, files: files}
	cfg := config(q, ch)
	l := &looker{Turner: bottest.Turner{Memory: q, Answer: bottest.Echo}, seen: map[string]conversation.Media{}}
	cfg.Turner = l
	cfg.CodeIn = func(data []byte) string { return "CODE" + string(data[len(data)-1:]) }
	return q, ch, l, cfg
}

func sends(t *testing.T, q *bottest.Memory, from conversation.Address, m *conversation.Media) {
	t.Helper()
	err := q.Put(t.Context(), conversation.Message{ID: m.Ref, From: from, Kind: conversation.Document, Text: m.Ref,
		Media: m})
	if err != nil {
		t.Fatal(err)
	}
}

// A file that is asked for reaches the turn with its digest and its code; what is no
// PDF, too large, gone or not asked for goes on as it came.
func TestFilesAskedForAreFetchedBeforeTheTurn(t *testing.T) {
	q, ch, l, cfg := lookers(map[string]string{"book": "%PDF-1.7 book", "photo": "JFIF", "lie": "no such thing"})
	for _, m := range []*conversation.Media{
		{MIME: "application/pdf", Ref: "book"},
		{MIME: "application/octet-stream", Name: "Book.PDF", Ref: "book2"},
		{MIME: "image/jpeg", Ref: "photo"},
		{MIME: "application/pdf", Ref: "lie"},
		{MIME: "application/pdf", Ref: "gone"},
		{MIME: "application/pdf", Ref: "giant", Size: 21 << 20},
	} {
		sends(t, q, "telegram:1", m)
	}
	ch.files["book2"] = "%PDF-1.7 book"
	d, stop := run(t, cfg)
	settle(t, d)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("%PDF-1.7 book"))
	for ref, m := range l.seen {
		want := map[string]string{"book": hex.EncodeToString(sum[:]), "book2": hex.EncodeToString(sum[:])}[ref]
		code := map[bool]string{true: "CODEk"}[want != ""]
		if m.SHA256 != want || m.Code != code {
			t.Errorf("%s: digest %q and code %q, want %q and %q", ref, m.SHA256, m.Code, want, code)
		}
	}
	if len(l.seen) != 6 || len(ch.texts("telegram:1")) != 6 {
		t.Errorf("%d turns and %d answers, want 6", len(l.seen), len(ch.texts("telegram:1")))
	}
	for _, ref := range ch.fetched {
		if ref == "photo" || ref == "giant" {
			t.Errorf("%s was fetched", ref)
		}
	}
}

// Strangers whose files come slowly keep nobody else waiting.
func TestSlowFilesKeepNobodyElseWaiting(t *testing.T) {
	q, ch, l, cfg := lookers(map[string]string{"1": "%PDF-1", "2": "%PDF-2", "3": "%PDF-3"})
	ch.waits = make(chan struct{})
	cfg.Turns = 3
	d, _ := run(t, cfg)
	fetching := func() int {
		ch.mu.Lock()
		defer ch.mu.Unlock()
		return len(ch.fetched)
	}
	for i, ref := range []string{"1", "2", "3"} {
		sends(t, q, conversation.Address("telegram:"+ref), &conversation.Media{MIME: "application/pdf", Ref: ref})
		if i < 2 {
			until(t, "the file is on its way", func() bool { return fetching() == i+1 })
		}
	}
	until(t, "the third is answered", func() bool { return len(ch.texts("telegram:3")) == 1 })
	put(t, q, "telegram:4", "halo")
	until(t, "others are answered", func() bool { return len(ch.texts("telegram:4")) == 1 })
	close(ch.waits)
	settle(t, d)
	if l.seen["3"].SHA256 != "" || l.seen["1"].SHA256 == "" || l.seen["2"].SHA256 == "" {
		t.Errorf("digests of 1, 2, 3: %q, %q, %q", l.seen["1"].SHA256, l.seen["2"].SHA256, l.seen["3"].SHA256)
	}
}

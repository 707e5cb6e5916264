package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/bottest"
	"pst/conversation"
)

// cutter plays the holdings.
type cutter func(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error)

func (f cutter) Preview(context.Context, conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	return conversation.ExcerptFile{Name: "a.jpg", MIME: "image/jpeg", Data: []byte("picture"), Pages: 1}, nil
}

func (f cutter) Excerpt(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	return f(ctx, o)
}

func TestAnExcerptIsCutWhenSentAndWhatWasHandedOverIsNoted(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	cuts := 0
	cfg.Holdings = cutter(func(_ context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
		cuts++
		return conversation.ExcerptFile{Name: o.FileName, Data: []byte("%PDF"), MIME: "application/pdf", Pages: 7,
			Mode: "vector", Verdict: "ok", SHA256: "abc"}, nil
	})
	failed := false
	ch.send = func(context.Context, bot.Letter) (string, error) {
		if !failed {
			failed = true
			return "", &bot.SendError{Retry: true, Blame: "platform", Err: errors.New("HTTP 502")}
		}
		return "", nil
	}
	q.EnqueueAt(time.Now(), conversation.Send{To: "telegram:1", Text: "Ini kutipannya", Excerpt: "KTP-1"})
	run(t, cfg)
	until(t, "the excerpt arrived", func() bool { return q.Rows()[0].Sent != nil })
	f := ch.arrived[0].File
	if f == nil || f.Name != "KTP-1.pdf" || string(f.Data) != "%PDF" || f.Pages != 7 || f.MIME != "application/pdf" ||
		f.SHA256 != "abc" {
		t.Errorf("arrived with %+v", f)
	}
	if s := q.Rows()[0].Sent; s.SHA256 != "abc" || s.Mode != "vector" || s.Verdict != "ok" || s.PlatformID != "id-key-1" ||
		s.At.IsZero() {
		t.Errorf("noted %+v", s)
	}
	if cuts != 2 {
		t.Errorf("cut %d times; each try cuts anew, nothing is kept in between", cuts)
	}
}

func TestExcerptsThatCannotBeCut(t *testing.T) {
	for _, c := range []struct {
		name  string
		cut   cutter
		tries int
		why   string
	}{
		{"the file is not held", func(context.Context, conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
			return conversation.ExcerptFile{}, fmt.Errorf("open: %w", conversation.ErrNotFound)
		}, 1, "not found"},
		{"the file is broken", func(context.Context, conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
			return conversation.ExcerptFile{}, errors.New("xref is broken")
		}, 1, "xref"},
		{"the cutter panics", func(context.Context, conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
			panic("pdf")
		}, 3, "panic"},
		{"the cutter hangs", func(ctx context.Context, _ conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
			<-ctx.Done()
			return conversation.ExcerptFile{}, ctx.Err()
		}, 3, "too long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, ch, heard := bottest.NewMemory(), &channel{scheme: "telegram"}, &reported{}
			cfg := config(q, ch)
			cfg.Turner = bottest.Turner{Memory: q, Answer: heard.answer}
			cfg.Timing = quick
			cfg.Timing.Cut, cfg.Timing.SendTries = 5*time.Millisecond, 3
			var tries atomic.Int32
			cfg.Holdings = cutter(func(ctx context.Context, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
				tries.Add(1)
				return c.cut(ctx, o)
			})
			q.EnqueueAt(time.Now(), conversation.Send{To: "telegram:1", Excerpt: "A", Ref: "excerpt:A", Report: true})
			d, _ := run(t, cfg)
			until(t, "the letter was given up", func() bool { return q.Rows()[0].Failed != "" })
			settle(t, d)
			if why := q.Rows()[0].Failed; !strings.Contains(why, c.why) || int(tries.Load()) != c.tries {
				t.Errorf("given up after %d tries because of %q", tries.Load(), why)
			}
			if len(heard.lines) != 1 || heard.lines[0] != "failed excerpt:A" {
				t.Errorf("the engine, which frees the pages, heard %q", heard.lines)
			}
		})
	}
}

func TestFewExcerptsAreCutAtOnceAndLettersPassThem(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	var now, most atomic.Int32
	release := make(chan struct{})
	cfg.Holdings = cutter(func(context.Context, conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		<-release
		now.Add(-1)
		return conversation.ExcerptFile{Name: "a.pdf"}, nil
	})
	d, _ := run(t, cfg)
	for i := range 300 { // far more than letters are under way at once
		q.EnqueueAt(time.Now(), conversation.Send{To: conversation.Address(fmt.Sprintf("telegram:%d", i)), Excerpt: "A"})
	}
	q.EnqueueAt(time.Now(), conversation.Send{To: "telegram:999", Text: "halo"})
	until(t, "a text passed the waiting excerpts", func() bool {
		return len(ch.texts("telegram:999")) == 1 &&
			now.Load() == 2
	})
	close(release)
	settle(t, d)
	if most.Load() != 2 {
		t.Errorf("%d excerpts at once, want 2", most.Load())
	}
}

func TestThePersonSeesThatALongExcerptIsBeingMade(t *testing.T) {
	q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
	cfg := config(q, ch)
	cfg.Holdings = cutter(func(ctx context.Context, _ conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
		until(t, "the platform was told", func() bool { ch.mu.Lock(); defer ch.mu.Unlock(); return ch.typing > 0 })
		return conversation.ExcerptFile{Name: "a.pdf"}, nil
	})
	q.EnqueueAt(time.Now(), conversation.Send{To: "telegram:1", Excerpt: "A"})
	d, _ := run(t, cfg)
	settle(t, d)
}

// album is a channel that can fetch what its people sent.
type album struct{ *channel }

func (album) Download(_ context.Context, ref string, w io.Writer) (int64, error) {
	if ref != "foto-1" {
		return 0, errors.New("no such file")
	}
	n, err := io.WriteString(w, "jpeg")
	return int64(n), err
}

func TestAttachments(t *testing.T) {
	photo := func(ref, scheme string) conversation.Attachment {
		return conversation.Attachment{Name: "foto.jpg", MIME: "image/jpeg", Media: &conversation.Media{Ref: ref,
			Scheme: scheme}}
	}
	for _, c := range []struct {
		name       string
		attachment conversation.Attachment
		want       string
	}{
		{"made by the desk", conversation.Attachment{Name: "data.json", MIME: "application/json", Data: []byte("{}")}, "{}"},
		{"sent by a person", photo("foto-1", "telegram"), "jpeg"},
		{"gone from the platform", photo("foto-2", "telegram"), ""},
		{"of a channel that is not here", photo("foto-1", "whatsapp"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, ch := bottest.NewMemory(), &channel{scheme: "telegram"}
			cfg := config(q, album{ch})
			q.EnqueueAt(time.Now(), conversation.Send{To: "telegram:1", Text: "a", Attachment: &c.attachment})
			run(t, cfg)
			until(t, "the row ended", func() bool { r := q.Rows()[0]; return r.Sent != nil || r.Failed != "" })
			if r := q.Rows()[0]; (r.Failed != "") != (c.want == "") {
				t.Fatalf("row %+v", r)
			}
			if c.want == "" {
				return
			}
			if f := ch.arrived[0].File; f == nil || string(f.Data) != c.want || f.Name != c.attachment.Name ||
				f.MIME != c.attachment.MIME {
				t.Errorf("arrived with %+v", f)
			}
		})
	}
}

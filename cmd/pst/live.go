package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/moby/sys/atomicwriter"

	"pst/bot"
	"pst/conversation"
	"pst/conversation/nlu"
)

// Files of the data folder that tell what the desk says, and what it said before.
const (
	textsFile   = "teks.tmpl"
	textsBefore = "teks.lama.jsonl"
)

// live is a desk that serves, and takes over what is changed meanwhile.
type live struct {
	*desk
	house    *house
	channels []bot.Channel // with the page, before the desk runs
	page     string        // where the page is; empty: there is none
	mu       sync.Mutex    // one change at a time
	// partial is there while the page alone is served, and closed once the office is
	// complete.
	partial chan struct{}
}

// completed tells whether an office that was served partially is complete now.
func (l *live) completed() bool {
	select {
	case <-l.partial:
		return true
	default: // a nil channel never is
		return false
	}
}

// staffed is a channel that has to know staff from others.
type staffed interface {
	SetStaff(numbers []string) error
}

// ready reads office, texts and words as at a start, from files or their drafts. An
// error tells why the desk could not serve with them.
func (l *live) ready(h *house) (*known, error) {
	cfg, office, texts, err := h.settings()
	if err != nil {
		return nil, err
	}
	if err := cfg.complete(); err != nil && l.partial == nil {
		return nil, err
	}
	staff, err := cfg.staff(*office)
	if err != nil {
		return nil, cfg.wrong(err)
	}
	lexicon, err := nlu.Load(os.DirFS(h.path("tables")))
	if err != nil {
		return nil, fmt.Errorf("read tables of what people write: %w", err)
	}
	now := &known{office: office, texts: texts, lexicon: lexicon, complete: cfg.complete() == nil}
	now.office.Staff = reachable(staff, l.channels)
	now.office.NoMail, now.office.Page = cfg.SMTP.Host == "", l.page
	return now, nil
}

// renew reads everything anew and takes it over: those in the midst of a message end
// it with what they began with. An error changes nothing.
func (l *live) renew() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, err := l.ready(l.house)
	if err != nil {
		return err
	}
	return l.take(now)
}

// take lets the desk go on with this.
func (l *live) take(now *known) error {
	for _, c := range l.channels {
		if c, ok := c.(staffed); ok {
			if err := c.SetStaff(numbersOf(now.office.Staff)); err != nil {
				return err
			}
		}
	}
	l.known.Store(now)
	if l.talks != nil {
		l.talks.Change(now.office, now.texts, now.lexicon)
	}
	if l.partial != nil && now.complete && !l.completed() {
		close(l.partial)
	}
	return nil
}

// unusable is a change that the desk could not serve with; nothing was changed.
type unusable struct{ error }

func (u unusable) Unwrap() error { return u.error }

// write puts a file of the data folder in place and takes it over, if the desk can
// serve with it, else it gives an [unusable]. First what is asked of the change: an
// error of it changes nothing either. Who calls it holds mu.
func (l *live) write(name string, text []byte, first func(*known) error) error {
	draft := *l.house
	draft.drafts = map[string][]byte{name: text}
	now, err := l.ready(&draft)
	if err != nil {
		return unusable{err}
	}
	if err := first(now); err != nil {
		return err
	}
	if err := atomicwriter.WriteFile(l.house.path(name), text, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return l.take(now)
}

// numbersOf are the telephone numbers of staff on WhatsApp.
func numbersOf(staff []conversation.Staff) []string {
	var out []string
	for _, s := range staff {
		for _, a := range s.Addresses {
			if number, ok := phoneOf(a); ok {
				out = append(out, number)
			}
		}
	}
	return out
}

// filesEvery is how often the files that an engineer may change are looked at.
const filesEvery = 2 * time.Second

// keepFiles takes over what is changed by hand in texts, office and words, until ctx
// ends. What cannot be used is told once, and the desk goes on as it was.
func keepFiles(ctx context.Context, l *live) {
	tick := time.NewTicker(filesEvery)
	defer tick.Stop()
	for seen := l.house.stamps(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := l.house.stamps()
		if now == seen {
			continue
		}
		seen = now
		if err := l.renew(); err != nil {
			l.house.log.Error("changed files cannot be used; the desk goes on as it was", "error", err)
			continue
		}
		l.house.log.Info("changed files were taken over")
	}
}

// stamps are the times and sizes of those files.
func (h *house) stamps() string {
	out := ""
	tables, err := filepath.Glob(h.path("tables", "*"))
	if err != nil {
		panic(err) // the pattern is ours
	}
	for _, path := range append([]string{h.path(kantorFile), h.path(holidayFile), h.path(textsFile)}, tables...) {
		var info fs.FileInfo
		if info, err = os.Stat(path); err == nil {
			out += fmt.Sprintln(path, info.ModTime().UnixNano(), info.Size())
		}
	}
	return out
}

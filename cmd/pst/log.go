package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
)

// Forms of log lines.
const (
	logText = "text"
	logJSON = "json"
)

// logTo is how a command writes its log.
type logTo struct {
	w       io.Writer
	form    string // logText or logJSON
	journal bool   // w is systemd's journal, which keeps the time and the level of a line itself
}

// logTo is the log on the standard error; within a service of systemd it looks whether
// that is the journal.
func (h *house) logTo() logTo {
	return logTo{h.std.err, h.form, isJournal(h.std.err, os.Getenv("JOURNAL_STREAM"))}
}

// isJournal tells whether a stream is the one that systemd names, as DEVICE:INODE, to
// those whose output goes to its journal.
func isJournal(w io.Writer, named string) bool {
	f, ok := w.(*os.File)
	if !ok || named == "" {
		return false
	}
	id, ok := fileID(f)
	return ok && id == named
}

// logger writes lines of this level and above. Replace, if any, changes attributes on
// their way, as slog's ReplaceAttr.
func (l logTo) logger(least slog.Level, replace func([]string, slog.Attr) slog.Attr) *slog.Logger {
	if !l.journal {
		return slog.New(l.handler(l.w, least, replace))
	}
	bare := func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey && l.form == logText) {
			return slog.Attr{}
		}
		if replace != nil {
			return replace(groups, a)
		}
		return a
	}
	w := &prefixed{w: l.w}
	return slog.New(journalHandler{l.handler(w, least, bare), w})
}

func (l logTo) handler(w io.Writer, least slog.Level, replace func([]string, slog.Attr) slog.Attr) slog.Handler {
	options := &slog.HandlerOptions{Level: least, ReplaceAttr: replace}
	if l.form == logJSON {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// failed tells, as the last line, why the command failed.
func (l logTo) failed(why string) {
	switch {
	case l.form == logJSON:
		l.logger(slog.LevelInfo, nil).Error(why)
	case l.journal:
		fmt.Fprintf(l.w, "<%d>%s\n", priority(slog.LevelError), why)
	default:
		fmt.Fprintln(l.w, why)
	}
}

// journalHandler puts before each line the priority that the journal keeps it under,
// as sd-daemon(3) tells: journalctl -p err then finds the errors.
type journalHandler struct {
	slog.Handler
	w *prefixed
}

func (h journalHandler) Handle(ctx context.Context, r slog.Record) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.w.priority = priority(r.Level)
	return h.Handler.Handle(ctx, r)
}

func (h journalHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return journalHandler{h.Handler.WithAttrs(attrs), h.w}
}

func (h journalHandler) WithGroup(name string) slog.Handler {
	return journalHandler{h.Handler.WithGroup(name), h.w}
}

// prefixed writes lines with a priority; mu is held by who writes one.
type prefixed struct {
	mu       sync.Mutex
	w        io.Writer
	priority int
}

func (p *prefixed) Write(line []byte) (int, error) {
	if _, err := p.w.Write(fmt.Appendf(nil, "<%d>%s", p.priority, line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// priority is a level as syslog(3) numbers it.
func priority(level slog.Level) int {
	switch {
	case level >= slog.LevelError:
		return 3
	case level >= slog.LevelWarn:
		return 4
	case level >= slog.LevelInfo:
		return 6
	}
	return 7
}

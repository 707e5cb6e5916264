package whatsapp

import (
	"context"
	"log/slog"
	"regexp"
	"strings"

	signal "go.mau.fi/libsignal/logger"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// logger takes whatsmeow's log lines. Their arguments are addresses, names and
// whole stanzas, so only the constant part of a line is kept, and of its errors
// what is left without digits and stanzas. Debug lines are dropped.
type logger struct {
	log    *slog.Logger
	module string
}

var _ waLog.Logger = logger{}

func (l logger) Errorf(msg string, args ...any) { l.write(slog.LevelError, msg, args) }
func (l logger) Warnf(msg string, args ...any)  { l.write(slog.LevelWarn, msg, args) }
func (l logger) Infof(msg string, args ...any)  { l.write(slog.LevelInfo, msg, args) }
func (l logger) Debugf(string, ...any)          {}

func (l logger) Sub(module string) waLog.Logger {
	return logger{l.log, strings.TrimPrefix(l.module+"/"+module, "/")}
}

func (l logger) write(level slog.Level, msg string, args []any) {
	attrs := []slog.Attr{slog.String("module", l.module), slog.String("line", msg)}
	for _, a := range args {
		if err, ok := a.(error); ok {
			attrs = append(attrs, slog.String("error", redact(err)))
		}
	}
	l.log.LogAttrs(context.Background(), level, "whatsmeow", attrs...)
}

// The Signal library prints to the standard output unless a process tells it
// otherwise. It returns every error it prints, and whatsmeow logs those. This is
// done before any client can run, as the variable is not guarded.
func init() {
	var none signal.Loggable = silent{}
	signal.Setup(&none)
}

type silent struct{}

func (silent) Debug(string, string)   {}
func (silent) Info(string, string)    {}
func (silent) Warning(string, string) {}
func (silent) Error(string, string)   {}
func (silent) Configure(string)       {}

var digits = regexp.MustCompile(`[0-9]{5,}`)

// redact makes an error of whatsmeow fit for a log: phone numbers and LIDs are
// runs of digits; where a stanza is quoted, the rest is cut off.
func redact(err error) string {
	text, _, _ := strings.Cut(err.Error(), "<")
	return digits.ReplaceAllString(text, "***")
}

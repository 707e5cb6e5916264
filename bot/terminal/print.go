package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/moby/sys/atomicwriter"

	"pst/bot"
)

// show prints a letter under a head line, in one write, so that two letters
// never mix. It saves the letter's file first.
func (t *Terminal) show(head string, l bot.Letter) error {
	var b strings.Builder
	b.WriteString(head)
	if text := strings.Trim(clean(l.Send.Text), "\n"); text != "" {
		if t.cfg.Live {
			text = embolden(text)
		}
		b.WriteString(text + "\n")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.File != nil {
		path, err := save(t.cfg.Folder, l.File)
		if err != nil {
			return &bot.SendError{Retry: true, Blame: "desk", Err: err}
		}
		b.WriteString("[berkas] " + path)
		if l.File.Pages > 0 {
			fmt.Fprintf(&b, " (%d halaman)", l.File.Pages)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	out := b.String()
	if t.cfg.Live {
		out = eraseLine + out + prompt
	}
	if _, err := io.WriteString(t.cfg.Out, out); err != nil {
		return &bot.SendError{Retry: true, Whole: true, Blame: "platform", Err: fmt.Errorf("print: %w", err)}
	}
	if head == "" {
		t.shown = l.Key
	}
	return nil
}

// ECMA-48 control sequences.
const (
	eraseLine = "\r\x1b[K" // the prompt, when a message comes while it stands there
	boldOn    = "\x1b[1m"
	boldOff   = "\x1b[22m"
)

const prompt = "> "

// print writes what is no letter.
func (t *Terminal) print(s string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	// An output that cannot be written to is told of at the next letter.
	_, _ = io.WriteString(t.cfg.Out, s)
}

// clean takes out what could make a terminal do more than show text: control
// characters of both sets but line end and tab, and marks that turn the
// direction of writing.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ', r >= 0x7f && r < 0xa0,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '\uFFFD'
		}
		return r
	}, s)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var mark = regexp.MustCompile(`(^|[^\pL\pN*])\*([^\s*](?:[^*\n]*[^\s*])?)\*`)

// embolden shows *tebal* as bold.
func embolden(s string) string { return mark.ReplaceAllString(s, "$1"+boldOn+"$2"+boldOff) }

// save writes a file under the folder and returns its path. The same file sent
// again keeps its path; another of the same name gets a number.
func save(folder string, f *bot.File) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("save document: %w", err)
	}
	name := fileName(f.Name)
	extension := filepath.Ext(name)
	for n := 1; ; n++ {
		path := filepath.Join(folder, name)
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, extension), n, extension))
		}
		there, err := os.ReadFile(path)
		switch {
		case err == nil && bytes.Equal(there, f.Data):
			return path, nil
		case err == nil:
			continue
		case !errors.Is(err, os.ErrNotExist):
			return "", fmt.Errorf("save document: %w", err)
		}
		if err := atomicwriter.WriteFile(path, f.Data, 0o600); err != nil {
			return "", fmt.Errorf("save document: %w", err)
		}
		return path, nil
	}
}

// fileName keeps letters, digits, dot, dash and underscore of a name, and never
// begins with a dot.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, name)
	name = strings.TrimLeft(name[max(0, len(name)-120):], ".")
	if name == "" {
		return "berkas"
	}
	return name
}

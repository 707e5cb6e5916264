// Package terminal is the channel of `pst talk`: one person at a keyboard, or a
// pipe in their place. It serves that person's address, and through [Terminal.Mail]
// shows what would go out as e-mail.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"pst/bot"
	"pst/conversation"
)

// Config is what a terminal is made of. In, Out, Folder and NewID are needed.
type Config struct {
	In  io.Reader
	Out io.Writer
	// Name is who talks: the address is terminal:NAME. No spaces.
	Name string
	// Folder is where documents are saved; made when it is first needed.
	Folder string
	// NewID makes the id of a line; never the same twice, over restarts too.
	NewID func() string
	Now   func() time.Time // default: time.Now
	// Live says that a person sits there: a prompt is shown, *tebal* becomes
	// bold and answers are printed whenever they come. Else each line is answered
	// to the end before the next is read, so that a pipe gives the same every time.
	Live bool
	// Opening, when set, is said in the person's name before their first line.
	Opening string
}

// Terminal is the channel of one person. Send and the channel of Mail may be
// called at any time; what each prints stays together.
type Terminal struct {
	cfg     Config
	address conversation.Address

	mu    sync.Mutex
	shown string // id of the letter printed last for the person
}

var (
	_ bot.Channel = (*Terminal)(nil)
	_ bot.Local   = (*Terminal)(nil)
)

// New checks the configuration. The error says what is wrong with the name.
func New(cfg Config) (*Terminal, error) {
	address, err := conversation.ParseAddress(conversation.Terminal + ":" + cfg.Name)
	if err != nil {
		return nil, fmt.Errorf("terminal name %q: a name has no spaces and at most 190 bytes", cfg.Name)
	}
	if cfg.In == nil || cfg.Out == nil || cfg.Folder == "" || cfg.NewID == nil {
		return nil, errors.New("terminal: input, output, folder and ids are needed")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Terminal{cfg: cfg, address: address}, nil
}

// Scheme implements bot.Channel.
func (t *Terminal) Scheme() string { return conversation.Terminal }

// Addresses implements bot.Local: letters for others wait until they talk.
func (t *Terminal) Addresses() []conversation.Address { return []conversation.Address{t.address} }

// Run implements bot.Channel: it reads lines until the input ends, waits until
// everything has been answered, and returns.
func (t *Terminal) Run(ctx context.Context, in bot.Inbox) error {
	settle := func() error { return nil }
	if s, ok := in.(bot.Settler); ok {
		settle = func() error { return s.Settle(ctx) }
	}
	err := t.read(ctx, in, settle)
	if err == nil {
		err = settle()
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (t *Terminal) read(ctx context.Context, in bot.Inbox, settle func() error) error {
	if t.cfg.Live {
		t.print(eraseLine + prompt)
		defer t.print("\n")
	} else if err := settle(); err != nil { // what waited for this person comes first
		return err
	}
	if t.cfg.Opening != "" {
		if err := t.put(ctx, in, t.cfg.Opening); err != nil {
			return err
		}
	}
	lines := make(chan line)
	go t.lines(ctx, lines) // a read cannot be called off; at a stop it is left behind
	for {
		select {
		case <-ctx.Done():
			return nil
		case l, more := <-lines:
			if !more {
				return nil
			}
			if l.err != nil {
				return fmt.Errorf("read line: %w", l.err)
			}
			if err := t.put(ctx, in, l.text); err != nil {
				return err
			}
		}
		if !t.cfg.Live {
			if err := settle(); err != nil {
				return err
			}
		}
	}
}

type line struct {
	text string
	err  error
}

// lines reads to the end of the input, and closes out.
func (t *Terminal) lines(ctx context.Context, out chan<- line) {
	defer close(out)
	in := bufio.NewReader(t.cfg.In)
	for {
		text, err := readLine(in)
		if err == io.EOF {
			return
		}
		select {
		case out <- line{text, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// maxLine is how many bytes of a line are kept. It is above the longest text
// the desk reads (4,000 characters of up to four bytes), so that a longer line
// is still refused by the desk as too long, in its own words.
const maxLine = 20_000

// readLine reads one line of any length and keeps its first maxLine bytes, as
// valid UTF-8 without its end. A last line without an end counts. It returns
// io.EOF when there is none left.
func readLine(in *bufio.Reader) (string, error) {
	var kept []byte
	for {
		part, err := in.ReadSlice('\n')
		kept = append(kept, part[:min(len(part), maxLine-len(kept))]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(kept) > 0, err == nil:
			text := strings.TrimSuffix(strings.TrimSuffix(string(kept), "\n"), "\r")
			return strings.ToValidUTF8(text, "\uFFFD"), nil
		}
		return "", err
	}
}

// fullWait is the pause between two tries to write to a disk that is full.
const fullWait = time.Second

// put makes a line a message. ">> text" quotes the desk's last message; a line that
// is the path of a PDF file sends that file.
func (t *Terminal) put(ctx context.Context, in bot.Inbox, text string) error {
	m := conversation.Message{ID: t.cfg.NewID(), From: t.address, Kind: conversation.Text, Text: text, Name: t.cfg.Name,
		SentAt: t.cfg.Now()}
	if rest, quotes := strings.CutPrefix(text, ">>"); quotes {
		t.mu.Lock()
		m.Text, m.Quoted = strings.TrimSpace(rest), t.shown
		t.mu.Unlock()
	}
	if file := sent(m.Text); file != nil {
		m.Kind, m.Text, m.Media = conversation.Document, "", file
	}
	err := in.Put(ctx, m)
	for errors.Is(err, conversation.ErrFull) { // the line waits here until there is room
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(fullWait):
		}
		err = in.Put(ctx, m)
	}
	if err != nil {
		return fmt.Errorf("put line into the inbox: %w", err)
	}
	return nil
}

// Send implements bot.Channel: it prints the letter whole, then an empty line.
// The letter's key serves as its platform id.
func (t *Terminal) Send(_ context.Context, l bot.Letter) (string, error) {
	if err := t.show("", l); err != nil {
		return "", err
	}
	return l.Key, nil
}

// Mail is the mailto: channel that prints instead of sending. Of several
// terminals on the same data each shows the codes asked for in it, and the mail
// to the addresses given.
func (t *Terminal) Mail(to ...conversation.Address) bot.Channel {
	return mailbox{t, append([]conversation.Address{"code:" + t.address}, to...)}
}

type mailbox struct {
	terminal *Terminal
	among    []conversation.Address
}

var _ bot.Local = mailbox{}

// Addresses implements bot.Local: what is sent to them, or about them.
func (b mailbox) Addresses() []conversation.Address { return b.among }

func (b mailbox) Scheme() string                       { return conversation.Mail }
func (b mailbox) Run(context.Context, bot.Inbox) error { return nil }
func (b mailbox) Send(_ context.Context, l bot.Letter) (string, error) {
	head := fmt.Sprintf("[email %s] %s", clean(l.Send.To.Rest()), oneLine(clean(l.Send.Subject)))
	if err := b.terminal.show(strings.TrimRight(head, " ")+"\n", l); err != nil {
		return "", err
	}
	return l.Key, nil
}

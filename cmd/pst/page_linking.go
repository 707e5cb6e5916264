package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"pst/bot"
	"pst/bot/web"
	"pst/bot/whatsapp"
	"pst/conversation"
)

// linking links WhatsApp from the page: one at a time, for who began it, until they
// have not looked for a while.
type linking struct {
	w    *whatsapp.Channel // nil where it is not configured
	note func(context.Context, conversation.AuditEntry) error
	log  *slog.Logger
	left time.Duration // who has not looked for so long has left

	mu     sync.Mutex
	now    *attempt // the last one; nil before the first
	shows  int      // counts what was shown, over all attempts
	closed bool
	work   sync.WaitGroup
}

// attempt is one linking. What it shows is kept here alone, and forgotten as it ends.
type attempt struct {
	by      conversation.Staff
	stop    context.CancelFunc
	unseen  *time.Timer
	answers chan []byte
	asks    bool
	prompt  whatsapp.Prompt
	remark  string
	left    bool // nobody looked any more
	over    bool
	err     error
}

// leftAfter is how long a linking goes on that nobody looks at.
const leftAfter = 3 * time.Minute

func newLinking(channels []bot.Channel, note func(context.Context, conversation.AuditEntry) error,
	log *slog.Logger) *linking {
	l := &linking{note: note, log: log, left: leftAfter}
	for _, c := range channels {
		if w, ok := c.(*whatsapp.Channel); ok {
			l.w = w
		}
	}
	return l
}

var _ web.Linker = (*linking)(nil)

// Link implements [web.Linker].
func (l *linking) Link(ctx context.Context, by conversation.Staff, o web.LinkOrder) error {
	if o.Phone != "" {
		if _, err := whatsapp.OwnNumber(o.Phone); err != nil {
			return web.ErrNumber
		}
	}
	live, stop := context.WithCancel(context.WithoutCancel(ctx))
	a := &attempt{by: by, stop: stop, answers: make(chan []byte, 1)}
	l.mu.Lock()
	busy := l.now != nil && !l.now.over
	switch {
	case busy && l.now.by.Name == by.Name:
		l.mu.Unlock()
		stop()
		return nil // a form sent twice
	case busy || l.closed || l.w == nil:
		l.mu.Unlock()
		stop()
		return web.ErrBusy
	}
	a.unseen = time.AfterFunc(l.left, func() { l.leave(a) })
	l.now = a
	l.shows++
	l.work.Add(1)
	l.mu.Unlock()
	begun := "WhatsApp linking begun"
	if o.New {
		begun = "WhatsApp linking begun, in place of the linked phone"
	}
	if err := l.note(ctx, l.line(by, begun)); err != nil {
		l.end(a, err)
		return err
	}
	go func() {
		l.end(a, l.w.Pair(live, whatsapp.PairOptions{Phone: o.Phone, New: o.New,
			Show:    func(p whatsapp.Prompt) { l.show(a, p) },
			Passkey: func(ctx context.Context) ([]byte, error) { return l.answer(ctx, a) }}))
	}()
	return nil
}

// leave ends a linking that nobody looks at any more.
func (l *linking) leave(a *attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a.left = true
	a.stop()
}

func (l *linking) line(by conversation.Staff, what string) conversation.AuditEntry {
	return conversation.AuditEntry{At: time.Now(), Who: by.Web().Masked(), What: what}
}

// end notes what became of a linking.
func (l *linking) end(a *attempt, err error) {
	defer l.work.Done()
	a.unseen.Stop()
	a.stop()
	what := "WhatsApp linked"
	if err != nil {
		what = "WhatsApp linking ended without a link"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := l.note(ctx, l.line(a.by, what)); err != nil {
		l.log.Error("audit of a linking failed", "error", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a.over, a.err, a.asks, a.prompt, a.remark = true, err, false, whatsapp.Prompt{}, ""
	l.shows++
}

func (l *linking) show(a *attempt, p whatsapp.Prompt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shows++; p.Step == whatsapp.StepNote {
		a.remark = p.Text
		return
	}
	a.prompt, a.remark = p, ""
}

// answer waits for what a passkey's browser printed.
func (l *linking) answer(ctx context.Context, a *attempt) ([]byte, error) {
	l.mu.Lock()
	a.asks = true
	l.shows++
	l.mu.Unlock()
	select {
	case text := <-a.answers:
		return text, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Answer implements [web.Linker].
func (l *linking) Answer(by conversation.Staff, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.of(by); a != nil && a.asks {
		a.asks = false
		l.shows++
		a.answers <- []byte(text) // there is room: it is asked for once
	}
}

// of is this member's linking that runs, or nil. Callers hold mu.
func (l *linking) of(by conversation.Staff) *attempt {
	if l.now == nil || l.now.over || l.now.by.Name != by.Name {
		return nil
	}
	return l.now
}

// Stop implements [web.Linker].
func (l *linking) Stop(ctx context.Context, by conversation.Staff) error {
	l.mu.Lock()
	a := l.now
	running := a != nil && !a.over
	l.mu.Unlock()
	if !running {
		return nil
	}
	a.stop()
	return l.note(ctx, l.line(by, "WhatsApp linking stopped"))
}

// Linking implements [web.Linker]. Who began it and looks stays in.
func (l *linking) Linking(by conversation.Staff) web.Linking {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.now
	if a == nil {
		return web.Linking{}
	}
	out := web.Linking{Version: strconv.Itoa(l.shows), By: a.by.Name, Mine: a.by.Name == by.Name, Running: !a.over}
	switch {
	case a.over && a.err == nil:
		out.Done = true
	case a.over && a.left:
		out.Fault = "Dihentikan karena halaman ini ditinggalkan beberapa menit. Tidak ada yang berubah; mulai lagi."
	case a.over:
		out.Fault = linkingFault(a.err)
	case out.Mine:
		a.unseen.Reset(l.left)
		out.Text, out.Note, out.Asks = a.prompt.Text, a.remark, a.asks
		out.Picture, out.Code, out.Snippet = a.prompt.QR != "", a.prompt.Code, a.prompt.Snippet
		switch a.prompt.Step {
		case "":
			out.Text = "Menghubungi WhatsApp ..."
		case whatsapp.StepType:
			out.Text += " Untuk itu hentikan penautan ini, lalu tampilkan kode QR."
		}
	}
	return out
}

// Picture implements [web.Linker].
func (l *linking) Picture(by conversation.Staff) []byte {
	l.mu.Lock()
	code := ""
	if a := l.of(by); a != nil {
		code = a.prompt.QR
	}
	l.mu.Unlock()
	if code == "" {
		return nil
	}
	png, err := qrPicture(code, 512)
	if err != nil {
		l.log.Error("picture of the code could not be made", "error", err)
		return nil
	}
	return png
}

// linkingFault says why a linking did not succeed, and what to do at the page.
func linkingFault(err error) string {
	for _, f := range pairFaults {
		if errors.Is(err, f.is) {
			return sentence(f.text) + " " + sentence(f.page)
		}
	}
	return "Penautan gagal karena gangguan di komputer PST. Coba lagi sebentar; bila berulang, beri tahu pengelola."
}

// close ends what runs and waits for it.
func (l *linking) close() {
	l.mu.Lock()
	l.closed = true
	if l.now != nil {
		l.now.stop()
	}
	l.mu.Unlock()
	l.work.Wait()
}

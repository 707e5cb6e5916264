package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"pst/conversation"
)

// render makes the letter of a row, cutting its excerpt or reading its file.
func (c *carrier) render(ctx context.Context, row conversation.Delivery, sent *conversation.Sent) (Letter, error) {
	letter := Letter{Key: row.Key, Send: row.Send, Attempt: row.Attempt}
	switch a := row.Send.Attachment; {
	case row.Order != nil:
		cut, err := c.cut(ctx, row)
		if err != nil {
			return Letter{}, err
		}
		sent.SHA256, sent.Mode, sent.Verdict = cut.SHA256, cut.Mode, cut.Verdict
		letter.File = &File{Name: cut.Name, MIME: cut.MIME, Data: cut.Data, Pages: cut.Pages, SHA256: cut.SHA256}
	case row.Send.Excerpt != "":
		return Letter{}, ours(errors.New("row has an excerpt and no order"))
	case a != nil && a.Report != nil:
		if c.loops.cfg.Reports == nil {
			return Letter{}, ours(errors.New("nobody writes reports here"))
		}
		data, err := c.loops.cfg.Reports.Report(ctx, *a.Report)
		if err != nil {
			return Letter{}, fmt.Errorf("write report: %w", err)
		}
		letter.File = &File{Name: a.Name, MIME: a.MIME, Data: data}
	case a != nil && a.Chart != nil:
		if c.loops.cfg.Sheets == nil {
			return Letter{}, ours(errors.New("nobody draws charts here"))
		}
		data, err := c.loops.cfg.Sheets.Chart(ctx, *a.Chart)
		if err != nil {
			return Letter{}, fmt.Errorf("draw chart: %w", err)
		}
		letter.File = &File{Name: a.Name, MIME: a.MIME, Data: data}
	case a != nil && a.Media != nil:
		data, err := c.loops.fetch(ctx, *a.Media)
		if err != nil {
			return Letter{}, err
		}
		letter.File = &File{Name: a.Name, MIME: a.MIME, Data: data}
	case a != nil:
		letter.File = &File{Name: a.Name, MIME: a.MIME, Data: a.Data}
	}
	return letter, nil
}

// fetchMost bounds a file that people sent, in bytes: Telegram gives bots no
// larger ones.
const fetchMost = 20 << 20

// fetch gets a file that came with a message from the platform it came by.
func (l *Loops) fetch(ctx context.Context, m conversation.Media) ([]byte, error) {
	for _, c := range l.carriers {
		from, ok := c.channel.(Downloader)
		if !ok || c.channel.Scheme() != m.Scheme {
			continue
		}
		var b bytes.Buffer
		if m.Size > fetchMost {
			return nil, ours(errors.New("attachment is too large to fetch"))
		}
		if _, err := from.Download(ctx, m.Ref, &b); err != nil {
			return nil, fmt.Errorf("fetch attachment: %w", err)
		}
		return b.Bytes(), nil
	}
	return nil, ours(errors.New("no channel here fetches this attachment"))
}

// ours is a failure that no later try mends and that is not the person's.
func ours(err error) *SendError { return &SendError{Blame: "desk", Err: err} }

// cut makes the excerpt, few at a time: each needs memory and a whole core.
func (c *carrier) cut(ctx context.Context, row conversation.Delivery) (conversation.ExcerptFile, error) {
	if c.loops.cfg.Holdings == nil {
		return conversation.ExcerptFile{}, ours(errors.New("no holdings are configured"))
	}
	select {
	case c.loops.cuts <- struct{}{}:
		defer func() { <-c.loops.cuts }()
	case <-ctx.Done():
		return conversation.ExcerptFile{}, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, c.loops.cfg.Timing.Cut)
	defer cancel()
	stop := c.showTyping(ctx, row.Send.To)
	defer stop()
	make := c.loops.cfg.Holdings.Excerpt
	switch {
	case row.Order.Data != nil && c.loops.cfg.Sheets == nil:
		return conversation.ExcerptFile{}, ours(errors.New("nobody writes tables here"))
	case row.Order.Data != nil:
		make = c.loops.cfg.Sheets.Table
	case row.Order.Picture:
		make = c.loops.cfg.Holdings.Preview
	}
	cut, err := make(ctx, *row.Order)
	switch {
	case err == nil:
		return cut, nil
	case errors.Is(err, context.DeadlineExceeded):
		return cut, &SendError{Retry: true, Blame: "desk", Err: errors.New("cutting the excerpt took too long")}
	case ctx.Err() != nil:
		return cut, ctx.Err()
	}
	return cut, ours(fmt.Errorf("cut excerpt: %w", err))
}

// showTyping lets the person see that a file is being made, when that takes
// longer than a second. The returned function ends it.
func (c *carrier) showTyping(ctx context.Context, to conversation.Address) (stop func()) {
	typer, ok := c.channel.(Typer)
	if !ok {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		for wait := time.Second; ; wait = 4 * time.Second {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			if err := guard(c.loops.cfg.Log, func() error { return typer.Typing(ctx, to, true) }); err != nil {
				return // a courtesy: the letter itself will tell of trouble
			}
		}
	})
	return func() { cancel(); done.Wait() }
}

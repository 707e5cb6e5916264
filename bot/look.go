package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"pst/conversation"
)

// Looker is a [Turner] that compares files which people send with those it sent.
type Looker interface {
	// LooksAt lists which of the messages of one chat that wait together came with
	// such a file.
	LooksAt(ctx context.Context, ms ...conversation.Message) []int
}

const (
	// looksMost is how many files may be on their way at a time: fewer than turns,
	// so that strangers with large files keep nobody else waiting.
	looksMost = 2
	// lookTime bounds the fetching of what came together.
	lookTime = 30 * time.Second
)

// look fills in what the turner wants to know of the files of a run. It never fails:
// a file that cannot be had now leaves its message as it was, and the person is told
// to send it again.
func (l *Loops) look(ctx context.Context, run []conversation.Message) {
	looker, ok := l.cfg.Turner.(Looker)
	if !ok {
		return
	}
	wanted := looker.LooksAt(ctx, run...)
	if len(wanted) == 0 {
		return
	}
	select {
	case l.looks <- struct{}{}:
		defer func() { <-l.looks }()
	default:
		l.cfg.Log.Warn("a file sent back is not compared: others are being fetched", "chat", run[0].From)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	for _, i := range wanted {
		m := &run[i]
		file := *m.Media // the message's may be another's, too
		file.Scheme = m.From.Scheme()
		data, err := l.fetch(ctx, file)
		switch {
		case err != nil:
			l.cfg.Log.Warn("a file sent back could not be fetched", "chat", m.From, "error", err)
			continue
		case !isPDF(data): // by its name alone
			continue
		}
		sum := sha256.Sum256(data)
		file.SHA256 = hex.EncodeToString(sum[:])
		if l.cfg.CodeIn != nil {
			file.Code = l.cfg.CodeIn(data)
		}
		m.Media = &file
	}
}

// isPDF looks for the header where readers accept it (ISO 32000-1, annex H, note 13).
func isPDF(data []byte) bool { return bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) }

package telegram

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strconv"
)

// mostUpdates is the most that Telegram gives in one answer.
const mostUpdates = 100

// batch is how many updates are asked for at a time. One update may make an
// answer that cannot be read (nested too deep, too large), and the answer with
// it comes again and again: the number is halved until that update stands alone
// and can be set aside.
type batch struct {
	limit int
	last  []byte // the last answer of one update that could not be read
	alone int    // how often it came
}

// aloneTries is how often an answer of one update is fetched before the update,
// and not the network, is at fault.
const aloneTries = 3

// unreadable tells whether Telegram answered a poll and the answer cannot be
// read.
func unreadable(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Accepted || errors.Is(err, errNoList))
}

// halve asks for fewer; false when one was asked for already.
func (b *batch) halve() bool {
	if b.limit == 1 {
		return false
	}
	b.limit /= 2
	return true
}

// grow asks for more, after an answer that could be read.
func (b *batch) grow() {
	b.limit = min(2*b.limit, mostUpdates)
	b.last, b.alone = nil, 0
}

var holdsUpdate = regexp.MustCompile(`"result"\s*:\s*\[\s*\{`)

var updateNumber = regexp.MustCompile(`"update_id"\s*:\s*([0-9]{1,18})\b`)

// skip tells that the update behind an unreadable answer has to be passed over,
// and the offset after it.
func (b *batch) skip(err error, offset int) (next int, ok bool) {
	var e *Error
	if !unreadable(err) || !errors.As(err, &e) || b.limit > 1 {
		return 0, false
	}
	if !bytes.Equal(e.unread, b.last) {
		b.last, b.alone = e.unread, 0 // a broken line breaks off elsewhere each time
	}
	if b.alone++; b.alone < aloneTries || !holdsUpdate.Match(e.unread) {
		return 0, false // an answer without an update says nothing of one
	}
	next = offset + 1 // the one expected, when its number cannot be found
	if m := updateNumber.FindSubmatch(e.unread); m != nil {
		if id, err := strconv.Atoi(string(m[1])); err == nil && id >= offset {
			next = id + 1
		}
	}
	if next == 1 {
		return 0, false // nothing is known of where we are
	}
	b.last, b.alone = nil, 0
	return next, true
}

// maxStray bounds what is kept of an answer that could not be read, in bytes.
const maxStray = 64 << 10

// setAside keeps what came of an update that cannot be read, and tries until
// that succeeds; false when ctx ended first.
func (c *Channel) setAside(ctx context.Context, err error, next int) bool {
	var e *Error
	if !errors.As(err, &e) {
		return true
	}
	c.cfg.Log.Error("an update could not be read, set aside", "update", next-1, "bytes", len(e.unread))
	if c.cfg.Quarantine == nil {
		return true
	}
	var pause backoff
	for c.cfg.Quarantine(ctx, e.unread[:min(len(e.unread), maxStray)], "the answer with it could not be read") != nil {
		if !sleep(ctx, pause.next()) {
			return false
		}
	}
	return true
}

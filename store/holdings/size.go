package holdings

import (
	"context"
	"errors"
	"time"

	"pst/conversation"
)

// pictureBytes is about what a page weighs as a marked picture.
const pictureBytes = 45_000

// sizing bounds how long somebody waits to hear how large an excerpt will be.
const sizing = 2 * time.Second

// Held tells whether a file is there.
func (h *Holdings) Held(file string) bool {
	_, err := h.held(file)
	return !errors.Is(err, conversation.ErrNotFound)
}

// someMark is a mark as long as they are.
var someMark = conversation.Mark{
	Code:   "0000000000",
	Lines:  []string{"BT-00000 a***@contoh.id", "24 Nov 2026 09.15 WIB 0000000000", "Kutipan maks. 20% - BPS Kabupaten"},
	Footer: "0000000000 | BT-00000 | a***@contoh.id | BPS Kabupaten",
	Check:  "https://t.me/contoh_pst_bot?start=cek_0000000000",
}

// ExcerptBytes is about how many bytes an excerpt would have: those of its pages
// as they are cut now, with some for each page that must be a picture. It is 0
// when the file cannot be read, or other work takes too long.
func (h *Holdings) ExcerptBytes(ctx context.Context, p conversation.Publication, pages conversation.PageSet) int64 {
	if p.Strict {
		return pictureBytes * int64(len(pages))
	}
	ctx, cancel := context.WithTimeout(ctx, sizing)
	defer cancel()
	ctx, done, err := h.turn(ctx)
	if err != nil {
		return 0
	}
	defer done()
	path, err := h.held(p.File)
	if err != nil {
		return 0
	}
	s, err := h.hot.get(p.File, func() (*source, error) {
		s, _, err := openPath(ctx, path)
		return s, err
	})
	if err != nil || inRange(pages, len(s.pages)) != nil {
		return 0
	}
	o := conversation.ExcerptOrder{Pages: pages, Mark: someMark}
	data, r, err := cut(ctx, s, o, nil)
	drawn := len(r.failed)
	if errors.Is(err, errFailed) && drawn < len(pages) {
		o.Pages = nil
		for _, n := range pages {
			if r.failed[n] == nil {
				o.Pages = append(o.Pages, n)
			}
		}
		data, _, err = cut(ctx, s, o, nil)
	}
	if err != nil && drawn < len(pages) {
		return 0
	}
	return int64(len(data)) + pictureBytes*int64(drawn)
}

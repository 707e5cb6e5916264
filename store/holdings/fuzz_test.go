package holdings

import (
	"bytes"
	"context"
	"testing"
	"time"

	"pst/conversation"
)

// FuzzExcerpt takes any bytes down the whole way: read, cut, check. What comes
// out has the pages asked for; whatever goes wrong is an error, soon.
func FuzzExcerpt(f *testing.F) {
	for _, v := range variants() {
		f.Add(v.make(), uint16(0b1000100))
	}
	f.Add(updated(newMade().file()), uint16(0b101))
	f.Add(rewritten(f, website(), configureObjectStreams), uint16(0b11))
	f.Add(encrypted(f, website(), ""), uint16(0b11))
	f.Add([]byte("%PDF-1.4\ntrailer<</Root 1 0 R>>"), uint16(1))
	f.Fuzz(func(t *testing.T, data []byte, set uint16) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		s, err := readSource(ctx, data)
		if ctx.Err() != nil {
			t.Fatal("reading went past its deadline")
		}
		if err != nil {
			return
		}
		var pages conversation.PageSet
		for n := range min(len(s.pages), 16) {
			if set&(1<<n) != 0 {
				pages = append(pages, n+1)
			}
		}
		if len(pages) == 0 {
			return
		}
		o := order(pages)
		out, err := cutChecked(ctx, s, o)
		if ctx.Err() != nil {
			t.Fatal("cutting went past its deadline")
		}
		if err != nil {
			return // pictures are made instead
		}
		again, err := cutChecked(ctx, s, o)
		if err != nil || !bytes.Equal(out, again) {
			t.Fatalf("a second cut gave other bytes (%v)", err)
		}
		if again, err := readSource(ctx, out); err != nil || len(again.pages) != len(pages) {
			t.Fatalf("other pages than %d (%v)", len(pages), err)
		}
	})
}

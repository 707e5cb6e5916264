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
		if n, err := PageCount(ctx, out); err != nil || n != len(pages) {
			t.Fatalf("%d pages for %d (%v)", n, len(pages), err)
		}
	})
}

// FuzzContent compares the two ways of reading content streams with what they
// promise on any bytes: they end, and what the tokenizer takes for a name or
// an operator lies in the stream.
func FuzzContent(f *testing.F) {
	for _, s := range []string{
		"q 1 0 0 1 0 0 cm /TPL100 Do Q", "BT /F1 9 Tf (a\\)b(c)) Tj ET", "BI /W 2 /H 2 ID \x00\xff EI Q", "<48656c6c6f> Tj % /No\n/Yes gs",
		"[(a)-20<62>] TJ /A#20B Do", "/", "(", "<", "ID", "q q Q Q Q",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		resourceNames(content, func(name string) {
			if len(name) > len(content) {
				t.Fatalf("name %q is longer than its stream", name)
			}
		})
		operators(content, func(word []byte) {
			if len(word) == 0 || !bytes.Contains(content, word) {
				t.Fatalf("word %q is not in the stream", word)
			}
		})
		under, open := saves(content)
		if under+open > len(content) {
			t.Fatalf("%d and %d states in %d bytes", under, open, len(content))
		}
	})
}

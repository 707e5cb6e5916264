package holdings

import (
	"context"
	"testing"

	"pst/conversation"
)

// What is told before is about what is sent after.
func TestTheSizeToldIsAboutTheSizeSent(t *testing.T) {
	h := mustOpen(t, options())
	a, err := h.Add(context.Background(), file(t, "a.pdf", websitePublication()))
	if err != nil {
		t.Fatal(err)
	}
	p := conversation.Publication{File: a.File, Pages: a.Pages}
	for _, n := range []int{1, 20, 72} {
		o := order(every(n))
		o.File = a.File
		x, err := h.Excerpt(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		told, sent := h.ExcerptBytes(context.Background(), p, o.Pages), int64(len(x.Data))
		if told < sent*2/3-3000 || told > sent*3/2+3000 {
			t.Errorf("%d pages: told %d bytes, sent %d", n, told, sent)
		}
	}
	p.Strict = true
	if told := h.ExcerptBytes(context.Background(), p, every(72)); told < 2_000_000 {
		t.Errorf("72 pictures: told %d bytes", told)
	}
	for name, p := range map[string]conversation.Publication{"no file": {}, "another's": {File: "../x.pdf"}} {
		if told := h.ExcerptBytes(context.Background(), p, every(2)); told != 0 {
			t.Errorf("%s: told %d bytes", name, told)
		}
	}
}

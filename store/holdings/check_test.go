package holdings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// mustRead reads a made file.
func mustRead(tb testing.TB, data []byte) *source {
	tb.Helper()
	s, err := readSource(context.Background(), data)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// The self-check must find each kind of damage by itself, whatever made it.
func TestSelfCheckFindsWhatIsWrong(t *testing.T) {
	ctx := context.Background()
	s := mustRead(t, website())
	o := order(granted)
	good, err := cutVector(newUses(ctx, s), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := check(newUses(ctx, s), good, o); err != nil {
		t.Fatalf("a good excerpt fails: %v", err)
	}
	empty := pdfout.New()
	catalog := empty.Add("<</Type/Catalog>>")
	otherPages, err := cutVector(newUses(ctx, s), order(conversation.PageSet{3, 8}))
	if err != nil {
		t.Fatal(err)
	}
	fewer, err := cutVector(newUses(ctx, s), order(conversation.PageSet{3}))
	if err != nil {
		t.Fatal(err)
	}
	otherMark := order(granted)
	otherMark.Mark.Lines = []string{"somebody else"}
	unmarked, err := cutVector(newUses(ctx, s), otherMark)
	if err != nil {
		t.Fatal(err)
	}
	m := mustRead(t, newMade().file())
	direct, err := cutVector(newUses(ctx, m), o)
	if err != nil {
		t.Fatal(err)
	}
	leaky := append([]byte(nil), good[:bytes.LastIndex(good, []byte("\nxref\n"))+1]...)
	for name, c := range map[string]struct {
		source *source
		data   []byte
	}{
		"no PDF":                 {s, []byte("%PDF-1.7")},
		"cut short":              {s, good[:len(good)/2]},
		"other pages":            {s, otherPages},
		"a page too few":         {s, fewer},
		"another mark":           {s, unmarked},
		"the mark's font":        {m, bytes.Replace(direct, []byte("/Helvetica/"), []byte("/Helvetika/"), 1)},
		"another font":           {m, bytes.Replace(direct, []byte("/BaseFont/Helvetica/Encoding/WinAnsiEncoding/"), []byte("/BaseFont/Helvetika/Encoding/WinAnsiEncoding/"), 1)},
		"an image changed":       {m, bytes.Replace(direct, []byte("/Width 16"), []byte("/Width 17"), 1)},
		"a box changed":          {s, bytes.Replace(good, []byte("[0 0 595 842]"), []byte("[0 0 595 841]"), 1)},
		"a script on a page":     {s, bytes.Replace(good, []byte("/Type/Page/Parent"), []byte("/Type/Page/AA 3 0 R/Parent"), 1)},
		"an object more":         {s, withObject(good, leaky, "<</Type/Secret/Text(P05MARK)>>")},
		"a stream more":          {s, withObject(good, leaky, "<</Length 7>>\nstream\nP05MARK\nendstream")},
		"a page of another kind": {s, withObject(good, leaky, "<</Type/Page/MediaBox[0 0 9 9]>>")},
		"an empty file":          {s, empty.Finish(catalog, "")},
	} {
		t.Run(name, func(t *testing.T) {
			if err := check(newUses(ctx, c.source), c.data, o); !errors.Is(err, errCheck) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// withObject is an excerpt with one object appended that nothing refers to.
func withObject(whole, body []byte, object string) []byte {
	var size int
	i := bytes.LastIndex(whole, []byte("/Size "))
	fmt.Sscan(string(whole[i+6:i+12]), &size)
	tail := string(whole[len(body):])
	tail = strings.Replace(tail, fmt.Sprintf("0 %d\n", size), fmt.Sprintf("0 %d\n", size+1), 1)
	tail = strings.Replace(tail, "trailer", fmt.Sprintf("%010d 00000 n \ntrailer", len(body)), 1)
	tail = strings.Replace(tail, fmt.Sprintf("/Size %d", size), fmt.Sprintf("/Size %d", size+1), 1)
	added := fmt.Sprintf("%d 0 obj\n%s\nendobj\n", size, object)
	at := strings.Index(tail, "startxref\n")
	return []byte(string(body) + added + tail[:at] + fmt.Sprintf("startxref\n%d\n%%%%EOF\n", len(body)+len(added)))
}

// For any set of pages: pages out are the pages asked, in order, once each.
func TestAnySetOfPagesComesOutAsAsked(t *testing.T) {
	sources := map[string]*source{"plain": mustRead(t, newMade().file()), "website": mustRead(t, website())}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var pages []int
		for range 1 + rng.IntN(madePages) {
			pages = append(pages, 1+rng.IntN(madePages))
		}
		set := conversation.NewPageSet(pages...)
		for name, s := range sources {
			data, err := cutChecked(context.Background(), s, order(set))
			if err != nil {
				t.Fatalf("%s %v: %v", name, set, err)
			}
			out := mustRead(t, data)
			if len(out.pages) != len(set) {
				t.Fatalf("%s %v: %d pages", name, set, len(out.pages))
			}
			for i, n := range set {
				u := newUses(context.Background(), out)
				content, err := u.pageContent(out.pages[i])
				if err != nil {
					t.Fatal(err)
				}
				for _, xobject := range out.dict(out.pages[i].resources["XObject"]) {
					inner, err := u.contentOf(out.object(xobject))
					if err != nil {
						t.Fatal(err)
					}
					content = append(content, bytes.Join(inner, nil)...)
				}
				for other := 1; other <= madePages; other++ {
					if bytes.Contains(content, []byte(mark(other))) != (other == n) {
						t.Fatalf("%s %v: page %d shows page %d", name, set, i+1, other)
					}
				}
			}
		}
	}
}

// One publication that many want at once is cut from one decoded copy.
func TestManyExcerptsOfOneFileAtOnce(t *testing.T) {
	h := mustOpen(t, options())
	if err := os.WriteFile(filepath.Join(h.dir, "made.pdf"), rewritten(t, website(), configureObjectStreams), 0o600); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			o := order(conversation.NewPageSet(1+i%madePages, 1+i*5%madePages))
			if x, err := h.Excerpt(context.Background(), o); err != nil || x.Mode != "vector" {
				t.Errorf("%s %s %v", x.Mode, x.Verdict, err)
			}
		})
	}
	wg.Wait()
}

func TestCacheStaysWithinItsBound(t *testing.T) {
	c := cache{limit: 100}
	reads := 0
	get := func(name string, size int) {
		if _, err := c.get(name, func() (*source, error) { reads++; return &source{bytes: size}, nil }); err != nil {
			t.Fatal(err)
		}
	}
	get("a", 40)
	get("b", 40)
	get("a", 40)
	get("c", 40) // b was used longest ago
	get("a", 40)
	get("c", 40)
	get("huge", 500)
	get("a", 40)
	if reads != 5 {
		t.Errorf("%d readings, want 5", reads)
	}
	if _, err := c.get("bad", func() (*source, error) { return nil, ErrDamaged }); !errors.Is(err, ErrDamaged) {
		t.Errorf("error %v", err)
	}
}

package holdings

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/hex"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/klippa-app/go-pdfium/requests"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"pst/conversation"
)

// granted are the pages that the tests cut.
var granted = conversation.PageSet{3, 7}

func order(pages conversation.PageSet) conversation.ExcerptOrder {
	return conversation.ExcerptOrder{
		File: "made.pdf", FileName: "kutipan.pdf", Pages: pages,
		Mark: conversation.Mark{
			Code: "K7F3Q9",
			Lines: []string{"BT-00123 b***@contoh.id", "24 Nov 2026 09.15 WIB K7F3Q9",
				"Kutipan maks. 20% - tidak untuk disebarluaskan"},
			Footer: "K7F3Q9 - BPS Kabupaten Belitung Timur - Kutipan maks. 20%",
			Check:  "https://t.me/contoh_pst_bot?start=cek_K7F3Q9",
		},
	}
}

// options share one compiled reader between all tests.
func options() Options { return Options{Cache: testCache} }

// cutFile cuts from a file made for a test.
func cutFile(tb testing.TB, data []byte, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	tb.Helper()
	o.File = filepath.Join(tb.TempDir(), "made.pdf")
	if err := os.WriteFile(o.File, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return cutPath(options(), o)
}

// cutPath cuts from the file that the order names.
func cutPath(opts Options, o conversation.ExcerptOrder) (conversation.ExcerptFile, error) {
	f, err := OpenFile(context.Background(), opts, o.File)
	if err != nil {
		return conversation.ExcerptFile{}, err
	}
	defer f.Close()
	return f.Excerpt(context.Background(), o)
}

func TestNothingOfOtherPagesIsInsideAnExcerpt(t *testing.T) {
	for _, v := range allVariants(t) {
		t.Run(v.name, func(t *testing.T) {
			data := v.make()
			excerpt, err := cutFile(t, data, order(granted))
			if err != nil {
				t.Fatal(err)
			}
			want := v.mode
			if want == "" {
				want = "vector"
			}
			if want == "vector" && excerpt.Verdict != "ok" {
				t.Errorf("verdict %s", excerpt.Verdict)
			}
			if excerpt.Mode != want || excerpt.Pages != len(granted) || excerpt.SHA256 != sum(excerpt.Data) {
				t.Errorf("mode %s (%s), %d pages, want %s, %d pages", excerpt.Mode, excerpt.Verdict, excerpt.Pages, want,
					len(granted))
			}
			noneOfOthers(t, excerpt.Data)
			showsTheSame(t, data, excerpt, granted, v)
		})
	}
}

// allVariants adds those that are made from others.
func allVariants(tb testing.TB) []variant {
	all := variants()
	website := all[2].make
	return append(all,
		variant{name: "an incremental update over an old revision", make: func() []byte { return updated(newMade().file()) }},
		variant{name: "object streams", make: func() []byte {
			return rewritten(tb, website(), configureObjectStreams)
		}},
		variant{name: "encrypted with an empty user password", make: func() []byte { return encrypted(tb, website(), "") }},
	)
}

func configureObjectStreams(c *model.Configuration) {
	c.WriteObjectStream, c.WriteXRefStream = true, true
}

// updated appends a revision in which page 3 and page 5 say something else; the
// old revision stays inside the file.
func updated(data []byte) []byte {
	old := string(data)
	var b strings.Builder
	b.WriteString(old)
	at := func(n int) (num int, dict string) {
		re := regexp.MustCompile(`(\d+) 0 obj\n(<</Type/Page/Parent[^\n]*/Im` + fmt.Sprint(n) + ` [^\n]*>>)`)
		m := re.FindStringSubmatch(old)
		fmt.Sscan(m[1], &num)
		return num, m[2]
	}
	var table strings.Builder
	next := 900
	for _, n := range []int{3, 5} {
		num, dict := at(n)
		content := fmt.Sprintf("BT /F1 24 Tf 60 700 Td (%s revised) Tj ET q 200 0 0 200 60 400 cm /Im%d Do Q", mark(n), n)
		fmt.Fprintf(&table, "%d 1\n%010d 00000 n \n", num, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", num, regexp.MustCompile(`/Contents \d+ 0 R`).ReplaceAllString(dict,
			fmt.Sprintf("/Contents %d 0 R", next)))
		fmt.Fprintf(&table, "%d 1\n%010d 00000 n \n", next, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", next, len(content), content)
		next++
	}
	prev := regexp.MustCompile(`startxref\n(\d+)`).FindStringSubmatch(old)[1]
	start := b.Len()
	fmt.Fprintf(&b, "xref\n%strailer\n<</Size %d/Root 1 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n", table.String(), next,
		prev, start)
	return []byte(b.String())
}

// rewritten has pdfcpu write a file in another manner.
func rewritten(tb testing.TB, data []byte, how func(*model.Configuration)) []byte {
	tb.Helper()
	c := configuration()
	c.Optimize, c.OptimizeBeforeWriting, c.OptimizeResourceDicts = false, false, false
	how(c)
	ctx, err := api.ReadContext(bytes.NewReader(data), c)
	if err != nil {
		tb.Fatal(err)
	}
	if err := ctx.EnsurePageCount(); err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	if err := api.WriteContext(ctx, &out); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func encrypted(tb testing.TB, data []byte, user string) []byte {
	tb.Helper()
	c := configuration()
	c.UserPW, c.OwnerPW, c.EncryptUsingAES, c.EncryptKeyLength = user, "owner", true, 256
	var out bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(data), &out, c); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

var rawStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)

// noneOfOthers looks through a file for any trace of a page outside: in its
// bytes, and in each stream inflated, referenced or not; as text, as UTF-16
// and as hex digits.
func noneOfOthers(t *testing.T, data []byte) {
	t.Helper()
	parts := [][]byte{data}
	for _, m := range rawStream.FindAllSubmatch(data, -1) {
		parts = append(parts, m[1])
		if r, err := zlib.NewReader(bytes.NewReader(m[1])); err == nil {
			inflated, _ := io.ReadAll(r) // what could be read counts
			parts = append(parts, inflated)
		}
	}
	for n := 1; n <= madePages; n++ {
		if n == granted[0] || n == granted[1] {
			continue
		}
		for _, trace := range []string{mark(n), fmt.Sprintf("P%02dIMG", n)} {
			var wide []byte
			for i := range len(trace) {
				wide = append(wide, 0, trace[i])
			}
			for _, form := range [][]byte{[]byte(trace), wide, []byte(hex.EncodeToString([]byte(trace))),
				[]byte(strings.ToUpper(hex.EncodeToString([]byte(trace))))} {
				for _, p := range parts {
					if bytes.Contains(p, form) {
						t.Errorf("page %d leaks: %s", n, trace)
					}
				}
			}
		}
	}
}

// testReader is pdfium inside the test's own process.
var testReader = sync.OnceValues(func() (*reader, error) { return startReader(context.Background(), testCache) })

func openTest(tb testing.TB, data []byte) document {
	tb.Helper()
	r, err := testReader()
	if err != nil {
		tb.Fatal(err)
	}
	d, err := r.open(data)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// showsTheSame proves that the pages of an excerpt kept all glyphs that show and
// all their pixels, the mark aside: what the mark alone says and paints on an
// empty page of the same shape is taken off.
func showsTheSame(t *testing.T, source []byte, excerpt conversation.ExcerptFile, pages conversation.PageSet,
	v variant) {
	t.Helper()
	for i, n := range pages {
		showsPage(t, source, excerpt, i, n, v)
	}
}

// showsPage checks one page of an excerpt, i from 0, against page n of its source.
func showsPage(t *testing.T, source []byte, excerpt conversation.ExcerptFile, i, n int, v variant) {
	t.Helper()
	from, to := openTest(t, source), openTest(t, excerpt.Data)
	defer from.close()
	defer to.close()
	if to.pages != excerpt.Pages {
		t.Fatalf("%d pages, want %d", to.pages, excerpt.Pages)
	}
	w, h, err := from.size(n)
	if err != nil {
		t.Fatal(err)
	}
	if excerpt.Mode == "vector" {
		_, inside, err := from.texts(n, mustRead(t, source).pages[n-1].crop)
		if err != nil {
			t.Fatal(err)
		}
		got := letters(to.text(i + 1))
		for r, count := range letters(inside) {
			got[r] -= count
		}
		var others []string
		lost, won := 0, 0
		for r, count := range got {
			if count > 0 && !v.more || count < 0 && !v.less {
				others = append(others, fmt.Sprintf("letter %q %+d times", r, count))
				lost, won = lost-min(count, 0), won+max(count, 0)
			}
		}
		if most := len(inside) / 50; len(others) > 0 && !(v.odd && max(lost, won) <= most+4) {
			t.Errorf("page %d: %s", n, strings.Join(others, ", "))
		}
	}
	want, got := pixels(t, from, n, w, h), pixels(t, to, i+1, w, h)
	tolerance := 3
	if excerpt.Mode == "raster" {
		tolerance = 60 // JPEG, drawn twice
	}
	reach := 0
	if v.photos { // cut to the part shown and packed again, or with the mark in blocks of their pixels
		tolerance, reach = 24, 1
	}
	if off := differing(want, got, markAlone(t, w, h, i), tolerance, reach); off > len(want.Pix)/4/500 {
		t.Errorf("page %d: %d of %d pixels differ beside the mark", n, off, len(want.Pix)/4)
	}
}

func letters(text string) map[rune]int {
	m := map[rune]int{}
	for _, r := range text {
		switch {
		case r == 0x02 || r == 0xfffe: // how pdfium gives a hyphen at the end of a line
			m['-']++
		case r > ' ':
			m[r]++
		}
	}
	return m
}

// markAlone is what the mark alone puts on the page at this index of an excerpt.
func markAlone(t *testing.T, w, h float64, index int) *image.RGBA {
	t.Helper()
	m := newMade()
	each(func(n int) { m.content[n], m.extra[n] = "", fmt.Sprintf("/MediaBox[0 0 %g %g]", w, h) })
	s, err := readSource(context.Background(), m.file())
	if err != nil {
		t.Fatal(err)
	}
	var pages conversation.PageSet
	for n := range index + 1 {
		pages = append(pages, n+1)
	}
	data, err := cutChecked(context.Background(), s, order(pages))
	if err != nil {
		t.Fatal(err)
	}
	d := openTest(t, data)
	defer d.close()
	if text := strings.TrimSpace(d.text(index + 1)); text != "" {
		t.Errorf("the mark is text: %q", text)
	}
	return pixels(t, d, index+1, w, h)
}

func pixels(t *testing.T, d document, page int, w, h float64) *image.RGBA {
	t.Helper()
	var out *image.RGBA
	scale := min(1, math.Sqrt(4e6/(w*h)))
	err := d.render(page, max(1, int(w*scale)), max(1, int(h*scale)), requests.RenderImageFormatRGBA,
		func(img image.Image) error {
			from := img.(*image.RGBA)
			out = &image.RGBA{Pix: bytes.Clone(from.Pix), Stride: from.Stride, Rect: from.Rect}
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// differing counts the pixels of a further than tolerance from all that b has
// within reach of them, where the mark left the paper white, some breadth around
// included.
func differing(a, b, mark *image.RGBA, tolerance, reach int) int {
	if a.Rect != b.Rect {
		return len(a.Pix)
	}
	around := func(img *image.RGBA, x, y, reach int) (low, high [3]int) {
		low = [3]int{255, 255, 255}
		for v := max(y-reach, 0); v <= min(y+reach, img.Rect.Dy()-1); v++ {
			for u := max(x-reach, 0); u <= min(x+reach, img.Rect.Dx()-1); u++ {
				for c, p := range img.Pix[img.PixOffset(u, v):][:3] {
					low[c], high[c] = min(low[c], int(p)), max(high[c], int(p))
				}
			}
		}
		return low, high
	}
	count := 0
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			low, high := around(b, x, y, reach)
			off := false
			for c, p := range a.Pix[a.PixOffset(x, y):][:3] {
				off = off || int(p) < low[c]-tolerance || int(p) > high[c]+tolerance
			}
			if !off {
				continue
			}
			if low, _ := around(mark, x, y, 1+4*reach); low[1] == 255 {
				count++
			}
		}
	}
	return count
}

package holdings

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"

	"github.com/klippa-app/go-pdfium/requests"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/rewrite"
)

// verdict is whether a page written anew shows and says what its source does,
// as pdfium sees both. Another reader, which knows nothing of how the page was
// written, has looked at either; the mark is not in it yet.
type verdict struct {
	Digest string `json:"digest,omitempty"` // of what was compared
	Why    string `json:"why,omitempty"`    // it must be a picture; "" when it need not
}

// comparedAtOnce bounds the pages that are in memory for a comparison.
const comparedAtOnce = 24

// compare writes pages of s anew and compares each with its source, doc.
func compare(ctx context.Context, doc document, s *source, pages []int) (map[int]verdict, error) {
	out := map[int]verdict{}
	for len(pages) > 0 {
		some := pages[:min(len(pages), comparedAtOnce)]
		pages = pages[len(some):]
		if err := compareSome(ctx, doc, s, some, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func compareSome(ctx context.Context, doc document, s *source, pages []int, out map[int]verdict) error {
	plain := func(_ int, p *page, w rewrite.Written) laid { return laid{p, w, pdfout.Pack(w.Segments...), nil} }
	for len(pages) > 0 {
		b := newBook()
		r, err := b.rewritePages(ctx, s, pages, nil, nil, plain)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && len(pages) == 1 {
			out[pages[0]] = verdict{Why: err.Error()}
			return nil
		}
		if err != nil { // it is about no page of its own: find it
			half := len(pages) / 2
			if err := compareSome(ctx, doc, s, pages[:half], out); err != nil {
				return err
			}
			return compareSome(ctx, doc, s, pages[half:], out)
		}
		if len(r.failed) == 0 {
			return comparePages(doc, s, b.close("", ""), pages, r, out)
		}
		var left []int
		for _, n := range pages {
			if err := r.failed[n]; err != nil {
				out[n] = verdict{Why: err.Error()}
			} else {
				left = append(left, n)
			}
		}
		pages = left
	}
	return nil
}

func comparePages(doc document, s *source, data []byte, pages []int, r report, out map[int]verdict) error {
	anew, err := doc.r.open(data)
	if err != nil {
		for _, n := range pages {
			out[n] = verdict{Why: "written anew it cannot be read"}
		}
		return nil
	}
	defer anew.close()
	for i, n := range pages {
		v := verdict{Digest: r.digests[n]}
		if anew.pages != len(pages) || n > doc.pages {
			v.Why = "page count differs"
		} else if err := doc.hold(n, func() error {
			return anew.hold(i+1, func() error { return comparePage(doc, anew, n, i+1, &s.pages[n-1], r.written[n]) })
		}); err != nil {
			v.Why = err.Error()
		}
		out[n] = v
	}
	return nil
}

// pictureSample is how many pages of a scan there are for one that is drawn:
// drawing costs a hundred times what cutting does, and pages that show nothing
// but pictures carried over byte for byte differ in little.
const pictureSample = 16

// comparePage says how page "to" of the file written anew differs from page
// "from" of its source.
func comparePage(doc, anew document, from, to int, p *page, w rewrite.Written) error {
	side := coarse
	if w.Copied && to > 1 && from%pictureSample != 0 {
		side = 0
	}
	err := compareText(doc, anew, from, to, p, w)
	if errors.Is(err, errLetters) {
		side = fine // what letters pdfium counts where some lie on one another is chance; the eye decides
	} else if err != nil {
		return err
	}
	width, height, sized := doc.size(from)
	if sized != nil {
		return sized
	}
	if w2, h2, err := anew.size(to); err != nil || max(w2-width, width-w2, h2-height, height-h2) > 1 {
		return fmt.Errorf("size differs: %g by %g, %g by %g", w2, h2, width, height)
	}
	if side == 0 {
		return nil
	}
	want, failed := doc.thumbnail(from, width, height, side)
	if failed != nil {
		return failed
	}
	got, failed := anew.thumbnail(to, width, height, side)
	if failed != nil {
		return failed
	}
	for _, icon := range w.Icons {
		p.blank(want, icon)
		p.blank(got, icon)
	}
	// what is hidden must stay so, whatever pdfium thinks of it
	if differ := samePicture(want, got); differ != nil && !w.Hides {
		return errors.Join(differ, err)
	}
	return nil
}

// blank paints over a part of a page, and around it what an icon takes, in a
// picture of it.
func (p *page) blank(pic *image.Gray, part content.Rect) {
	m, w, h := p.matrix()
	back, _ := content.Matrix(m).Inverse()
	const icon = 24
	part = part.Grow(icon).Transform(back)
	sx, sy := float64(pic.Rect.Dx())/w, float64(pic.Rect.Dy())/h
	area := image.Rect(int(part.X0*sx), int((h-part.Y1)*sy), int(part.X1*sx)+1, int((h-part.Y0)*sy)+1).Intersect(pic.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			pic.Pix[y*pic.Stride+x] = 255
		}
	}
}

// compareText compares letters, since reading order and spaces are pdfium's
// guesses. What its source says outside the page must be missing; what
// annotations show is added.
func compareText(doc, anew document, from, to int, p *page, w rewrite.Written) error {
	all, inside, err := doc.texts(from, p.crop)
	if err != nil {
		return err
	}
	roomy := p.crop
	const letter = 12
	roomy = box{roomy[0] - letter, roomy[1] - letter, roomy[2] + letter, roomy[3] + letter}
	got, there, err := anew.texts(to, roomy)
	if err != nil {
		return err
	}
	letters := count(got)
	total := 0
	for _, n := range letters {
		total += n
	}
	if outside := missing(letters, count(there)); outside > 2 {
		return fmt.Errorf("says %d letters outside the page", outside)
	}
	if w.Respelled {
		return nil
	}
	lost := missing(count(inside), letters)
	more := missing(letters, count(all))
	if w.Hides {
		lost = 0
	}
	if w.Annotated {
		more = 0
	}
	lost = max(lost-w.Clipped, 0)
	switch {
	case lost+more > 20+total/3:
		return fmt.Errorf("text has lost %d letters and won %d", lost, more)
	case lost+more > 0:
		return fmt.Errorf("%w: %d lost, %d won", errLetters, lost, more)
	}
	return nil
}

// errLetters says that a few letters of two texts differ.
var errLetters = errors.New("letters differ")

// count tells how often each letter stands in a text.
func count(text string) map[rune]int {
	m := map[rune]int{}
	for _, r := range text {
		switch {
		case r == 0x02 || r >= 0xfffd && r <= 0xffff || r == '-' || r == 0xad:
			// Hyphens, which pdfium gives in several ways, and signs it does not know.
		case r > ' ':
			m[r]++
		}
	}
	return m
}

// missing counts the letters that a has and b has not.
func missing(a, b map[rune]int) (n int) {
	for r, times := range a {
		n += max(times-b[r], 0)
	}
	return n
}

// Longer sides of the pictures compared, in pixels.
const (
	coarse = 220
	fine   = 1100
)

func (d document) thumbnail(number int, w, h float64, side int) (*image.Gray, error) {
	if !(w >= 1 && h >= 1 && w < 1e6 && h < 1e6) {
		return nil, fmt.Errorf("%w: page without size", ErrDamaged)
	}
	scale := float64(side) / max(w, h)
	var out *image.Gray
	err := d.render(number, max(int(w*scale), 1), max(int(h*scale), 1), requests.RenderImageFormatGrayscale,
		func(img image.Image) error {
			g, ok := img.(*image.Gray)
			if !ok {
				return fmt.Errorf("%w: page was not drawn in grey", ErrDamaged)
			}
			out = image.NewGray(g.Rect)
			for y := range g.Rect.Dy() {
				copy(out.Pix[y*out.Stride:y*out.Stride+g.Rect.Dx()], g.Pix[y*g.Stride:])
			}
			return nil
		})
	return out, err
}

// samePicture compares two pictures. A pixel may have moved by one: where an
// image is cut, or a place rounded, readers set it on another.
func samePicture(a, b *image.Gray) error {
	if a.Rect != b.Rect {
		return fmt.Errorf("size of the picture differs")
	}
	const tile = 8
	w, h := a.Rect.Dx(), a.Rect.Dy()
	tiles := make([]int, (w/tile+1)*(h/tile+1))
	all := 0
	for y := range h {
		for x := range w {
			if off(a, b, x, y) || off(b, a, x, y) {
				all++
				tiles[y/tile*(w/tile+1)+x/tile]++
			}
		}
	}
	if all > w*h/120 {
		return fmt.Errorf("%d of %d pixels differ", all, w*h)
	}
	for _, n := range tiles {
		if n > tile*tile/4 {
			return fmt.Errorf("a part of the picture differs")
		}
	}
	return nil
}

// off tells whether the pixel of a lies outside what b has around its place.
func off(a, b *image.Gray, x, y int) bool {
	lo, hi := 255, 0
	for v := max(y-1, 0); v <= min(y+1, b.Rect.Dy()-1); v++ {
		for u := max(x-1, 0); u <= min(x+1, b.Rect.Dx()-1); u++ {
			p := int(b.Pix[v*b.Stride+u])
			lo, hi = min(lo, p), max(hi, p)
		}
	}
	p := int(a.Pix[y*a.Stride+x])
	const tolerance = 20
	return p < lo-tolerance || p > hi+tolerance
}

// reasons lists why pages became pictures, shortly.
func reasons(bad map[int]string) string {
	byReason := map[string][]string{}
	var order []string
	for _, n := range sortedPages(bad) {
		why := bad[n]
		if byReason[why] == nil {
			order = append(order, why)
		}
		byReason[why] = append(byReason[why], fmt.Sprint(n))
	}
	var parts []string
	for _, why := range order {
		parts = append(parts, "page "+strings.Join(byReason[why], ", ")+" a picture: "+why)
	}
	return strings.Join(parts, "; ")
}

package holdings

import (
	"fmt"
	"math"
	"strings"

	"golang.org/x/text/unicode/norm"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// Bounds of the text of a mark, in characters. Longer lines are cut with an
// ellipsis.
const (
	maxMarkLine  = 64
	maxMarkLines = 8
	maxFooter    = 160
)

// stamp is a mark made ready for drawing: letters of WinAnsi only.
type stamp struct {
	lines  [][]byte
	footer []byte
	code   string
}

// newStamp folds the texts of a mark to the letters that the standard fonts
// have, and shortens them.
func newStamp(m conversation.Mark) stamp {
	st := stamp{code: string(winAnsi(m.Code, 40)), footer: winAnsi(m.Footer, maxFooter)}
	for _, line := range m.Lines[:min(len(m.Lines), maxMarkLines)] {
		if l := winAnsi(line, maxMarkLine); len(l) > 0 {
			st.lines = append(st.lines, l)
		}
	}
	if !strings.Contains(string(st.footer), st.code) {
		st.footer = append([]byte(st.code+"  "), st.footer...)
	}
	if len(st.lines) == 0 {
		st.lines = [][]byte{st.footer}
	}
	return st
}

// winAnsi writes text in WinAnsiEncoding: letters it lacks lose their accents,
// or become "?"; control characters become spaces.
func winAnsi(text string, limit int) []byte {
	var out []byte
	put := func(r rune) bool {
		switch {
		case r >= 0x20 && r <= 0x7e, r >= 0xa0 && r <= 0xff:
			out = append(out, byte(r))
		case strings.ContainsRune("–—", r):
			out = append(out, byte(0x96+r-'–'))
		case strings.ContainsRune("‘’", r):
			out = append(out, '\'')
		case strings.ContainsRune("“”", r):
			out = append(out, '"')
		default:
			return false
		}
		return true
	}
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "?")) {
		if len(out) > limit {
			break
		}
		if r < 0x20 || r == 0x7f {
			out = append(out, ' ')
			continue
		}
		if put(r) {
			continue
		}
		base := []rune(norm.NFKD.String(string(r)))
		if !put(base[0]) && !strings.ContainsRune("\u200b\u200c\u200d\u200e\u200f\ufe0f\ufeff", r) {
			out = append(out, '?')
		}
	}
	if len(out) > limit {
		out = append(out[:limit-1], 0x85) // …
	}
	return []byte(strings.TrimSpace(string(out)))
}

// helvetica holds the widths of the letters 0x20…0x7e of Helvetica, in 1/1000 of
// the font size (Adobe's metrics of the standard fonts).
var helvetica = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// width is the length of a line at size 1.
func width(line []byte) float64 {
	sum := 0
	for _, c := range line {
		if c >= 0x20 && int(c-0x20) < len(helvetica) {
			sum += helvetica[c-0x20]
		} else {
			sum += 600
		}
	}
	return float64(sum) / 1000
}

// Angle of the tiled mark: off the 45 degrees of the site address that the
// publications carry already.
const markAngle = 28 * math.Pi / 180

// tile is where one block of the mark's lines starts, in the displayed page.
type tile struct{ x, y float64 }

// layout is the mark on a page of a displayed size, in points.
type layout struct {
	size   float64 // of the tiled text
	tiles  []tile
	footer float64 // size of the footer's text
	fx     float64 // where the footer starts
	fy     float64
}

// layout places the mark: three columns and more of blocks across the page,
// every second row moved by half a block, and the footer at the very foot.
func (st stamp) layout(w, h float64) layout {
	short := min(w, h)
	longest := 0.0
	for _, l := range st.lines {
		longest = max(longest, width(l))
	}
	size := max(short/42, 1)
	size = min(size, 0.62*short/max(longest, 1))
	blockW := longest*size + 3*size
	blockH := float64(len(st.lines))*size*1.25 + 3*size
	sin, cos := math.Sincos(markAngle)
	stepX, stepY := blockW*0.98, blockH+blockW*0.34
	var tiles []tile
	row := 0
	for y := -blockW * sin; y < h; y += stepY {
		for x := -stepX * float64(row%2) / 2; x < w; x += stepX {
			if x+blockW*cos > 0 && y+blockW*sin+blockH > 0 && len(tiles) < 60 {
				tiles = append(tiles, tile{x + size, y + blockH/2})
			}
		}
		row++
	}
	f := min(max(short/65, 4.5), 14)
	f = min(f, (w-0.03*short)/max(width(st.footer), 1))
	return layout{size: size, tiles: tiles, footer: f, fx: (w - width(st.footer)*f) / 2, fy: f * 0.6}
}

// matrix brings the displayed page, its lower left corner at the origin, into
// the page's own coordinates, and gives the displayed size.
func (p page) matrix() (m [6]float64, w, h float64) {
	b := p.crop
	w, h = b[2]-b[0], b[3]-b[1]
	switch p.rotate {
	case 90:
		return [6]float64{0, 1, -1, 0, b[2], b[1]}, h, w
	case 180:
		return [6]float64{-1, 0, 0, -1, b[2], b[3]}, w, h
	case 270:
		return [6]float64{0, -1, 1, 0, b[0], b[3]}, h, w
	}
	return [6]float64{1, 0, 0, 1, b[0], b[1]}, w, h
}

// draw returns what stands before and behind a page's own content: light
// opaque text under it; the same text as thin outlines over it, for pages that
// are one picture or have a painted ground; and the dark footer. There is no
// graphics state with alpha, no form, no marked content and no stream of its
// own to take away.
func (st stamp) draw(p page, font string) (before, after string) {
	m, w, h := p.matrix()
	l := st.layout(w, h)
	var b strings.Builder
	for _, v := range m {
		b.WriteString(number(v))
		b.WriteByte(' ')
	}
	frame := "q " + b.String() + "cm BT "
	tiles := st.tiles(l, font)
	before = frame + "0 Tr 0.87 g " + tiles + "ET Q\n"
	foot := st.foot(l, font)
	after = frame + fmt.Sprintf("1 Tr %.3f w []0 d 0.8 G ", l.size*0.015) + tiles +
		fmt.Sprintf("ET BT 1 j 1 Tr %.3f w 1 G ", l.footer*0.3) + foot + "0 Tr 0.15 g " + foot + "ET Q\n"
	return before, after
}

// plain sets the text parameters that a page's content may have left otherwise.
const plain = "0 Tc 0 Tw 100 Tz 0 Ts "

func (st stamp) tiles(l layout, font string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "/%s %.3f Tf %.3f TL %s\n", font, l.size, l.size*1.25, plain)
	sin, cos := math.Sincos(markAngle)
	for _, t := range l.tiles {
		fmt.Fprintf(&b, "%.4f %.4f %.4f %.4f %.2f %.2f Tm\n", cos, sin, -sin, cos, t.x, t.y)
		for _, line := range st.lines {
			b.WriteString(pdfout.Literal(line))
			b.WriteString("'\n")
		}
	}
	return b.String()
}

func (st stamp) foot(l layout, font string) string {
	return fmt.Sprintf("/%s %.3f Tf %s1 0 0 1 %.2f %.2f Tm %s Tj\n", font, l.footer, plain, l.fx, l.fy, pdfout.Literal(st.footer))
}

// overlay is a file of two pages of the size given, in points: the tiled text
// in black, and the footer in black. The picture variant blends them in.
func (st stamp) overlay(w, h float64) []byte {
	l := st.layout(w, h)
	out := pdfout.New()
	root, tree := out.Reserve(), out.Reserve()
	font := out.Add(markFont)
	var kids [2]pdfout.Ref
	for i, content := range []string{st.tiles(l, "F"), st.foot(l, "F")} {
		c := out.AddStream("", []byte("BT "+content+"ET"))
		kids[i] = out.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox%s/Resources<</Font<</F %s>>>>/Contents %s>>", tree, box{0, 0, w, h}, font, c))
	}
	out.Put(tree, fmt.Sprintf("<</Type/Pages/Count 2/Kids[%s %s]>>", kids[0], kids[1]))
	out.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	return out.Finish(root, "")
}

// markFont is one of the fonts that every reader has; it needs no file inside.
const markFont = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"

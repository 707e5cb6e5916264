package rewrite

import (
	"bytes"
	"fmt"
	"slices"

	"pst/store/holdings/content"
)

// textOp carries out the operators of text (ISO 32000-1, 9.3 and 9.4).
func (s *stream) textOp(op content.Op, n *[6]float64) error {
	g := &s.g
	switch op.Name {
	case "BT":
		s.text, s.tm, s.line = true, content.Identity, content.Identity
		s.moved, s.lost = true, false
	case "ET":
		s.text = false
	case "Tc":
		g.tc = n[0]
	case "Tw":
		g.tw = n[0]
	case "Tz":
		g.tz = n[0] / 100
	case "TL":
		g.tl = n[0]
	case "Ts":
		g.ts = n[0]
	case "Tr":
		if n[0] != float64(int(n[0])) || n[0] < 0 || n[0] > 7 {
			return notUnderstood("text rendering mode")
		}
		g.tr = int(n[0])
	case "Tf":
		f, err := s.r.font(s.res.find(s.r, "Font", string(op.Args[0].Str)), s.res)
		if err != nil {
			return err
		}
		g.font, g.size = f, n[1]
	case "Td":
		return s.next(n[0], n[1])
	case "TD":
		g.tl = -n[1]
		return s.next(n[0], n[1])
	case "Tm":
		if !s.text {
			return notUnderstood("text position outside text")
		}
		s.line = content.Matrix(*n)
		s.tm, s.moved, s.lost = s.line, true, false
	case "T*":
		return s.next(0, -g.tl)
	case "Tj":
		return s.show(op.Args)
	case "TJ":
		return s.show(op.Args[0].List)
	case "'":
		if err := s.next(0, -g.tl); err != nil {
			return err
		}
		return s.show(op.Args)
	case `"`:
		g.tw, g.tc = op.Args[0].Num, op.Args[1].Num
		if err := s.next(0, -g.tl); err != nil {
			return err
		}
		return s.show(op.Args[2:])
	default:
		return notUnderstood("operator %.20q", op.Name)
	}
	return nil
}

// next goes to another line.
func (s *stream) next(x, y float64) error {
	if !s.text {
		return notUnderstood("text position outside text")
	}
	s.line = content.Matrix{1, 0, 0, 1, x, y}.Mul(s.line)
	s.tm, s.moved = s.line, true
	return nil
}

// run of TJ: a string or a displacement.
type piece struct {
	text  []byte
	shift float64 // in thousandths of the font size, when text is nil
}

// show shows the strings of a TJ, without the glyphs that do not show; these
// leave their breadth.
func (s *stream) show(parts []content.Value) error {
	g := &s.g
	f := g.font
	switch {
	case !s.text:
		return notUnderstood("text outside BT and ET")
	case s.lost:
		return notUnderstood("text position unknown")
	case f == nil:
		return notUnderstood("text without a font")
	case f.err != nil:
		return f.err
	}
	start := s.tm
	out := s.pieces[:0]
	defer func() { s.pieces = out[:0] }()
	area := content.Nothing
	trailing := false // what was last is not written
	shift := func(by float64) {
		if by == 0 {
			return
		}
		if k := len(out) - 1; k >= 0 && out[k].text == nil {
			out[k].shift += by
		} else {
			out = append(out, piece{shift: by})
		}
	}
	seen := 0
	for _, v := range parts {
		switch v.Kind {
		case content.Number:
			s.advance(-v.Num / 1000 * g.size)
			shift(v.Num)
		case content.String:
			fresh := true // each string of the source starts one of ours
			err := f.codes(v.Str, func(b []byte, code int) error {
				if s.r.ops++; s.r.ops > maxOps {
					return notUnderstood("too much text")
				}
				w := f.width(code)
				by := w*g.size + g.tc
				if f.spaces(b) {
					by += g.tw
				}
				box, shows := s.glyph(f, code, w)
				s.advance(by)
				if !shows {
					trailing = true
					s.r.now.Clipped++
					if g.size != 0 {
						shift(-by * 1000 / g.size)
					}
					return nil
				}
				f.used[code] = true
				area = area.Union(box)
				seen++
				trailing = false
				if k := len(out) - 1; k >= 0 && out[k].text != nil && !fresh {
					out[k].text = joined(out[k].text, b)
				} else {
					out = append(out, piece{text: b})
				}
				fresh = false
				return nil
			})
			if err != nil {
				return err
			}
		default:
			return notUnderstood("text that is no string")
		}
	}
	if seen == 0 {
		s.moved = true
		return nil
	}
	if g.tr >= 4 {
		return notUnderstood("text as a clip")
	}
	if err := s.c.showText(s, start, out, area); err != nil {
		return err
	}
	s.moved = trailing
	return nil
}

// joined is a followed by b, which mostly is what stands behind a in one string.
func joined(a, b []byte) []byte {
	if n := len(a); cap(a) >= n+len(b) && &a[:n+1][n] == &b[0] {
		return a[:n+len(b)]
	}
	return slices.Concat(a, b)
}

// advance moves the text position along the line.
func (s *stream) advance(by float64) {
	if s.g.font.vertical {
		s.tm = content.Matrix{1, 0, 0, 1, 0, by}.Mul(s.tm)
		return
	}
	by *= s.g.tz
	s.tm[4] += by * s.tm[0]
	s.tm[5] += by * s.tm[1]
}

// glyph tells where the glyph at the text position falls and whether it shows.
func (s *stream) glyph(f *font, code int, w float64) (content.Rect, bool) {
	g := &s.g
	if s.hidden > 0 || g.size == 0 || g.tz == 0 {
		return content.Rect{}, false
	}
	m := content.Matrix{g.size * g.tz, 0, 0, g.size, 0, g.ts}.Mul(s.tm).Mul(g.ctm)
	if f.type3 != nil {
		return s.glyph3(f, code, m)
	}
	box := content.Rect{X0: min(0, w) - 0.08, Y0: f.descent, X1: max(0, w) + 0.08, Y1: f.ascent}
	if f.vertical {
		box = content.Rect{X0: -0.6, Y0: -1.1, X1: 0.6, Y1: 0.3}
	}
	r := box.Transform(m)
	return r, g.visible(r, s.c.windows)
}

// showText writes one TJ, at the position start unless it follows on what was
// shown last.
func (c *canvas) showText(s *stream, start content.Matrix, out []piece, area content.Rect) error {
	g := &s.g
	c.reach(g)
	c.general(g)
	mode := g.tr
	c.altered = c.altered || mode != 3
	if s.g.font.type3 != nil || mode != 1 && mode != 3 {
		c.color(g, false, area)
	}
	if s.g.font.type3 != nil || mode == 1 || mode == 2 {
		c.color(g, true, area)
		c.pen(g, g.ctm.Scale())
	}
	follows := c.text && c.writer == s && !s.moved
	if !follows && !s.moved && g.font.unsure {
		return notUnderstood("text position unknown")
	}
	if !c.text {
		c.op("BT")
		c.text, c.now.line = true, content.Identity
	}
	c.writer = s
	c.setNumber(&c.now.tc, g.tc, "Tc")
	c.setNumber(&c.now.tw, g.tw, "Tw")
	c.setNumber(&c.now.tz, g.tz*100, "Tz")
	c.setNumber(&c.now.ts, g.ts, "Ts")
	c.setNumber(&c.now.tr, float64(mode), "Tr")
	c.setNumber(&c.now.font, g.size, "Tf", c.use("Font", "F", g.font.ref))
	if !follows {
		if err := c.position(start.Mul(g.ctm)); err != nil {
			return err
		}
	}
	c.spell(s.spanNow())
	if len(out) == 1 && out[0].text != nil {
		writeString(&c.buf, out[0].text)
		c.op("Tj")
		return c.done()
	}
	c.buf.WriteByte('[')
	for _, p := range out {
		if p.text != nil {
			writeString(&c.buf, p.text)
		} else {
			c.buf.Write(appendNumber(c.buf.AvailableBuffer(), p.shift))
		}
	}
	c.op("]TJ")
	return c.done()
}

// spanNow is how the text shown now is to be read.
func (s *stream) spanNow() *span {
	k := len(s.marked)
	if k == 0 || s.marked[k-1].span == nil {
		return nil
	}
	sp := s.marked[k-1].span
	for i := 2; i+1 < len(sp.text); i += 2 {
		s.g.font.spelled[rune(sp.text[i])<<8|rune(sp.text[i+1])] = true
	}
	return sp
}

// position sets the text position.
func (c *canvas) position(to content.Matrix) error {
	if !to.Finite() {
		return notUnderstood("text position out of bounds")
	}
	now := &c.now.line
	for i := range 4 {
		to[i] = rounded(to[i])
	}
	if now[0] == to[0] && now[1] == to[1] && now[2] == to[2] && now[3] == to[3] {
		linear := content.Matrix{to[0], to[1], to[2], to[3], 0, 0}
		if back, ok := linear.Inverse(); ok {
			by := back.Apply(content.Point{X: to[4] - now[4], Y: to[5] - now[5]})
			by = content.Point{X: rounded(by.X), Y: rounded(by.Y)}
			c.numbers("Td", by.X, by.Y)
			moved := linear.Apply(by)
			now[4] += moved.X
			now[5] += moved.Y
			return nil
		}
	}
	to[4], to[5] = rounded(to[4]), rounded(to[5])
	c.numbers("Tm", to[:]...)
	*now = to
	return nil
}

// writeString writes a string of content: as letters where most are, else as
// hex digits.
func writeString(b *bytes.Buffer, s []byte) {
	odd := 0
	for _, c := range s {
		if c < 0x20 || c > 0x7e {
			odd++
		}
	}
	if 3*odd > len(s) {
		const digits = "0123456789abcdef"
		b.WriteByte('<')
		for _, c := range s {
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
		b.WriteByte('>')
		return
	}
	b.WriteByte('(')
	for _, c := range s {
		switch {
		case c == '(' || c == ')' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c > 0x7e:
			fmt.Fprintf(b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(')')
}

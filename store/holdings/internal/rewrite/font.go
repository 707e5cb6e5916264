package rewrite

import (
	"strings"

	corefont "github.com/pdfcpu/pdfcpu/pkg/font"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
)

// font is a font of the source, read as far as it takes to know where its
// glyphs fall. It is written when all pages are, with the glyphs that they show.
type font struct {
	ref      pdfout.Ref
	dict     types.Dict
	below    types.Dict // of a composite font, its one descendant
	err      error      // why its text is not understood
	vertical bool
	// unsure says that widths are guesses: no position may be reckoned with them.
	unsure          bool
	ascent, descent float64 // in ems, generous
	used            map[int]bool
	// spelled are letters that spans of its text are to be read as; readers ask
	// the font for them.
	spelled map[rune]bool

	composite bool
	identity  bool  // codes are CIDs of two bytes
	mixed     bool  // codes of one or two bytes, as in the old East Asian encodings
	cmap      *cmap // from codes to CIDs, when the file holds it

	widths map[int]float64 // by code, of composite fonts by CID; in ems
	usual  float64         // of all others

	type3 *type3
}

// font reads a font. What is wrong with it is told when text is shown in it.
func (r *Rewriter) font(o types.Object, res resources) (*font, error) {
	id := key(o)
	if f := r.fonts[id]; f != nil {
		return f, nil
	}
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	f := &font{
		dict: r.dict(o), used: map[int]bool{}, spelled: map[rune]bool{}, widths: map[int]float64{},
		ascent: 1, descent: -0.35,
	}
	r.fonts[id] = f
	r.fontOrder = append(r.fontOrder, f)
	if f.dict == nil {
		f.err = notUnderstood("font missing")
		return f, nil
	}
	f.ref = r.out.Reserve()
	switch kind := r.name(f.dict["Subtype"]); kind {
	case "Type0":
		f.err = r.readComposite(f)
	case "Type3":
		f.err = r.readType3(f, res)
	case "Type1", "MMType1", "TrueType":
		r.readSimple(f)
	default:
		f.err = notUnderstood("font of type %.20q", kind)
	}
	return f, nil
}

// heights takes over how far glyphs reach up and down, where that is credible.
func (r *Rewriter) heights(f *font, descriptor types.Dict) {
	if b, ok := r.rect(descriptor["FontBBox"]); ok && b.Height() > 1 {
		f.ascent = min(max(b.Y1/1000, 0.7), 1.5)
		f.descent = max(min(b.Y0/1000, -0.2), -0.8)
	}
}

func (r *Rewriter) readSimple(f *font) {
	descriptor := r.dict(f.dict["FontDescriptor"])
	r.heights(f, descriptor)
	widths := r.array(f.dict["Widths"])
	if len(widths) > 0 {
		first := r.int(f.dict["FirstChar"], 0)
		f.usual = r.num(descriptor["MissingWidth"], 0) / 1000
		for i, w := range widths[:min(len(widths), 256)] {
			f.widths[first+i] = r.num(w, 0) / 1000
		}
		return
	}
	// One of the standard fonts, or one that the reader replaces.
	name := r.name(f.dict["BaseFont"])
	f.unsure = !corefont.IsCoreFont(name) || r.dict(f.dict["Encoding"]) != nil
	if !corefont.IsCoreFont(name) {
		name = "Helvetica"
	}
	for c := 0x20; c < 0x100; c++ {
		if w, err := corefont.CharWidth(name, rune(c)); err == nil {
			f.widths[c] = float64(w) / 1000
		}
	}
	f.usual = 0.6
}

func (r *Rewriter) readComposite(f *font) error {
	f.composite = true
	list := r.array(f.dict["DescendantFonts"])
	if len(list) != 1 || r.dict(list[0]) == nil {
		return notUnderstood("composite font without descendants")
	}
	f.below = r.dict(list[0])
	r.heights(f, r.dict(f.below["FontDescriptor"]))
	switch enc := r.get(f.dict["Encoding"]).(type) {
	case types.Name:
		n := string(enc)
		f.vertical = strings.HasSuffix(n, "-V") || n == "V"
		f.identity = n == "Identity-H" || n == "Identity-V"
		if !f.identity {
			f.unsure = true
			f.mixed = !strings.Contains(n, "UCS2") && !strings.Contains(n, "UTF16") && n != "H" && n != "V"
		}
	case types.StreamDict:
		data, err := r.decode(enc)
		if err != nil {
			return err
		}
		if f.cmap, err = readCMap(data); err != nil {
			return err
		}
		if enc.Dict["UseCMap"] != nil {
			return notUnderstood("character map on top of another")
		}
		f.vertical = r.int(enc.Dict["WMode"], 0) == 1
	default:
		return notUnderstood("composite font without an encoding")
	}
	if f.vertical {
		f.usual = -1
		if dw := r.array(f.below["DW2"]); len(dw) == 2 {
			f.usual = r.num(dw[1], -1000) / 1000
		}
		f.unsure = f.unsure || f.below["W2"] != nil
		return nil
	}
	f.usual = r.num(f.below["DW"], 1000) / 1000
	return r.cidWidths(f)
}

// cidWidths reads /W (ISO 32000-1, 9.7.4.3).
func (r *Rewriter) cidWidths(f *font) error {
	w := r.array(f.below["W"])
	for i := 0; i+1 < len(w); {
		first := r.int(w[i], -1)
		if first < 0 || first > 0xffff {
			return notUnderstood("widths of a font")
		}
		if list, ok := r.get(w[i+1]).(types.Array); ok {
			for k, o := range list {
				if first+k > 0xffff {
					break
				}
				f.widths[first+k] = r.num(o, 0) / 1000
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			break
		}
		last, width := min(r.int(w[i+1], -1), 0xffff), r.num(w[i+2], 0)/1000
		for c := first; c <= last; c++ {
			f.widths[c] = width
		}
		i += 3
	}
	return nil
}

// codes calls visit for each character code of a string.
func (f *font) codes(s []byte, visit func(b []byte, code int) error) error {
	for len(s) > 0 {
		n, code := 1, int(s[0])
		switch {
		case f.cmap != nil:
			n, code = f.cmap.next(s)
			if n == 0 {
				return notUnderstood("text outside the codes of its font")
			}
		case f.composite && (!f.mixed || s[0] >= 0x81 && s[0] != 0xff && !(s[0] >= 0xa0 && s[0] <= 0xdf && f.kana())):
			if len(s) < 2 {
				s = append(s[:1:1], 0) // half a character, taken for a whole one by readers
			}
			n, code = 2, int(s[0])<<8|int(s[1])
		}
		if err := visit(s[:n], code); err != nil {
			return err
		}
		s = s[n:]
	}
	return nil
}

// kana tells whether codes from A0 to DF are letters of one byte (Shift-JIS).
func (f *font) kana() bool {
	n, _ := f.dict["Encoding"].(types.Name)
	return strings.Contains(string(n), "RKSJ")
}

// spaces tells whether a code takes word spacing.
func (f *font) spaces(b []byte) bool { return len(b) == 1 && b[0] == ' ' }

// width of a code, in ems.
func (f *font) width(code int) float64 {
	if f.cmap != nil {
		code = f.cmap.cid(code)
	}
	if w, ok := f.widths[code]; ok && !f.vertical {
		return w
	}
	return f.usual
}

// type3 is a font whose glyphs are content streams.
type type3 struct {
	matrix  content.Matrix
	box     content.Rect // of all glyphs; empty when the font does not say
	res     resources
	procs   map[int]types.Object // by code
	names   map[int]string
	shows   map[string]*windows // where each glyph shows, by its name, in glyph space
	written int                 // how many codes were written
}

func (r *Rewriter) readType3(f *font, res resources) error {
	d := f.dict
	t := &type3{matrix: r.matrix(d["FontMatrix"]), res: res.alone(r, d["Resources"]), procs: map[int]types.Object{},
		names: map[int]string{}, shows: map[string]*windows{}}
	if n, ok := r.numbers(d["FontMatrix"]); !ok || len(n) != 6 {
		t.matrix = content.Matrix{0.001, 0, 0, 0.001, 0, 0}
	}
	t.box = content.Nothing
	if b, ok := r.rect(d["FontBBox"]); ok && b.Area() > 0 {
		t.box = b
	}
	procs := r.dict(d["CharProcs"])
	encoding := r.dict(d["Encoding"])
	code := 0
	for _, o := range r.array(encoding["Differences"]) {
		if n, ok := r.number(o); ok {
			code = int(n)
		} else if name := r.name(o); name != "" {
			if p, ok := procs[name]; ok && code >= 0 && code < 256 {
				t.procs[code], t.names[code] = p, name
			}
			code++
		}
	}
	first := r.int(d["FirstChar"], 0)
	for i, w := range r.array(d["Widths"]) {
		if i < 256 {
			f.widths[first+i] = r.num(w, 0) * t.matrix[0]
		}
	}
	if t.matrix[1] != 0 && len(f.widths) > 0 {
		return notUnderstood("slanted glyph space")
	}
	f.type3 = t
	return nil
}

// glyph3 tells where a Type 3 glyph falls and whether it shows, and remembers
// what part of it.
func (s *stream) glyph3(f *font, code int, m content.Matrix) (content.Rect, bool) {
	t := f.type3
	if t.procs[code] == nil {
		// Nothing is drawn, but the code may be in the text.
		r := content.Rect{X1: max(f.width(code), 0), Y1: 0.5}.Transform(m)
		return r, s.g.visible(r, s.c.windows)
	}
	m = t.matrix.Mul(m)
	r := s.g.bounds
	if !t.box.Empty() {
		r = t.box.Transform(m)
	}
	if !s.g.visible(r, s.c.windows) {
		return r, false
	}
	back, ok := m.Inverse()
	if !ok {
		return r, false
	}
	name := t.names[code]
	if t.shows[name] == nil {
		t.shows[name] = &windows{}
	}
	for _, w := range s.c.seen(&s.g) {
		t.shows[name].add(w.Transform(back))
	}
	return r, true
}

package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/lazy"
)

// name writes a name; "" when o is none, or one too long to be a name.
func (r *Rewriter) nameText(o types.Object) string {
	n := r.name(o)
	if n == "" || len(n) > 120 {
		return ""
	}
	return "/" + types.EncodeName(n)
}

func (r *Rewriter) nameEntry(d types.Dict, key string) string {
	if n := r.nameText(d[key]); n != "" {
		return "/" + key + n
	}
	return ""
}

// writeFont writes a font with what the glyphs shown need (ISO 32000-1, 9.6 to
// 9.8).
func (r *Rewriter) writeFont(f *font) error {
	text := "/Type/Font" + r.nameEntry(f.dict, "Subtype") + r.nameEntry(f.dict, "BaseFont")
	tail, err := r.toUnicode(f)
	if err != nil {
		return err
	}
	if f.composite {
		return r.writeComposite(f, text+tail)
	}
	codes := f.sortedCodes()
	encoding, err := r.encoding(f.dict["Encoding"], f.used)
	if err != nil {
		return err
	}
	text += encoding + tail
	if list := r.array(f.dict["Widths"]); len(list) > 0 {
		text += r.widthList(f, list, codes)
	}
	descriptor, err := r.descriptor(f, r.dict(f.dict["FontDescriptor"]))
	if err != nil {
		return err
	}
	r.put(f.ref, "<<"+text+descriptor+">>")
	return nil
}

// widthList writes the widths of the codes shown; 0 for those between.
func (r *Rewriter) widthList(f *font, list types.Array, codes []int) string {
	first, last := codes[0], codes[len(codes)-1]
	start := r.int(f.dict["FirstChar"], 0)
	var b strings.Builder
	for c := first; c <= last; c++ {
		w := 0.0
		if i := c - start; f.used[c] && i >= 0 && i < len(list) {
			w = r.num(list[i], 0)
		} else if f.used[c] {
			w = f.usual * 1000
		}
		b.WriteString(" " + exact(w))
	}
	return fmt.Sprintf("/FirstChar %d/LastChar %d/Widths[%s]", first, last, b.String())
}

var baseEncodings = map[string]bool{"WinAnsiEncoding": true, "MacRomanEncoding": true, "MacExpertEncoding": true,
	"StandardEncoding": true, "PDFDocEncoding": true}

// encoding writes the encoding of a simple font with the codes shown.
func (r *Rewriter) encoding(o types.Object, used map[int]bool) (string, error) {
	switch v := r.get(o).(type) {
	case nil:
		return "", nil
	case types.Name:
		if baseEncodings[string(v)] {
			return "/Encoding/" + string(v), nil
		}
		return "", nil // readers know no others
	case types.Dict:
		text := ""
		if n := r.name(v["BaseEncoding"]); baseEncodings[n] {
			text = "/BaseEncoding/" + n
		}
		return "/Encoding<<" + text + r.differences(v, used, nil) + ">>", nil
	}
	return "", notUnderstood("encoding of a font")
}

// codeNames are the names that the differences of an encoding give to codes.
func (r *Rewriter) codeNames(encoding types.Dict) map[int]string {
	names := map[int]string{}
	code := 0
	for _, o := range r.array(encoding["Differences"]) {
		if n, ok := r.number(o); ok {
			code = int(n)
		} else {
			names[code] = r.name(o)
			code++
		}
	}
	return names
}

// differences writes the names of the codes shown.
func (r *Rewriter) differences(d types.Dict, used map[int]bool, names map[int]string) string {
	if names == nil {
		names = r.codeNames(d)
	}
	var b strings.Builder
	last := -2
	for c := range 256 {
		n := names[c]
		if n == "" || !used[c] || len(n) > 120 {
			continue
		}
		if c != last+1 {
			fmt.Fprintf(&b, " %d", c)
		}
		b.WriteString("/" + types.EncodeName(n))
		last = c
	}
	if b.Len() == 0 {
		return ""
	}
	return "/Differences[" + b.String() + "]"
}

// toUnicode writes what the codes shown stand for.
func (r *Rewriter) toUnicode(f *font) (string, error) {
	sd, ok := r.stream(f.dict["ToUnicode"])
	if !ok {
		return "", nil
	}
	data, err := r.decode(sd)
	if err != nil {
		return "", err
	}
	m, err := readCMap(data)
	if err != nil {
		return "", err
	}
	codes := f.sortedCodes()
	if f.cmap == nil {
		size := 1
		if f.composite {
			size = 2
		}
		for i := range codes {
			codes[i] |= size << 40
		}
	}
	for letter := range f.spelled {
		if c, ok := m.codeOf(letter); ok {
			size := 1
			if f.composite {
				size = 2
			}
			codes = append(codes, c|size<<40)
		}
	}
	slices.Sort(codes)
	return "/ToUnicode " + r.flate("", m.toUnicode(slices.Compact(codes))).String(), nil
}

var plainWord = lazy.Regexp(`^[A-Za-z0-9-]{1,40}$`)

func (r *Rewriter) writeComposite(f *font, text string) error {
	switch enc := r.get(f.dict["Encoding"]).(type) {
	case types.Name:
		if !plainWord().MatchString(string(enc)) {
			return notUnderstood("encoding of a font")
		}
		text += "/Encoding/" + string(enc)
	case types.StreamDict:
		text += "/Encoding " + r.flate(fmt.Sprintf("/Type/CMap/CMapName/M"+
			"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/WMode %d",
			map[bool]int{true: 1}[f.vertical]), f.cmap.toCIDs(f.sortedCodes())).String()
	}
	d := f.below
	below := "/Type/Font" + r.nameEntry(d, "Subtype") + r.nameEntry(d, "BaseFont") + r.systemInfo(d) +
		r.keep(d, "DW", "DW2", "W2")
	cids := f.cids()
	if cids == nil {
		below += r.keep(d, "W")
	} else if !f.vertical || d["W"] != nil {
		below += r.cidWidthList(f, cids)
	}
	switch v := r.get(d["CIDToGIDMap"]).(type) {
	case types.Name:
		below += "/CIDToGIDMap/Identity"
	case types.StreamDict:
		data, err := r.decode(v)
		if err != nil {
			return err
		}
		below += "/CIDToGIDMap " + r.flate("", glyphMap(data, cids)).String()
	}
	descriptor, err := r.descriptor(f, r.dict(d["FontDescriptor"]))
	if err != nil {
		return err
	}
	r.put(f.ref, "<<"+text+"/DescendantFonts["+r.object("<<"+below+descriptor+">>").String()+"]>>")
	return nil
}

func (r *Rewriter) systemInfo(d types.Dict) string {
	info := r.dict(d["CIDSystemInfo"])
	word := func(key, or string) string {
		if b, ok := r.bytes(info[key]); ok && plainWord().Match(b) {
			return string(b)
		}
		return or
	}
	return fmt.Sprintf("/CIDSystemInfo<</Registry(%s)/Ordering(%s)/Supplement %d>>", word("Registry", "Adobe"),
		word("Ordering", "Identity"),
		r.int(info["Supplement"], 0))
}

// cids are the CIDs of the codes shown; nil when nobody here knows them.
func (f *font) cids() map[int]bool {
	out := map[int]bool{}
	for c := range f.used {
		switch {
		case f.cmap != nil:
			out[f.cmap.cid(c)] = true
		case f.identity:
			out[c] = true
		default:
			return nil
		}
	}
	return out
}

// cidWidthList writes the widths of CIDs shown where they are not the usual.
func (r *Rewriter) cidWidthList(f *font, cids map[int]bool) string {
	var b strings.Builder
	open := false
	for c := range 0x10000 {
		w, ok := f.widths[c]
		if !cids[c] || !ok || f.vertical {
			if open {
				b.WriteByte(']')
			}
			open = false
			continue
		}
		if !open {
			fmt.Fprintf(&b, " %d[", c)
		}
		open = true
		b.WriteString(" " + exact(w*1000))
	}
	if open {
		b.WriteByte(']')
	}
	return "/W[" + b.String() + "]"
}

// glyphMap keeps the glyphs of these CIDs; of all when cids is nil.
func glyphMap(data []byte, cids map[int]bool) []byte {
	if cids == nil {
		return data[:len(data)&^1]
	}
	last := 0
	for c := range cids {
		last = max(last, c)
	}
	out := make([]byte, min(2*last+2, len(data)&^1))
	for c := range cids {
		if 2*c+1 < len(out) {
			copy(out[2*c:2*c+2], data[2*c:2*c+2])
		}
	}
	return out
}

// descriptor writes a font descriptor and the font's program.
func (r *Rewriter) descriptor(f *font, d types.Dict) (string, error) {
	if d == nil {
		return "", nil
	}
	text := "/Type/FontDescriptor" + r.nameEntry(d, "FontName") + r.keep(d, "Flags", "FontBBox", "ItalicAngle", "Ascent",
		"Descent", "Leading",
		"CapHeight", "XHeight", "StemV", "StemH", "AvgWidth", "MaxWidth", "MissingWidth", "FontWeight")
	if n := r.name(d["FontStretch"]); plainWord().MatchString(n) {
		text += "/FontStretch/" + n
	}
	for _, k := range []string{"FontFile", "FontFile2", "FontFile3"} {
		sd, ok := r.stream(d[k])
		if !ok {
			continue
		}
		ref, err := r.program(f, k, sd)
		if err != nil {
			return "", err
		}
		text += "/" + k + " " + ref.String()
		break
	}
	return "/FontDescriptor " + r.object("<<"+text+">>").String(), nil
}

// writeType3 writes a font of content streams: the glyphs shown, and of each
// what shows.
func (r *Rewriter) writeType3(f *font) error {
	t := f.type3
	t.written = len(f.used)
	codes := f.sortedCodes()
	res := r.newCanvas()
	names := map[int]string{}
	procs := ""
	done := map[string]bool{}
	for _, c := range codes {
		o := t.procs[c]
		sd, ok := r.stream(o)
		if !ok {
			continue
		}
		names[c] = t.names[c]
		if done[names[c]] {
			continue
		}
		done[names[c]] = true
		data, err := r.decode(sd)
		if err != nil {
			return err
		}
		body, err := r.glyph(f, c, data, res)
		if err != nil {
			return err
		}
		procs += "/" + types.EncodeName(names[c]) + " " + r.flate("", body).String()
	}
	tail, err := r.toUnicode(f)
	if err != nil {
		return err
	}
	box := content.Rect{}
	if !t.box.Empty() {
		box = t.box
	}
	m := t.matrix
	text := fmt.Sprintf("/Type/Font/Subtype/Type3/FontBBox[%s]/FontMatrix[%s]",
		numberList([]float64{box.X0, box.Y0, box.X1, box.Y1}), numberList(m[:])) +
		fmt.Sprintf("/Encoding<<%s>>/CharProcs<<%s>>/Resources<<%s>>",
			r.differences(nil, f.used, names), procs, res.resources())
	text += r.widthList(f, r.array(f.dict["Widths"]), codes) + tail
	r.put(f.ref, "<<"+text+">>")
	return nil
}

// glyph writes one glyph's content; all glyphs of a font share its resources.
func (r *Rewriter) glyph(f *font, code int, data []byte, res *canvas) ([]byte, error) {
	t := f.type3
	c := r.newCanvas()
	c.res, c.names = res.res, res.names
	c.windows = []content.Rect{}
	if w := t.shows[t.names[code]]; w != nil {
		c.windows = w.list
	}
	c.now.ext = extDefaults
	s := &stream{r: r, c: c, res: t.res, base: content.Identity, g: newState(content.Identity, c.around()), depth: 2}
	head, rest, err := glyphHead(data)
	if err != nil {
		return nil, err
	}
	c.noColor = strings.HasSuffix(head, "d1")
	c.op(head)
	if err := s.run(rest); err != nil {
		return nil, err
	}
	c.close()
	return c.buf.Bytes(), nil
}

// glyphHead reads d0 or d1, with which a glyph must begin.
func glyphHead(data []byte) (head string, rest []byte, err error) {
	sc := content.NewScanner(data)
	op, ok, err := sc.Next()
	if err != nil || !ok || op.Name != "d0" && op.Name != "d1" || op.Known() != nil {
		return "", nil, notUnderstood("glyph without a width")
	}
	n := op.Numbers()
	return numberList(n[:len(op.Args)]) + " " + op.Name, data[sc.Offset():], nil
}

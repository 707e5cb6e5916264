package subset

import "bytes"

// trueType cuts a font of quadratic outlines (OpenType, glyf and loca).
func trueType(data []byte, s Shown) ([]byte, bool) {
	f, ok := readSFNT(data)
	if !ok {
		return nil, false
	}
	head, maxp, glyf, loca := f.tables["head"], f.tables["maxp"], f.tables["glyf"], f.tables["loca"]
	if len(head) < 54 || len(maxp) < 6 || glyf == nil || loca == nil || f.tables["CFF "] != nil {
		return nil, false
	}
	g := outlines{glyf: glyf, loca: loca, long: be.Uint16(head[50:]) != 0, count: int(be.Uint16(maxp[4:]))}
	wanted := make(keep, g.count)
	if !wanted.add(0) {
		return nil, false
	}
	out := sfnt{f.version, map[string][]byte{}}
	for _, tag := range []string{"head", "hhea", "maxp", "cvt ", "fpgm", "prep", "OS/2"} {
		if t := f.tables[tag]; t != nil {
			out.tables[tag] = t
		}
	}
	if s.Composite {
		for _, cid := range s.Codes {
			if gid, ok := s.mapped(cid); ok {
				wanted.add(gid) // others show nothing
			}
		}
	} else if !f.simple(s, wanted, out) {
		return nil, false
	}
	if !g.follow(wanted) {
		return nil, false
	}
	if out.tables["glyf"], out.tables["loca"], ok = g.cut(wanted); !ok {
		return nil, false
	}
	if hmtx := f.metrics(wanted); hmtx != nil {
		out.tables["hmtx"] = hmtx
	}
	return out.bytes(), true
}

// simple finds the glyphs of a simple font's codes, and adds to out the tables
// by which readers will find them too.
func (f sfnt) simple(s Shown, wanted keep, out sfnt) bool {
	maps, ok := readCmap(f.tables["cmap"])
	if !ok {
		return false
	}
	t := tables()
	names := postNames(f.tables["post"], len(wanted))
	byName := len(maps) == 0
	for _, code := range s.Codes {
		found := false
		try := func(gid int) {
			if gid != 0 {
				found = wanted.add(gid) || found
			}
		}
		candidates := t.encoded[code&0xff]
		if name := s.Names[code]; name != "" {
			if candidates = []string{name}; t.runesOf(name) == nil && name != ".notdef" {
				if _, ok := names[name]; !ok {
					return false // a name that only the whole font may explain
				}
				byName = true
			}
		}
		for _, m := range maps {
			for _, base := range []int{0, 0xf000, 0xf100, 0xf200} {
				try(m.find(base + code))
			}
			for _, name := range candidates {
				for _, r := range t.runesOf(name) {
					try(m.find(int(r)))
					if c, ok := t.macCode[r]; ok && m.platform == 1 {
						try(m.find(c))
					}
				}
			}
			if r := s.Texts[code]; r != 0 {
				try(m.find(int(r)))
			}
		}
		if !found || byName {
			for _, name := range candidates {
				try(names[name])
			}
			byName = true
			wanted.add(code) // what some readers do who know nothing else
		}
	}
	if s.Expert {
		return false
	}
	if maps != nil {
		out.tables["cmap"] = writeCmap(maps)
	}
	if post := f.tables["post"]; len(post) >= 32 {
		if byName && len(names) > 0 {
			out.tables["post"] = post
		} else {
			without := bytes.Clone(post[:32])
			be.PutUint32(without, 0x00030000)
			out.tables["post"] = without
		}
	}
	return true
}

// outlines are the glyphs of a TrueType font.
type outlines struct {
	glyf, loca []byte
	long       bool
	count      int
}

// glyph is the description of a glyph; none when there is none, or it lies
// outside.
func (g outlines) glyph(gid int) []byte {
	var from, to uint64
	switch {
	case g.long && 4*gid+8 <= len(g.loca):
		from, to = uint64(be.Uint32(g.loca[4*gid:])), uint64(be.Uint32(g.loca[4*gid+4:]))
	case !g.long && 2*gid+4 <= len(g.loca):
		from, to = 2*uint64(be.Uint16(g.loca[2*gid:])), 2*uint64(be.Uint16(g.loca[2*gid+2:]))
	}
	if to = min(to, uint64(len(g.glyf))); from >= to {
		return nil
	}
	return g.glyf[from:to]
}

// Flags of the parts of a composite glyph (OpenType, glyf).
const (
	partWords    = 1 << 0
	partScale    = 1 << 3
	partMore     = 1 << 5
	partXYScale  = 1 << 6
	partTwoByTwo = 1 << 7
)

// follow adds the glyphs that wanted ones are made of.
func (g outlines) follow(wanted keep) bool {
	var open []int
	for gid, is := range wanted {
		if is {
			open = append(open, gid)
		}
	}
	for len(open) > 0 {
		gid := open[len(open)-1]
		open = open[:len(open)-1]
		d := g.glyph(gid)
		if len(d) < 10 || int16(be.Uint16(d)) >= 0 {
			continue
		}
		for d = d[10:]; ; {
			if len(d) < 4 {
				return false
			}
			flags, part := be.Uint16(d), int(be.Uint16(d[2:]))
			if part < len(wanted) && !wanted[part] {
				wanted[part] = true
				open = append(open, part)
			}
			size := 6
			if flags&partWords != 0 {
				size = 8
			}
			switch {
			case flags&partScale != 0:
				size += 2
			case flags&partXYScale != 0:
				size += 4
			case flags&partTwoByTwo != 0:
				size += 8
			}
			if flags&partMore == 0 {
				break
			}
			if len(d) < size {
				return false
			}
			d = d[size:]
		}
	}
	return true
}

// cut writes the outlines wanted; ok is false when they overlap in the source
// and come out larger than it.
func (g outlines) cut(wanted keep) (glyf, loca []byte, ok bool) {
	at := func() {
		if g.long {
			loca = be.AppendUint32(loca, uint32(len(glyf)))
		} else {
			loca = be.AppendUint16(loca, uint16(len(glyf)/2))
		}
	}
	for gid, is := range wanted {
		at()
		if is {
			glyf = append(glyf, g.glyph(gid)...)
			if len(glyf)%2 == 1 {
				glyf = append(glyf, 0)
			}
			if len(glyf) > len(g.glyf)+g.count {
				return nil, nil, false
			}
		}
	}
	at()
	if len(glyf) == 0 {
		glyf = []byte{0, 0} // some readers take an empty table for damage
	}
	return glyf, loca, g.long || len(glyf) <= 2*0xffff
}

// metrics are the widths, those of glyphs left out as 0.
func (f sfnt) metrics(wanted keep) []byte {
	hmtx, hhea := f.tables["hmtx"], f.tables["hhea"]
	if len(hhea) < 36 {
		return hmtx
	}
	full := int(be.Uint16(hhea[34:]))
	out := bytes.Clone(hmtx)
	for gid, is := range wanted {
		if is || gid == full-1 {
			continue
		}
		if gid < full {
			if 4*gid+4 <= len(out) {
				clear(out[4*gid : 4*gid+4])
			}
		} else if at := 4*full + 2*(gid-full); at+2 <= len(out) {
			clear(out[at : at+2])
		}
	}
	return out
}

package pdfsrc

import (
	"bytes"
	"errors"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// startXRef is where the file says that its cross-references begin.
func (f *File) startXRef() (int64, error) {
	const tail = 4096
	b, err := f.blocks.read(max(f.blocks.size-tail, 0), tail)
	if err != nil {
		return 0, err
	}
	key := []byte("startxref")
	i := bytes.LastIndex(b, key)
	if i < 0 {
		return 0, damaged("no startxref")
	}
	p := parser{b: b, at: i + len(key), last: true}
	n, ok, err := p.integer()
	if err != nil || !ok {
		return 0, damaged("startxref without a number")
	}
	return n, nil
}

// readSections reads the newest section and those it goes back to. What stands
// in a newer one counts; the stream of a hybrid file counts before older
// sections, and after the table that names it (ISO 32000-1, 7.5.8.4).
func (f *File) readSections(start int64) error {
	seen := map[int64]bool{}
	for at := start; ; {
		if seen[at] {
			return damaged("cross-references lead in a circle")
		}
		if seen[at] = true; len(seen) > maxUpdates {
			return damaged("more than %d updates", maxUpdates)
		}
		trailer, err := f.section(at)
		if err != nil {
			return err
		}
		if f.trailer == nil {
			f.trailer = trailer
		}
		if x, ok := trailer["XRefStm"].(types.Integer); ok {
			if seen[int64(x)] {
				return damaged("cross-references lead in a circle")
			}
			seen[int64(x)] = true
			if _, err := f.section(int64(x)); err != nil {
				return err
			}
		}
		switch prev := trailer["Prev"].(type) {
		case nil:
			return nil
		case types.Integer:
			at = int64(prev)
		case types.Float: // of some writers, with a decimal point
			at = int64(prev)
		default:
			return damaged("previous cross-references are no offset")
		}
		if at == 0 {
			return nil // as some writers say that there are none
		}
	}
}

// section reads one table or stream, and gives its trailer.
func (f *File) section(at int64) (types.Dict, error) {
	at += f.base
	b, err := f.blocks.read(at, 64)
	if err != nil {
		return nil, err
	}
	p := parser{b: b, last: true}
	if is, _ := p.word3("xref"); is {
		return f.table(at + int64(p.at))
	}
	return f.xrefStream(at)
}

// note keeps an entry of which no newer section spoke.
func (f *File) note(num int64, e entry) error {
	if f.noted++; num < 0 || num >= MaxObjects || f.noted > maxNoted {
		return ErrTooLarge
	}
	if more := int(num) + 1 - len(f.entries); more > 0 {
		f.entries = slices.Grow(f.entries, more)[:num+1]
	}
	if f.entries[num].kind == missing {
		f.entries[num] = e
	}
	return nil
}

// table reads the subsections of a table and its trailer.
func (f *File) table(at int64) (types.Dict, error) {
	t := tokens{f: f, at: at}
	for {
		if err := t.fill(256); err != nil {
			return nil, err
		}
		if is, err := t.word3("trailer"); err != nil {
			return nil, err
		} else if is {
			return t.trailer()
		}
		first, ok, err := t.integer()
		count, ok2, err2 := t.integer()
		if err != nil || err2 != nil || !ok || !ok2 {
			return nil, damaged("table of cross-references")
		}
		if first+count > MaxObjects {
			return nil, ErrTooLarge
		}
		for i := range count {
			if err := t.fill(64); err != nil {
				return nil, err
			}
			offset, ok, err := t.integer()
			generation, ok2, err2 := t.integer()
			if err != nil || err2 != nil || !ok || !ok2 {
				return nil, damaged("table of cross-references")
			}
			e := entry{kind: free}
			if inUse, _ := t.keyword("n"); inUse {
				if e = (entry{kind: plain, at: offset + f.base}); offset == 0 {
					e.kind = free // as some writers mark what is gone
				}
			} else if isFree, _ := t.keyword("f"); !isFree {
				return nil, damaged("table of cross-references")
			}
			if i == 0 && first == 1 && e.kind == free && generation == 65535 {
				first = 0 // a well-known fault: the head of the free list is number 0
			}
			if err := f.note(first+i, e); err != nil {
				return nil, err
			}
		}
	}
}

// tokens parses on through a file, window by window.
type tokens struct {
	parser
	f  *File
	at int64 // of the window's end
}

// fill sees to it that there are n bytes to parse, unless the file ends.
func (t *tokens) fill(n int) error {
	if len(t.b)-t.parser.at >= n || t.last {
		return nil
	}
	rest := t.b[t.parser.at:]
	more, err := t.f.blocks.read(t.at, max(n, blockBytes))
	if err != nil {
		return err
	}
	t.b, t.parser.at = append(append(make([]byte, 0, len(rest)+len(more)), rest...), more...), 0
	t.at += int64(len(more))
	t.last = t.at >= t.f.blocks.size
	return nil
}

// trailer reads the dictionary behind the table.
func (t *tokens) trailer() (types.Dict, error) {
	for n := 1 << 10; ; n *= 4 {
		if err := t.fill(n); err != nil {
			return nil, err
		}
		back := t.parser.at
		o, err := t.object(0)
		if errors.Is(err, errShort) && !t.last && n < maxObject {
			t.parser.at = back
			continue
		}
		d, ok := o.(types.Dict)
		if err != nil || !ok {
			return nil, damaged("trailer")
		}
		return d, nil
	}
}

// xrefStream reads a cross-reference stream (ISO 32000-1, 7.5.8).
func (f *File) xrefStream(at int64) (types.Dict, error) {
	d, _, end, err := f.indirect(at)
	if err != nil {
		return nil, err
	}
	dict, ok := d.(types.Dict)
	if !ok || dict["Type"] != types.Name("XRef") {
		return nil, damaged("no cross-references where they should begin")
	}
	start, isStream, err := f.streamStart(end)
	if err != nil {
		return nil, err
	}
	if !isStream {
		return nil, damaged("cross-reference stream without data")
	}
	// Nothing can be asked for yet: what it says of itself are direct objects.
	s, err := f.stream(dict, start, way{followed: maxFollow})
	if err != nil {
		return nil, err
	}
	data, err := decode(s)
	if err != nil {
		return nil, err
	}
	var w [3]int
	widths, _ := dict["W"].(types.Array)
	if len(widths) < 3 {
		return nil, damaged("cross-reference stream without widths")
	}
	for i := range w {
		n, ok := widths[i].(types.Integer)
		if !ok || n < 0 || n > 8 {
			return nil, damaged("widths of a cross-reference stream")
		}
		w[i] = int(n)
	}
	row := w[0] + w[1] + w[2]
	if row == 0 {
		return nil, damaged("widths of a cross-reference stream")
	}
	index, _ := dict["Index"].(types.Array)
	if index == nil {
		index = types.Array{types.Integer(0), dict["Size"]}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, ok := index[i].(types.Integer)
		count, ok2 := index[i+1].(types.Integer)
		if !ok || !ok2 || first < 0 || count < 0 || int(first) > MaxObjects || int(count) > MaxObjects {
			return nil, damaged("index of a cross-reference stream")
		}
		for k := 0; k < int(count) && len(data) >= row; k++ {
			if err := f.note(int64(first)+int64(k), f.streamEntry(data[:row], w)); err != nil {
				return nil, err
			}
			data = data[row:]
		}
	}
	return dict, nil
}

func (f *File) streamEntry(row []byte, w [3]int) entry {
	field := func(n int, or int64) int64 {
		if n == 0 {
			return or
		}
		v := int64(0)
		for _, c := range row[:n] {
			v = v<<8 | int64(c)
		}
		row = row[n:]
		return v
	}
	kind, second, third := field(w[0], 1), field(w[1], 0), field(w[2], 0)
	switch {
	case kind == 1 && second > 0:
		return entry{kind: plain, at: second + f.base}
	case kind == 2 && second > 0 && second < MaxObjects && third >= 0 && third < MaxObjects:
		return entry{kind: compressed, at: second, index: int(third)}
	}
	return entry{kind: free} // also of types yet unknown, which are as null
}

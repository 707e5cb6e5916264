package pdfsrc

import (
	"bytes"
	"errors"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// streamStart tells whether a stream's data follow behind a dictionary that ends
// at an offset, and where they begin.
func (f *File) streamStart(end int64) (start int64, is bool, err error) {
	b, err := f.blocks.read(end, 512)
	if err != nil {
		return 0, false, err
	}
	p := parser{b: b, last: true}
	if is, err = p.word3("stream"); err != nil || !is {
		return 0, false, err
	}
	rest := b[p.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		p.at += 2
	case bytes.HasPrefix(rest, []byte("\n")), bytes.HasPrefix(rest, []byte("\r")):
		p.at++
	}
	return end + int64(p.at), true, nil
}

// stream reads the data of a stream.
func (f *File) stream(d types.Dict, start int64, w way) (types.StreamDict, error) {
	w.inStream = true
	length, err := f.length(d, start, w)
	if err != nil {
		return types.StreamDict{}, err
	}
	pipeline, err := f.pipeline(d, w)
	if err != nil {
		return types.StreamDict{}, err
	}
	raw := make([]byte, length)
	if err := readFull(f.blocks.r, raw, start); err != nil {
		return types.StreamDict{}, err
	}
	n := int64(length)
	s := types.NewStreamDict(d, start, &n, nil, pipeline)
	s.Raw = raw
	return s, nil
}

// direct is an entry with references followed.
func (f *File) direct(o types.Object, w way) (types.Object, error) {
	ref, ok := o.(types.IndirectRef)
	if !ok {
		return o, nil
	}
	if w.followed++; w.followed > maxFollow {
		return nil, damaged("references lead in a circle")
	}
	return f.object(ref.ObjectNumber.Value(), w)
}

var endStream = []byte("endstream")

// length is how many bytes a stream has: what its dictionary says when
// "endstream" follows there, else up to the next "endstream".
func (f *File) length(d types.Dict, start int64, w way) (int, error) {
	o, err := f.direct(d["Length"], w)
	if err != nil && !errors.Is(err, ErrDamaged) {
		return 0, err
	}
	if n, ok := o.(types.Integer); ok && n >= 0 && int64(n) <= f.blocks.size-start {
		b, err := f.blocks.read(start+int64(n), 64)
		if err != nil {
			return 0, err
		}
		p := parser{b: b, last: true}
		if is, _ := p.word3("endstream"); is {
			return int(n), bounded(int64(n))
		}
		if is, _ := p.word3("endobj"); is {
			return int(n), bounded(int64(n))
		}
	}
	const window = 256 << 10
	for at := start; at < f.blocks.size; at += window - int64(len(endStream)) {
		if err := bounded(at - start); err != nil {
			return 0, err
		}
		b, err := f.blocks.read(at, window)
		if err != nil {
			return 0, err
		}
		i := bytes.Index(b, endStream)
		if i < 0 {
			continue
		}
		n := at - start + int64(i)
		before, err := f.blocks.read(start+max(n-2, 0), int(min(n, 2)))
		if err != nil {
			return 0, err
		}
		if bytes.HasSuffix(before, []byte("\r\n")) {
			n -= 2
		} else if k := len(before); k > 0 && (before[k-1] == '\n' || before[k-1] == '\r') {
			n--
		}
		return int(n), bounded(n)
	}
	return 0, damaged("stream has no end")
}

func bounded(n int64) error {
	if n > MaxStream {
		return ErrTooLarge
	}
	return nil
}

// shortNames are those of inline images, which some writers use elsewhere too.
var shortNames = map[string]string{
	"A85": filter.ASCII85, "AHx": filter.ASCIIHex, "CCF": filter.CCITTFax, "DCT": filter.DCT, "Fl": filter.Flate,
	"LZW": filter.LZW, "RL": filter.RunLength,
}

// maxFilters bounds the filters of one stream.
const maxFilters = 10

// pipeline reads a stream's filters and their parameters.
func (f *File) pipeline(d types.Dict, w way) ([]types.PDFFilter, error) {
	names, err := f.listOf(d["Filter"], w)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	if len(names) > maxFilters {
		return nil, damaged("stream with %d filters", len(names))
	}
	parms, err := f.listOf(d["DecodeParms"], w)
	if err != nil {
		return nil, err
	}
	out := make([]types.PDFFilter, len(names))
	for i, o := range names {
		name, ok := o.(types.Name)
		if !ok {
			return nil, damaged("filter of a stream is no name")
		}
		out[i].Name = string(name)
		if long := shortNames[out[i].Name]; long != "" {
			out[i].Name = long
		}
		if i >= len(parms) {
			continue
		}
		if p, ok := parms[i].(types.Dict); ok && len(p) > 0 {
			if out[i].DecodeParms, err = f.parms(p, w); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// parms follows references to numbers; others, to data of JBIG2 for one, stay.
func (f *File) parms(p types.Dict, w way) (types.Dict, error) {
	out := types.Dict{}
	for key, o := range p {
		out[key] = o
		if key == "JBIG2Globals" {
			continue
		}
		var err error
		if out[key], err = f.direct(o, w); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// listOf is an entry that may be one thing or an array of several.
func (f *File) listOf(o types.Object, w way) (types.Array, error) {
	o, err := f.direct(o, w)
	if err != nil || o == nil {
		return nil, err
	}
	list, ok := o.(types.Array)
	if !ok {
		return types.Array{o}, nil
	}
	out := make(types.Array, 0, min(len(list), maxFilters+1))
	for _, e := range list[:min(len(list), maxFilters+1)] {
		if e, err = f.direct(e, w); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// decode undoes a stream's filters.
func decode(s types.StreamDict) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = damaged("stream: filter panicked: %v", r)
		}
	}()
	if len(s.FilterPipeline) == 0 {
		return s.Raw, nil
	}
	if err := s.DecodeWithLimit(MaxStream); err != nil {
		if errors.Is(err, filter.ErrDecodeLimitExceeded) {
			return nil, ErrTooLarge
		}
		return nil, damaged("stream: %v", err)
	}
	return s.Content, nil
}

// packed is an object stream (ISO 32000-1, 7.5.7).
type packed struct {
	data []byte
	nums []int // of the objects, in order
	at   []int // where they begin in data
}

func (f *File) packedObject(num int, e entry, w way) (types.Object, int, error) {
	if w.inPacked {
		return nil, 0, damaged("object streams lie in one another")
	}
	p, err := f.pack(int(e.at))
	if err != nil {
		return nil, 0, err
	}
	i := e.index
	if i >= len(p.nums) || p.nums[i] != num {
		return nil, 0, damaged("cross-reference leads to another object in object stream %d", e.at)
	}
	in := parser{b: p.data, at: p.at[i], last: true}
	o, err := in.object(0)
	if errors.Is(err, errShort) {
		err = damaged("object has no end")
	}
	return o, in.at - p.at[i], err
}

func (f *File) pack(num int) (*packed, error) {
	if p, ok := f.packed.get(num); ok {
		return p, nil
	}
	if num >= len(f.entries) || f.entries[num].kind != plain {
		return nil, damaged("object stream %d is missing", num)
	}
	w := way{inPacked: true}
	o, _, err := f.plainObject(num, f.entries[num].at, w)
	if err != nil {
		return nil, err
	}
	s, ok := o.(types.StreamDict)
	if !ok {
		return nil, damaged("object stream %d is no stream", num)
	}
	data, err := decode(s)
	if err != nil {
		return nil, err
	}
	w.inStream = true
	count, err := f.direct(s.Dict["N"], w)
	if err != nil {
		return nil, err
	}
	first, err := f.direct(s.Dict["First"], w)
	if err != nil {
		return nil, err
	}
	n, ok := count.(types.Integer)
	start, ok2 := first.(types.Integer)
	if !ok || !ok2 || n < 0 || int(n) > MaxObjects || start < 0 || int(start) > len(data) {
		return nil, damaged("object stream %d has no table", num)
	}
	p := &packed{data: data}
	table := parser{b: data[:start], last: true}
	for range int(n) {
		number, ok, err := table.integer()
		at, ok2, err2 := table.integer()
		if err != nil || err2 != nil || !ok || !ok2 || number > MaxObjects || at > int64(len(data)-int(start)) {
			return nil, damaged("table of object stream %d", num)
		}
		p.nums, p.at = append(p.nums, int(number)), append(p.at, int(start)+int(at))
	}
	f.packed.put(num, p, len(data)+16*len(p.nums))
	return p, nil
}

package proof

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"pst/store/holdings/internal/lazy"
)

// prover walks through a file from its pages and strikes off what they show. What
// is in streams is looked at afterwards, by several at once.
type prover struct {
	*file
	ctx   context.Context
	seen  map[ref]bool
	looks []look
}

// look proves something of the data of streams. It may unpack them with u.
type look func(u *unpacker) error

// Excerpt proves that data is an excerpt of so many pages and nothing else.
// Errors wrap [ErrProof], or are ctx's.
func Excerpt(ctx context.Context, data []byte, pages int) error {
	f, err := parse(data)
	if err != nil {
		return err
	}
	p := &prover{file: f, ctx: ctx, seen: map[ref]bool{}}
	if err := p.document(pages); err != nil {
		return err
	}
	for r := range f.objects {
		if !p.seen[r] {
			return wrong("object %d belongs to no page", r)
		}
	}
	return p.look()
}

// look takes all looks, and returns what the first one found that found anything.
func (p *prover) look() error {
	found := make([]error, len(p.looks))
	var next atomic.Int64
	var lookers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(p.looks)) {
		lookers.Go(func() {
			u := unpackers.Get().(*unpacker)
			defer unpackers.Put(u)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(p.looks) {
					return
				}
				found[i] = p.lookAt(p.looks[i], u)
			}
		})
	}
	lookers.Wait()
	return cmp.Or(found...)
}

func (p *prover) lookAt(look look, u *unpacker) (err error) {
	defer func() {
		if r := recover(); r != nil { // nobody else's goroutine would catch it
			err = wrong("reader panicked: %v", r)
		}
	}()
	if err := p.ctx.Err(); err != nil {
		return err
	}
	return look(u)
}

// take strikes an object off and returns it.
func (p *prover) take(o any) any {
	for range 8 {
		r, ok := o.(ref)
		if !ok {
			return o
		}
		p.seen[r] = true
		o = p.objects[r]
	}
	return nil
}

func (p *prover) dictOf(o any) dict {
	switch v := p.take(o).(type) {
	case dict:
		return v
	case stream:
		return v.dict
	}
	return nil
}

// has proves that d has no other keys than these.
func has(d dict, what, keys string) error {
	for k := range d {
		if !strings.Contains(" "+keys+" ", " "+k+" ") {
			return wrong("%s with /%s", what, k)
		}
	}
	return nil
}

func (p *prover) document(pages int) error {
	if err := has(p.trailer, "trailer", "Size Root Info ID"); err != nil {
		return err
	}
	info := p.dictOf(p.trailer["Info"])
	if err := has(info, "information", "Title Keywords"); err != nil {
		return err
	}
	root := p.dictOf(p.trailer["Root"])
	if err := has(root, "catalog", "Type Pages Lang Metadata PageLabels"); err != nil {
		return err
	}
	if lang, ok := root["Lang"].(text); !ok || string(lang) != "(id-ID)" {
		return wrong("language")
	}
	if err := labels(root["PageLabels"], pages); err != nil {
		return err
	}
	if m, ok := p.take(root["Metadata"]).(stream); !ok || m.dict["Filter"] != nil || len(m.data) > 4096 {
		return wrong("metadata")
	}
	tree := p.dictOf(root["Pages"])
	if err := has(tree, "page tree", "Type Count Kids"); err != nil {
		return err
	}
	kids, _ := tree["Kids"].(array)
	if len(kids) != pages || tree["Count"] != float64(pages) {
		return wrong("%d pages for %d", len(kids), pages)
	}
	for i, kid := range kids {
		if r, ok := kid.(ref); !ok || p.seen[r] {
			return wrong("page %d of the file is no page of its own", i+1)
		}
		if err := p.page(p.dictOf(kid)); err != nil {
			return fmt.Errorf("page %d of the file: %w", i+1, err)
		}
	}
	return nil
}

// labels proves that what pages are called is a number in a style, a short prefix of
// plain letters, or both, and nothing else.
func labels(o any, pages int) error {
	if o == nil {
		return nil
	}
	d, _ := o.(dict)
	nums, ok := d["Nums"].(array)
	if !ok || len(d) != 1 || len(nums) > 2*pages || len(nums)%2 != 0 {
		return wrong("page labels")
	}
	last := -1.0
	for i := 0; i < len(nums); i += 2 {
		at, _ := nums[i].(float64)
		l, ok := nums[i+1].(dict)
		if !ok || at <= last || at >= float64(pages) || at != math.Trunc(at) {
			return wrong("page labels")
		}
		last = at
		if err := has(l, "page label", "S St P"); err != nil {
			return err
		}
		style, number, prefix := l["S"], l["St"], l["P"]
		if n, ok := number.(float64); (style != nil || number != nil) &&
			(!ok || n < 1 || n > 100_000 || !strings.Contains("|D|R|r|A|a|", fmt.Sprintf("|%v|", style))) {
			return wrong("page label of another kind")
		}
		if p, ok := prefix.(text); prefix != nil && (!ok || !shortPrefix().Match(p)) {
			return wrong("prefix of a page label")
		}
	}
	return nil
}

var shortPrefix = lazy.Regexp(`^\([0-9A-Za-z ./-]{1,4}\)$`)

func (p *prover) page(d dict) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if err := has(d, "page", "Type Parent MediaBox Rotate UserUnit Group Resources Contents"); err != nil {
		return err
	}
	if d["Type"] != name("Page") {
		return wrong("page of another type")
	}
	if box, ok := d["MediaBox"].(array); !ok || len(box) != 4 {
		return wrong("page without a size")
	}
	if err := p.value(d["Group"], 0); err != nil {
		return err
	}
	s, ok := p.take(d["Contents"]).(stream)
	if !ok {
		return wrong("page without content")
	}
	return p.content(s, d["Resources"])
}

// content proves that a stream paints with all the resources that it lists, and
// lists all it paints with.
func (p *prover) content(s stream, res any) error { return p.contents([]stream{s}, res) }

// contents proves that of several streams together.
func (p *prover) contents(streams []stream, o any) error {
	listed := map[resource]bool{}
	for category, entries := range p.dictOf(o) {
		list, ok := entries.(dict)
		if !ok {
			return wrong("resources")
		}
		for n, r := range list {
			listed[resource{category, n}] = true
			if _, ok := r.(ref); !ok {
				return wrong("resource that is no object of its own: %s", category)
			}
			if err := p.value(r, 0); err != nil {
				return err
			}
		}
	}
	p.looks = append(p.looks, func(u *unpacker) error {
		used := map[resource]bool{}
		for _, s := range streams {
			data, err := u.unpack(s)
			if err != nil {
				return err
			}
			if err := operators(data, used); err != nil {
				return err
			}
		}
		for r := range listed {
			if !used[r] && !(r.category == "ColorSpace" && strings.HasPrefix(r.name, "Default")) {
				return wrong("resource that nothing is painted with: %s", r.category)
			}
		}
		for r := range used {
			if !listed[r] {
				return wrong("resource missing: %s", r.category)
			}
		}
		return nil
	})
	return nil
}

// strays are kinds of dictionaries that lead out of a page.
var strays = map[name]bool{
	"Page": true, "Pages": true, "Template": true, "Catalog": true, "StructElem": true, "StructTreeRoot": true,
	"Outlines": true,
	"Annot":    true, "Action": true, "Bead": true, "Thread": true, "Sig": true, "Filespec": true, "EmbeddedFile": true,
	"ObjStm": true,
	"XRef":   true, "Metadata": true, "Collection": true, "MCR": true, "OBJR": true, "OCG": true, "OCMD": true,
}

// value walks through all that an object leads to.
func (p *prover) value(o any, depth int) error {
	if depth > 60 {
		return wrong("nested too deep")
	}
	if r, ok := o.(ref); ok {
		if p.seen[r] {
			return nil
		}
		o = p.take(r)
	}
	switch v := o.(type) {
	case stream:
		return p.stream(v, depth)
	case dict:
		return p.dictionary(v, depth)
	case array:
		for _, e := range v {
			if err := p.value(e, depth+1); err != nil {
				return err
			}
		}
		if len(v) == 4 && v[0] == name("Indexed") {
			return nil
		}
		for _, e := range v {
			if _, ok := e.(text); ok {
				return wrong("string in a list")
			}
		}
	}
	return nil
}

func (p *prover) dictionary(d dict, depth int) error {
	if t, _ := d["Type"].(name); strays[t] {
		return wrong("a %s within a page", t)
	}
	if d["Subtype"] == name("Type3") {
		return p.glyphs(d, depth)
	}
	for k, e := range d {
		if s, ok := e.(text); ok && !(d["Registry"] != nil && len(d) == 3 && len(s) < 44) {
			return wrong("string under /%s", k)
		}
		if k == "Resources" {
			continue // with the content that they belong to
		}
		if err := p.value(e, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// stream walks through a stream and proves that its data are what they say.
func (p *prover) stream(s stream, depth int) error {
	if err := p.dictionary(s.dict, depth+1); err != nil {
		return err
	}
	pattern, _ := s.dict["PatternType"].(float64)
	switch {
	case s.dict["Subtype"] == name("Form"), pattern == 1:
		return p.content(s, s.dict["Resources"])
	case s.dict["Subtype"] == name("Image"):
		return p.image(s)
	}
	p.looks = append(p.looks, func(u *unpacker) error { return u.sound(s) })
	return nil
}

// glyphs walks through a Type 3 font, whose glyphs share their resources.
func (p *prover) glyphs(d dict, depth int) error {
	procs, _ := d["CharProcs"].(dict)
	var streams []stream
	for _, o := range procs {
		s, ok := p.take(o).(stream)
		if !ok {
			return wrong("glyph without content")
		}
		streams = append(streams, s)
	}
	if err := p.contents(streams, d["Resources"]); err != nil {
		return err
	}
	for k, e := range d {
		if k == "CharProcs" || k == "Resources" {
			continue
		}
		if err := p.value(e, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// image proves that an image has as many bytes as its size says.
func (p *prover) image(s stream) error {
	switch s.dict["Filter"] {
	case name("DCTDecode"):
		if !bytes.HasPrefix(s.data, []byte{0xff, 0xd8}) || !bytes.HasSuffix(s.data, []byte{0xff, 0xd9}) {
			return wrong("picture with something behind its end")
		}
		return nil
	case name("JPXDecode"):
		return nil
	case name("FlateDecode"):
	default:
		return wrong("image that is not packed")
	}
	w, _ := s.dict["Width"].(float64)
	h, _ := s.dict["Height"].(float64)
	bits, _ := s.dict["BitsPerComponent"].(float64)
	n := p.components(s.dict["ColorSpace"])
	row := (int(w)*int(bits)*n + 7) / 8
	if parms, ok := s.dict["DecodeParms"].(dict); ok {
		if predictor, _ := parms["Predictor"].(float64); predictor >= 10 {
			row++
		}
	}
	p.looks = append(p.looks, func(u *unpacker) error { return u.exactly(s.data, int64(row)*int64(h)) })
	return nil
}

// components is how many numbers make a colour.
func (p *prover) components(o any) int {
	switch v := p.take(o).(type) {
	case name:
		return map[name]int{"DeviceRGB": 3, "DeviceCMYK": 4}[v] + map[bool]int{true: 1}[v == "DeviceGray"]
	case array:
		if len(v) < 2 {
			return 0
		}
		switch v[0] {
		case name("CalRGB"), name("Lab"):
			return 3
		case name("ICCBased"):
			n, _ := p.dictOf(v[1])["N"].(float64)
			return int(n)
		case name("DeviceN"):
			inks, _ := v[1].(array)
			return len(inks)
		}
		return 1
	}
	return 1 // masks
}

// unpacker reads packed data. Each has 40 kB of tables, and grows to the largest
// stream of mere drawing.
type unpacker struct {
	in  bytes.Reader
	z   io.ReadCloser
	out bytes.Buffer
}

var unpackers = sync.Pool{New: func() any { return &unpacker{} }}

// keptBytes bounds what an unpacker keeps between excerpts.
const keptBytes = 1 << 20

func (u *unpacker) open(data []byte) (err error) {
	u.in.Reset(data)
	if u.z == nil {
		u.z, err = zlib.NewReader(&u.in)
	} else {
		err = u.z.(zlib.Resetter).Reset(&u.in, nil)
	}
	if err != nil {
		return wrong("packed data: %v", err)
	}
	return nil
}

// maxUnpacked bounds a stream.
const maxUnpacked = 256 << 20

// unpack is a stream's data, until the next are read; behind the end of packed
// data is nothing.
func (u *unpacker) unpack(s stream) ([]byte, error) {
	if u.out.Reset(); u.out.Cap() > keptBytes {
		u.out = bytes.Buffer{}
	}
	if err := u.unpackTo(&u.out, s); err != nil {
		return nil, err
	}
	return u.out.Bytes(), nil
}

// sound proves of a stream whose data are not read here that they are packed, and
// that nothing is behind their end.
func (u *unpacker) sound(s stream) error { return u.unpackTo(io.Discard, s) }

func (u *unpacker) unpackTo(w io.Writer, s stream) error {
	if s.dict["Filter"] != name("FlateDecode") || s.dict["DecodeParms"] != nil {
		return wrong("stream that is not packed")
	}
	if err := u.open(s.data); err != nil {
		return err
	}
	if n, err := io.Copy(w, io.LimitReader(u.z, maxUnpacked)); err != nil || n == maxUnpacked || u.in.Len() > 0 {
		return wrong("something behind the end of packed data")
	}
	return nil
}

// exactly proves that packed data unpack to so many bytes, and end there.
func (u *unpacker) exactly(data []byte, want int64) error {
	if err := u.open(data); err != nil {
		return err
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(u.z, want+1)); err != nil || n != want || u.in.Len() > 0 {
		return wrong("image of another size than it says")
	}
	return nil
}

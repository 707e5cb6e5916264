package rewrite

import (
	"fmt"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
)

// space is a colour space written anew (ISO 32000-1, 8.6).
type space struct {
	text  string     // as an object: "/DeviceRGB" or "7 0 R"
	ref   pdfout.Ref // 0 for device spaces and patterns without one below
	n     int        // components
	kind  string     // "DeviceRGB", "Indexed" …
	below *space     // of Pattern and Indexed
	table []byte     // of Indexed: its colours, n of below each
	// A device space may be stood in for by one named DefaultGray, DefaultRGB or
	// DefaultCMYK among the resources (8.6.5.6).
	standsIn string
	standIn  pdfout.Ref
}

var deviceSpaces = map[string]*space{
	"DeviceGray": {text: "/DeviceGray", n: 1, kind: "DeviceGray"},
	"DeviceRGB":  {text: "/DeviceRGB", n: 3, kind: "DeviceRGB"},
	"DeviceCMYK": {text: "/DeviceCMYK", n: 4, kind: "DeviceCMYK"},
	"Pattern":    {text: "/Pattern", kind: "Pattern"},
}

var shortSpaces = map[string]string{"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK"}

// device is a device space, with what stands in for it in these resources.
func (r *Rewriter) device(kind string, res resources) (*space, error) {
	s := deviceSpaces[kind]
	stands := "Default" + strings.TrimPrefix(kind, "Device")
	o := r.dict(res.own["ColorSpace"])[stands]
	if kind == "Pattern" || o == nil {
		return s, nil
	}
	d, err := r.space(o, resources{}, 0)
	if err != nil {
		return nil, err
	}
	if d.n != s.n || d.ref == 0 {
		return s, nil
	}
	with := *s
	with.standsIn, with.standIn = stands, d.ref
	return &with, nil
}

// space writes a colour space anew. A name is looked for among the resources.
func (r *Rewriter) space(o types.Object, res resources, depth int) (*space, error) {
	if depth > maxDepth {
		return nil, notUnderstood("colour spaces too deep")
	}
	if name, ok := r.get(o).(types.Name); ok {
		n := string(name)
		if long, ok := shortSpaces[n]; ok {
			n = long
		}
		if n == "CalRGB" || n == "CalGray" || n == "CalCMYK" {
			n = "Device" + n[3:]
		}
		if deviceSpaces[n] != nil {
			return r.device(n, res)
		}
		if found := res.find(r, "ColorSpace", string(name)); found != nil {
			if again, ok := r.get(found).(types.Name); ok && deviceSpaces[string(again)] == nil {
				return nil, notUnderstood("colour space that is a name")
			}
			return r.space(found, res, depth+1)
		}
		return nil, notUnderstood("unknown colour space")
	}
	id := key(o)
	if s := r.spaces[id]; s != nil {
		return s, nil
	}
	s, err := r.spaceArray(r.array(o), res, depth)
	if err != nil {
		return nil, err
	}
	if s.ref == 0 && !strings.HasPrefix(s.text, "/") {
		s.ref = r.object(s.text)
		s.text = s.ref.String()
	}
	r.spaces[id] = s
	return s, nil
}

func (r *Rewriter) spaceArray(a types.Array, res resources, depth int) (*space, error) {
	if len(a) == 0 {
		return nil, notUnderstood("unknown colour space")
	}
	kind := r.name(a[0])
	if long, ok := shortSpaces[kind]; ok {
		kind = long
	}
	part := func(i int) types.Object {
		if i < len(a) {
			return a[i]
		}
		return nil
	}
	switch kind {
	case "DeviceGray", "DeviceRGB", "DeviceCMYK":
		return r.device(kind, res)
	case "CalGray", "CalRGB", "Lab":
		n := 3
		if kind == "CalGray" {
			n = 1
		}
		d := r.dict(part(1))
		text := "[/" + kind + "<<" + r.keep(d, "WhitePoint", "BlackPoint", "Gamma", "Matrix", "Range") + ">>]"
		return &space{kind: kind, n: n, text: text}, nil
	case "ICCBased":
		return r.icc(part(1))
	case "Indexed", "I":
		return r.indexed(part(1), part(2), part(3), res, depth)
	case "Pattern":
		if len(a) == 1 {
			return deviceSpaces["Pattern"], nil
		}
		below, err := r.space(a[1], res, depth+1)
		if err != nil {
			return nil, err
		}
		return &space{kind: "Pattern", n: below.n, below: below, text: "[/Pattern " + below.text + "]"}, nil
	case "Separation", "DeviceN":
		return r.inks(kind, part(1), part(2), part(3), res, depth)
	}
	return nil, notUnderstood("colour space %.20s", kind)
}

func (r *Rewriter) icc(o types.Object) (*space, error) {
	sd, ok := r.stream(o)
	if !ok {
		return nil, notUnderstood("colour profile missing")
	}
	n := r.int(sd.Dict["N"], 0)
	alternate := map[int]string{1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[n]
	if alternate == "" {
		return nil, notUnderstood("colour profile of %d components", n)
	}
	data, err := r.decode(sd)
	if err != nil {
		return nil, err
	}
	if data = profile(data, n); data == nil { // readers use the alternate space
		return deviceSpaces[alternate], nil
	}
	ref := r.flate(fmt.Sprintf("/N %d/Alternate/%s", n, alternate)+r.keep(sd.Dict, "Range"), data)
	return &space{kind: "ICCBased", n: n, text: "[/ICCBased " + ref.String() + "]"}, nil
}

func (r *Rewriter) indexed(base, last, lookup types.Object, res resources, depth int) (*space, error) {
	below, err := r.space(base, res, depth+1)
	if err != nil {
		return nil, err
	}
	hival := r.int(last, -1)
	if below.kind == "Indexed" || below.kind == "Pattern" || hival < 0 || hival > 255 {
		return nil, notUnderstood("indexed colour space")
	}
	table, ok := r.bytes(lookup)
	if sd, isStream := r.stream(lookup); isStream {
		if table, err = r.decode(sd); err != nil {
			return nil, err
		}
		ok = true
	}
	size := (hival + 1) * below.n
	if !ok {
		return nil, notUnderstood("indexed colour space without a table")
	}
	if len(table) < size { // readers take the missing colours for black
		table = append(append([]byte{}, table...), make([]byte, size-len(table))...)
	}
	// It is written with each image, which knows what colours it has.
	return &space{kind: "Indexed", n: 1, below: below, table: table[:size], text: "/Indexed"}, nil
}

// palette writes an indexed colour space with the colours used; the others are
// black.
func (r *Rewriter) palette(s *space, used [256]bool) string {
	n := s.below.n
	table := make([]byte, len(s.table))
	last := 0
	for i := range len(table) / n {
		if used[i] {
			copy(table[i*n:(i+1)*n], s.table[i*n:])
			last = i
		}
	}
	return r.object(fmt.Sprintf("[/Indexed %s %d %s]", s.below.text, last, pdfout.Hex(table[:(last+1)*n]))).String()
}

// entry is the colour of an index as a paint.
func (s *space) entry(i float64) (paint, error) {
	switch s.below.kind {
	case "DeviceGray", "DeviceRGB", "DeviceCMYK", "CalGray", "CalRGB", "ICCBased", "Separation", "DeviceN":
	default:
		return paint{}, notUnderstood("palette of %s", s.below.kind)
	}
	n := s.below.n
	k := min(max(int(i), 0), len(s.table)/n-1)
	comps := make([]float64, n)
	for c := range comps {
		comps[c] = float64(s.table[k*n+c]) / 255
	}
	return paint{space: s.below, components: numberList(comps), index: s}, nil
}

// knownInks keep their names: these alone mean something to a screen.
var knownInks = map[string]bool{"All": true, "None": true, "Cyan": true, "Magenta": true, "Yellow": true, "Black": true}

func (r *Rewriter) inks(kind string, names, alternate, tint types.Object, res resources, depth int) (*space, error) {
	list := r.array(names)
	if kind == "Separation" {
		list = types.Array{names}
	}
	if len(list) == 0 || len(list) > 32 {
		return nil, notUnderstood("colour space of %d inks", len(list))
	}
	inks := ""
	for i, o := range list {
		n := r.name(o)
		if !knownInks[n] {
			n = fmt.Sprintf("Ink%d", i+1)
		}
		inks += "/" + n
	}
	if kind == "DeviceN" {
		inks = "[" + inks + "]"
	}
	below, err := r.space(alternate, res, depth+1)
	if err != nil {
		return nil, err
	}
	if below.kind == "Pattern" || below.kind == "Indexed" {
		return nil, notUnderstood("inks over %s", below.kind)
	}
	f, err := r.function(tint, 0)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("[/%s%s %s %s]", kind, inks, below.text, f)
	return &space{kind: kind, n: len(list), below: below, text: text}, nil
}

// keep writes the entries of d with these keys whose values are numbers,
// truth values, or arrays of numbers or truth values: nothing that could carry
// a text.
func (r *Rewriter) keep(d types.Dict, keys ...string) string {
	var b strings.Builder
	for _, k := range keys {
		if v, ok := r.plain(d[k], 2); ok {
			b.WriteString("/" + k + v)
		}
	}
	return b.String()
}

func (r *Rewriter) plain(o types.Object, depth int) (string, bool) {
	switch v := r.get(o).(type) {
	case types.Boolean:
		return fmt.Sprintf(" %t", bool(v)), true
	case types.Integer, types.Float:
		n, ok := r.number(v)
		return " " + exact(n), ok
	case types.Array:
		if depth == 0 || len(v) > 4096 {
			return "", false
		}
		var b strings.Builder
		b.WriteByte('[')
		for _, e := range v {
			s, ok := r.plain(e, depth-1)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		b.WriteByte(']')
		return b.String(), true
	}
	return "", false
}

// setColor carries out the operators that choose colours.
func (s *stream) setColor(op content.Op) error {
	g := &s.g
	p := &g.fill
	if c := op.Name[0]; c >= 'A' && c <= 'Z' {
		p = &g.stroke
	}
	name := strings.ToLower(op.Name)
	switch name {
	case "g", "rg", "k":
		kind := map[string]string{"g": "DeviceGray", "rg": "DeviceRGB", "k": "DeviceCMYK"}[name]
		sp, err := s.r.device(kind, s.res)
		if err != nil {
			return err
		}
		n := op.Numbers()
		*p = paint{op: numberList(n[:len(op.Args)]) + " " + op.Name, space: sp}
	case "cs":
		sp, err := s.r.space(types.Name(op.Args[0].Str), s.res, 0)
		if err != nil {
			return err
		}
		*p = paint{space: sp}
		if sp.kind == "Indexed" {
			*p, err = sp.entry(0)
			return err
		}
	default:
		return s.setComponents(p, op)
	}
	return nil
}

func (s *stream) setComponents(p *paint, op content.Op) error {
	sp := p.space
	if sp == nil { // what a page begins with
		sp = deviceSpaces["DeviceGray"]
	}
	if p.index != nil {
		if len(op.Args) != 1 || op.Args[0].Kind != content.Number {
			return notUnderstood("index of a colour")
		}
		var err error
		*p, err = p.index.entry(op.Args[0].Num)
		return err
	}
	args := op.Args
	var tile *pattern
	if len(args) > 0 && args[len(args)-1].Kind == content.Name {
		if sp.kind != "Pattern" {
			return notUnderstood("pattern outside its colour space")
		}
		o := s.res.find(s.r, "Pattern", string(args[len(args)-1].Str))
		var err error
		if tile, err = s.r.pattern(o, s); err != nil {
			return err
		}
		args = args[:len(args)-1]
		if tile.colored != (len(args) == 0) {
			return notUnderstood("pattern with colours that are not its own")
		}
	} else if sp.kind == "Pattern" {
		return notUnderstood("pattern missing")
	}
	if len(args) != sp.n && (tile == nil || !tile.colored) {
		return notUnderstood("%d components in %s", len(args), sp.kind)
	}
	comps := make([]float64, len(args))
	for i, v := range args {
		if v.Kind != content.Number {
			return notUnderstood("colour that is no number")
		}
		comps[i] = v.Num
	}
	*p = paint{components: numberList(comps), space: sp, pattern: tile}
	return nil
}

package pdfsrc

import (
	"errors"
	"math"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// maxDepth bounds how deep arrays and dictionaries lie in one another. Real
// files stay below ten.
const maxDepth = 100

// errShort says that the bytes at hand end within an object.
var errShort = errors.New("ends within an object")

// parser reads objects (ISO 32000-1, 7.3) from bytes. It is as lenient as the
// common readers are: what cannot be told apart is an error, odd numbers and
// missing values are not.
type parser struct {
	b    []byte
	at   int
	last bool // b ends where the file, or the object stream, does
}

const (
	space = 1 + iota
	delimiter
)

var class = func() (c [256]byte) {
	for _, b := range "\x00\t\n\f\r " {
		c[b] = space
	}
	for _, b := range "()<>[]{}/%" {
		c[b] = delimiter
	}
	return c
}()

// skip goes over white space and comments.
func (p *parser) skip() {
	for p.at < len(p.b) {
		switch c := p.b[p.at]; {
		case class[c] == space:
			p.at++
		case c == '%':
			for p.at < len(p.b) && p.b[p.at] != '\n' && p.b[p.at] != '\r' {
				p.at++
			}
		default:
			return
		}
	}
}

// word is the run of regular characters at hand, which may be empty.
func (p *parser) word() (string, error) {
	start := p.at
	for p.at < len(p.b) && class[p.b[p.at]] == 0 {
		p.at++
	}
	if p.at == len(p.b) && !p.last {
		return "", errShort
	}
	return string(p.b[start:p.at]), nil
}

// keyword goes over w, when it is what comes next.
func (p *parser) keyword(w string) (bool, error) {
	p.skip()
	back := p.at
	got, err := p.word()
	if err != nil {
		return false, err
	}
	if got != w {
		p.at = back
	}
	return got == w, nil
}

// integer reads a whole number from 0 on; ok is false when there is none.
func (p *parser) integer() (n int64, ok bool, err error) {
	p.skip()
	back := p.at
	w, err := p.word()
	if err != nil {
		return 0, false, err
	}
	n, bad := strconv.ParseInt(w, 10, 64)
	if bad != nil || n < 0 {
		p.at = back
		return 0, false, nil
	}
	return n, true, nil
}

// object reads one object; null is nil. A stream is read as its dictionary.
func (p *parser) object(depth int) (types.Object, error) {
	if depth > maxDepth {
		return nil, damaged("objects lie deeper than %d in one another", maxDepth)
	}
	p.skip()
	if p.at >= len(p.b) {
		return nil, errShort
	}
	switch c := p.b[p.at]; c {
	case '/':
		p.at++
		return p.name()
	case '(':
		return p.literal()
	case '[':
		p.at++
		return p.array(depth)
	case '<':
		if p.at+1 >= len(p.b) {
			return nil, errShort
		}
		if p.b[p.at+1] == '<' {
			p.at += 2
			return p.dict(depth)
		}
		return p.hex()
	case ')', '>', ']', '{', '}':
		return nil, damaged("%q in place of an object", c)
	}
	return p.scalar()
}

func (p *parser) name() (types.Object, error) {
	w, err := p.word()
	if err != nil {
		return nil, err
	}
	for i := range w {
		if w[i] == '#' {
			return types.Name(unescapeName(w)), nil
		}
	}
	return types.Name(w), nil
}

// unescapeName undoes #xx. What is no such escape stands for itself, as it did
// in PDF 1.1.
func unescapeName(w string) string {
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); i++ {
		if w[i] == '#' && i+2 < len(w) {
			if v, err := strconv.ParseUint(w[i+1:i+3], 16, 8); err == nil && v != 0 {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, w[i])
	}
	return string(out)
}

// literal reads (…) and leaves the escapes, as pdfcpu's type wants it.
func (p *parser) literal() (types.Object, error) {
	start, open := p.at+1, 0
	for i := p.at; i < len(p.b); i++ {
		switch p.b[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				p.at = i + 1
				return types.StringLiteral(p.b[start:i]), nil
			}
		}
	}
	return nil, errShort
}

func (p *parser) hex() (types.Object, error) {
	digits := make([]byte, 0, 64)
	for i := p.at + 1; i < len(p.b); i++ {
		switch c := p.b[i]; {
		case c == '>':
			p.at = i + 1
			return types.HexLiteral(digits), nil
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			digits = append(digits, c)
		case class[c] != space:
			return nil, damaged("%q in a string of hex digits", c)
		}
	}
	return nil, errShort
}

func (p *parser) array(depth int) (types.Object, error) {
	a := types.Array{}
	for {
		p.skip()
		if p.at < len(p.b) && p.b[p.at] == ']' {
			p.at++
			return a, nil
		}
		o, err := p.object(depth + 1)
		if err != nil {
			return nil, err
		}
		a = append(a, o)
	}
}

// dict reads entries up to >>. A null value is as no entry; of two entries
// with one key the later counts, as with the common readers.
func (p *parser) dict(depth int) (types.Object, error) {
	d := types.Dict{}
	for {
		p.skip()
		if p.at+1 >= len(p.b) {
			return nil, errShort
		}
		if p.b[p.at] == '>' && p.b[p.at+1] == '>' {
			p.at += 2
			return d, nil
		}
		if p.b[p.at] != '/' {
			return nil, damaged("a dictionary's key is no name")
		}
		p.at++
		key, err := p.name()
		if err != nil {
			return nil, err
		}
		p.skip()
		if p.at < len(p.b) && p.b[p.at] == '>' {
			continue // a key without a value
		}
		o, err := p.object(depth + 1)
		if err != nil {
			return nil, err
		}
		if o == nil {
			delete(d, string(key.(types.Name)))
			continue
		}
		d[string(key.(types.Name))] = o
	}
}

// scalar reads numbers, references, true, false and null.
func (p *parser) scalar() (types.Object, error) {
	w, err := p.word()
	if err != nil {
		return nil, err
	}
	switch w {
	case "true":
		return types.Boolean(true), nil
	case "false":
		return types.Boolean(false), nil
	case "null":
		return nil, nil
	}
	if n, err := strconv.Atoi(w); err == nil {
		if n > 0 && n <= math.MaxInt32 && w[0] != '+' {
			return p.reference(n)
		}
		return types.Integer(n), nil
	}
	if f, ok := lenientFloat(w); ok {
		return types.Float(f), nil
	}
	return nil, damaged("%.20q in place of an object", w)
}

// reference reads on behind a whole number: "12 0 R", or only 12.
func (p *parser) reference(n int) (types.Object, error) {
	back := p.at
	gen, ok, err := p.integer()
	if err != nil {
		return nil, err
	}
	if ok && gen <= 65535 {
		isRef, err := p.keyword("R")
		if err != nil {
			return nil, err
		}
		if isRef {
			return *types.NewIndirectRef(n, int(gen)), nil
		}
	}
	p.at = back
	return types.Integer(n), nil
}

// lenientFloat reads numbers as readers do that met "--5", "4.-3" and ".":
// what cannot be read ends the number.
func lenientFloat(w string) (float64, bool) {
	if f, err := strconv.ParseFloat(w, 64); err == nil && isNumberText(w) {
		return f, true
	}
	i, sign := 0, 1.0
	for i < len(w) && (w[i] == '-' || w[i] == '+') {
		if w[i] == '-' {
			sign = -1
		}
		i++
	}
	end, dots := i, 0
	for end < len(w) && (w[end] >= '0' && w[end] <= '9' || w[end] == '.' && dots == 0) {
		if w[end] == '.' {
			dots++
		}
		end++
	}
	if end == i && end < len(w) || len(w) == 0 {
		return 0, false
	}
	if end < len(w) && w[end] != '-' && w[end] != '.' {
		return 0, false
	}
	f, err := strconv.ParseFloat("0"+w[i:end], 64)
	return sign * f, err == nil
}

// isNumberText keeps out what strconv reads and PDF does not have: 1e5, 0x10,
// Inf.
func isNumberText(w string) bool {
	for i := range w {
		if c := w[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' {
			return false
		}
	}
	return true
}

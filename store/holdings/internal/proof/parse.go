// Package proof looks at a finished excerpt from outside. It reads the bytes
// with a small reader of its own, which knows just the plain layout that
// excerpts have, and proves that nothing is in the file but what its pages
// show: no object that no page paints with, no resource that no operator
// names, no byte outside an object or behind the end of packed data, no string
// that is not shown, no comment.
//
// It knows nothing of how pages are written anew, shares no code with it and
// none of its lists. Whether pages show the right thing is not asked here.
package proof

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// ErrProof says that a file is not what an excerpt must be.
var ErrProof = errors.New("self-check")

func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProof, fmt.Sprintf(format, args...))
}

type (
	ref    int
	name   string
	text   []byte
	array  []any
	dict   map[string]any
	stream struct {
		dict
		data []byte
	}
)

// file is an excerpt taken apart.
type file struct {
	objects map[ref]any
	trailer dict
}

// parse reads a file in which objects stand one behind the other and a table
// names them all.
func parse(data []byte) (*file, error) {
	p := &parser{in: data}
	if !p.skip("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") {
		return nil, wrong("header")
	}
	f := &file{objects: map[ref]any{}}
	starts := map[ref]int{}
	for p.digit() {
		at := p.at
		n, err := p.integer()
		if err != nil || !p.skip(" 0 obj\n") || f.objects[ref(n)] != nil {
			return nil, wrong("object at byte %d", at)
		}
		o, err := p.object()
		if err != nil {
			return nil, err
		}
		f.objects[ref(n)], starts[ref(n)] = o, at
	}
	table := p.at
	if err := p.table(starts); err != nil {
		return nil, err
	}
	if !p.skip("trailer\n") {
		return nil, wrong("trailer")
	}
	t, err := p.value(0)
	if err != nil {
		return nil, err
	}
	d, ok := t.(dict)
	if !ok || !p.skip(fmt.Sprintf("\nstartxref\n%d\n%%%%EOF\n", table)) || p.at != len(data) {
		return nil, wrong("end of the file")
	}
	f.trailer = d
	return f, nil
}

type parser struct {
	in []byte
	at int
}

func (p *parser) skip(s string) bool {
	if !bytes.HasPrefix(p.in[p.at:], []byte(s)) {
		return false
	}
	p.at += len(s)
	return true
}

func (p *parser) peek() byte {
	if p.at < len(p.in) {
		return p.in[p.at]
	}
	return 0
}

func (p *parser) digit() bool { return p.peek() >= '0' && p.peek() <= '9' }

func (p *parser) integer() (int, error) {
	start := p.at
	for p.digit() && p.at-start < 12 {
		p.at++
	}
	return strconv.Atoi(string(p.in[start:p.at]))
}

// object reads the rest of an object behind its head.
func (p *parser) object() (any, error) {
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if d, ok := v.(dict); ok && p.skip("\nstream\n") {
		n, ok := d["Length"].(float64)
		if !ok || n < 0 || float64(p.at)+n > float64(len(p.in)) {
			return nil, wrong("length of a stream")
		}
		data := p.in[p.at : p.at+int(n)]
		p.at += int(n)
		if !p.skip("\nendstream") {
			return nil, wrong("end of a stream")
		}
		v = stream{d, data}
	}
	if !p.skip("\nendobj\n") {
		return nil, wrong("end of an object at byte %d", p.at)
	}
	return v, nil
}

// table reads the cross-reference table: it must name each object where it is.
func (p *parser) table(starts map[ref]int) error {
	if !p.skip("xref\n0 ") {
		return wrong("bytes between objects at %d", p.at)
	}
	n, err := p.integer()
	if err != nil || !p.skip("\n0000000000 65535 f \n") {
		return wrong("table")
	}
	for i := 1; i < n; i++ {
		want := "0000000000 65535 f \n"
		if at, ok := starts[ref(i)]; ok {
			want = fmt.Sprintf("%010d 00000 n \n", at)
			delete(starts, ref(i))
		}
		if !p.skip(want) {
			return wrong("table at object %d", i)
		}
	}
	if len(starts) > 0 {
		return wrong("object outside the table")
	}
	return nil
}

func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (p *parser) blank() {
	for p.at < len(p.in) && space(p.in[p.at]) {
		p.at++
	}
}

// value reads one object of any kind; there is no comment among them.
func (p *parser) value(depth int) (any, error) {
	p.blank()
	if depth > 100 {
		return nil, wrong("nested too deep")
	}
	switch c := p.peek(); {
	case c == '/':
		p.at++
		return p.name(), nil
	case c == '(':
		s, err := p.literal()
		return s, err
	case c == '<' && bytes.HasPrefix(p.in[p.at:], []byte("<<")):
		p.at += 2
		return p.dict(depth)
	case c == '<':
		end := bytes.IndexByte(p.in[p.at:], '>')
		if end < 0 {
			return nil, wrong("string")
		}
		s := p.in[p.at : p.at+end+1]
		p.at += end + 1
		return text(s), nil
	case c == '[':
		p.at++
		var a array
		for {
			p.blank()
			if p.skip("]") {
				return a, nil
			}
			v, err := p.value(depth + 1)
			if err != nil {
				return nil, err
			}
			a = append(a, v)
		}
	}
	return p.word()
}

func (p *parser) dict(depth int) (any, error) {
	d := dict{}
	for {
		p.blank()
		if p.skip(">>") {
			return d, nil
		}
		if !p.skip("/") {
			return nil, wrong("dictionary at byte %d", p.at)
		}
		k := string(p.name())
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, twice := d[k]; twice {
			return nil, wrong("key /%s twice", k)
		}
		d[k] = v
	}
}

func (p *parser) name() name { return name(p.regular()) }

// regular reads what is neither white space nor a delimiter.
func (p *parser) regular() []byte {
	start := p.at
	for p.at < len(p.in) && !space(p.in[p.at]) && !delimiter(p.in[p.at]) {
		p.at++
	}
	return p.in[start:p.at]
}

// literal keeps a string as it is written.
func (p *parser) literal() (text, error) {
	depth := 0
	for i := p.at; i < len(p.in); i++ {
		switch p.in[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s := p.in[p.at : i+1]
				p.at = i + 1
				return text(s), nil
			}
		}
	}
	return nil, wrong("string")
}

// word reads a number, a reference, true, false or null.
func (p *parser) word() (any, error) {
	start := p.at
	w := string(p.regular())
	switch w {
	case "true", "false":
		return w == "true", nil
	case "null":
		return nil, nil
	}
	n, err := strconv.ParseFloat(w, 64)
	if err != nil || len(w) > 64 {
		return nil, wrong("%.20q at byte %d", w, start)
	}
	if n >= 1 && n == float64(int(n)) && p.skip(" 0 R") {
		return ref(n), nil
	}
	return n, nil
}

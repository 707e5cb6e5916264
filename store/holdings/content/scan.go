package content

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// Errors of reading content. Both say that a viewer would have to guess.
var (
	ErrSyntax = errors.New("content stream cannot be read")
	ErrBounds = errors.New("content stream is beyond all bounds")
)

// Bounds of one content stream.
const (
	maxNesting  = 32
	maxOperands = 1 << 16 // of one operator, arrays included
)

// Kind of a [Value].
type Kind uint8

// The kinds of operands.
const (
	Null Kind = iota
	Number
	String
	Name
	Array
	Dict
	Bool
)

// Value is one operand.
type Value struct {
	Kind Kind
	Num  float64 // Number; 1 or 0 for Bool
	Str  []byte  // String and Name, decoded; may lie in the stream itself
	List []Value // Array; Dict: keys and values in turn
}

// Get is the value of a key of a dictionary; of several with that key the last.
func (v Value) Get(keys ...string) (Value, bool) {
	for i := len(v.List) - 2; v.Kind == Dict && i >= 0; i -= 2 {
		for _, key := range keys {
			if string(v.List[i].Str) == key {
				return v.List[i+1], true
			}
		}
	}
	return Value{}, false
}

// Op is one operator with its operands. Both are valid until the next is read.
type Op struct {
	Name string
	Args []Value
	Data []byte // of an inline image, whose operator is BI and whose one operand is its dictionary
}

// Scanner reads the operators of a content stream.
type Scanner struct {
	in    []byte
	at    int
	args  []Value
	count int // operands of the operator being read
}

// NewScanner starts at the first operator of a stream.
func NewScanner(stream []byte) *Scanner { return &Scanner{in: stream} }

// Next reads one operator; ok is false at the end. Errors wrap [ErrSyntax] or
// [ErrBounds].
func (s *Scanner) Next() (op Op, ok bool, err error) {
	s.args, s.count = s.args[:0], 0
	for {
		s.skip()
		if s.at >= len(s.in) {
			if len(s.args) > 0 {
				return Op{}, false, s.wrong("operands without an operator")
			}
			return Op{}, false, nil
		}
		if c := s.in[s.at]; IsRegular(c) && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			word := s.word()
			switch word {
			case "true", "false", "null":
				s.args = append(s.args, constant(word))
				continue
			case "BI":
				if len(s.args) > 0 {
					return Op{}, false, s.wrong("operands before BI")
				}
				return s.image()
			}
			return Op{Name: word, Args: s.args}, true, nil
		}
		v, err := s.value(0)
		if err != nil {
			return Op{}, false, err
		}
		s.args = append(s.args, v)
	}
}

func constant(word string) Value {
	switch word {
	case "true":
		return Value{Kind: Bool, Num: 1}
	case "false":
		return Value{Kind: Bool}
	}
	return Value{}
}

func (s *Scanner) wrong(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrSyntax, what, s.at)
}

// skip passes over white space and comments.
func (s *Scanner) skip() {
	for s.at < len(s.in) {
		switch c := s.in[s.at]; {
		case IsSpace(c):
			s.at++
		case c == '%':
			for s.at < len(s.in) && s.in[s.at] != '\n' && s.in[s.at] != '\r' {
				s.at++
			}
		default:
			return
		}
	}
}

// word reads regular characters.
func (s *Scanner) word() string {
	start := s.at
	for s.at < len(s.in) && IsRegular(s.in[s.at]) {
		s.at++
	}
	b := s.in[start:s.at]
	if known, ok := words[string(b)]; ok {
		return known // without a copy
	}
	return string(b)
}

// value reads one operand.
func (s *Scanner) value(depth int) (Value, error) {
	if s.count++; s.count > maxOperands || depth > maxNesting {
		return Value{}, fmt.Errorf("%w: operands", ErrBounds)
	}
	switch c := s.in[s.at]; {
	case c == '/':
		s.at++
		return s.name(), nil
	case c == '(':
		return s.literal()
	case c == '<' && s.at+1 < len(s.in) && s.in[s.at+1] == '<':
		s.at += 2
		return s.list(Dict, depth)
	case c == '<':
		return s.hex()
	case c == '[':
		s.at++
		return s.list(Array, depth)
	case !IsRegular(c):
		return Value{}, s.wrong("unexpected delimiter")
	case (c < '0' || c > '9') && c != '+' && c != '-' && c != '.':
		switch word := s.word(); word {
		case "true", "false", "null":
			return constant(word), nil
		}
		return Value{}, s.wrong("operator among operands")
	}
	return s.number()
}

// list reads the inside of an array or dictionary, and its end.
func (s *Scanner) list(kind Kind, depth int) (Value, error) {
	v := Value{Kind: kind}
	for {
		s.skip()
		if s.at >= len(s.in) {
			return Value{}, s.wrong("unended list")
		}
		if kind == Array && s.in[s.at] == ']' {
			s.at++
			return v, nil
		}
		if kind == Dict && bytes.HasPrefix(s.in[s.at:], []byte(">>")) {
			s.at += 2
			return v, s.pairs(v)
		}
		e, err := s.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		v.List = append(v.List, e)
	}
}

// pairs tells whether the parts of a dictionary are keys and values.
func (s *Scanner) pairs(d Value) error {
	if len(d.List)%2 != 0 {
		return s.wrong("key without a value")
	}
	for i := 0; i < len(d.List); i += 2 {
		if d.List[i].Kind != Name {
			return s.wrong("key that is no name")
		}
	}
	return nil
}

// number reads a number as ISO 32000-1, 7.3.3 has it; exponents and second
// signs are none.
func (s *Scanner) number() (Value, error) {
	start := s.at
	for s.at < len(s.in) && IsRegular(s.in[s.at]) {
		s.at++
	}
	b := s.in[start:s.at]
	neg, digits, point, whole, frac, unit := false, 0, false, 0.0, 0.0, 1.0
	for i, c := range b {
		switch {
		case i == 0 && (c == '+' || c == '-'):
			neg = c == '-'
		case c >= '0' && c <= '9':
			digits++
			if point {
				unit /= 10
				frac = frac*10 + float64(c-'0')
			} else {
				whole = whole*10 + float64(c-'0')
			}
		case c == '.' && !point:
			point = true
		default:
			return Value{}, s.wrong("malformed number")
		}
	}
	if digits == 0 && !point || digits > 300 {
		return Value{}, s.wrong("malformed number")
	}
	n := whole
	if digits > 15 && point {
		n, _ = strconv.ParseFloat(string(bytes.TrimLeft(b, "+-")), 64) // too long for the sum below
	} else if frac != 0 {
		n += frac * unit
	}
	if neg {
		n = -n
	}
	return Value{Kind: Number, Num: n}, nil
}

// name reads a name behind its slash. A # that no two hex digits follow stands
// for itself, as in PDF 1.0.
func (s *Scanner) name() Value {
	start := s.at
	for s.at < len(s.in) && IsRegular(s.in[s.at]) {
		s.at++
	}
	return Value{Kind: Name, Str: UnescapeName(s.in[start:s.at])}
}

// UnescapeName resolves the #xx sequences of a name (ISO 32000-1, 7.3.5).
func UnescapeName(b []byte) []byte {
	if bytes.IndexByte(b, '#') < 0 {
		return b
	}
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) {
			hi, lo := hexDigit(b[i+1]), hexDigit(b[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// hex reads a string of hex digits.
func (s *Scanner) hex() (Value, error) {
	s.at++
	out, half, have := []byte{}, 0, false
	for ; s.at < len(s.in); s.at++ {
		c := s.in[s.at]
		if c == '>' {
			s.at++
			if have {
				out = append(out, byte(half<<4))
			}
			return Value{Kind: String, Str: out}, nil
		}
		d := hexDigit(c)
		switch {
		case IsSpace(c):
		case d < 0:
			return Value{}, s.wrong("string with other than hex digits")
		case have:
			out, have = append(out, byte(half<<4|d)), false
		default:
			half, have = d, true
		}
	}
	return Value{}, s.wrong("unended string")
}

// literal reads a string in parentheses (ISO 32000-1, 7.3.4.2).
func (s *Scanner) literal() (Value, error) {
	s.at++
	start, depth := s.at, 1
	plain := true
	for i := s.at; i < len(s.in); i++ {
		switch s.in[i] {
		case '\\':
			plain = false
			i++
		case '\r':
			plain = false
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.at = i + 1
				if plain {
					return Value{Kind: String, Str: s.in[start:i]}, nil
				}
				return Value{Kind: String, Str: unescape(s.in[start:i])}, nil
			}
		}
	}
	return Value{}, s.wrong("unended string")
}

func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == '\r' { // an end of line in whatever form is one \n
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			out = append(out, '\n')
			continue
		}
		if c != '\\' {
			out = append(out, c)
			continue
		}
		if i++; i >= len(b) {
			break
		}
		switch c := b[i]; c {
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case '\n':
		case '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n, k := 0, 0
			for ; k < 3 && i+k < len(b) && b[i+k] >= '0' && b[i+k] <= '7'; k++ {
				n = n<<3 | int(b[i+k]-'0')
			}
			i += k - 1
			out = append(out, byte(n))
		default:
			out = append(out, c)
		}
	}
	return out
}

// IsSpace and IsRegular are the character classes of ISO 32000-1, 7.2.2.
func IsSpace(c byte) bool { return class[c] == 1 }

// IsRegular tells whether c is neither white space nor a delimiter.
func IsRegular(c byte) bool { return class[c] == 0 }

var class = func() (t [256]uint8) {
	for _, c := range []byte("\x00\t\n\f\r ") {
		t[c] = 1
	}
	for _, c := range []byte("()<>[]{}/%") {
		t[c] = 2
	}
	return t
}()

var errNoPoint = fmt.Errorf("%w: path without a current point", ErrSyntax)

// Offset is the number of bytes read so far.
func (s *Scanner) Offset() int { return s.at }

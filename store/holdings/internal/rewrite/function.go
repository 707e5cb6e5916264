package rewrite

import (
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
)

// exact writes a number so that it is read as the same.
func exact(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// function writes a function anew (ISO 32000-1, 7.10) and returns it as an
// object.
func (r *Rewriter) function(o types.Object, depth int) (string, error) {
	if depth > maxDepth {
		return "", notUnderstood("functions too deep")
	}
	d := r.dict(o)
	if d == nil {
		return "", notUnderstood("function missing")
	}
	id := key(o)
	if text, ok := r.functions[id]; ok && id != "" {
		return text, nil
	}
	text, err := r.functionOf(o, d, depth)
	if err == nil {
		r.functions[id] = text
	}
	return text, err
}

func (r *Rewriter) functionOf(o types.Object, d types.Dict, depth int) (string, error) {
	domain, ok := r.numbers(d["Domain"])
	if !ok || len(domain) < 2 || len(domain)%2 != 0 {
		return "", notUnderstood("function without a domain")
	}
	common := r.keep(d, "Domain", "Range")
	switch kind := r.int(d["FunctionType"], -1); kind {
	case 0:
		sd, ok := r.stream(o)
		size, sized := r.numbers(d["Size"])
		outs, ranged := r.numbers(d["Range"])
		bits := r.int(d["BitsPerSample"], 0)
		if !ok || !sized || !ranged || len(size) != len(domain)/2 || bits < 1 || bits > 32 {
			return "", notUnderstood("sampled function")
		}
		data, err := r.decode(sd)
		if err != nil {
			return "", err
		}
		total := float64(bits) * float64(len(outs)/2)
		for _, n := range size {
			total *= n
		}
		if !(total >= 1 && total <= float64(len(data))*8) {
			return "", notUnderstood("sampled function without its samples")
		}
		common += r.keep(d, "Size", "BitsPerSample", "Order", "Encode", "Decode")
		return r.flate("/FunctionType 0"+common, data[:(int(total)+7)/8]).String(), nil
	case 2:
		return r.object("<</FunctionType 2" + common + r.keep(d, "C0", "C1", "N") + ">>").String(), nil
	case 3:
		parts := r.array(d["Functions"])
		if len(parts) == 0 || len(parts) > 4096 {
			return "", notUnderstood("stitched function")
		}
		var b strings.Builder
		for _, p := range parts {
			f, err := r.function(p, depth+1)
			if err != nil {
				return "", err
			}
			b.WriteString(" " + f)
		}
		common += "/Functions[" + b.String() + "]" + r.keep(d, "Bounds", "Encode")
		return r.object("<</FunctionType 3" + common + ">>").String(), nil
	case 4:
		sd, ok := r.stream(o)
		if !ok {
			return "", notUnderstood("calculator function")
		}
		data, err := r.decode(sd)
		if err != nil {
			return "", err
		}
		code, err := calculator(data)
		if err != nil {
			return "", err
		}
		return r.flate("/FunctionType 4"+common, code).String(), nil
	default:
		return "", notUnderstood("function of type %d", kind)
	}
}

// calculatorWords are the operators of ISO 32000-1, table 42.
var calculatorWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`abs add atan ceiling cos cvi cvr div exp floor idiv ln log mod mul neg round sin sqrt sub truncate
		and bitshift eq false ge gt le lt ne not or true xor if ifelse copy dup exch index pop roll`) {
		m[w] = true
	}
	return m
}()

// calculator writes a calculator function anew: braces, numbers and operators.
func calculator(data []byte) ([]byte, error) {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(data); {
		switch c := data[i]; {
		case content.IsSpace(c):
			i++
		case c == '%':
			for i < len(data) && data[i] != '\n' && data[i] != '\r' {
				i++
			}
		case c == '{' || c == '}':
			if c == '{' {
				depth++
			} else if depth--; depth < 0 {
				return nil, notUnderstood("calculator function")
			}
			b.WriteByte(c)
			i++
		case content.IsRegular(c):
			start := i
			for i < len(data) && content.IsRegular(data[i]) {
				i++
			}
			word := string(data[start:i])
			if !calculatorWords[word] {
				n, err := strconv.ParseFloat(word, 64)
				if err != nil || len(word) > 40 {
					return nil, notUnderstood("calculator function")
				}
				word = exact(n)
			}
			b.WriteString(" " + word)
		default:
			return nil, notUnderstood("calculator function")
		}
		if depth > maxDepth {
			return nil, notUnderstood("calculator function")
		}
	}
	if depth != 0 || b.Len() == 0 {
		return nil, notUnderstood("calculator function")
	}
	return []byte(b.String()), nil
}

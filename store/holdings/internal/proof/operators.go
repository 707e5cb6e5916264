package proof

import "bytes"

// known are the operators that may stand in an excerpt: no inline images, no
// compatibility sections, no marked points.
var known = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range bytes.Fields([]byte(`q Q cm w J j M d ri i gs m l c h re S f f* B B* n W W* BT ET Tc Tw Tz Ts Tr Tf Td Tm Tj TJ
		T* TL ' " CS cs SCN scn G g RG rg K k sh Do BDC EMC d0 d1 s b b* F v y SC sc`)) {
		m[string(w)] = true
	}
	return m
}()

// naming tells in which category of resources the name before an operator is.
var naming = map[string]string{
	"Tf": "Font", "Do": "XObject", "gs": "ExtGState", "cs": "ColorSpace", "CS": "ColorSpace", "scn": "Pattern", "SCN": "Pattern", "sh": "Shading",
}

// device are colour spaces that content names without a resource.
var device = map[string]bool{"DeviceGray": true, "DeviceRGB": true, "DeviceCMYK": true, "Pattern": true}

// operators lists the resources that content uses, by category. Strings are
// only before operators that show them, and in spans of a few letters.
func operators(data []byte) (map[string]map[string]bool, error) {
	used := map[string]map[string]bool{}
	p := &parser{in: data}
	last, shown := "", false // the name before, and whether a string was
	depth, open := 0, false
	for {
		p.blank()
		if p.at >= len(data) {
			if depth != 0 || open || shown {
				return nil, wrong("content that does not end")
			}
			return used, nil
		}
		switch c := p.peek(); {
		case c == '/':
			p.at++
			last = string(p.name())
		case c == '(' || c == '<' && !bytes.HasPrefix(data[p.at:], []byte("<<")):
			if _, err := p.value(0); err != nil {
				return nil, err
			}
			shown = true
		case c == '[':
			v, err := p.value(0)
			if err != nil {
				return nil, err
			}
			for _, e := range v.(array) {
				switch e.(type) {
				case text:
					shown = true
				case float64:
				default:
					return nil, wrong("list in content")
				}
			}
		case c == '<':
			v, err := p.value(0)
			if err != nil {
				return nil, err
			}
			d := v.(dict)
			if s, ok := d["ActualText"].(text); !ok || len(d) != 1 || len(s) > 18 {
				return nil, wrong("properties in content")
			}
		case c >= '0' && c <= '9' || c == '-' || c == '.' || c == '+':
			p.at++
			for p.at < len(data) && (data[p.at] >= '0' && data[p.at] <= '9' || data[p.at] == '.') {
				p.at++
			}
		default:
			op := string(p.name())
			if !known[op] {
				return nil, wrong("operator %.20q", op)
			}
			if show := op == "Tj" || op == "TJ" || op == "'" || op == `"`; show != shown && (shown || op != "TJ") {
				return nil, wrong("string that is not shown")
			}
			shown = false
			switch op {
			case "q":
				depth++
			case "Q":
				depth--
			case "BT", "ET":
				if open == (op == "BT") {
					return nil, wrong("text within text")
				}
				open = op == "BT"
			}
			if depth < 0 {
				return nil, wrong("state restored that was not saved")
			}
			if category := naming[op]; category != "" && last != "" && !(category == "ColorSpace" && device[last]) {
				if used[category] == nil {
					used[category] = map[string]bool{}
				}
				used[category][last] = true
			}
			last = ""
		}
	}
}

package proof

import "bytes"

// resource is what content paints with: a name in a category.
type resource struct{ category, name string }

// operator is one that may stand in an excerpt.
type operator struct {
	known bool
	// naming is the category of resources that the name before it is in, if any.
	naming string
	shows  bool // strings
	does   byte // 'q' and 'Q', 'B' and 'E' for BT and ET
}

// of is what is known of an operator: there are no inline images, no
// compatibility sections, no marked points.
func of(op []byte) operator {
	switch string(op) {
	case "m", "l", "h", "c", "v", "y", "re", "f", "S", "cm", "rg", "RG", "g", "G", "k", "K", "w", "n", "W", "f*", "B",
		"B*", "W*", "b", "b*", "F", "s",
		"J", "j", "M", "d", "ri", "i", "Tc", "Tw", "Tz", "Ts", "Tr", "Td", "Tm", "T*", "TL", "SC", "sc", "BDC", "EMC", "d0",
		"d1":
		return operator{known: true}
	case "q":
		return operator{known: true, does: 'q'}
	case "Q":
		return operator{known: true, does: 'Q'}
	case "BT":
		return operator{known: true, does: 'B'}
	case "ET":
		return operator{known: true, does: 'E'}
	case "Tj", "TJ", "'", `"`:
		return operator{known: true, shows: true}
	case "Tf":
		return operator{known: true, naming: "Font"}
	case "Do":
		return operator{known: true, naming: "XObject"}
	case "gs":
		return operator{known: true, naming: "ExtGState"}
	case "cs", "CS":
		return operator{known: true, naming: "ColorSpace"}
	case "scn", "SCN":
		return operator{known: true, naming: "Pattern"}
	case "sh":
		return operator{known: true, naming: "Shading"}
	}
	return operator{}
}

// device are colour spaces that content names without a resource.
func device(name []byte) bool {
	switch string(name) {
	case "DeviceGray", "DeviceRGB", "DeviceCMYK", "Pattern":
		return true
	}
	return false
}

// operators adds the resources that content uses to used. Strings are only before
// operators that show them, and in spans of a few letters.
func operators(data []byte, used map[resource]bool) error {
	p := &parser{in: data}
	var last []byte // the name before
	shown := false  // whether a string was
	depth, open := 0, false
	for {
		p.blank()
		if p.at >= len(data) {
			if depth != 0 || open || shown {
				return wrong("content that does not end")
			}
			return nil
		}
		switch c := p.peek(); {
		case c >= '0' && c <= '9' || c == '-' || c == '.' || c == '+':
			p.at++
			for p.at < len(data) && (data[p.at] >= '0' && data[p.at] <= '9' || data[p.at] == '.') {
				p.at++
			}
		case c == '/':
			p.at++
			last = p.regular()
		case c == '(':
			if _, err := p.literal(); err != nil {
				return err
			}
			shown = true
		case c == '<' && !bytes.HasPrefix(data[p.at:], []byte("<<")):
			if _, err := p.value(0); err != nil {
				return err
			}
			shown = true
		case c == '[':
			v, err := p.value(0)
			if err != nil {
				return err
			}
			for _, e := range v.(array) {
				switch e.(type) {
				case text:
					shown = true
				case float64:
				default:
					return wrong("list in content")
				}
			}
		case c == '<':
			v, err := p.value(0)
			if err != nil {
				return err
			}
			d := v.(dict)
			if s, ok := d["ActualText"].(text); !ok || len(d) != 1 || len(s) > 18 {
				return wrong("properties in content")
			}
		default:
			op := p.regular()
			is := of(op)
			if !is.known {
				return wrong("operator %.20q", op)
			}
			if is.shows != shown && (shown || string(op) != "TJ") {
				return wrong("string that is not shown")
			}
			shown = false
			switch is.does {
			case 'q':
				depth++
			case 'Q':
				depth--
			case 'B', 'E':
				if open == (is.does == 'B') {
					return wrong("text within text")
				}
				open = is.does == 'B'
			}
			if depth < 0 {
				return wrong("state restored that was not saved")
			}
			if is.naming != "" && last != nil && !(is.naming == "ColorSpace" && device(last)) &&
				!used[resource{is.naming, string(last)}] {
				used[resource{is.naming, string(last)}] = true
			}
			last = nil
		}
	}
}

package holdings

import (
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/content"
)

// Bounds of the ruling looked for on one page.
const (
	maxRuling      = 4000     // boxes
	maxRulingOps   = 1 << 20  // operators
	maxRulingBytes = 16 << 20 // of all streams
)

// ruling is what is painted on a page in lines and boxes, in its own coordinates:
// what separates and shades the cells of a table. Of a page whose content cannot be
// read it is what was painted up to there: nothing may depend on all of it.
func (s *source) ruling(number int) []content.Rect {
	if number < 1 || number > len(s.pages) {
		return nil
	}
	p := s.pages[number-1]
	r := ruler{s: s}
	var all []byte
	for _, n := range p.contents {
		sd, _ := s.object(*types.NewIndirectRef(n, 0)).(types.StreamDict)
		data, err := s.decode(sd)
		if err != nil {
			return nil
		}
		all = append(append(all, data...), '\n')
	}
	r.walk(all, p.resources, content.Identity, 0)
	return r.out
}

// ruler walks through content for what is painted.
type ruler struct {
	s     *source
	out   []content.Rect
	ops   int
	bytes int
}

func (r *ruler) walk(data []byte, res types.Dict, ctm content.Matrix, depth int) {
	if r.bytes += len(data); r.bytes > maxRulingBytes {
		return
	}
	var saved []content.Matrix
	var path content.Path
	for scan := content.NewScanner(data); ; {
		op, ok, err := scan.Next()
		if r.ops++; !ok || err != nil || op.Known() != nil || r.ops > maxRulingOps || len(r.out) >= maxRuling {
			return
		}
		switch op.Name {
		case "q":
			if len(saved) < 100 {
				saved = append(saved, ctm)
			}
		case "Q":
			if len(saved) > 0 {
				ctm, saved = saved[len(saved)-1], saved[:len(saved)-1]
			}
		case "cm":
			ctm = content.Matrix(op.Numbers()).Mul(ctm)
		case "m", "l", "c", "v", "y", "h", "re":
			if path.Build(op, ctm) != nil {
				return
			}
		case "S", "s", "f", "F", "f*", "B", "B*", "b", "b*":
			for _, part := range path.Parts {
				r.out = append(r.out, part.Bounds)
			}
			path = content.Path{}
		case "n":
			path = content.Path{}
		case "Do":
			r.form(string(op.Args[0].Str), res, ctm, depth)
		}
	}
}

// form walks through a form that is painted.
func (r *ruler) form(name string, res types.Dict, ctm content.Matrix, depth int) {
	sd, ok := r.s.object(r.s.dict(res["XObject"])[name]).(types.StreamDict)
	if !ok || depth > 6 || r.s.name(sd.Dict["Subtype"]) != "Form" {
		return
	}
	data, err := r.s.decode(sd)
	if err != nil {
		return
	}
	if own := r.s.dict(sd.Dict["Resources"]); own != nil {
		res = own
	}
	if list, _ := r.s.object(sd.Dict["Matrix"]).(types.Array); len(list) == 6 {
		var m content.Matrix
		for i, o := range list {
			if m[i], ok = r.s.number(o); !ok {
				return
			}
		}
		ctm = m.Mul(ctm)
	}
	r.walk(data, res, ctm, depth+1)
}

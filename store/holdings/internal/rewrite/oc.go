package rewrite

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// layers knows which optional content shows when the file is opened (ISO
// 32000-1, 8.11). Where the standard and a common reader differ, what either
// hides is hidden.
type layers struct {
	objects
	baseOff bool
	on, off map[int]bool
	auto    map[int]bool // switched by their usage when viewed (8.11.4.4)
}

// newLayers reads the default configuration of a file.
func newLayers(s objects, properties types.Object) layers {
	l := layers{objects: s, on: map[int]bool{}, off: map[int]bool{}, auto: map[int]bool{}}
	d := s.dict(s.dict(properties)["D"])
	l.baseOff = s.name(d["BaseState"]) == "OFF"
	l.list(d["ON"], l.on)
	l.list(d["OFF"], l.off)
	for _, o := range s.array(d["AS"]) {
		if as := s.dict(o); s.name(as["Event"]) == "View" {
			l.list(as["OCGs"], l.auto)
		}
	}
	return l
}

func (l layers) list(o types.Object, to map[int]bool) {
	for _, g := range l.array(o) {
		if ref, ok := g.(types.IndirectRef); ok {
			to[ref.ObjectNumber.Value()] = true
		}
	}
}

// shown tells whether what belongs to a group or a membership dictionary shows.
func (l layers) shown(o types.Object) bool {
	d := l.dict(o)
	if d == nil {
		return true
	}
	if l.name(d["Type"]) == "OCMD" || d["Type"] == nil && (d["OCGs"] != nil || d["VE"] != nil) {
		return l.member(d)
	}
	return l.group(o, d)
}

func (l layers) group(o types.Object, d types.Dict) bool {
	ref, ok := o.(types.IndirectRef)
	if !ok {
		return true
	}
	if !l.viewed(d["Intent"]) {
		return true // not meant for what is looked at (8.11.2.1)
	}
	n := ref.ObjectNumber.Value()
	on := !l.baseOff
	if l.on[n] {
		on = true
	}
	if l.off[n] {
		on = false
	}
	view := l.dict(l.dict(d["Usage"])["View"])
	switch state := l.name(view["ViewState"]); {
	case state == "OFF":
		on = false // readers heed it with and without the automatic switch
	case state == "ON" && l.auto[n] && !l.off[n]:
		on = true
	}
	return on
}

// viewed tells whether a group's intents, one or several, have to do with
// viewing.
func (l layers) viewed(intent types.Object) bool {
	list, ok := l.get(intent).(types.Array)
	if !ok {
		list = types.Array{intent}
	}
	for _, o := range list {
		if n := l.name(o); n == "View" || n == "All" || n == "" {
			return true
		}
	}
	return len(list) == 0
}

// member reckons a membership dictionary (8.11.2.2).
func (l layers) member(d types.Dict) bool {
	if ve := l.array(d["VE"]); len(ve) > 0 {
		return l.expression(ve, 0)
	}
	groups, isArray := l.get(d["OCGs"]).(types.Array)
	if !isArray {
		groups = types.Array{d["OCGs"]}
	}
	ons, offs := 0, 0
	for _, o := range groups {
		if g := l.dict(o); g == nil {
			continue
		} else if l.group(o, g) {
			ons++
		} else {
			offs++
		}
	}
	if ons+offs == 0 {
		return true
	}
	switch l.name(d["P"]) {
	case "AllOn":
		return offs == 0
	case "AnyOff":
		return offs > 0
	case "AllOff":
		return ons == 0
	}
	return ons > 0
}

// expression reckons a visibility expression; what cannot be read hides.
func (l layers) expression(a types.Array, depth int) bool {
	if depth > maxDepth || len(a) < 2 {
		return false
	}
	operand := func(o types.Object) bool {
		if inner, ok := l.get(o).(types.Array); ok {
			return l.expression(inner, depth+1)
		}
		d := l.dict(o)
		return d == nil || l.group(o, d)
	}
	switch l.name(a[0]) {
	case "Not":
		return len(a) == 2 && !operand(a[1])
	case "And":
		for _, o := range a[1:] {
			if !operand(o) {
				return false
			}
		}
		return true
	case "Or":
		for _, o := range a[1:] {
			if operand(o) {
				return true
			}
		}
	}
	return false
}

package holdings

import (
	"bytes"
	"context"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// defaultSpaces are colour spaces that content uses without naming them.
var defaultSpaces = map[string]bool{"DefaultGray": true, "DefaultRGB": true, "DefaultCMYK": true}

// use is what one object with content (form, tiling pattern, Type 3 font)
// needs by name.
type use struct {
	kept  map[string]bool // in its own /Resources
	wants map[string]bool // not found there: to be looked for around it
}

// uses finds out which resources are used, through forms, patterns and fonts,
// with and without /Resources of their own. A form without takes its names
// from where it is drawn (ISO 32000-1, table 95), and readers look around a
// form for what its own /Resources lack; both are followed here.
type uses struct {
	*source
	ctx  context.Context
	memo map[int]use
	made map[*page]composed // pages composed for the cut, for the check
}

// newUses begins the analysis of s for one job, which ends when ctx does.
func newUses(ctx context.Context, s *source) *uses {
	return &uses{source: s, ctx: ctx, memo: map[int]use{}, made: map[*page]composed{}}
}

// of is the use of an object; empty for objects without content.
func (u *uses) of(o types.Object) (use, error) {
	ref, indirect := o.(types.IndirectRef)
	num := ref.ObjectNumber.Value()
	if indirect {
		if known, ok := u.memo[num]; ok {
			return known, nil
		}
		if err := u.ctx.Err(); err != nil {
			return use{}, err
		}
		u.memo[num] = use{} // what a form drawn inside itself adds
	}
	contents, err := u.contentOf(u.object(o))
	if err != nil || contents == nil {
		return use{}, err
	}
	found, err := u.follow(u.dict(u.dict(o)["Resources"]), contents)
	if err != nil {
		return use{}, err
	}
	if indirect {
		u.memo[num] = found
	}
	return found, nil
}

// contentOf is the content of a form, tiling pattern or Type 3 font; nil for
// other objects.
func (u *uses) contentOf(o types.Object) ([][]byte, error) {
	switch v := o.(type) {
	case types.StreamDict:
		pattern, _ := u.number(v.Dict["PatternType"])
		if u.name(v.Dict["Subtype"]) != "Form" && pattern != 1 {
			return nil, nil
		}
		data, err := u.decode(v)
		if err != nil {
			return nil, err
		}
		return [][]byte{data}, nil
	case types.Dict:
		if u.name(v["Subtype"]) != "Type3" {
			return nil, nil
		}
		contents := [][]byte{{}}
		for _, glyph := range u.dict(v["CharProcs"]) {
			if sd, ok := u.object(glyph).(types.StreamDict); ok {
				data, err := u.decode(sd)
				if err != nil {
					return nil, err
				}
				contents = append(contents, data)
			}
		}
		return contents, nil
	}
	return nil, nil
}

// follow gathers the names used by contents that draw from a resource
// dictionary, and by everything drawn through it.
func (u *uses) follow(resources types.Dict, contents [][]byte) (use, error) {
	found := use{kept: map[string]bool{}, wants: map[string]bool{}}
	var queue []string
	met := map[string]bool{}
	add := func(name string) {
		if !met[name] {
			met[name] = true
			queue = append(queue, name)
		}
	}
	for _, c := range contents {
		resourceNames(c, add)
	}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		held := false
		for category, entries := range resources {
			o, ok := u.dict(entries)[name]
			if !ok {
				continue
			}
			held = true
			wants, err := u.through(category, o)
			if err != nil {
				return use{}, fmt.Errorf("resource: %w", err)
			}
			for want := range wants {
				add(want)
			}
		}
		if held {
			found.kept[name] = true
		} else {
			found.wants[name] = true
		}
	}
	return found, nil
}

// through is what a resource wants from the dictionary it stands in.
func (u *uses) through(category string, o types.Object) (map[string]bool, error) {
	switch category {
	case "XObject", "Pattern", "Font":
	case "ExtGState":
		o = u.dict(u.dict(o)["SMask"])["G"] // the form that makes the soft mask
	default:
		return nil, nil
	}
	found, err := u.of(o)
	return found.wants, err
}

// pageContent is all content of a page as one stream.
func (u *uses) pageContent(p page) ([]byte, error) {
	var all bytes.Buffer
	for _, num := range p.contents {
		sd, _ := u.objects[num].(types.StreamDict)
		data, err := u.decode(sd)
		if err != nil {
			return nil, err
		}
		if all.Len()+len(data) > maxStreamBytes {
			return nil, fmt.Errorf("%w: page content too large", errCopy)
		}
		all.Write(data)
		all.WriteByte('\n')
	}
	return all.Bytes(), nil
}

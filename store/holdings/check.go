package holdings

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
)

// errCheck says that a finished excerpt is not what it must be.
var errCheck = errors.New("self-check")

// pageKeys are all entries that a page of an excerpt may have.
var pageKeys = map[string]bool{
	"Type": true, "Parent": true, "MediaBox": true, "CropBox": true, "Rotate": true, "UserUnit": true,
	"Group": true, "Resources": true, "Contents": true,
}

// checker holds an excerpt, read again from its bytes, beside its source.
type checker struct {
	*uses   // of the source
	got     *source
	visited map[int]bool    // objects of the excerpt that were accounted for
	same    map[[2]int]bool // pairs found equal, or being compared
}

// check reads a finished excerpt again and proves, page by page, that it shows
// what the source shows: same boxes, same content between the parts of the
// mark, and every resource that the content names equal to the source's down
// to the bytes of its streams. Every object of the file must have been met on
// this way: an object that no granted page uses is a leak.
func check(u *uses, data []byte, o conversation.ExcerptOrder) error {
	got, err := readSource(u.ctx, data)
	if err != nil {
		if u.ctx.Err() != nil {
			return u.ctx.Err()
		}
		return fmt.Errorf("%w: read again: %w", errCheck, err)
	}
	if len(got.pages) != len(o.Pages) {
		return fmt.Errorf("%w: %d pages for %d", errCheck, len(got.pages), len(o.Pages))
	}
	k := &checker{uses: u, got: got, visited: map[int]bool{}, same: map[[2]int]bool{}}
	st := newStamp(o.Mark)
	for i, n := range o.Pages {
		if err := u.ctx.Err(); err != nil {
			return err
		}
		if err := k.page(&u.pages[n-1], got.pages[i], st); err != nil {
			return fmt.Errorf("%w: page %d: %w", errCheck, n, err)
		}
	}
	return k.nothingElse(len(o.Pages))
}

func (k *checker) page(want *page, got page, st stamp) error {
	if want.media != got.media || want.crop != got.crop || want.rotate != got.rotate || want.unit != got.unit {
		return errors.New("boxes differ")
	}
	pg, err := k.compose(want, st)
	if err != nil {
		return err
	}
	if len(got.contents) != 1 {
		return errors.New("more than one content stream")
	}
	k.visited[got.contents[0]] = true
	content, err := k.got.decode(k.got.objects[got.contents[0]].(types.StreamDict))
	if err != nil {
		return err
	}
	if !bytes.Equal(content, pg.content) {
		return errors.New("content differs")
	}
	if want.group != nil {
		if err := k.value(want.group, got.group, false, 0); err != nil {
			return err
		}
	}
	return k.resources(want.resources, got.resources, pg.kept, pg.font, 0)
}

// resources compares the resources kept of want with got; font is a font that
// got has besides.
func (k *checker) resources(want, got types.Dict, kept map[string]bool, font string, depth int) error {
	for category := range want {
		if category == "ProcSet" {
			continue
		}
		ours := k.got.dict(got[category])
		for name, o := range k.dict(want[category]) {
			if !kept[name] && (category != "ColorSpace" || !defaultSpaces[name]) {
				continue
			}
			if err := k.value(o, ours[name], false, depth+1); err != nil {
				return fmt.Errorf("%s: %w", category, err)
			}
		}
	}
	for category := range got {
		theirs := k.dict(want[category])
		for name, o := range k.got.dict(got[category]) {
			if category == "Font" && name == font {
				k.meet(o)
				if k.got.name(k.got.dict(o)["BaseFont"]) != "Helvetica" {
					return errors.New("font of the mark differs")
				}
				continue
			}
			if _, ok := theirs[name]; !ok || !kept[name] && (category != "ColorSpace" || !defaultSpaces[name]) {
				return fmt.Errorf("%s: a resource too many", category)
			}
		}
	}
	return nil
}

// meet accounts for an object of the excerpt.
func (k *checker) meet(o types.Object) {
	if ref, ok := o.(types.IndirectRef); ok {
		k.visited[ref.ObjectNumber.Value()] = true
	}
}

// value compares two objects through their references.
func (k *checker) value(want, got types.Object, names bool, depth int) error {
	if depth > maxDepth*2 {
		return errors.New("nested too deep")
	}
	self := want
	wr, wantRef := want.(types.IndirectRef)
	gr, gotRef := got.(types.IndirectRef)
	if gotRef {
		k.meet(got)
	}
	if wantRef && gotRef {
		pair := [2]int{wr.ObjectNumber.Value(), gr.ObjectNumber.Value()}
		if k.same[pair] {
			return nil
		}
		k.same[pair] = true
	}
	want, got = k.object(want), k.got.object(got)
	if k.refused(want) {
		want = nil
	}
	switch w := want.(type) {
	case types.StreamDict:
		g, ok := got.(types.StreamDict)
		if !ok || !bytes.Equal(w.Raw, g.Raw) {
			return errors.New("a stream differs")
		}
		return k.entries(w.Dict, g.Dict, self, false, depth)
	case types.Dict:
		g, ok := got.(types.Dict)
		if !ok {
			return errors.New("a dictionary is missing")
		}
		return k.entries(w, g, self, names, depth)
	case types.Array:
		g, ok := got.(types.Array)
		if !ok || len(w) != len(g) {
			return errors.New("an array differs")
		}
		for i := range w {
			if err := k.value(w[i], g[i], false, depth+1); err != nil {
				return err
			}
		}
		return nil
	case types.Float:
		a, _ := k.number(w)
		b, ok := k.got.number(got)
		if !ok || a != b {
			return errors.New("a number differs")
		}
		return nil
	}
	if want != got {
		return errors.New("a value differs")
	}
	return nil
}

func (k *checker) entries(want, got types.Dict, self types.Object, names bool, depth int) error {
	for key := range got {
		if key == "Length" && !names {
			continue
		}
		if _, ok := want[key]; !ok || !names && skippedKeys[key] {
			return errors.New("an entry too many")
		}
	}
	for key, o := range want {
		if !names && skippedKeys[key] {
			continue
		}
		if key == "Resources" {
			use, err := k.of(self)
			if err != nil {
				return err
			}
			if err := k.resources(k.dict(o), k.got.dict(got[key]), use.kept, "", depth+1); err != nil {
				return err
			}
			continue
		}
		if err := k.value(o, got[key], nameKeyed[key], depth+1); err != nil {
			return err
		}
	}
	return nil
}

// nothingElse proves that the excerpt holds, besides what was compared, only
// its pages, their tree, the catalog, the XMP packet and the information
// dictionary.
func (k *checker) nothingElse(pages int) error {
	count := map[string]int{}
	for num, o := range k.got.objects {
		d := k.got.dict(o)
		kind := k.got.name(d["Type"])
		switch {
		case k.visited[num]:
			if refusedTypes[kind] {
				return fmt.Errorf("%w: a %s inside a page", errCheck, kind)
			}
			continue
		case kind == "Page":
			for key := range d {
				if !pageKeys[key] {
					return fmt.Errorf("%w: page has /%s", errCheck, key)
				}
			}
		case kind == "" && d["Keywords"] != nil && len(d) == 2:
			kind = "Info"
		}
		count[kind]++
	}
	for kind, n := range map[string]int{"Page": pages, "Pages": 1, "Catalog": 1, "Metadata": 1, "Info": 1} {
		if count[kind] != n {
			return fmt.Errorf("%w: %d objects of kind %s", errCheck, count[kind], kind)
		}
		delete(count, kind)
	}
	if len(count) > 0 {
		return fmt.Errorf("%w: objects that no granted page uses", errCheck)
	}
	return nil
}

// PageCount is the number of pages of a PDF file, 1…5000. Errors are of this
// package's kinds, or ctx's.
func PageCount(ctx context.Context, data []byte) (int, error) {
	s, err := readSource(ctx, data)
	if err != nil {
		return 0, err
	}
	return len(s.pages), nil
}

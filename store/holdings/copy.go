package holdings

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/internal/pdfout"
)

// errCopy says that an object is of a kind the copier does not carry over.
var errCopy = errors.New("object cannot be copied")

// errHidden says that a granted page uses a layer that is switched off in the
// source, where an excerpt would show it.
var errHidden = errors.New("page has a hidden layer")

// maxDepth bounds how deep objects may be nested or refer to one another.
const maxDepth = 200

// refusedTypes are dictionaries that lead out of a page: to its neighbours, to
// the document, to files and scripts. A reference to one becomes null.
var refusedTypes = map[string]bool{
	"Page": true, "Pages": true, "Template": true, "Catalog": true, "StructElem": true, "StructTreeRoot": true, "Outlines": true,
	"Annot": true, "Action": true, "Bead": true, "Thread": true, "Sig": true, "Filespec": true, "EmbeddedFile": true,
	"ObjStm": true, "XRef": true, "Metadata": true, "Collection": true, "Names": true, "MCR": true, "OBJR": true,
}

// skippedKeys are entries that lead out of a page in whatever dictionary they
// stand, or name an external file (F of a stream).
var skippedKeys = map[string]bool{
	"Parent": true, "P": true, "B": true, "A": true, "AA": true, "Annots": true, "StructParent": true, "StructParents": true,
	"PieceInfo": true, "LastModified": true, "Metadata": true, "Thumb": true, "PresSteps": true, "AF": true, "Dest": true,
	"IRT": true, "Popup": true, "JS": true, "OPI": true, "Ref": true, "Alternates": true, "Kids": true, "ID": true, "Pg": true,
	"F": true, "FFilter": true, "FDecodeParms": true, "Length": true,
}

// nameKeyed are the dictionaries whose keys are names chosen by the writer of
// the file, so that no key of theirs is skipped.
var nameKeyed = map[string]bool{"CharProcs": true, "Colorants": true, "MixingHints": true, "Solidities": true}

// copier carries the objects that granted pages use into a new file. It copies
// by allow-list: what a page does not name does not come along.
type copier struct {
	*uses
	out  *pdfout.Writer
	refs map[int]pdfout.Ref // by object number of the source; 0: refused
}

// refused tells whether an object may not be inside an excerpt.
func (s *source) refused(o types.Object) bool {
	switch v := o.(type) {
	case nil:
		return true
	case types.Dict:
		return refusedTypes[s.name(v["Type"])]
	case types.StreamDict:
		return refusedTypes[s.name(v.Dict["Type"])]
	}
	return false
}

// ref copies the object with this number, once, and returns its new number; 0
// when it is not carried over.
func (c *copier) ref(num, depth int) (pdfout.Ref, error) {
	if r, ok := c.refs[num]; ok {
		return r, nil
	}
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	o := c.objects[num]
	if ref, ok := o.(types.IndirectRef); ok {
		o = c.object(ref)
	}
	if c.refused(o) {
		c.refs[num] = 0
		return 0, nil
	}
	if c.hidden[num] {
		return 0, errHidden
	}
	r := c.out.Reserve()
	c.refs[num] = r
	var b bytes.Buffer
	self := *types.NewIndirectRef(num, 0)
	switch v := o.(type) {
	case types.StreamDict:
		if err := c.entries(&b, v.Dict, self, false, depth+1); err != nil {
			return 0, err
		}
		c.out.PutStream(r, b.String(), v.Raw)
	case types.Dict:
		b.WriteString("<<")
		if err := c.entries(&b, v, self, false, depth+1); err != nil {
			return 0, err
		}
		b.WriteString(">>")
		c.out.Put(r, b.String())
	default:
		if err := c.value(&b, o, false, depth+1); err != nil {
			return 0, err
		}
		c.out.Put(r, b.String())
	}
	return r, nil
}

// entries writes the entries of d, the dictionary of the object self, with its
// /Resources pruned to what its content uses. names says that the keys of d
// are not PDF's.
func (c *copier) entries(b *bytes.Buffer, d types.Dict, self types.Object, names bool, depth int) error {
	for _, key := range sortedKeys(d) {
		if !names && skippedKeys[key] {
			continue
		}
		if key == "Resources" {
			use, err := c.of(self)
			if err != nil {
				return err
			}
			b.WriteString("/Resources")
			if err := c.resources(b, c.dict(d[key]), use.kept, "", depth); err != nil {
				return err
			}
			continue
		}
		writeName(b, key)
		if err := c.value(b, d[key], nameKeyed[key], depth); err != nil {
			return err
		}
	}
	return nil
}

// resources writes the part of a resource dictionary whose names are kept, and
// fonts, entries to add to its fonts.
func (c *copier) resources(b *bytes.Buffer, d types.Dict, kept map[string]bool, fonts string, depth int) error {
	b.WriteString("<<")
	categories := sortedKeys(d)
	if fonts != "" && d["Font"] == nil {
		categories = append(categories, "Font")
	}
	for _, category := range categories {
		if category == "ProcSet" {
			continue // obsolete since PDF 1.4
		}
		entries := c.dict(d[category])
		first := true
		if category == "Font" && fonts != "" {
			b.WriteString("/Font<<")
			b.WriteString(fonts)
			first = false
		}
		for _, name := range sortedKeys(entries) {
			if !kept[name] && (category != "ColorSpace" || !defaultSpaces[name]) {
				continue
			}
			if first {
				writeName(b, category)
				b.WriteString("<<")
				first = false
			}
			writeName(b, name)
			if err := c.value(b, entries[name], false, depth+1); err != nil {
				return err
			}
		}
		if !first {
			b.WriteString(">>")
		}
	}
	b.WriteString(">>")
	return nil
}

// value writes any object; names says that o is a dictionary whose keys are
// not PDF's.
func (c *copier) value(b *bytes.Buffer, o types.Object, names bool, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w: nested too deep", errCopy)
	}
	switch v := o.(type) {
	case types.IndirectRef:
		num := v.ObjectNumber.Value()
		if d, ok := c.object(v).(types.Dict); ok && names { // its keys are names: into the file as it stands
			return c.value(b, d, true, depth+1)
		}
		r, err := c.ref(num, depth)
		if err != nil {
			return err
		}
		if r == 0 {
			b.WriteString(" null")
			return nil
		}
		b.WriteByte(' ')
		b.WriteString(r.String())
	case types.Dict:
		if c.refused(v) {
			b.WriteString(" null")
			return nil
		}
		b.WriteString("<<")
		if err := c.entries(b, v, v, names, depth+1); err != nil {
			return err
		}
		b.WriteString(">>")
	case types.Array:
		b.WriteByte('[')
		for _, e := range v {
			if err := c.value(b, e, false, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		return scalar(b, o)
	}
	return nil
}

// scalar writes an object without parts.
func scalar(b *bytes.Buffer, o types.Object) error {
	switch v := o.(type) {
	case nil:
		b.WriteString(" null")
	case types.Name:
		writeName(b, string(v))
	case types.Integer:
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(int(v)))
	case types.Float:
		b.WriteByte(' ')
		b.WriteString(number(float64(v)))
	case types.Boolean:
		b.WriteByte(' ')
		b.WriteString(strconv.FormatBool(bool(v)))
	case types.StringLiteral: // still escaped as it was in the source
		b.WriteByte('(')
		b.WriteString(string(v))
		b.WriteByte(')')
	case types.HexLiteral:
		b.WriteByte('<')
		b.WriteString(string(v))
		b.WriteByte('>')
	default:
		return fmt.Errorf("%w: %T", errCopy, o)
	}
	return nil
}

func writeName(b *bytes.Buffer, name string) {
	b.WriteByte('/')
	b.WriteString(types.EncodeName(name))
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func sortedKeys(d types.Dict) []string {
	keys := make([]string, 0, len(d))
	for k := range d {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

package holdings

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
	"pst/store/holdings/content"
	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/rewrite"
)

// Object is the object with this number, for package rewrite.
func (s *source) Object(num int) (types.Object, error) {
	return s.object(*types.NewIndirectRef(num, 0)), nil
}

var _ rewrite.Source = (*source)(nil)

// toRewrite is the page as package rewrite takes it.
func (p page) toRewrite() rewrite.Page {
	c := p.crop
	return rewrite.Page{
		Crop: content.Rect{X0: c[0], Y0: c[1], X1: c[2], Y1: c[3]}, Rotate: p.rotate, Unit: p.unit,
		Resources: p.resources, Group: p.group, Contents: p.contents, Annots: p.annots,
	}
}

// cutVector makes the excerpt with its text as text: each granted page written
// anew, with the mark in it. Errors wrap rewrite.ErrNotUnderstood, or are ctx's.
func cutVector(ctx context.Context, s *source, o conversation.ExcerptOrder) ([]byte, error) {
	st := newStamp(o.Mark)
	out := pdfout.New()
	root, tree := out.Reserve(), out.Reserve()
	font := out.Add(markFont)
	w := rewrite.New(ctx, s, out, s.layers)
	kids := make([]string, len(o.Pages))
	for i, n := range o.Pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p := &s.pages[n-1]
		written, err := w.Page(p.toRewrite())
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", n, err)
		}
		kids[i] = writePage(out, tree, p, written, st, font).String()
		if out.Len() > maxExcerptBytes {
			return nil, ErrExcerptTooLarge
		}
	}
	if err := w.Finish(); err != nil {
		return nil, err
	}
	return finish(out, root, tree, kids, o, st.code), nil
}

// writePage writes a page with its mark.
func writePage(out *pdfout.Writer, tree pdfout.Ref, p *page, written rewrite.Written, st stamp, font pdfout.Ref) pdfout.Ref {
	before, after := st.draw(*p, "M1")
	var b bytes.Buffer
	b.WriteString(before)
	for _, s := range written.Segments {
		b.Write(s)
	}
	b.WriteString(after)
	res := written.Resources
	res["Font"] = append(res["Font"], "/M1 "+font.String())
	return out.Add(fmt.Sprintf("<</Type/Page/Parent %s%s%s/Resources<<%s>>/Contents %s>>",
		tree, p.boxes(), written.Group, rewrite.ResourceText(res), out.AddFlate("", b.Bytes())))
}

// boxes writes the attributes that say how a page is displayed. What is
// outside the crop box is not there.
func (p page) boxes() string {
	s := "/MediaBox" + p.crop.String()
	if p.rotate != 0 {
		s += "/Rotate " + strconv.Itoa(p.rotate)
	}
	if p.unit != 1 {
		s += "/UserUnit " + number(p.unit)
	}
	return s
}

// String writes the box as a PDF array.
func (b box) String() string {
	return "[" + number(b[0]) + " " + number(b[1]) + " " + number(b[2]) + " " + number(b[3]) + "]"
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// finish writes the page tree, the catalog and the document's particulars. The
// code stands in the information dictionary, in the XMP packet and in the
// file's identifier.
func finish(out *pdfout.Writer, root, tree pdfout.Ref, kids []string, o conversation.ExcerptOrder, code string) []byte {
	out.Put(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " ")))
	title := "Kutipan " + code
	xmp := out.AddStream("/Type/Metadata/Subtype/XML", []byte(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>`+
		xmlText(code)+`</dc:identifier><dc:title><rdf:Alt><rdf:li xml:lang="x-default">`+xmlText(title)+`</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`))
	out.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s/Metadata %s>>", tree, xmp))
	info := out.Add("<</Title" + pdfout.Text(title) + "/Keywords" + pdfout.Text(code) + ">>")
	sum := sha256.Sum256([]byte(o.File + "\x00" + o.Pages.String() + "\x00" + code))
	return out.Finish(root, fmt.Sprintf("/Info %s/ID[%s%s]", info, pdfout.Hex([]byte(code)), pdfout.Hex(sum[:16])))
}

// xmlText keeps of a code what may stand in XML text as it is.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune("<>&", r) {
			return '?'
		}
		return r
	}, s)
}

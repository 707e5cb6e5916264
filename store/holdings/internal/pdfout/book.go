package pdfout

import (
	"fmt"
	"strings"
)

// A5, the size of the office's publications, in points.
const (
	BookWidth  = 419.53
	BookHeight = 595.28
)

// Book makes a publication of A5 pages from their contents, which draw with the
// fonts /F1 (Helvetica) and /F2 (Helvetica bold). Each page has its own
// content stream; title is that of the document information.
func Book(title string, contents [][]byte) []byte {
	w := New()
	root, tree, fonts := bookStart(w)
	kids := make([]string, len(contents))
	for i, c := range contents {
		kids[i] = w.Add(fmt.Sprintf("<</Type/Page/Parent %s/Resources<<%s>>/Contents %s>>", tree, fonts,
			w.AddFlate("", c))).String()
	}
	return bookEnd(w, root, tree, title, kids)
}

// Website makes the same in the structure in which the website of BPS hands its
// publications out: every page is a form XObject, all pages share ONE
// /Resources that lists all the forms, and a page's own content draws its form
// and, at 45 degrees in translucent grey, the address of the site.
func Website(title, address string, contents [][]byte) []byte {
	w := New()
	root, tree, fonts := bookStart(w)
	var forms strings.Builder
	for i, c := range contents {
		form := w.AddFlate(fmt.Sprintf("/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 %g %g]/Resources<<%s>>", BookWidth,
			BookHeight, fonts), c)
		fmt.Fprintf(&forms, "/TPL%d %s", i, form)
	}
	state := w.Add("<</Type/ExtGState/ca .3/CA .3/BM/Normal>>")
	shared := w.Add(fmt.Sprintf("<</ProcSet[/PDF/Text]%s/XObject<<%s>>/ExtGState<</GS1 %s>>>>", fonts, forms.String(),
		state))
	kids := make([]string, len(contents))
	for i := range contents {
		content := fmt.Appendf(nil, "2 J\n0.57 w\nq 1 0 0 1 0 0 cm /TPL%d Do Q\nq 0.5 g /GS1 gs BT /F1 38 Tf 0.7071 0.7071 "+
			"-0.7071 0.7071 60 90 Tm %s Tj ET Q\n",
			i, Literal([]byte(address)))
		kids[i] = w.Add(fmt.Sprintf("<</Type/Page/Parent %s/Resources %s/Contents %s>>", tree, shared,
			w.AddFlate("", content))).String()
	}
	return bookEnd(w, root, tree, title, kids)
}

func bookStart(w *Writer) (root, tree Ref, fonts string) {
	root, tree = w.Reserve(), w.Reserve()
	plain := w.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	bold := w.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>")
	return root, tree, fmt.Sprintf("/Font<</F1 %s/F2 %s>>", plain, bold)
}

func bookEnd(w *Writer, root, tree Ref, title string, kids []string) []byte {
	w.Put(tree, fmt.Sprintf("<</Type/Pages/Count %d/MediaBox[0 0 %g %g]/Kids[%s]>>", len(kids), BookWidth, BookHeight,
		strings.Join(kids, " ")))
	w.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	info := w.Add("<</Title" + Text(title) + ">>")
	return w.Finish(root, fmt.Sprintf("/Info %s", info))
}

package holdings

import (
	"bytes"
	"fmt"
	"strings"

	"pst/store/holdings/internal/pdfout"
)

// made is a publication of 12 pages made for a test. Page n says "PnnMARK" and
// shows an image whose bytes are "PnnIMG.." again and again; the parts that
// tests vary are fields.
type made struct {
	w        *pdfout.Writer
	root     pdfout.Ref
	tree     pdfout.Ref
	pages    []pdfout.Ref // reserved, number n at index n
	images   []pdfout.Ref
	font     pdfout.Ref
	extra    []string // further entries of page n
	content  []string // of page n
	res      []string // /Resources of page n, "" for none of its own
	catalog  string   // further entries of the catalog
	treeMore string   // further entries of the page tree
	trailer  string
}

const madePages = 12

func mark(n int) string { return fmt.Sprintf("P%02dMARK", n) }

func newMade() *made {
	m := &made{w: pdfout.New()}
	m.root, m.tree = m.w.Reserve(), m.w.Reserve()
	m.font = m.w.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	m.pages, m.images = make([]pdfout.Ref, madePages+1), make([]pdfout.Ref, madePages+1)
	m.extra, m.content, m.res = make([]string, madePages+1), make([]string, madePages+1), make([]string, madePages+1)
	for n := 1; n <= madePages; n++ {
		m.pages[n] = m.w.Reserve()
		m.images[n] = m.w.AddFlate("/Type/XObject/Subtype/Image/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent 8",
			[]byte(strings.Repeat(fmt.Sprintf("P%02dIMG..", n), 32)))
		m.content[n] = m.draws(n)
		m.res[n] = fmt.Sprintf("<</Font<</F1 %s>>/XObject<</Im%d %s>>>>", m.font, n, m.images[n])
	}
	return m
}

// draws is the plain content of page n.
func (m *made) draws(n int) string {
	return fmt.Sprintf("BT /F1 24 Tf 60 700 Td (%s page of %s) Tj ET q 200 0 0 200 60 400 cm /Im%d Do Q", mark(n),
		strings.Repeat(string(rune('a'+n)), 4), n)
}

// allImages lists every image as a resource dictionary has them.
func (m *made) allImages() string {
	var b strings.Builder
	for n := 1; n <= madePages; n++ {
		fmt.Fprintf(&b, "/Im%d %s", n, m.images[n])
	}
	return b.String()
}

func (m *made) file() []byte {
	kids := make([]string, 0, madePages)
	for n := 1; n <= madePages; n++ {
		entries := m.extra[n]
		if m.content[n] != "" {
			entries += "/Contents " + m.w.AddFlate("", []byte(m.content[n])).String()
		}
		if m.res[n] != "" {
			entries += "/Resources " + m.res[n]
		}
		m.w.Put(m.pages[n], fmt.Sprintf("<</Type/Page/Parent %s%s>>", m.tree, entries))
		kids = append(kids, m.pages[n].String())
	}
	m.w.Put(m.tree, fmt.Sprintf("<</Type/Pages/Count %d/MediaBox[0 0 595 842]/Kids[%s]%s>>", madePages,
		strings.Join(kids, " "), m.treeMore))
	m.w.Put(m.root, fmt.Sprintf("<</Type/Catalog/Pages %s%s>>", m.tree, m.catalog))
	return m.w.Finish(m.root, m.trailer)
}

// variant is one way in which a publication may carry more than its pages.
type variant struct {
	name string
	mode string // "vector" unless said otherwise
	// less says that the page has text that does not show, more that annotations
	// show some, which pdfium does not count among the page's.
	less, more bool
	photos     bool // the page has photographs
	// odd says that pdfium may count a few letters by chance: of some that lie on
	// one another, or have several texts.
	odd  bool
	make func() []byte
}

// built makes a file from a change to the plain one.
func built(change func(*made)) func() []byte {
	return func() []byte {
		m := newMade()
		change(m)
		return m.file()
	}
}

// each calls f for every page.
func each(f func(n int)) {
	for n := 1; n <= madePages; n++ {
		f(n)
	}
}

// formOf makes page n's content a form with these further entries.
func (m *made) formOf(n int, entries, content string) pdfout.Ref {
	return m.w.AddFlate("/Type/XObject/Subtype/Form/BBox[0 0 595 842]"+entries, []byte(content))
}

func variants() []variant {
	return []variant{
		{name: "own resources per page", make: built(func(m *made) {})},
		{name: "one shared resources", make: built(func(m *made) {
			shared := m.w.Add(fmt.Sprintf("<</Font<</F1 %s>>/XObject<<%s>>>>", m.font, m.allImages()))
			each(func(n int) { m.res[n] = shared.String() })
		})},
		{name: "forms with one shared resources, as the website makes them", make: built(func(m *made) {
			inner := m.w.Add(fmt.Sprintf("<</Font<</F1 %s>>/XObject<<%s>>>>", m.font, m.allImages()))
			var forms strings.Builder
			each(func(n int) {
				fmt.Fprintf(&forms, "/TPL%d %s", n, m.formOf(n, "/Resources "+inner.String(), m.draws(n)))
				m.content[n] = fmt.Sprintf("q 1 0 0 1 0 0 cm /TPL%d Do Q q /GS1 gs 0.5 g BT /F1 40 Tf 0.7 0.7 -0.7 0.7 90 90 Tm "+
					"(site.example) Tj ET Q", n)
			})
			shared := m.w.Add(fmt.Sprintf("<</Font<</F1 %s>>/XObject<<%s>>/ExtGState<</GS1<</ca .3>>>>>>", m.font,
				forms.String()))
			each(func(n int) { m.res[n] = shared.String() })
		})},
		{name: "links to other pages", make: built(func(m *made) {
			each(func(n int) {
				other := n%madePages + 1
				m.extra[n] = fmt.Sprintf("/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 "+
					"9]/Dest[%s/Fit]/Contents(%s)>><</Subtype/Link/Rect[0 0 9 "+
					"9]/A<</S/GoTo/D[%s/Fit]/Next<</S/JavaScript/JS(%s)>>>>>>]",
					m.pages[other], mark(other), m.pages[other], mark(other))
			})
		})},
		{name: "named destinations", make: built(func(m *made) {
			var dests, names strings.Builder
			each(func(n int) {
				fmt.Fprintf(&dests, "/%s[%s/Fit]", mark(n), m.pages[n])
				fmt.Fprintf(&names, "(%s)[%s/Fit]", mark(n), m.pages[n])
				m.extra[n] = fmt.Sprintf("/Annots[<</Subtype/Link/Rect[0 0 9 9]/Dest(%s)>>]", mark(n%madePages+1))
			})
			m.catalog = "/Dests<<" + dests.String() + ">>/Names<</Dests<</Names[" + names.String() + "]>>>>"
		})},
		{name: "outline titles", make: built(func(m *made) {
			top := m.w.Reserve()
			items := make([]pdfout.Ref, madePages+2)
			each(func(n int) { items[n] = m.w.Reserve() })
			each(func(n int) {
				next := ""
				if n < madePages {
					next = "/Next " + items[n+1].String()
				}
				m.w.Put(items[n], fmt.Sprintf("<</Title(%s)/Parent %s/Dest[%s/Fit]%s>>", mark(n), top, m.pages[n], next))
			})
			m.w.Put(top, fmt.Sprintf("<</Type/Outlines/First %s/Last %s/Count %d>>", items[1], items[madePages], madePages))
			m.catalog = "/Outlines " + top.String()
		})},
		{name: "structure tree with ActualText", make: built(func(m *made) {
			top := m.w.Reserve()
			var kids, parents strings.Builder
			each(func(n int) {
				e := m.w.Add(fmt.Sprintf("<</Type/StructElem/S/P/P %s/Pg %s/K 0/ActualText(%s)/Alt(%s)>>", top, m.pages[n], mark(n),
					mark(n)))
				fmt.Fprintf(&kids, "%s ", e)
				fmt.Fprintf(&parents, "%d[%s]", n, e)
				m.extra[n] = fmt.Sprintf("/StructParents %d/Tabs/S", n)
				m.content[n] = "/P <</MCID 0>> BDC " + m.draws(n) + " EMC"
			})
			m.w.Put(top, fmt.Sprintf("<</Type/StructTreeRoot/K[%s]/ParentTree<</Nums[%s]>>>>", kids.String(), parents.String()))
			m.catalog = "/MarkInfo<</Marked true>>/StructTreeRoot " + top.String()
		})},
		{name: "article beads", make: built(func(m *made) {
			thread := m.w.Reserve()
			beads := make([]pdfout.Ref, madePages+2)
			each(func(n int) { beads[n] = m.w.Reserve() })
			beads[madePages+1] = beads[1]
			each(func(n int) {
				m.w.Put(beads[n], fmt.Sprintf("<</Type/Bead/T %s/N %s/P %s/R[0 0 9 9]>>", thread, beads[n+1], m.pages[n]))
				m.extra[n] = "/B[" + beads[n].String() + "]"
			})
			m.w.Put(thread, fmt.Sprintf("<</Type/Thread/F %s/I<</Title(%s)>>>>", beads[1], mark(12)))
			m.catalog = "/Threads[" + thread.String() + "]"
		})},
		{name: "annotations in reply to those of other pages", make: built(func(m *made) {
			notes := make([]pdfout.Ref, madePages+2)
			each(func(n int) { notes[n] = m.w.Reserve() })
			notes[madePages+1] = notes[1]
			each(func(n int) {
				m.w.Put(notes[n], fmt.Sprintf("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(%s note)/IRT %s/P %s>>", mark(n),
					notes[n+1], m.pages[n]))
				m.extra[n] = "/Annots[" + notes[n].String() + "]"
			})
		})},
		{name: "form fields with kids on several pages", make: built(func(m *made) {
			radio := m.w.Reserve()
			var fields, kids strings.Builder
			each(func(n int) {
				look := m.formOf(n, "/Resources"+m.res[n], m.draws(n))
				text := m.w.Add(fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Tx/T(f%d)/V(%s)/Rect[0 0 9 9]/P %s>>", n, mark(n),
					m.pages[n]))
				kid := m.w.Add(fmt.Sprintf("<</Type/Annot/Subtype/Widget/Parent %s/Rect[0 0 9 9]/P %s/AP<</N<</On %s>>>>>>", radio,
					m.pages[n], look))
				fmt.Fprintf(&fields, "%s ", text)
				fmt.Fprintf(&kids, "%s ", kid)
				m.extra[n] = fmt.Sprintf("/Annots[%s %s]", text, kid)
			})
			m.w.Put(radio, fmt.Sprintf("<</FT/Btn/Ff 32768/T(r)/Kids[%s]>>", kids.String()))
			m.catalog = fmt.Sprintf("/AcroForm<</Fields[%s%s]>>", fields.String(), radio)
		})},
		{name: "attachments, document scripts, XMP and page labels", make: built(func(m *made) {
			file := m.w.AddFlate("/Type/EmbeddedFile", []byte(mark(5)+" attached"))
			spec := m.w.Add(fmt.Sprintf("<</Type/Filespec/F(%s.xls)/EF<</F %s>>>>", mark(6), file))
			xmp := m.w.AddStream("/Type/Metadata/Subtype/XML", []byte("<x>"+mark(8)+"</x>"))
			m.catalog = fmt.Sprintf("/Names<</EmbeddedFiles<</Names[(%s)%s]>>", mark(5), spec) +
				fmt.Sprintf("/JavaScript<</Names[(%s)<</S/JavaScript/JS(%s)>>]>>>>", mark(9), mark(9)) +
				fmt.Sprintf("/Metadata %s/AF[%s]/PageLabels<</Nums[0<</P(%s)>>]>>", xmp, spec, mark(10)) +
				fmt.Sprintf("/OpenAction<</S/JavaScript/JS(%s)>>", mark(11))
			m.trailer = "/Info " + m.w.Add("<</Title("+mark(12)+")>>").String()
			each(func(n int) { m.extra[n] = "/AF[" + spec.String() + "]/Metadata " + xmp.String() })
		})},
		{name: "scripts, private data and steps of a page that lead to others", make: built(func(m *made) {
			each(func(n int) {
				other := n%madePages + 1
				script := m.w.AddFlate("", []byte("app.alert('"+mark(other)+"')"))
				look := m.formOf(other, "/Resources"+m.res[other], m.draws(other))
				m.extra[n] = fmt.Sprintf("/AA<</O<</S/JavaScript/JS %s>>>>/PieceInfo<</App<</LastModified(D:2024)/Private<</All "+
					"%s>>>>>>/PresSteps<</NA<</S/GoTo/D[%s/Fit]>>>>/Thumb %s",
					script, look, m.pages[other], m.images[other])
				m.res[n] = fmt.Sprintf("<</Font<</F1 %s>>/XObject<</Im%d %s>>/PieceInfo<</X %s>>>>", m.font, n, m.images[n], look)
			})
		})},
		{name: "all pages one content stream with different boxes", make: func() []byte {
			m := newMade()
			var all strings.Builder
			each(func(n int) {
				fmt.Fprintf(&all, "q 1 0 0 1 0 %d cm %s Q\n", n*842, m.draws(n))
			})
			shared := m.w.AddFlate("", []byte(all.String()))
			each(func(n int) {
				m.content[n] = ""
				m.res[n] = fmt.Sprintf("<</Font<</F1 %s>>/XObject<<%s>>>>", m.font, m.allImages())
				m.extra[n] = fmt.Sprintf("/Contents %s/MediaBox[0 %d 595 %d]", shared, n*842, (n+1)*842)
			})
			return m.file()
		}},
		{name: "nested forms without resources", make: built(func(m *made) {
			var forms strings.Builder
			each(func(n int) {
				inner := m.formOf(n, "", m.draws(n))
				outer := m.formOf(n, "", fmt.Sprintf("/In%d Do", n))
				fmt.Fprintf(&forms, "/In%d %s/Out%d %s", n, inner, n, outer)
				m.content[n] = fmt.Sprintf("/Out%d Do", n)
			})
			shared := m.w.Add(fmt.Sprintf("<</Font<</F1 %s>>/XObject<<%s%s>>>>", m.font, forms.String(), m.allImages()))
			each(func(n int) { m.res[n] = shared.String() })
		})},
		{name: "inherited resources, boxes and rotation", make: built(func(m *made) {
			each(func(n int) { m.res[n] = "" })
			m.treeMore = fmt.Sprintf("/Rotate 90/CropBox[20 30 570 800]/Resources<</Font<</F1 %s>>/XObject<<%s>>>>", m.font,
				m.allImages())
		})},
		{name: "tiling patterns, Type 3 fonts and soft masks with and without resources", make: built(func(m *made) {
			var patterns, fonts, states strings.Builder
			each(func(n int) {
				own, resources := "", "/Resources<<>>"
				if n%2 == 0 {
					own = fmt.Sprintf("/Resources<</XObject<<%s>>>>", m.allImages())
					resources = own
				}
				tile := m.w.AddFlate("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 40 40]"+
					"/XStep 40/YStep 40"+resources, fmt.Appendf(nil, "q 30 0 0 30 0 0 cm /Im%d Do Q", n))
				glyph := m.w.AddFlate("", fmt.Appendf(nil, "600 0 d0 q 500 0 0 500 0 0 cm /Im%d Do Q", n))
				font := m.w.Add(fmt.Sprintf("<</Type/Font/Subtype/Type3/FontBBox[0 0 600 600]/FontMatrix[.001 0 0 .001 0 "+
					"0]/FirstChar 65/LastChar 65/Widths[600]/Encoding<</Differences[65/P]>>/CharProcs<</P %s>>%s>>", glyph, own))
				group := m.w.AddFlate("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Group<</S/Transparency/CS/DeviceGray>>"+own,
					fmt.Appendf(nil, "1 g 0 0 595 842 re f q 595 0 0 842 0 0 cm /Im%d Do Q", n))
				fmt.Fprintf(&patterns, "/Pt%d %s", n, tile)
				fmt.Fprintf(&fonts, "/T%d %s", n, font)
				fmt.Fprintf(&states, "/Gs%d<</SMask<</S/Luminosity/G %s>>>>", n, group)
				m.content[n] = m.draws(n) + fmt.Sprintf(" /Pattern cs /Pt%d scn 60 200 120 120 re f BT /T%d 90 Tf 250 250 Td (A) "+
					"Tj ET q /Gs%d gs 0 0 1 rg 400 200 100 100 re f Q", n, n, n)
			})
			shared := m.w.Add(fmt.Sprintf("<</Font<</F1 %s%s>>/XObject<<%s>>/Pattern<<%s>>/ExtGState<<%s>>>>", m.font,
				fonts.String(), m.allImages(), patterns.String(), states.String()))
			each(func(n int) { m.res[n] = shared.String() })
		})},
		{name: "a layer that is switched off", make: built(func(m *made) {
			hidden := m.w.Add("<</Type/OCG/Name(hidden)>>")
			m.catalog = fmt.Sprintf("/OCProperties<</OCGs[%s]/D<</OFF[%s]>>>>", hidden, hidden)
			each(func(n int) {
				m.content[n] += " /OC /Mc0 BDC 1 0 0 rg 100 100 300 200 re f EMC"
				m.res[n] = strings.TrimSuffix(m.res[n], ">>") + "/Properties<</Mc0 " + hidden.String() + ">>>>"
			})
		})},
		{name: "a page tree that leads back into itself", mode: "raster", make: func() []byte {
			m := newMade()
			last := m.pages[madePages].String() + "]"
			return bytes.Replace(m.file(), []byte(last), []byte(strings.Repeat(" ", len(last)-6)+"2 0 R]"), 1)
		}},
		{name: "graphics state left open or closed too often", make: built(func(m *made) {
			each(func(n int) {
				m.content[n] = "Q Q q q 0.9 0 0 0.9 10 10 cm " + m.draws(n)
			})
		})},
	}
}

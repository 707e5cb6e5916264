package holdings

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"pst/store/holdings/internal/pdfout"
)

// other is a page that is not granted, met from page n.
func other(n int) int {
	for _, o := range []int{n%madePages + 1, (n+1)%madePages + 1} {
		if o != granted[0] && o != granted[1] {
			return o
		}
	}
	return 1
}

// look is a form that shows page n.
func (m *made) look(n int) pdfout.Ref { return m.formOf(n, "/Resources"+m.res[n], m.draws(n)) }

// allDraws is what all pages draw, page n moved by f.
func (m *made) allDraws(f func(n int) (x, y int)) string {
	var b strings.Builder
	each(func(n int) {
		x, y := f(n)
		fmt.Fprintf(&b, "q 1 0 0 1 %d %d cm %s Q\n", x, y, m.draws(n))
	})
	return b.String()
}

func beside(n int) (x, y int) { return n * 595, 0 }

// everything is a resource dictionary with all images.
func (m *made) everything() string {
	return fmt.Sprintf("<</Font<</F1 %s>>/XObject<<%s>>>>", m.font, m.allImages())
}

func packed(data string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(data))
	z.Close()
	return b.Bytes()
}

// others is what may stand behind the data of page n: the other pages.
func others(n int) string { return mark(other(n)) + fmt.Sprintf(" P%02dIMG", other(n)) }

// adds gives the resources of page n one more category.
func (m *made) adds(n int, category, entries string) {
	m.res[n] = strings.TrimSuffix(m.res[n], ">>") + "/" + category + "<<" + entries + ">>>>"
}

// photo is a JPEG picture with a comment in it and something behind its end.
func photo(n int) []byte {
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range img.Pix {
		img.Pix[i] = byte(i*5 + n)
	}
	jpeg.Encode(&b, img, nil) // a buffer takes everything
	raw := b.Bytes()
	said := others(n)
	out := append([]byte{}, raw[:2]...)
	for _, marker := range []byte{0xfe, 0xed, 0xe1} {
		out = append(out, 0xff, marker, 0, byte(len(said)+2))
		out = append(out, said...)
	}
	return append(append(out, raw[2:]...), said...)
}

// profileOf is a colour profile with parts that say something.
func profileOf(n int) []byte {
	said := "text\x00\x00\x00\x00" + others(n)
	said += strings.Repeat("\x00", 64-len(said))
	p := make([]byte, 128+4+12+64)
	copy(p[12:], "mntrRGB XYZ ")
	copy(p[36:], "acsp")
	copy(p[80:], mark(other(n)))
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	binary.BigEndian.PutUint32(p[128:], 1)
	copy(p[132:], "cprt")
	binary.BigEndian.PutUint32(p[136:], 144)
	binary.BigEndian.PutUint32(p[140:], 64)
	copy(p[144:], said)
	return append(p, others(n)...)
}

// measured are the vectors that were seen to leak from real excerpt makers.
func measured() []variant {
	return []variant{
		{name: "private keys of forms, images and fonts", make: built(func(m *made) {
			each(func(n int) {
				private := fmt.Sprintf("/AppData %s/PTEX.FileName(%s)/PTEX.InfoDict<</T(%s)>>", m.look(other(n)), mark(other(n)),
					mark(other(n)))
				img := m.w.AddFlate("/Type/XObject/Subtype/Image/Width 16/Height 16"+
					"/ColorSpace/DeviceGray/BitsPerComponent 8"+private,
					[]byte(strings.Repeat(fmt.Sprintf("P%02dIMG..", n), 32)))
				font := m.w.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding" + private + ">>")
				form := m.formOf(n, private+fmt.Sprintf("/Resources<</Font<</F1 %s>>/XObject<</Im%d %s>>>>", font, n, img),
					m.draws(n))
				m.res[n], m.content[n] = fmt.Sprintf("<</XObject<</Fm %s>>>>", form), "/Fm Do"
			})
		})},
		{name: "unknown keys of the groups of pages and forms", make: built(func(m *made) {
			each(func(n int) {
				group := fmt.Sprintf("/Group<</S/Transparency/CS/DeviceRGB/I true/AppData %s/Note(%s)>>", m.look(other(n)),
					mark(other(n)))
				m.extra[n] = group
				m.res[n] = fmt.Sprintf("<</XObject<</Fm %s>>>>", m.formOf(n, group+"/Resources"+m.res[n], m.draws(n)))
				m.content[n] = "/Fm Do"
			})
		})},
		{name: "property lists of marked content", make: built(func(m *made) {
			each(func(n int) {
				m.adds(n, "Properties", fmt.Sprintf("/MC0<</Private<</F %s>>/Next(%s)>>", m.look(other(n)), mark(other(n))))
				m.content[n] = fmt.Sprintf("/Span /MC0 BDC %s EMC /P <</T(%s)>> BDC EMC /X <</T(%s)>> DP", m.draws(n),
					mark(other(n)), mark(other(n)))
			})
		})},
		{name: "each page its own copy of one long content", make: built(func(m *made) {
			all := m.allDraws(func(n int) (int, int) { return 0, n * 842 })
			each(func(n int) {
				m.content[n], m.res[n] = all, m.everything()
				m.extra[n] = fmt.Sprintf("/MediaBox[0 %d 595 %d]", n*842, (n+1)*842)
			})
		})},
		{name: "a spread of which the crop box shows one page", make: built(func(m *made) {
			each(func(n int) {
				m.content[n] = m.draws(n) + fmt.Sprintf(" q 1 0 0 1 595 0 cm %s Q", m.draws(other(n)))
				m.res[n] = m.everything()
				m.extra[n] = "/MediaBox[0 0 1190 842]/CropBox[0 0 595 842]"
			})
		})},
		{name: "a form of all pages, clipped", make: built(func(m *made) {
			form := m.w.AddFlate("/Type/XObject/Subtype/Form/BBox[0 0 9000 842]/Resources"+m.everything(),
				[]byte(m.allDraws(beside)))
			each(func(n int) {
				m.res[n] = fmt.Sprintf("<</XObject<</Fm %s>>>>", form)
				m.content[n] = fmt.Sprintf("q 0 0 595 842 re W n 1 0 0 1 %d 0 cm /Fm Do Q", -n*595)
			})
		})},
		{name: "one scan of two pages, shown by halves", make: built(func(m *made) {
			for n := 1; n <= madePages; n += 2 {
				row := strings.Repeat(fmt.Sprintf("P%02dIMG.", n), 4) + strings.Repeat(fmt.Sprintf("P%02dIMG.", n+1), 4)
				scan := m.w.AddFlate("/Type/XObject/Subtype/Image/Width 56/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8",
					[]byte(strings.Repeat(row, 8)))
				for k := range 2 {
					m.res[n+k] = fmt.Sprintf("<</XObject<</Scan %s>>>>", scan)
					m.content[n+k] = fmt.Sprintf("q 1190 0 0 842 %d 0 cm /Scan Do Q", -595*k)
				}
			}
		})},
		{name: "a giant form, mostly outside its box", make: built(func(m *made) {
			each(func(n int) {
				form := m.w.AddFlate(fmt.Sprintf("/Type/XObject/Subtype/Form/Matrix[1 0 0 1 %d 0]/BBox[%d 0 %d 842]/Resources%s",
					-n*595, n*595, n*595+595, m.everything()),
					[]byte(m.allDraws(beside)))
				m.res[n], m.content[n] = fmt.Sprintf("<</XObject<</Fm %s>>>>", form), "/Fm Do"
			})
		})},
		{name: "a tile with all pages", make: built(func(m *made) {
			tile := m.w.AddFlate("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9000 842]/XStep 9000/YStep "+
				"842/Resources"+m.everything(),
				[]byte(m.allDraws(beside)))
			each(func(n int) {
				m.res[n] = fmt.Sprintf("<</Pattern<</P %s>>>>", tile)
				m.content[n] = fmt.Sprintf("q 1 0 0 1 %d 0 cm /Pattern cs /P scn %d 0 595 842 re f Q", 0, 0)
				m.extra[n] = fmt.Sprintf("/MediaBox[%d 0 %d 842]", n*595, n*595+595)
				m.content[n] = fmt.Sprintf("/Pattern cs /P scn %d 0 595 842 re f", n*595)
			})
		})},
		{name: "a font whose glyphs are the pages", make: built(func(m *made) {
			var procs, names strings.Builder
			each(func(n int) {
				fmt.Fprintf(&procs, "/g%d %s", n, m.w.AddFlate("", []byte("600 0 d0 "+m.draws(n))))
				fmt.Fprintf(&names, "/g%d", n)
			})
			font := m.w.Add(fmt.Sprintf("<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[1 0 0 1 0 0]/FirstChar "+
				"65/LastChar 76/Widths[%s]"+
				"/Encoding<</Differences[65%s]>>/CharProcs<<%s>>/Resources%s>>", strings.Repeat("600 ", 12), names.String(),
				procs.String(), m.everything()))
			each(func(n int) {
				m.res[n] = fmt.Sprintf("<</Font<</T %s>>>>", font)
				m.content[n] = fmt.Sprintf("BT /T 1 Tf (%c) Tj ET", 'A'+n-1)
			})
		})},
		{name: "a name within a text that is one of a shared resource", make: built(func(m *made) {
			each(func(n int) {
				m.content[n] = m.draws(n) + fmt.Sprintf(" BT /F1 9 Tf 60 300 Td (see /Im%d) Tj ET", other(n))
				m.res[n] = m.everything()
			})
		})},
		{name: "bytes behind the end of packed data", make: built(func(m *made) {
			each(func(n int) {
				with := func(dict, data string) pdfout.Ref {
					return m.w.AddStream(dict+"/Filter/FlateDecode", append(packed(data), others(n)...))
				}
				img := with("/Type/XObject/Subtype/Image/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent 8",
					strings.Repeat(fmt.Sprintf("P%02dIMG..", n), 32))
				form := with("/Type/XObject/Subtype/Form/BBox[0 0 595 842]"+fmt.Sprintf("/Resources<</Font<</F1 "+
					"%s>>/XObject<</Im%d %s>>>>", m.font, n, img), m.draws(n))
				m.content[n], m.res[n] = "", fmt.Sprintf("<</XObject<</Fm %s>>>>", form)
				m.extra[n] = "/Contents " + with("", "/Fm Do").String()
			})
		})},
		{name: "layers that a policy hides, and their names", less: true, make: built(func(m *made) {
			var all strings.Builder
			names := make([]pdfout.Ref, madePages+1)
			each(func(n int) {
				names[n] = m.w.Add("<</Type/OCG/Name(" + mark(n) + ")>>")
				all.WriteString(names[n].String() + " ")
			})
			off := m.w.Add("<</Type/OCG/Name(off)>>")
			m.catalog = fmt.Sprintf("/OCProperties<</OCGs[%s%s]/D<</OFF[%s]/Order[%s]>>>>", all.String(), off, off, all.String())
			hidden := []string{
				fmt.Sprintf("<</Type/OCMD/P/AllOff/OCGs[%s]>>", names[1]), fmt.Sprintf("<</Type/OCMD/P/AnyOff/OCGs[%s %s]>>",
					names[1], names[2]),
				fmt.Sprintf("<</Type/OCMD/P/AllOn/OCGs[%s %s]>>", names[1], off), fmt.Sprintf("<</Type/OCMD/OCGs %s>>", off),
				fmt.Sprintf("<</Type/OCMD/VE[/Not[/Or %s %s]]>>", off, names[1]), fmt.Sprintf("<</Type/OCMD/VE[/And %s[/Not %s]]>>",
					off, names[1]),
			}
			each(func(n int) {
				lists, content := "", m.draws(n)
				for i, h := range hidden {
					lists += fmt.Sprintf("/H%d %s", i, m.w.Add(h))
					content += fmt.Sprintf(" /OC /H%d BDC BT /F1 9 Tf 60 %d Td (%s) Tj ET 1 0 0 rg 0 0 90 90 re f EMC", i, 100+i*20,
						mark(other(n)))
				}
				layer := fmt.Sprintf("/OC %s/Resources%s", off, m.res[n])
				m.content[n] = fmt.Sprintf("/OC /On BDC %s EMC /Hid Do", content)
				m.res[n] = fmt.Sprintf("<</Font<</F1 %s>>/XObject<</Im%d %s/Hid %s>>/Properties<</On %s%s>>>>", m.font, n,
					m.images[n],
					m.formOf(n, layer, m.draws(other(n))), names[n], lists)
			})
		})},
	}
}

// further are vectors of the same kinds that were thought of here.
func further() []variant {
	return []variant{
		{name: "a map to Unicode that spells other pages", make: built(func(m *made) {
			each(func(n int) {
				var words strings.Builder
				for i, c := range mark(other(n)) {
					fmt.Fprintf(&words, "<%02x> <%04x>\n", 0x80+i, c)
				}
				all := ""
				for _, c := range mark(other(n)) {
					all += fmt.Sprintf("%04x", c)
				}
				cmap := fmt.Sprintf("%% %s\n/CMapName /%s def 1 begincodespacerange <00> <ff> endcodespacerange 8 "+
					"beginbfchar\n%s<ff> <%s>\nendbfchar",
					mark(other(n)), mark(other(n)), words.String(), all)
				font := m.w.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode " +
					m.w.AddFlate("", []byte(cmap)).String() + ">>")
				m.res[n] = strings.Replace(m.res[n], m.font.String(), font.String(), 1)
			})
		})},
		{name: "names of glyphs that are not shown", make: built(func(m *made) {
			each(func(n int) {
				font := m.w.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica" +
					"/Encoding<</BaseEncoding/WinAnsiEncoding" +
					fmt.Sprintf("/Differences[1/%s/x%s]>>>>", mark(other(n)), others(n)[:7]))
				m.res[n] = strings.Replace(m.res[n], m.font.String(), font.String(), 1)
			})
		})},
		{name: "colours of a palette that no pixel has", make: built(func(m *made) {
			each(func(n int) {
				table := "\x20\x20\x20\xd0\xd0\xd0" + strings.Repeat(fmt.Sprintf("P%02dIMG..", other(n)), 94)
				img := m.w.AddFlate("/Type/XObject/Subtype/Image/Width 16/Height 16/BitsPerComponent "+
					"8/ColorSpace[/Indexed/DeviceRGB 251 "+
					pdfout.Hex([]byte(table[:756]))+"]", bytes.Repeat([]byte{0, 1}, 128))
				m.res[n] = strings.Replace(m.res[n], m.images[n].String(), img.String(), 1)
			})
		})},
		{name: "an image with more rows than it shows", make: built(func(m *made) {
			each(func(n int) {
				rows := strings.Repeat(fmt.Sprintf("P%02dIMG..", n), 32) + strings.Repeat(fmt.Sprintf("P%02dIMG..", other(n)), 32)
				img := m.w.AddFlate("/Type/XObject/Subtype/Image/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent 8",
					[]byte(rows))
				m.res[n] = strings.Replace(m.res[n], m.images[n].String(), img.String(), 1)
			})
		})},
		{name: "comments in and bytes behind a photograph", make: built(func(m *made) {
			each(func(n int) {
				img := m.w.AddStream("/Type/XObject/Subtype/Image/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent "+
					"8/Filter/DCTDecode", photo(n))
				m.res[n] = strings.Replace(m.res[n], m.images[n].String(), img.String(), 1)
			})
		})},
		{name: "what a colour profile says", make: built(func(m *made) {
			each(func(n int) {
				icc := m.w.AddFlate("/N 3/Alternate/DeviceRGB/Metadata "+m.look(other(n)).String(), profileOf(n))
				m.adds(n, "ColorSpace", fmt.Sprintf("/C[/ICCBased %s]", icc))
				m.content[n] += " /C cs 0.2 0.4 0.6 scn 60 60 100 100 re f"
			})
		})},
		{name: "names of inks, comments in functions, and what a halftone says", make: built(func(m *made) {
			each(func(n int) {
				tint := m.w.AddFlate("/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]", []byte("% "+others(n)+"\n{dup dup}"))
				m.adds(n, "ColorSpace", fmt.Sprintf("/C[/Separation/%s/DeviceRGB %s]/D[/DeviceN[/%s/x]/DeviceRGB<</FunctionType "+
					"4>>]", mark(other(n)), tint, mark(other(n))))
				m.adds(n, "ExtGState", fmt.Sprintf("/G<</ca 1/HT<</HalftoneType 1/HalftoneName(%s)/Frequency 60/Angle "+
					"45/SpotFunction/Round>>/Note(%s)>>", mark(other(n)), mark(other(n))))
				m.content[n] += " /G gs /C cs 0.2 scn 60 60 100 100 re f"
			})
		})},
		{name: "text within a clip's box and outside its shape", less: true, make: built(func(m *made) {
			each(func(n int) {
				m.content[n] = m.draws(n) + fmt.Sprintf(" q 300 20 m 580 20 l 580 40 l 320 40 l 320 380 l 300 380 l h W n BT /F1 "+
					"24 Tf 360 200 Td (%s) Tj ET Q"+
					" q 300 20 20 20 re 560 360 20 20 re W n BT /F1 24 Tf 360 200 Td (%s) Tj ET Q", mark(other(n)), mark(other(n)))
			})
		})},
		{name: "images inside the content, outside the page or in part", make: built(func(m *made) {
			each(func(n int) {
				rows := fmt.Sprintf("%sP%02dIMG..", strings.Repeat(fmt.Sprintf("P%02dIMG..", n), 3), other(n))
				m.content[n] = m.draws(n) + fmt.Sprintf(" q 50 0 0 50 900 0 cm BI /W 8 /H 8 /CS /G /BPC 8 ID %s EI Q q 400 0 0 "+
					"300 295 0 cm BI /W 32 /H 2 /CS /G /BPC 8 ID %s%s EI Q",
					strings.Repeat(fmt.Sprintf("P%02dIMG.", other(n)), 10)[:64], rows, rows)
			})
		})},
		{name: "looks that annotations do not have now", more: true, make: built(func(m *made) {
			each(func(n int) {
				m.extra[n] = fmt.Sprintf("/Annots[<</Subtype/Widget/FT/Btn/Rect[300 300 340 340]/AS/On/MK<</CA(%s)>>/AP<</N<</On "+
					"%s/Off %s>>/D %s/R %s>>>>"+
					"<</Subtype/Stamp/F 2/Rect[300 100 340 140]/AP<</N %s>>>><</Subtype/Stamp/Contents(%s)/Rect[400 100 440 "+
					"140]/AP<</N %s>>>>]",
					mark(other(n)), m.look(n), m.look(other(n)), m.look(other(n)), m.look(other(n)), m.look(other(n)), mark(other(n)),
					m.look(n))
			})
		})},
		{name: "comments and points in content", make: built(func(m *made) {
			each(func(n int) {
				m.content[n] = fmt.Sprintf("%% %s\nq /%s MP BX (%s) nonsense EX %s Q %%%s", mark(other(n)), mark(other(n)),
					mark(other(n)), m.draws(n), mark(other(n)))
			})
		})},
		{name: "a soft mask with all pages", make: built(func(m *made) {
			each(func(n int) {
				group := m.w.AddFlate("/Type/XObject/Subtype/Form/BBox[0 0 9000 842]"+
					"/Group<</S/Transparency/CS/DeviceGray/Note("+mark(other(n))+")>>/Resources"+m.everything(),
					[]byte("1 g 0 0 9000 842 re f "+m.allDraws(beside)))
				m.adds(n, "ExtGState", fmt.Sprintf("/G<</SMask<</S/Luminosity/G %s>>>>", group))
				m.content[n] = fmt.Sprintf("%s q 1 0 0 1 %d 0 cm /G gs Q q 1 0 0 1 %d 0 cm /G gs 1 0 0 1 %d 0 cm 0 0 1 rg 0 0 "+
					"300 300 re f Q", m.draws(n), -n*595, -n*595, n*595)
			})
		})},
		{name: "a picture that is a function", mode: "raster", make: built(func(m *made) {
			var samples strings.Builder
			for range 8 {
				each(func(n int) { fmt.Fprintf(&samples, "P%02dIMG..", n) })
			}
			f := m.w.AddFlate("/FunctionType 0/Domain[0 1 0 1]/Range[0 1]/Size[96 8]/BitsPerSample 8", []byte(samples.String()))
			each(func(n int) {
				m.adds(n, "Shading", fmt.Sprintf("/S<</ShadingType 1/ColorSpace/DeviceGray/Matrix[7140 0 0 842 0 0]/Function %s>>",
					f))
				m.content[n] = fmt.Sprintf("q 1 0 0 1 %d 0 cm /S sh Q", -(n-1)*595)
			})
		})},
		{name: "other versions of an image", make: built(func(m *made) {
			each(func(n int) {
				o := m.images[other(n)]
				img := m.w.AddFlate(fmt.Sprintf("/Type/XObject/Subtype/Image/Width 16/Height "+
					"16/ColorSpace/DeviceGray/BitsPerComponent 8/Alternates[<</Image "+
					"%s>>]/OPI<</2.0<</F(%s)>>>>/ID(%s)/Name/%s/Metadata %s",
					o, mark(other(n)), mark(other(n)), mark(other(n)), o), []byte(strings.Repeat(fmt.Sprintf("P%02dIMG..", n), 32)))
				m.res[n] = strings.Replace(m.res[n], m.images[n].String(), img.String(), 1)
			})
		})},
		{name: "a page upside down and turned, of a spread", make: built(func(m *made) {
			each(func(n int) {
				m.content[n] = fmt.Sprintf("q 0 1 -1 0 842 0 cm %s q 1 0 0 1 595 0 cm %s Q q 1 0 0 1 -595 0 cm %s Q Q", m.draws(n),
					m.draws(other(n)), m.draws(other(n)))
				m.res[n] = m.everything()
				m.extra[n] = "/MediaBox[0 -595 842 1190]/CropBox[842 595 0 0]/Rotate 270"
			})
		})},
	}
}

// Nothing of other pages comes along on any of the ways that were measured, or
// thought of.
func TestNoVectorCarriesOtherPages(t *testing.T) {
	for _, v := range append(measured(), further()...) {
		t.Run(v.name, func(t *testing.T) {
			data := v.make()
			excerpt, err := cutFile(t, data, order(granted))
			if err != nil {
				t.Fatal(err)
			}
			want := v.mode
			if want == "" {
				want = "vector"
			}
			if excerpt.Mode != want || want == "vector" && excerpt.Verdict != "ok" {
				t.Errorf("mode %s (%s), want %s", excerpt.Mode, excerpt.Verdict, want)
			}
			noneOfOthers(t, excerpt.Data)
			if want == "vector" {
				_ = data
			}
		})
	}
}

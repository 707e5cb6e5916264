package holdings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/store/holdings/internal/rewrite"
)

// FuzzExcerpt takes any bytes down the whole way: read, cut, check. What comes
// out has the pages asked for; whatever goes wrong is an error, soon. What it
// finds is large, so give it -fuzzminimizetime 20x.
func FuzzExcerpt(f *testing.F) {
	for _, v := range variants() {
		f.Add(v.make(), uint16(0b1000100))
	}
	f.Add(updated(newMade().file()), uint16(0b101))
	f.Add(rewritten(f, website(), configureObjectStreams), uint16(0b11))
	f.Add(encrypted(f, website(), ""), uint16(0b11))
	f.Add([]byte("%PDF-1.4\ntrailer<</Root 1 0 R>>"), uint16(1))
	f.Fuzz(func(t *testing.T, data []byte, set uint16) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		s, err := readSource(ctx, data)
		if ctx.Err() != nil {
			t.Fatal("reading went past its deadline")
		}
		if err != nil {
			return
		}
		var pages conversation.PageSet
		for n := range min(len(s.pages), 16) {
			if set&(1<<n) != 0 {
				pages = append(pages, n+1)
			}
		}
		if len(pages) == 0 {
			return
		}
		o := order(pages)
		out, err := cutChecked(ctx, s, o)
		if ctx.Err() != nil {
			t.Fatal("cutting went past its deadline")
		}
		if err != nil {
			return // pictures are made instead
		}
		again, err := cutChecked(ctx, s, o)
		if err != nil || !bytes.Equal(out, again) {
			t.Fatalf("a second cut gave other bytes (%v)", err)
		}
		if again, err := readSource(ctx, out); err != nil || len(again.pages) != len(pages) {
			t.Fatalf("other pages than %d (%v)", len(pages), err)
		}
	})
}

// FuzzContent has a page with any content written anew, with resources of every
// kind at hand: it ends soon, and what comes out passes its check.
func FuzzContent(f *testing.F) {
	for _, s := range []string{
		"q 0.5 0 0 0.5 9 9 cm /Fm Do Q /G gs BT /F1 9 Tf 3 Tr 20 20 Td [(ab)-9(c)] TJ ET",
		"/Pattern cs /P scn 0 0 300 300 re B* W n /S sh",
		"BT /T 20 Tf 1 0 0 1 40 40 Tm (A) Tj T* (A) ' 1 2 (A) \" ET", "/C cs 0.3 scn 0 0 m 90 0 0 90 90 90 c b",
		"[3 1] 0 d 2 w 1 0 1 1 0 0 cm 0 0 m 90 90 l S",
		"q 300 0 0 300 400 600 cm /Im3 Do Q BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI",
		"/OC /L BDC (x) Tj EMC /Span <</ActualText(fi)>> BDC BT /F1 9 Tf (f) Tj ET EMC",
		"BT /F1 9 Tf 7 Tr (clip) Tj ET 0 0 900 900 re f", "Q Q q q 1 0 0 0 0 0 cm 0 0 9 9 re f /K gs /Fm Do",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		m := newMade()
		tile := m.w.AddFlate("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 40 40]/XStep 40/YStep "+
			"40/Resources"+m.everything(), []byte(m.draws(3)))
		glyph := m.w.AddFlate("", []byte("600 0 d0 0 0 500 500 re f"))
		font := m.w.Add(fmt.Sprintf("<</Type/Font/Subtype/Type3/FontBBox[0 0 600 600]/FontMatrix[.001 0 0 .001 0 "+
			"0]/FirstChar 65/LastChar 65/Widths[600]"+
			"/Encoding<</Differences[65/P]>>/CharProcs<</P %s>>/Resources<<>>>>", glyph))
		m.adds(3, "Pattern", "/P "+tile.String())
		m.adds(3, "Shading", "/S<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 90 90]/Function<</FunctionType "+
			"2/Domain[0 1]/N 1>>>>")
		m.adds(3, "ColorSpace", "/C[/Separation/Gold/DeviceRGB<</FunctionType 2/Domain[0 1]/C0[0 0 0]/C1[1 1 0]/N 1>>]")
		m.adds(3, "ExtGState", fmt.Sprintf("/G<</ca .5/BM/Multiply>>/K<</SMask<</S/Luminosity/G %s>>>>",
			m.formOf(3, "/Group<</S/Transparency/CS/DeviceGray>>", m.draws(3))))
		m.res[3] = strings.Replace(m.res[3], "/XObject<<", fmt.Sprintf("/XObject<</Fm %s", m.look(3)), 1)
		m.res[3] = strings.Replace(m.res[3], "/Font<<", fmt.Sprintf("/Font<</T %s", font), 1)
		m.content[3] = string(content) + "\n"
		s, err := readSource(ctx, m.file())
		if err != nil {
			t.Fatal(err)
		}
		_, err = cutChecked(ctx, s, order(conversation.PageSet{3}))
		if ctx.Err() != nil {
			t.Fatal("writing anew went past its deadline")
		}
		if err != nil && !errors.Is(err, rewrite.ErrNotUnderstood) {
			t.Fatal(err)
		}
	})
}

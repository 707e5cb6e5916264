package holdings

import (
	"bytes"
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
)

// phoneReads is what a phone reads off a page held before it, "" for nothing. It
// looks again from nearer and from beside: of single looks at a square on black
// ground its reader misses some four in a hundred, by where its blocks fall.
func phoneReads(t *testing.T, page *image.Gray) string {
	t.Helper()
	r := page.Rect
	for _, high := range []int{r.Dy(), 300, 240} {
		for _, aside := range []int{0, 3} {
			look := image.Rect(r.Min.X+aside, r.Max.Y-high, r.Max.X, r.Max.Y-aside)
			if text := phoneSees(t, page.SubImage(look)); text != "" {
				return text
			}
		}
	}
	return ""
}

// phoneSees is what a phone reads at one look, "" for nothing.
func phoneSees(t *testing.T, page image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(page)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits,
		map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return ""
	}
	return read.GetText()
}

// printed is a page on paper at 300 dots an inch, as a phone sees its lower part.
func printed(t *testing.T, data []byte, number int) *image.Gray {
	t.Helper()
	d := openTest(t, data)
	defer d.close()
	w, h, err := d.size(number)
	if err != nil {
		t.Fatal(err)
	}
	pic := pixels(t, d, number, w*300/72, h*300/72)
	grey := image.NewGray(pic.Rect)
	for i := range grey.Pix { // a printer's black and paper are less than black and white
		grey.Pix[i] = 30 + uint8(int(pic.Pix[i*4+1])*200/255)
	}
	return grey.SubImage(image.Rect(0, pic.Rect.Dy()*2/3, pic.Rect.Dx(), pic.Rect.Dy())).(*image.Gray)
}

// The square beside the code is read off every page that has room for it, whatever
// stands there, as text and as picture, and leads to the check of this code.
func TestThePhoneReadsTheSquareOffThePage(t *testing.T) {
	for name, boxes := range map[string]string{
		"A4":           "/MediaBox[0 0 595 842]",
		"A5":           "/MediaBox[0 0 420 595]",
		"landscape":    "/MediaBox[0 0 842 595]",
		"turned by 90": "/MediaBox[0 0 595 842]/Rotate 90",
		"off, cropped": "/MediaBox[-200 300 395 1142]/CropBox[-190 310 380 1100]",
		"user units":   "/MediaBox[0 0 420 300]/UserUnit 2",
	} {
		m := newMade()
		grounds := []string{"white", "black", "words"} // of the pages from 3 on
		for i, paint := range []string{" ", "0 g -3000 -3000 9000 9000 re f",
			"BT /F1 9 Tf 11 TL 0 90 Td " + strings.Repeat("(belitung timur dalam angka belitung timur dalam angka "+
				"belitung) Tj T* ", 9) + "ET"} {
			m.extra[3+i], m.content[3+i] = boxes, paint
		}
		data := m.file()
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", strict ", strict), func(t *testing.T) {
				o := order(conversation.PageSet{3, 4, 5})
				o.Strict = strict
				made, err := cutFile(t, data, o)
				if err != nil || strict != (made.Mode == "raster") {
					t.Fatal(made.Mode, made.Verdict, err)
				}
				for i, ground := range grounds {
					if got := phoneReads(t, printed(t, made.Data, 1+i)); got != o.Mark.Check {
						t.Errorf("on %s read %q, want %q", ground, got, o.Mark.Check)
					}
				}
			})
		}
	}
}

// What it says: the longest link, the words where there is no bot; and where there is
// nothing to say, or no room, no square is drawn.
func TestTheSquareSaysWhatIsAsked(t *testing.T) {
	for name, c := range map[string]struct{ check, boxes string }{
		"a short name":       {"https://t.me/bpst?start=cek_K7F3Q9AB2D", ""},
		"the longest name":   {"https://t.me/" + strings.Repeat("a", 32) + "?start=cek_K7F3Q9AB2D", ""},
		"no bot":             {"CEK KODE K7F3Q9AB2D", ""},
		"nothing":            {"", ""},
		"more than it holds": {strings.Repeat("x", 79), ""},
		"a slip of paper":    {"CEK KODE K7F3Q9AB2D", "/MediaBox[0 0 200 100]"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMade()
			m.extra[3] = c.boxes
			o := order(conversation.PageSet{3})
			o.Mark.Check = c.check
			made, err := cutFile(t, m.file(), o)
			if err != nil || made.Mode != "vector" {
				t.Fatal(made.Mode, made.Verdict, err)
			}
			want := c.check
			if len(want) > maxSquare || c.boxes != "" {
				want = ""
			}
			if got := phoneReads(t, printed(t, made.Data, 1)); got != want {
				t.Errorf("read %q, want %q", got, want)
			}
		})
	}
}

// The square is printable: of modules large enough, and as far from the edges as
// printers leave blank. On no two pages it is drawn alike.
func TestTheSquareCanBePrinted(t *testing.T) {
	m := newMade()
	m.extra[3], m.extra[4] = "/MediaBox[0 0 420 595]", "/MediaBox[0 0 420 595]"
	made, err := cutFile(t, m.file(), order(conversation.PageSet{3, 4}))
	if err != nil {
		t.Fatal(err)
	}
	page := printed(t, made.Data, 1)
	bits, err := gozxing.NewBinaryBitmapFromImage(page)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		t.Fatal(err)
	}
	corners := read.GetResultPoints() // centres of the finder patterns: below, above, right of it
	const dot = 72.0 / 300
	modules := float64(len(newSquare(order(nil).Mark.Check)) - 7)
	if size := (corners[2].GetX() - corners[1].GetX()) * dot / modules; size < 1.2 {
		t.Errorf("a module is %.2f points wide, want 1.2 at least", size)
	}
	edge := func(x, y float64) float64 {
		r := page.Bounds()
		return dot * min(x-float64(r.Min.X), float64(r.Max.X)-x, float64(r.Max.Y)-y)
	}
	for _, c := range corners {
		x, y := c.GetX()+float64(page.Bounds().Min.X), c.GetY()+float64(page.Bounds().Min.Y)
		if got := edge(x, y) - 3.5*moduleSize; got < footMargin {
			t.Errorf("%.1f points from the edge, want %d at least", got, footMargin)
		}
	}
	side := 3 * int(newSquare(order(nil).Mark.Check).size())
	var drawn [][]byte // the picture of each page
	eachPage(t, made.Data, func(page types.Dict, content func(types.Object) []byte) {
		for _, o := range page["Resources"].(types.Dict)["XObject"].(types.Dict) {
			if data := content(o); len(data) == side*((side+7)/8) {
				drawn = append(drawn, data)
			}
		}
	})
	if len(drawn) != 2 || bytes.Equal(drawn[0], drawn[1]) {
		t.Errorf("%d squares, or two alike", len(drawn))
	}
}

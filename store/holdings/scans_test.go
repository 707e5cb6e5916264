package holdings

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"regexp"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// scanPages are the pages of a scan.
const scanPages = 5

// sheet is a page of lines of letters on paper, as a scanner sees it.
func sheet(n int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 850, 1100))
	for y := range 1100 {
		for x := range 850 {
			v := uint8(236)
			if x > 80 && x < 770 && y > 90 && y < 1000 && y%22 < 11 && (x*7+y/22*31+n)%13 < 5 {
				v = 24
			}
			g.Pix[y*g.Stride+x] = v
		}
	}
	return g
}

// scans are publications of which every page is one picture, in the ways in
// which scanners write them: what they add to the dictionary, and the data.
func scans(t *testing.T) map[string][]byte {
	var sheets [scanPages + 1]*image.Gray
	var jpgs [scanPages + 1][]byte // most scans have them
	for n := 1; n <= scanPages; n++ {
		var b bytes.Buffer
		sheets[n] = sheet(n)
		if err := jpeg.Encode(&b, sheets[n], &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
		jpgs[n] = b.Bytes()
	}
	bits := func(n int, black byte) (out []byte) {
		g := sheets[n]
		for y := range 1100 {
			row := make([]byte, (850+7)/8)
			for x := range 850 {
				if (g.GrayAt(x, y).Y < 128) == (black == 1) {
					row[x/8] |= 0x80 >> (x % 8)
				}
			}
			out = append(out, row...)
		}
		return out
	}
	grey := func(n int) []byte { return jpgs[n] }
	rgb := func(n int) []byte {
		c, b := image.NewRGBA(sheets[n].Rect), bytes.Buffer{}
		draw.Draw(c, c.Rect, sheets[n], image.Point{}, draw.Src)
		if err := jpeg.Encode(&b, c, &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	const eight = "/ColorSpace/DeviceGray/BitsPerComponent 8"
	type kind struct {
		dict string
		data func(n int) []byte
		draw string
	}
	const whole = "q 612 0 0 792 0 0 cm /Im Do Q"
	out := map[string][]byte{}
	for name, k := range map[string]kind{
		"grey JPEG":    {eight + "/Filter/DCTDecode", grey, whole},
		"colour JPEG":  {"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode", rgb, whole},
		"grey samples": {eight, func(n int) []byte { return sheets[n].Pix }, whole},
		"two levels":   {"/ColorSpace/DeviceGray/BitsPerComponent 1", func(n int) []byte { return bits(n, 0) }, whole},
		"a mask": {"/ImageMask true/BitsPerComponent 1/Decode[1 0]",
			func(n int) []byte { return bits(n, 1) }, "0 g " + whole},
		"a palette": {"/ColorSpace[/Indexed/DeviceGray 1<18ec>]/BitsPerComponent 1",
			func(n int) []byte { return bits(n, 0) }, whole},
		"in a group": {eight + "/Filter/DCTDecode", grey, "/Grp Do"},
		"in strips": {eight + "/Filter/DCTDecode", grey,
			strings.ReplaceAll("q 0 0 612 198 re W n IMQ q 0 198 612 198 re W n IMQ q 0 396 612 198 re W n IMQ "+
				"q 0 594 612 198 re W n IMQ", "IMQ", "612 0 0 792 0 0 cm /Im Do Q")},
		"turned": {eight + "/Filter/DCTDecode", grey, whole},
		"with letters that nobody sees": {eight + "/Filter/DCTDecode", grey,
			whole + " BT 3 Tr /F1 10 Tf 60 600 Td (penduduk) Tj ET"},
	} {
		w := pdfout.New()
		root, tree, font := w.Reserve(), w.Reserve(), w.Add(standardFont)
		var kids string
		for n := 1; n <= scanPages; n++ {
			img := w.AddStream("/Type/XObject/Subtype/Image/Width 850/Height 1100"+k.dict, k.data(n))
			group := w.AddStream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/I true>>"+
				"/Resources<</XObject<</Im %s>>>>", img), []byte(whole))
			turn := ""
			if name == "turned" {
				turn = "/Rotate 90"
			}
			kids += w.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox[0 0 612 792]"+turn+
				"/Resources<</Font<</F1 %s>>/XObject<</Im %s/Grp %s>>>>"+
				"/Contents %s>>", tree, font, img, group, w.AddStream("", []byte(k.draw)))).String() + " "
		}
		w.Put(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", scanPages, kids))
		w.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
		out[name] = w.Finish(root, "")
	}
	return out
}

// Who takes the pictures out of the pages of a scan has the mark with them, in
// every part.
func TestScansAreMarkedInTheirPixels(t *testing.T) {
	for name, data := range scans(t) {
		t.Run(name, func(t *testing.T) {
			pages := conversation.PageSet{3, 4}
			h := mustOpen(t, options())
			a, err := h.Add(context.Background(), file(t, "scan.pdf", data))
			if err != nil {
				t.Fatal(err)
			}
			o := order(pages)
			o.File = a.File
			excerpt, err := h.Excerpt(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			drawing := regexp.MustCompile(`(?m)^q [-.0-9 ]+ cm /\w+ Do Q$|^/\w+ Do$|/Im Do`)
			only := edited(t, excerpt.Data, func(page types.Dict, content func(types.Object) []byte) []byte {
				found := drawing.FindAll(content(page["Contents"]), -1)
				if bytes.Contains(found[0], []byte("/Im Do")) {
					return nil // a page as a picture
				}
				return bytes.Join(found, []byte("\n"))
			})
			from, after := openTest(t, data), openTest(t, only)
			defer from.close()
			defer after.close()
			for i, n := range pages {
				pw, ph := 850, 1100
				if name == "turned" {
					pw, ph = ph, pw
				}
				was, is := pixels(t, from, n, float64(pw), float64(ph)), pixels(t, after, i+1, float64(pw), float64(ph))
				var parts [6]int
				for y := range ph {
					for x := range pw {
						a, b := was.RGBAAt(x, y).G, is.RGBAAt(x, y).G
						if a > b && a-b > 16 || b > a && b-a > 16 {
							parts[y*3/ph*2+x*2/pw]++
						}
					}
				}
				for _, k := range parts {
					if k < 850*1100/6/250 || k > 850*1100/6/8 {
						t.Errorf("page %d: the mark covers %v pixels of %d in each part", n, parts, 850*1100/6)
						break
					}
				}
			}
		})
	}
}

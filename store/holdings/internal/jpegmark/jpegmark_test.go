package jpegmark

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

// ring covers a disc around the middle of a picture.
type ring struct{ w, h int }

func (r ring) at(x, y int) uint8 {
	dx, dy := x-r.w/2, y-r.h/2
	if d := dx*dx + dy*dy; d < r.h*r.h/9 && d > r.h*r.h/25 {
		return 255
	}
	return 0
}

func (r ring) Block(x, y int) *[64]uint8 {
	var b [64]uint8
	for i := range b {
		b[i] = r.at(x+i%8, y+i/8)
	}
	if b == [64]uint8{} {
		return nil
	}
	return &b
}

func pictures(t testing.TB) map[string][]byte {
	lot := rand.New(rand.NewPCG(1, 2))
	grey, colour := image.NewGray(image.Rect(0, 0, 301, 203)), image.NewRGBA(image.Rect(0, 0, 299, 210))
	for y := range 210 {
		for x := range 301 {
			v := uint8(160 + lot.IntN(60))
			if (x/9+y/17)%5 == 0 {
				v = uint8(20 + lot.IntN(9))
			}
			grey.SetGray(x, y, color.Gray{Y: v})
			colour.SetRGBA(x, y, color.RGBA{v, uint8(x), uint8(y), 255})
		}
	}
	out := map[string][]byte{}
	for name, img := range map[string]image.Image{"grey": grey, "colour": colour} {
		for q, quality := range map[string]int{"coarse": 40, "fine": 97} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
				t.Fatal(err)
			}
			out[name+" "+q] = b.Bytes()
		}
	}
	return out
}

func lightness(t testing.TB, data []byte) *image.Gray {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			switch v := img.(type) {
			case *image.Gray:
				out.SetGray(x, y, v.GrayAt(x, y))
			case *image.YCbCr:
				out.SetGray(x, y, color.Gray{Y: v.YCbCrAt(x, y).Y})
			}
		}
	}
	return out
}

func TestWhatIsCoveredChangesAndNothingElse(t *testing.T) {
	for name, data := range pictures(t) {
		t.Run(name, func(t *testing.T) {
			was := lightness(t, data)
			cover := ring{was.Rect.Dx(), was.Rect.Dy()}
			marked, err := Mark(data, cover)
			if err != nil {
				t.Fatal(err)
			}
			if len(marked) > len(data)*5/4 {
				t.Errorf("%d bytes became %d", len(data), len(marked))
			}
			is := lightness(t, marked)
			covered, changed := 0, 0
			for y := range was.Rect.Dy() {
				for x := range was.Rect.Dx() {
					off := int(is.GrayAt(x, y).Y) - int(was.GrayAt(x, y).Y)
					switch {
					case cover.Block(x&^7, y&^7) == nil && off != 0:
						t.Fatalf("pixel %d, %d is not covered and has changed by %d", x, y, off)
					case cover.at(x, y) == 255:
						covered++
						if off > Strength/2 || off < -Strength/2 {
							changed++
						}
					}
				}
			}
			if covered == 0 || changed < covered*3/4 {
				t.Errorf("%d of %d covered pixels changed", changed, covered)
			}
		})
	}
}

func TestWithoutACoverTheBytesAreTheSame(t *testing.T) {
	for name, data := range pictures(t) {
		if same, err := Mark(data, ring{}); err != nil || !bytes.Equal(same, data) {
			t.Errorf("%s: %d bytes became %d, %v", name, len(data), len(same), err)
		}
	}
}

// FuzzMark takes any bytes: an error, or a picture that is one when the bytes
// were. What it finds is large, so give it -fuzzminimizetime 20x.
func FuzzMark(f *testing.F) {
	for _, data := range pictures(f) {
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width*c.Height > 1<<20 {
			return
		}
		marked, err := Mark(data, ring{300, 200})
		if err != nil {
			return
		}
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			return
		}
		if _, err := jpeg.Decode(bytes.NewReader(marked)); err != nil {
			t.Errorf("marked it cannot be read: %v", err)
		}
	})
}

func BenchmarkMark(b *testing.B) {
	sheet := image.NewGray(image.Rect(0, 0, 1654, 2339))
	lot := rand.New(rand.NewPCG(1, 2))
	for i := range sheet.Pix {
		sheet.Pix[i] = uint8(225 + lot.IntN(24))
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, sheet, &jpeg.Options{Quality: 60}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(jpg.Len()))
	for b.Loop() {
		if _, err := Mark(jpg.Bytes(), ring{1654, 2339}); err != nil {
			b.Fatal(err)
		}
	}
}

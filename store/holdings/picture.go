package holdings

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"github.com/klippa-app/go-pdfium/requests"
)

// Size and quality of page pictures. 100 dots an inch keep table figures legible
// at some 60 to 110 kB a page.
const (
	pictureDPI     = 100
	pictureQuality = 78
	leastDots      = 2         // pixels of a module of the square code
	maxPixels      = 6_000_000 // a page of A2 at 100 dpi; larger ones are drawn coarser
)

// pictures draws marked page pictures of one document.
type pictures struct {
	doc   document
	stamp stamp
	last  *overlay // most pages of a publication have one size
}

// overlay is a mark drawn for pages of one size: where its text is dark.
type overlay struct {
	w, h        int
	tiles, foot *image.Gray
	barTop, bar int // of the lightened strip that carries the footer, and below it
	square      square
	sx, sy      int // its lower left corner
	dots        int // pixels of its modules; 0: there is none
}

// page draws one page, blends the mark into its pixels, and returns it as JPEG
// with its displayed size in points.
func (p *pictures) page(number int) (jpg []byte, w, h float64, err error) {
	w, h, err = p.doc.size(number)
	if err != nil {
		return nil, 0, 0, err
	}
	if !(w >= 1 && h >= 1 && w < 1e6 && h < 1e6) {
		return nil, 0, 0, fmt.Errorf("%w: page without size", ErrDamaged)
	}
	scale := min(pictureDPI/72.0, math.Sqrt(maxPixels/(w*h)))
	pw, ph := max(int(math.Round(w*scale)), 1), max(int(math.Round(h*scale)), 1)
	err = p.doc.render(number, pw, ph, requests.RenderImageFormatRGBA, func(drawn image.Image) error {
		img, ok := drawn.(*image.RGBA)
		if !ok {
			return errors.New("page was not drawn in colour")
		}
		bounds := img.Bounds()
		o, err := p.overlay(w, h, bounds.Dx(), bounds.Dy())
		if err != nil {
			return err
		}
		o.blend(img)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: pictureQuality}); err != nil {
			return fmt.Errorf("encode picture: %w", err)
		}
		jpg = b.Bytes()
		return nil
	})
	return jpg, w, h, err
}

func (p *pictures) overlay(w, h float64, pw, ph int) (*overlay, error) {
	if p.last != nil && p.last.w == pw && p.last.h == ph {
		return p.last, nil
	}
	st := p.stamp
	dots := max(int(math.Ceil(moduleSize*float64(pw)/w)), leastDots)
	st.module = float64(dots) * w / float64(pw)
	doc, err := p.doc.r.open(st.overlay(w, h))
	if err != nil {
		return nil, err
	}
	defer doc.close()
	o := &overlay{w: pw, h: ph}
	for i, to := range []**image.Gray{&o.tiles, &o.foot} {
		err := doc.render(i+1, pw, ph, requests.RenderImageFormatGrayscale, func(drawn image.Image) error {
			g, ok := drawn.(*image.Gray)
			if !ok || g.Rect.Dx() < pw || g.Rect.Dy() < ph {
				return errors.New("mark was not drawn as asked")
			}
			own := image.NewGray(g.Rect)
			for y := range g.Rect.Dy() {
				copy(own.Pix[y*own.Stride:y*own.Stride+g.Rect.Dx()], g.Pix[y*g.Stride:])
			}
			*to = own
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	l := st.layout(w, h, 1, st.lot(0))
	o.barTop = ph - int(math.Ceil((l.fy[0]+l.footer*1.05)*float64(ph)/h))
	o.bar = ph - int((l.fy[len(l.fy)-1]-l.footer*0.35)*float64(ph)/h)
	if l.module > 0 {
		o.square, o.dots = st.square, dots
		o.sx, o.sy = int(math.Round(l.sx*float64(pw)/w)), ph-int(math.Round(l.sy*float64(ph)/h))
	}
	p.last = o
	return o, nil
}

// Greys of the blended mark: it pulls every pixel under it towards tileGrey, so
// that it shows on white paper and on dark photographs alike.
const (
	tileGrey  = 140
	tileShare = 80  // of 255
	barShare  = 150 // how much the footer's strip is lightened
)

func (o *overlay) blend(img *image.RGBA) {
	left, right := o.footSpan()
	for y := range o.h {
		row := img.Pix[y*img.Stride:]
		for x := range o.w {
			i := y*o.tiles.Stride + x
			dark := 255 - int(o.tiles.Pix[i])
			foot := 255 - int(o.foot.Pix[i])
			inBar := y >= o.barTop && y < o.bar && x >= left && x <= right
			if dark == 0 && foot == 0 && !inBar {
				continue
			}
			for c := range 3 {
				v := int(row[x*4+c])
				v += (tileGrey - v) * dark * tileShare / (255 * 255)
				if inBar {
					v += (255 - v) * barShare / 255
				}
				v += (20 - v) * foot / 255
				row[x*4+c] = uint8(v)
			}
		}
	}
	if o.dots > 0 {
		o.square.squareDots(img, o.sx, o.sy, o.dots)
	}
}

// footSpan is from where to where the footer's text reaches.
func (o *overlay) footSpan() (left, right int) {
	left, right = o.w, 0
	for y := max(o.barTop, 0); y < o.h; y++ {
		for x := range o.w {
			if o.foot.GrayAt(x, y) != (color.Gray{Y: 255}) {
				left, right = min(left, x), max(right, x)
			}
		}
	}
	return left - 3, right + 3
}

package holdings

import (
	"math"

	"pst/store/holdings/content"
	"pst/store/holdings/internal/jpegmark"
	"pst/store/holdings/internal/markdraw"
	"pst/store/holdings/internal/rewrite"
)

// inPixels draws the mark over the pixels of pictures: the tiled lines at the
// places that they have on the page.
type inPixels struct {
	stamp  stamp
	page   *page
	number int // of the page in the excerpt
	brush  *markdraw.Brush
}

// Limits of pictures that the mark is put into: with letters of fewer pixels it
// is not read, and what else they show neither; nobody scans a page with more.
const (
	minLetter    = 9.0
	maxLetter    = 1000.0
	maxMarkPixel = 200_000_000
)

var _ rewrite.Marker = (*inPixels)(nil)

// turnTo goes over to another page.
func (i *inPixels) turnTo(p *page, number int) { i.page, i.number = p, number }

// Cover is that of the tiles on a picture.
func (i *inPixels) Cover(w, h int, at content.Matrix) (jpegmark.Cover, bool) {
	back, ok := at.Inverse()
	if !ok || w*h > maxMarkPixel {
		return nil, false
	}
	m, pw, ph := i.page.matrix()
	l := i.stamp.layout(pw, ph, i.page.unit, i.stamp.lot(i.number))
	toPixels := content.Matrix(m).Mul(back).Mul(content.Matrix{float64(w), 0, 0, -float64(h), 0, float64(h)})
	sin, cos := math.Sincos(markAngle)
	turn := content.Matrix{cos * l.size, sin * l.size, -sin * l.size, cos * l.size, 0, 0}.Mul(toPixels)
	long, high := math.Hypot(turn[0], turn[1]), math.Hypot(turn[2], turn[3])
	if min(long, high) < minLetter {
		return nil, true
	}
	if !(max(long, high) <= maxLetter) {
		return nil, false
	}
	turn[4], turn[5] = 0, 0
	if i.brush == nil || i.brush.Turn() != turn { // most pages of a scan have one size
		i.brush = markdraw.NewBrush(turn)
	}
	cover := markdraw.NewCover(w, h)
	for _, t := range l.tiles {
		start := toPixels.Apply(content.Point{X: t.x, Y: t.y})
		cover.Line(i.brush, start.X, start.Y, t.text)
	}
	return cover, true
}

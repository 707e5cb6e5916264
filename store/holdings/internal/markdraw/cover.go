package markdraw

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"

	"pst/store/holdings/content"
)

// Cover is what lines of text cover of the pixels of a picture, in blocks of
// eight by eight.
type Cover struct {
	w, h   int
	rows   [][]int32 // by row of blocks: 1 + index in blocks, 0 for none
	blocks [][64]uint8
}

// NewCover covers nothing yet of a picture of w by h pixels.
func NewCover(w, h int) *Cover { return &Cover{w: w, h: h, rows: make([][]int32, (h+7)/8)} }

// Block is the cover, 0 to 255, of the block whose first pixel is x, y; nil
// where there is none.
func (c *Cover) Block(x, y int) *[64]uint8 {
	y /= 8
	if y >= len(c.rows) || c.rows[y] == nil || x/8 >= len(c.rows[y]) {
		return nil
	}
	if i := c.rows[y][x/8]; i > 0 {
		return &c.blocks[i-1]
	}
	return nil
}

// Brush paints letters of one size and direction. It remembers them, and is
// used by one goroutine.
type Brush struct {
	turn    content.Matrix
	letters map[rune]blot
}

// blot is a letter in pixels, from the place where it is put.
type blot struct {
	pix  *image.Alpha
	x, y int
}

// NewBrush makes a brush whose letters of size 1 are turned and enlarged by m
// (of which the place is not heeded), y down.
func NewBrush(m content.Matrix) *Brush {
	m[4], m[5] = 0, 0
	return &Brush{m, map[rune]blot{}}
}

// Turn is the matrix of the brush.
func (b *Brush) Turn() content.Matrix { return b.turn }

// Line paints a line of text that begins at x, y, in pixels.
func (c *Cover) Line(b *Brush, x, y float64, text string) {
	for _, r := range text {
		g := letter(r)
		if len(g.points) > 0 {
			c.put(b.letter(r, g), int(math.Round(x)), int(math.Round(y)))
		}
		x += b.turn[0] * float64(g.advance) / em
		y += b.turn[1] * float64(g.advance) / em
	}
}

func (b *Brush) letter(r rune, g *glyph) blot {
	l, ok := b.letters[r]
	if !ok {
		l = rasterized(g, b.turn)
		b.letters[r] = l
	}
	return l
}

// rasterized is a letter turned and enlarged by a matrix without a place.
func rasterized(g *glyph, turn content.Matrix) blot {
	at := func(p point) content.Point {
		return turn.Apply(content.Point{X: float64(p.x) / em, Y: float64(p.y) / em})
	}
	area := content.Nothing
	for _, p := range g.points {
		if p.op != 'h' {
			q := at(p)
			area = area.Union(content.Rect{X0: q.X, Y0: q.Y, X1: q.X, Y1: q.Y})
		}
	}
	x0, y0 := int(math.Floor(area.X0)), int(math.Floor(area.Y0))
	w, h := int(math.Ceil(area.X1))-x0+1, int(math.Ceil(area.Y1))-y0+1
	z := vector.NewRasterizer(w, h)
	for _, p := range g.points {
		q := at(p)
		x, y := float32(q.X)-float32(x0), float32(q.Y)-float32(y0)
		switch p.op {
		case 'm':
			z.MoveTo(x, y)
		case 'l':
			z.LineTo(x, y)
		default:
			z.ClosePath()
		}
	}
	l := blot{image.NewAlpha(image.Rect(0, 0, w, h)), x0, y0}
	z.DrawOp = draw.Src
	z.Draw(l.pix, l.pix.Rect, image.Opaque, image.Point{})
	return l
}

func (c *Cover) put(l blot, x, y int) {
	x, y = x+l.x, y+l.y
	for v := max(0, -y); v < l.pix.Rect.Dy() && y+v < c.h; v++ {
		line := l.pix.Pix[v*l.pix.Stride:][:l.pix.Rect.Dx()]
		for u := max(0, -x); u < len(line) && x+u < c.w; u++ {
			if line[u] == 0 {
				continue
			}
			b := c.at(x+u, y+v)
			i := (y+v)%8*8 + (x+u)%8
			b[i] = max(b[i], line[u])
		}
	}
}

func (c *Cover) at(x, y int) *[64]uint8 {
	row := &c.rows[y/8]
	if *row == nil {
		*row = make([]int32, (c.w+7)/8)
	}
	i := &(*row)[x/8]
	if *i == 0 {
		c.blocks = append(c.blocks, [64]uint8{})
		*i = int32(len(c.blocks))
	}
	return &c.blocks[*i-1]
}

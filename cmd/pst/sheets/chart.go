package sheets

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"pst/conversation"
)

// The picture is made for a phone held upright: large letters, few things. It is drawn
// here and not by a library of charts: standing bars are all there is, and the letters
// and the rest are of golang.org/x/image, which the desk has already.
const (
	chartWidth = 1080
	chartMost  = 40 // points
	margin     = 48
	plotHeight = 560
)

var (
	ink   = color.RGBA{0x1f, 0x29, 0x33, 0xff}
	faint = color.RGBA{0xd5, 0xdb, 0xe1, 0xff}
	bar   = color.RGBA{0x00, 0x5f, 0x9e, 0xff}
)

type faces struct{ title, label, note font.Face }

// lettering makes the faces anew: one is not for several at a time.
func lettering() (faces, error) {
	fonts, err := parsed()
	if err != nil {
		return faces{}, err
	}
	var f faces
	for _, x := range []struct {
		face *font.Face
		of   *opentype.Font
		size float64
	}{{&f.title, fonts[1], 38}, {&f.label, fonts[0], 28}, {&f.note, fonts[0], 24}} {
		size := &opentype.FaceOptions{Size: x.size, DPI: 72, Hinting: font.HintingFull}
		if *x.face, err = opentype.NewFace(x.of, size); err != nil {
			return f, err
		}
	}
	return f, nil
}

var parsed = sync.OnceValues(func() (out [2]*opentype.Font, err error) {
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		if out[i], err = opentype.Parse(ttf); err != nil {
			return out, err
		}
	}
	return out, nil
})

// canvas is a picture being drawn.
type canvas struct{ *image.RGBA }

func (c canvas) box(x0, y0, x1, y1 int, of color.Color) {
	draw.Draw(c, image.Rect(x0, min(y0, y1), x1, max(y0, y1)), image.NewUniform(of), image.Point{}, draw.Src)
}

// write puts a line of text with its foot at y; middle centres it on x.
func (c canvas) write(f font.Face, text string, x, y int, middle bool) {
	if middle {
		x -= font.MeasureString(f, text).Round() / 2
	}
	d := font.Drawer{Dst: c, Src: image.NewUniform(ink), Face: f, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

// wrapped cuts a text into lines that fit the picture, at most most of them.
func wrapped(f font.Face, text string, most int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		next := strings.TrimSpace(line + " " + w)
		if line != "" && font.MeasureString(f, next).Round() > chartWidth-2*margin {
			lines, next = append(lines, line), w
		}
		line = next
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] += " …"
	}
	return lines
}

// drawn makes the picture.
func drawn(o conversation.ChartOrder) ([]byte, error) {
	if len(o.Points) == 0 || len(o.Points) > chartMost {
		return nil, fmt.Errorf("draw chart: %d points", len(o.Points))
	}
	f, err := lettering()
	if err != nil {
		return nil, fmt.Errorf("draw chart: %w", err)
	}
	title, notes := wrapped(f.title, o.Title, 3), []string(nil)
	for _, n := range o.Notes {
		notes = append(notes, wrapped(f.note, n, 3)...)
	}
	top := margin + 46*len(title) + 20
	if o.Unit != "" {
		top += 36
	}
	height := top + 40 + plotHeight + 60 + 32*len(notes) + margin
	c := canvas{image.NewRGBA(image.Rect(0, 0, chartWidth, height))}
	c.box(0, 0, chartWidth, height, color.White)
	for i, l := range title {
		c.write(f.title, l, margin, margin+38+46*i, false)
	}
	if o.Unit != "" {
		c.write(f.label, o.Unit, margin, top-14, false)
	}
	c.bars(f, o.Points, top+40)
	for i, l := range notes {
		c.write(f.note, l, margin, top+40+plotHeight+60+32*(i+1), false)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, c); err != nil {
		return nil, fmt.Errorf("draw chart: %w", err)
	}
	return b.Bytes(), nil
}

// bars draws one bar a point from nothing up or down, its value beyond its end and its
// label below all. A scale that does not begin at nothing would show a small change as
// a large one.
func (c canvas) bars(f faces, points []conversation.ChartPoint, top int) {
	low, high := 0.0, 0.0
	for _, p := range points {
		low, high = math.Min(low, p.Value), math.Max(high, p.Value)
	}
	if high == low {
		high = low + 1
	}
	const room = 44 // for the values beyond the ends
	y := func(v float64) int {
		return top + room + int(math.Round((high-v)/(high-low)*float64(plotHeight-2*room)))
	}
	step := float64(chartWidth-2*margin) / float64(len(points))
	wide := min(int(step*0.7), 120)
	zero := y(0)
	for i, p := range points {
		x := margin + int(step*(float64(i)+0.5))
		end := y(p.Value)
		c.box(x-wide/2, zero, x+wide/2, end, bar)
		value, at := or(p.Text, strconv.FormatFloat(p.Value, 'f', -1, 64)), end-12
		if p.Value < 0 {
			at = end + 32
		}
		face := f.label
		if font.MeasureString(face, value).Round() > int(step)-6 {
			face = f.note
		}
		if font.MeasureString(face, value).Round() <= int(step)+8 || i%2 == 0 { // else every other one
			c.write(face, value, x, at, true)
		}
		if font.MeasureString(f.label, p.Label).Round() <= int(step) || i%2 == 0 {
			c.write(f.label, p.Label, x, top+plotHeight+36, true)
		}
	}
	c.box(margin, zero-1, chartWidth-margin, zero+1, ink)
	c.box(margin, top+plotHeight+2, chartWidth-margin, top+plotHeight+3, faint)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

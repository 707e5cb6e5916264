package content

import "math"

// maxPoints bounds one path.
const maxPoints = 4 << 20

// Path is a path being built, in the page's coordinates: each operator's
// points are transformed when they come (ISO 32000-1, 8.5.2.1).
type Path struct {
	Parts []Part
	start Point
	Last  Point
	count int
}

// Part is a subpath.
type Part struct {
	// Ops are 'm', 'l', 'c' and 'h' in order, Points one, one, three or none each.
	// The first is always 'm'.
	Ops    []byte
	Points []Point
	Bounds Rect // around all points, those that only steer a curve included
	Rect   bool // made by one re, and a rectangle along the axes
}

// Empty tells whether nothing was built.
func (p *Path) Empty() bool { return len(p.Parts) == 0 }

// Bounds is the smallest rectangle around all parts.
func (p *Path) Bounds() Rect {
	b := Nothing
	for _, part := range p.Parts {
		b = b.Union(part.Bounds)
	}
	return b
}

// Build adds a path operator under the matrix m. Errors wrap [ErrSyntax] or
// [ErrBounds].
func (p *Path) Build(op Op, m Matrix) error {
	n := op.Numbers()
	switch op.Name {
	case "m":
		p.begin(m.Apply(Point{n[0], n[1]}))
	case "re":
		x, y, w, h := n[0], n[1], n[2], n[3]
		p.begin(m.Apply(Point{x, y}))
		p.add('l', m.Apply(Point{x + w, y}))
		p.add('l', m.Apply(Point{x + w, y + h}))
		p.add('l', m.Apply(Point{x, y + h}))
		p.add('h')
		p.Last = p.start
		p.Parts[len(p.Parts)-1].Rect = m[1] == 0 && m[2] == 0 || m[0] == 0 && m[3] == 0
	default:
		if len(p.Parts) == 0 {
			return errNoPoint
		}
		p.resume()
		switch op.Name {
		case "l":
			p.add('l', m.Apply(Point{n[0], n[1]}))
		case "c":
			p.add('c', m.Apply(Point{n[0], n[1]}), m.Apply(Point{n[2], n[3]}), m.Apply(Point{n[4], n[5]}))
		case "v":
			p.add('c', p.Last, m.Apply(Point{n[0], n[1]}), m.Apply(Point{n[2], n[3]}))
		case "y":
			end := m.Apply(Point{n[2], n[3]})
			p.add('c', m.Apply(Point{n[0], n[1]}), end, end)
		case "h":
			p.add('h')
			p.Last = p.start
		}
	}
	if p.count > maxPoints {
		return ErrBounds
	}
	if b := p.Parts[len(p.Parts)-1].Bounds; !(b.X0 > -1e9 && b.Y0 > -1e9 && b.X1 < 1e9 && b.Y1 < 1e9) {
		return ErrBounds
	}
	return nil
}

func (p *Path) begin(at Point) {
	p.start, p.Last = at, at
	p.Parts = append(p.Parts, Part{Ops: []byte{'m'}, Points: []Point{at}, Bounds: Nothing.Add(at)})
	p.count++
}

// resume starts a new subpath where the last was closed.
func (p *Path) resume() {
	last := &p.Parts[len(p.Parts)-1]
	if last.Ops[len(last.Ops)-1] == 'h' {
		p.begin(p.Last)
	}
}

func (p *Path) add(op byte, points ...Point) {
	last := &p.Parts[len(p.Parts)-1]
	last.Ops = append(last.Ops, op)
	last.Points = append(last.Points, points...)
	for _, at := range points {
		last.Bounds = last.Bounds.Add(at)
		p.Last = at
	}
	last.Rect = false
	p.count += 1 + len(points)
}

// Close closes the last subpath, as s and b do.
func (p *Path) Close() {
	if len(p.Parts) == 0 {
		return
	}
	if last := p.Parts[len(p.Parts)-1]; last.Ops[len(last.Ops)-1] != 'h' {
		p.add('h')
		p.Last = p.start
	}
}

// Shape is the area of a path in straight lines.
type Shape struct {
	polygons [][]Point
	evenOdd  bool
	bounds   Rect
}

// Shape flattens the path; curves become chords and steer points both, so that
// the shape covers no less than the path does by more than a hair.
func (p *Path) Shape(evenOdd bool) Shape {
	s := Shape{evenOdd: evenOdd, bounds: p.Bounds()}
	for _, part := range p.Parts {
		var line []Point
		i := 0
		for _, op := range part.Ops {
			switch op {
			case 'm', 'l':
				line = append(line, part.Points[i])
				i++
			case 'c':
				line = curve(line, part.Points[i], part.Points[i+1], part.Points[i+2])
				i += 3
			}
		}
		if len(line) > 1 {
			s.polygons = append(s.polygons, line)
		}
	}
	return s
}

func curve(line []Point, b, c, d Point) []Point {
	a := line[len(line)-1]
	const steps = 12
	for i := 1; i <= steps; i++ {
		t := float64(i) / steps
		u := 1 - t
		line = append(line, Point{
			u*u*u*a.X + 3*u*u*t*b.X + 3*u*t*t*c.X + t*t*t*d.X,
			u*u*u*a.Y + 3*u*u*t*b.Y + 3*u*t*t*c.Y + t*t*t*d.Y,
		})
	}
	return line
}

// Meets tells whether some of r, a rectangle along the axes, lies in the shape.
func (s *Shape) Meets(r Rect) bool {
	r = r.Intersect(s.bounds.Grow(0.01))
	if r.Empty() {
		return false
	}
	wind, cross := 0, 0
	mid := Point{(r.X0 + r.X1) / 2, (r.Y0 + r.Y1) / 2}
	for _, line := range s.polygons {
		a := line[len(line)-1]
		for _, b := range line {
			if segmentMeets(a, b, r) {
				return true
			}
			if (a.Y <= mid.Y) != (b.Y <= mid.Y) && a.X+(mid.Y-a.Y)/(b.Y-a.Y)*(b.X-a.X) > mid.X {
				cross++
				if b.Y > a.Y {
					wind++
				} else {
					wind--
				}
			}
			a = b
		}
	}
	// No edge passes through r, so that it is in or out as a whole.
	if s.evenOdd {
		return cross%2 == 1
	}
	return wind != 0
}

// segmentMeets tells whether the segment a–b passes through r.
func segmentMeets(a, b Point, r Rect) bool {
	if max(a.X, b.X) < r.X0 || min(a.X, b.X) > r.X1 || max(a.Y, b.Y) < r.Y0 || min(a.Y, b.Y) > r.Y1 {
		return false
	}
	if math.Abs(a.X-b.X) < 1e-9 || math.Abs(a.Y-b.Y) < 1e-9 {
		return true
	}
	side := func(p Point) float64 { return (b.X-a.X)*(p.Y-a.Y) - (b.Y-a.Y)*(p.X-a.X) }
	pos, neg := false, false
	for _, c := range r.Corners(Identity) {
		if v := side(c); v >= 0 {
			pos = true
		} else {
			neg = true
		}
	}
	return pos && neg
}

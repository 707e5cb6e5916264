package content

import "math"

// Matrix is an affine transformation [a b c d e f] as PDF writes it: a point
// (x, y) becomes (a·x + c·y + e, b·x + d·y + f) (ISO 32000-1, 8.3.3).
type Matrix [6]float64

// Identity leaves points where they are.
var Identity = Matrix{1, 0, 0, 1, 0, 0}

// Mul is the transformation that applies m first and n after it; PDF's "m cm"
// on a current matrix n.
func (m Matrix) Mul(n Matrix) Matrix {
	return Matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// Apply transforms a point.
func (m Matrix) Apply(p Point) Point {
	return Point{m[0]*p.X + m[2]*p.Y + m[4], m[1]*p.X + m[3]*p.Y + m[5]}
}

// Inverse undoes m; ok is false when m flattens the plane.
func (m Matrix) Inverse() (inv Matrix, ok bool) {
	det := m[0]*m[3] - m[1]*m[2]
	if math.Abs(det) < 1e-30 || math.IsNaN(det) || math.IsInf(det, 0) {
		return Matrix{}, false
	}
	return Matrix{
		m[3] / det, -m[1] / det, -m[2] / det, m[0] / det,
		(m[2]*m[5] - m[3]*m[4]) / det, (m[1]*m[4] - m[0]*m[5]) / det,
	}, true
}

// Scale is the largest length that a vector of length 1 may get.
func (m Matrix) Scale() float64 {
	return max(math.Hypot(m[0], m[1]), math.Hypot(m[2], m[3]))
}

// Finite tells whether all parts are numbers that PDF can write.
func (m Matrix) Finite() bool {
	for _, v := range m {
		if !(math.Abs(v) < 1e9) {
			return false
		}
	}
	return true
}

// Point is a place on a page, in points.
type Point struct{ X, Y float64 }

// Rect is a rectangle with its sides along the axes: X0 <= X1 and Y0 <= Y1
// unless it is [Rect.Empty].
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Nothing is the rectangle to which points are added.
var Nothing = Rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// Empty tells whether not even a line lies in r.
func (r Rect) Empty() bool { return !(r.X0 <= r.X1 && r.Y0 <= r.Y1) }

// Add is the smallest rectangle around r and a point.
func (r Rect) Add(p Point) Rect {
	return Rect{min(r.X0, p.X), min(r.Y0, p.Y), max(r.X1, p.X), max(r.Y1, p.Y)}
}

// Union is the smallest rectangle around both.
func (r Rect) Union(s Rect) Rect {
	return Rect{min(r.X0, s.X0), min(r.Y0, s.Y0), max(r.X1, s.X1), max(r.Y1, s.Y1)}
}

// Intersect is what both have in common; it may be empty.
func (r Rect) Intersect(s Rect) Rect {
	return Rect{max(r.X0, s.X0), max(r.Y0, s.Y0), min(r.X1, s.X1), min(r.Y1, s.Y1)}
}

// Touches tells whether both share more than an edge; a line, which has no
// breadth, counts where it lies inside.
func (r Rect) Touches(s Rect) bool {
	return r.X0 < s.X1 && s.X0 < r.X1 && r.Y0 < s.Y1 && s.Y0 < r.Y1 ||
		(r.X0 == r.X1 || r.Y0 == r.Y1) && !r.Intersect(s).Empty()
}

// Contains tells whether s lies wholly in r.
func (r Rect) Contains(s Rect) bool {
	return r.X0 <= s.X0 && r.Y0 <= s.Y0 && s.X1 <= r.X1 && s.Y1 <= r.Y1
}

// Grow moves each side outwards.
func (r Rect) Grow(by float64) Rect { return Rect{r.X0 - by, r.Y0 - by, r.X1 + by, r.Y1 + by} }

// Corners are the four corners of r after m, around.
func (r Rect) Corners(m Matrix) [4]Point {
	return [4]Point{m.Apply(Point{r.X0, r.Y0}), m.Apply(Point{r.X1, r.Y0}), m.Apply(Point{r.X1, r.Y1}),
		m.Apply(Point{r.X0, r.Y1})}
}

// Transform is the smallest rectangle around r after m.
func (r Rect) Transform(m Matrix) Rect {
	if r.Empty() {
		return Nothing
	}
	if m[1] == 0 && m[2] == 0 { // mostly
		x0, y0, x1, y1 := m[0]*r.X0+m[4], m[3]*r.Y0+m[5], m[0]*r.X1+m[4], m[3]*r.Y1+m[5]
		return Rect{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
	}
	out := Nothing
	for _, p := range r.Corners(m) {
		out = out.Add(p)
	}
	return out
}

// Width and Height of r, 0 when it is empty.
func (r Rect) Width() float64 { return max(r.X1-r.X0, 0) }

// Height of r, 0 when it is empty.
func (r Rect) Height() float64 { return max(r.Y1-r.Y0, 0) }

// Area of r, 0 when it is empty.
func (r Rect) Area() float64 { return r.Width() * r.Height() }

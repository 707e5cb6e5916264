package jpegmark

import "math"

// zigzag is the order of coefficients (T.81, figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55,
	62, 63,
}

// cosines are those of the transform, with its factors (T.81, A.3.3): for even
// and odd coefficients those of the first four places, the others mirror them.
var cosines = func() (c [8][4]float32) {
	for u := range 8 {
		for x := range 4 {
			f := 0.5 * math.Cos(float64(2*x+1)*float64(u)*math.Pi/16)
			if u == 0 {
				f /= math.Sqrt2
			}
			c[u][x] = float32(f)
		}
	}
	return c
}()

// transform is the forward cosine transform of eight by eight numbers.
func transform(f *[64]float32) {
	for _, step := range [2][2]int{{1, 8}, {8, 1}} { // rows, then columns
		for line := range 8 {
			at, by := line*step[1], step[0]
			var sum, dif [4]float32
			empty := true
			for x := range 4 {
				a, b := f[at+x*by], f[at+(7-x)*by]
				sum[x], dif[x] = a+b, a-b
				empty = empty && a == 0 && b == 0
			}
			if empty {
				continue
			}
			for u := range 8 {
				c, v := &cosines[u], &sum
				if u&1 == 1 {
					v = &dif
				}
				f[at+u*by] = c[0]*v[0] + c[1]*v[1] + c[2]*v[2] + c[3]*v[3]
			}
		}
	}
}

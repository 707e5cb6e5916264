package markdraw

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// What keyboards and names in Latin letters have is written, within the line's height
// and its length, and each letter in strokes of its own.
func TestEveryLetterIsWrittenInItsPlace(t *testing.T) {
	const units = 20
	for _, r := range "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_" +
		"abcdefghijklmnopqrstuvwxyz{|}~–—…ÀÉÎÑÖÅÇàéîñöåçÿ" {
		line := strings.Repeat(string(r), 2)
		written := Strokes(nil, line, units, rand.New(rand.NewPCG(1, 2)), Whole)
		if !Has(r) || len(written) == 0 {
			t.Errorf("%q is not written", r)
			continue
		}
		letters := bytes.SplitAfter(written, []byte("S\n"))
		if len(letters) != 3 || bytes.Equal(letters[0], letters[1]) {
			t.Errorf("%q twice is %q", r, written)
		}
		for point := range strings.Lines(string(letters[0])) {
			f := strings.Fields(point)
			if len(f) != 3 {
				continue
			}
			x, _ := strconv.ParseFloat(f[0], 64)
			y, _ := strconv.ParseFloat(f[1], 64)
			if x < 0 || x > Width(string(r))*units || y < -Descent*units || y > units {
				t.Errorf("%q reaches %q", r, point)
			}
		}
	}
	for _, r := range "`李\x00ẞ" {
		if Has(r) {
			t.Errorf("%q is said to be there", r)
		}
	}
}

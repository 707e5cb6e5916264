package pdfout

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestNumbersAreShortAndRight(t *testing.T) {
	for want, c := range map[string]struct {
		f        float64
		decimals int
	}{
		"0": {-0.00004, 4}, "-.5": {-0.5, 4}, "12.0625": {12.0625, 4}, "3": {2.99999, 4}, "-7": {-7, 2},
		"100000000000000": {1e14, 4}, ".0000012": {1.2e-6, 7}, ".1": {0.1, 15},
	} {
		if got := string(Number(nil, c.f, c.decimals)); got != want {
			t.Errorf("%g with %d decimals is %s, want %s", c.f, c.decimals, got, want)
		}
	}
	lot := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		f, decimals := (lot.Float64()-0.5)*math.Pow(10, float64(lot.IntN(9))), lot.IntN(8)
		text := string(Number(nil, f, decimals))
		read, err := strconv.ParseFloat(text, 64)
		if _, rest, _ := strings.Cut(text, "."); err != nil || len(rest) > decimals || strings.HasSuffix(rest, "0") ||
			math.Abs(read-f) > 0.5*math.Pow(10, -float64(decimals))+math.Abs(f)*1e-15 || read != Rounded(f, decimals) {
			t.Fatalf("%.12f with %d decimals is %s, and rounded %g: %v", f, decimals, text, Rounded(f, decimals), err)
		}
	}
}

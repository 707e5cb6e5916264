package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

// What is drawn for a sheet of paper and what stands in a terminal are both read as the link.
func TestDrawnCodesLeadToTheLink(t *testing.T) {
	for _, link := range []string{"https://t.me/PstUjiBot?start=ditempat",
		"https://wa.me/628123456789?text=PST%20DI%20TEMPAT",
		"2@" + strings.Repeat("Ab9+/", 44)} {
		picture, err := qrPicture(link, 512)
		if err != nil {
			t.Fatal(err)
		}
		text, err := qrText(link)
		if err != nil {
			t.Fatal(err)
		}
		for how, drawn := range map[string][]byte{"picture": picture, "terminal": shot(t, text)} {
			if got, err := readQR(drawn); err != nil || got != link {
				t.Errorf("%s: %q, %v", how, got, err)
			}
		}
	}
}

// shot is what a terminal with a dark background shows: letters are light, and each
// covers two rows of dots.
func shot(t *testing.T, text string) []byte {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	const dot = 4
	wide := dot * len([]rune(lines[0]))
	shown := image.NewGray(image.Rect(0, 0, wide, wide)) // half a row of the last line is below the code
	for y, line := range lines {
		for x, r := range []rune(line) {
			for half, lit := range []bool{r == '█' || r == '▀', r == '█' || r == '▄'} {
				for i := range dot * dot {
					c := color.Gray{}
					if lit {
						c.Y = 255
					}
					shown.SetGray(dot*x+i%dot, dot*(2*y+half)+i/dot, c)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, shown); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

package terminal

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzReadLine(f *testing.F) {
	f.Add([]byte("halo\nmenu"))
	f.Add([]byte("\n\r\n\x00\xff"))
	f.Add([]byte(strings.Repeat("é", maxLine) + "\nakhir\n"))
	f.Fuzz(func(t *testing.T, input []byte) {
		want := bytes.Count(input, []byte("\n"))
		if len(input) > 0 && input[len(input)-1] != '\n' {
			want++
		}
		in := bufio.NewReaderSize(bytes.NewReader(input), 16)
		for got := 0; ; got++ {
			text, err := readLine(in)
			if err == io.EOF {
				if got != want {
					t.Fatalf("%d lines, want %d", got, want)
				}
				return
			}
			if err != nil || !utf8.ValidString(text) || strings.Contains(text, "\n") {
				t.Fatalf("line %q, error %v", text, err)
			}
		}
	})
}

func FuzzShownText(f *testing.F) {
	f.Add("kata *tebal* dan *dua kata*, 2*3*4, **")
	f.Add("\x1b[31m\u009b\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		shown := embolden(clean(text))
		rest := strings.NewReplacer(boldOn, "", boldOff, "").Replace(shown)
		if strings.ContainsAny(rest, "\x1b\r\u009b\u202e") {
			t.Fatalf("%q shown as %q", text, shown)
		}
		if strings.Count(shown, boldOn) != strings.Count(shown, boldOff) {
			t.Fatalf("bold is not ended in %q", shown)
		}
	})
}

package holdings

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The code is read out of an excerpt and out of what other programs make of it, and
// out of nothing else.
func TestTheCodeIsReadOutOfAChangedExcerpt(t *testing.T) {
	o := order(granted)
	o.Mark.Code = "K7F3Q9AB2D"
	made, err := cutFile(t, website(), o)
	if err != nil {
		t.Fatal(err)
	}
	without := func(parts ...string) []byte {
		data := bytes.Clone(made.Data)
		for _, p := range parts {
			if !bytes.Contains(data, []byte(p)) {
				t.Fatalf("no %s in the excerpt", p)
			}
			data = bytes.ReplaceAll(data, []byte(p), []byte("/X"))
		}
		return data
	}
	for name, data := range map[string][]byte{
		"as it is":              made.Data,
		"longer by a line":      append(bytes.Clone(made.Data), '\n'),
		"without its words":     without("/Keywords", "<dc:identifier>"),
		"without packet and id": without("/ID", "<dc:identifier>"),
		"its words in UTF-16":   []byte("%PDF-1.4 /Keywords <FEFF004B003700460033005100390041004200320044>"),
		"its words in octal UTF-16": []byte("%PDF-1.4 /Keywords " +
			"(\\376\\377\x00K\x007\x00F\x003\x00Q\x009\x00A\x00B\x002\x00D)"),
		"an identifier in letters":   []byte("%PDF-1.4 trailer <</ID [(K7F3Q9AB2D) <00>]>>"),
		"behind an older identifier": []byte("%PDF-1.4 /ID[<0102><0304>] x /ID [ <4B374633 51394142 3244> <00>]"),
	} {
		if got := CodeIn(data); got != "K7F3Q9AB2D" {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, data := range map[string][]byte{
		"nothing": nil,
		"a book":  website(),
		"other words": []byte("/Keywords(Belitung Timur dalam angka) /ID[<a0>(x)] " +
			"<dc:identifier>urn:uuid:1</dc:identifier>"),
		"ends in the middle":    []byte("/Keywords(K7F3Q9AB2"),
		"stripped of all three": without("/ID", "/Keywords", "<dc:identifier>"),
	} {
		if got := CodeIn(data); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, tool := range [][]string{
		{"qpdf", "IN", "OUT"}, {"qpdf", "--object-streams=generate", "IN", "OUT"}, {"qpdf", "--linearize", "IN", "OUT"},
		{"mutool", "clean", "-gggz", "IN", "OUT"}, {"gs", "-q", "-sDEVICE=pdfwrite", "-o", "OUT", "IN"},
	} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			continue
		}
		in, out := filepath.Join(t.TempDir(), "in.pdf"), filepath.Join(t.TempDir(), "out.pdf")
		if err := os.WriteFile(in, made.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		for i, a := range tool {
			tool[i] = map[string]string{"IN": in, "OUT": out}[a] + map[bool]string{true: a}[a != "IN" && a != "OUT"]
		}
		if said, err := exec.CommandContext(context.Background(), tool[0], tool[1:]...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v, %s", tool[:2], err, said)
			continue
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if got := CodeIn(data); got != "K7F3Q9AB2D" {
			t.Errorf("after %v: %q", tool[:len(tool)-1], got)
		}
	}
}

func FuzzCodeIn(f *testing.F) {
	f.Add([]byte("/Keywords(K7F3Q9AB2D)"))
	f.Add([]byte("/Keywords(\\(a\\))/ID[<4b3>(\\"))
	f.Add([]byte("<dc:identifier> K7F3Q9AB2D</dc:identifier>/ID [ <>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if code := CodeIn(data); code != "" && (!codeAlone().MatchString(code) || len(code) != 10) {
			t.Errorf("%q is no code", code)
		}
	})
}

package content_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pst/store/holdings/content"
)

// said writes what was read, for comparison.
func said(stream string) string {
	var b strings.Builder
	sc := content.NewScanner([]byte(stream))
	for {
		op, ok, err := sc.Next()
		if err != nil {
			return b.String() + "!"
		}
		if !ok {
			return b.String()
		}
		for _, v := range op.Args {
			b.WriteString(value(v) + " ")
		}
		b.WriteString(op.Name)
		if op.Data != nil {
			fmt.Fprintf(&b, "%q", op.Data)
		}
		b.WriteString(";")
	}
}

func value(v content.Value) string {
	switch v.Kind {
	case content.Number:
		return fmt.Sprint(v.Num)
	case content.String:
		return fmt.Sprintf("%q", v.Str)
	case content.Name:
		return "/" + string(v.Str)
	case content.Bool:
		return fmt.Sprint(v.Num == 1)
	case content.Array, content.Dict:
		var parts []string
		for _, e := range v.List {
			parts = append(parts, value(e))
		}
		return fmt.Sprintf("%d[%s]", v.Kind, strings.Join(parts, " "))
	}
	return "null"
}

func TestContentIsReadAsTheStandardSays(t *testing.T) {
	for stream, want := range map[string]string{
		"q 1 0 0 -1.5 .25 +3 cm/Fm0 Do Q":             "q;1 0 0 -1.5 0.25 3 cm;/Fm0 Do;Q;",
		"(a\\)b(c)\\101\\n\\\nd) Tj":                  `"a)b(c)A\nd" Tj;`,
		"(x\r\ny) Tj <48 6> Tj":                       `"x\ny" Tj;"H` + "`" + `" Tj;`,
		"[(a)-20.5<62>] TJ % (no) Tj\n(b)'":           `4["a" -20.5 "b"] TJ;"b" ';`,
		"/A#20B#z gs /#41 gs":                         "/A B#z gs;/A gs;",
		"/P <</MCID 0/L[1 2]/S(x)/N null/T true>>BDC": `/P 5[/MCID 0 /L 4[1 2] /S "x" /N null /T true] BDC;`,
		"BI /W 2 /H 1 /CS /G /BPC 8 ID EI EI Q":       `5[/W 2 /H 1 /CS /G /BPC 8] BI"EI";Q;`,
		"BI /W 9 /H 9 /F /AHx ID 00 EI ff> EI n":      `5[/W 9 /H 9 /F /AHx] BI"00 EI ff>";n;`,
		"BI /W 9 /H 9 /F[/RL] ID \x01EI\x80\nEI n":    `5[/W 9 /H 9 /F 4[/RL]] BI"\x01EI\x80";n;`,
		"1 2":                                    "!",
		"(never ends":                            "!",
		"<4g> Tj":                                "!",
		"1.2.3 w":                                "!",
		"1-2 w":                                  "!",
		"--1 w":                                  "!",
		"[1 2 w":                                 "!",
		"<</A>> x":                               "!",
		"BI /W 9 ID EI":                          "!",
		"BI /W 9 /H 9 /BPC 8 /CS /G ID short EI": "!",
		"q ]":                                    "q;!",
	} {
		if got := said(stream); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", stream, got, want)
		}
	}
}

func TestOperandsMustBeThoseOfTheOperator(t *testing.T) {
	for stream, known := range map[string]bool{
		"1 2 m": true, "1 m": false, "(a) Tj": true, "/a Tj": false, "1 2 3 4 5 6 7 cm": false, "/P scn": true,
		"1 2 /P scn": true,
		"/a 1 sc":    false, "nonsense": false, "/F 9 Tf": true, "9 /F Tf": false, "q": true, "1 q": false,
	} {
		op, ok, err := content.NewScanner([]byte(stream)).Next()
		if err != nil || !ok {
			t.Fatalf("%q: %v", stream, err)
		}
		if err := op.Known(); (err == nil) != known || err != nil && !errors.Is(err, content.ErrSyntax) {
			t.Errorf("%q: %v", stream, err)
		}
	}
}

// path builds a path from operators.
func path(t *testing.T, stream string, m content.Matrix) *content.Path {
	t.Helper()
	var p content.Path
	sc := content.NewScanner([]byte(stream))
	for {
		op, ok, err := sc.Next()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return &p
		}
		if err := p.Build(op, m); err != nil {
			t.Fatal(err)
		}
	}
}

func TestShapesMeetWhatLiesInThem(t *testing.T) {
	letterL := "0 0 m 100 0 l 100 10 l 10 10 l 10 100 l 0 100 l h"
	ring := "0 0 100 100 re 20 20 60 60 re"
	round := "100 50 m 100 78 78 100 50 100 c 22 100 0 78 0 50 c 0 22 22 0 50 0 c 78 0 100 22 100 50 c h"
	for name, c := range map[string]struct {
		path    string
		evenOdd bool
		at      content.Rect
		want    bool
	}{
		"in the foot of an L":      {letterL, false, content.Rect{X0: 50, Y0: 2, X1: 60, Y1: 4}, true},
		"in the crook of an L":     {letterL, false, content.Rect{X0: 50, Y0: 50, X1: 60, Y1: 60}, false},
		"across its edge":          {letterL, false, content.Rect{X0: 50, Y0: 5, X1: 60, Y1: 60}, true},
		"around all of it":         {letterL, false, content.Rect{X0: -9, Y0: -9, X1: 200, Y1: 200}, true},
		"in a hole":                {ring, true, content.Rect{X0: 40, Y0: 40, X1: 50, Y1: 50}, false},
		"in what is no hole":       {ring, false, content.Rect{X0: 40, Y0: 40, X1: 50, Y1: 50}, true},
		"in the corner of a round": {round, false, content.Rect{X0: 1, Y0: 1, X1: 5, Y1: 5}, false},
		"in the middle of a round": {round, false, content.Rect{X0: 45, Y0: 45, X1: 55, Y1: 55}, true},
		"elsewhere":                {round, false, content.Rect{X0: 145, Y0: 45, X1: 155, Y1: 55}, false},
	} {
		shape := path(t, c.path, content.Identity).Shape(c.evenOdd)
		if got := shape.Meets(c.at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMatricesUndoThemselves(t *testing.T) {
	m := content.Matrix{2, 1, -1, 3, 40, -7}
	back, ok := m.Inverse()
	if !ok {
		t.Fatal("no inverse")
	}
	for i, v := range m.Mul(back) {
		if math.Abs(v-content.Identity[i]) > 1e-12 {
			t.Errorf("m and its inverse give %v", m.Mul(back))
		}
	}
	if _, ok := (content.Matrix{1, 2, 2, 4, 0, 0}).Inverse(); ok {
		t.Error("a flat matrix has an inverse")
	}
}

// FuzzScanner reads any bytes: it ends, within bounds, and what it read comes
// out the same again when it is written plainly.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		"q 1 0 0 1 0 0 cm /TPL100 Do Q", "BT /F1 9 Tf (a\\)b(c)) Tj ET",
		"BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\xff\x00\xff EI Q",
		"<48656c6c6f> Tj % /No\n/Yes gs", "[(a)-20<62>] TJ /A#20B Do", "/", "(", "<", "BI ID", "<<", "/P <</A[1(b)]>> BDC",
		"BI /F /Fl ID x\x9cc\x00\x00 EI", "BI /F /DCT ID \xff\xd8\xff\xd9 EI", "1e5 w", "0 0 m 1 1 l 2 2 3 3 4 4 c h W* n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		sc := content.NewScanner(stream)
		var p content.Path
		for n := 0; ; n++ {
			op, ok, err := sc.Next()
			if err != nil && !errors.Is(err, content.ErrSyntax) && !errors.Is(err, content.ErrBounds) {
				t.Fatalf("error of another kind: %v", err)
			}
			if err != nil || !ok {
				break
			}
			if n > len(stream) || len(op.Data) > len(stream) || sc.Offset() > len(stream) {
				t.Fatal("read more than there is")
			}
			if op.Known() == nil && strings.Contains(" m l c v y h re ", " "+op.Name+" ") {
				if p.Build(op, content.Matrix{1, 0.5, -0.5, 1, 3, 4}) != nil {
					break
				}
			}
		}
		for _, even := range []bool{false, true} {
			shape := p.Shape(even)
			if !p.Empty() && shape.Meets(p.Bounds().Grow(5)) == false && len(p.Parts[0].Points) > 1 {
				t.Fatal("a shape does not meet what is around it")
			}
		}
	})
}

package pdfout_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"pst/store/holdings/internal/pdfout"
)

// What is written must be read back by another hand: pdfcpu validates it.
func TestBooksAreValidPDF(t *testing.T) {
	api.DisableConfigDir()
	contents := [][]byte{[]byte("BT /F1 12 Tf 50 50 Td (satu) Tj ET"), []byte("BT /F2 12 Tf 50 50 Td (dua) Tj ET")}
	for name, data := range map[string][]byte{
		"plain":   pdfout.Book("Judul (1) – uji", contents),
		"website": pdfout.Website("Judul", "https://contoh.go.id", contents),
	} {
		if err := api.Validate(bytes.NewReader(data), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n, err := api.PageCount(bytes.NewReader(data), nil); err != nil || n != 2 {
			t.Errorf("%s: %d pages, %v", name, n, err)
		}
	}
}

func TestSameCallsGiveSameBytes(t *testing.T) {
	one, two := pdfout.Book("a", [][]byte{{}}), pdfout.Book("a", [][]byte{{}})
	if !bytes.Equal(one, two) {
		t.Error("two writings differ")
	}
}

func TestReservedObjectsThatNeverCameAreFree(t *testing.T) {
	w := pdfout.New()
	root := w.Add("<</Type/Catalog>>")
	w.Reserve()
	if data := string(w.Finish(root, "")); strings.Count(data, " f \n") != 2 || !strings.Contains(data, "/Size 3/") {
		t.Errorf("table of\n%s", data)
	}
}

func TestStringsAreEscaped(t *testing.T) {
	for in, want := range map[string]string{
		"abc":       "(abc)",
		`a(b)\c`:    `(a\(b\)\\c)`,
		"a\nb\xe9":  `(a\012b\351)`,
		"paren ) 1": `(paren \) 1)`,
	} {
		if got := pdfout.Literal([]byte(in)); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	if got := pdfout.Text("é–"); got != "<feff00e92013>" {
		t.Errorf("UTF-16: %s", got)
	}
}

package holdings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// hybrid is a file of pages that only the stream of a hybrid table knows.
func hybrid() []byte {
	var b bytes.Buffer
	at := map[int]int{}
	put := func(n int, object string) {
		at[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, object)
	}
	b.WriteString("%PDF-1.5\n")
	put(1, "<</Type/Catalog/Pages 2 0 R>>")
	put(2, "<</Type/Pages/Count 3/MediaBox[0 0 595 842]/Kids[10 0 R 11 0 R 12 0 R]>>")
	put(3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	head, bodies := "", ""
	for i := range 3 {
		text := fmt.Sprintf("BT /F1 14 Tf 72 %d Td (HYBRID%d %s) Tj ET", 700-i*90, i+1, []string{"satu", "dua dan lagi",
			"yang akhir sekali"}[i])
		put(20+i, fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(text), text))
		head += fmt.Sprintf("%d %d ", 10+i, len(bodies))
		bodies += fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>> ", 20+i)
	}
	inside := packed(head + bodies)
	put(30, fmt.Sprintf("<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", len(head),
		len(inside), inside))
	var rows []byte
	for i := range 3 {
		rows = append(rows, 2, 0, 0, 0, 30, byte(i))
	}
	rows = append(rows, 1, 0, 0, byte(at[30]>>8), byte(at[30]), 0)
	put(31, fmt.Sprintf("<</Type/XRef/Size 32/W[1 4 1]/Index[10 3 30 1]/Length %d>>\nstream\n%s\nendstream", len(rows),
		rows))
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 4\n0000000003 65535 f \n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \n20 3\n", at[1], at[2],
		at[3])
	for n := 20; n < 23; n++ {
		fmt.Fprintf(&b, "%010d 00000 n \n", at[n])
	}
	fmt.Fprintf(&b, "trailer\n<</Size 32/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n", at[31], table)
	return b.Bytes()
}

// misplaced is a made file whose table has page 3, or its content, where an
// image is.
func misplaced(content bool) []byte {
	data := newMade().file()
	page := regexp.MustCompile(`(\d+) 0 obj\n<</Type/Page/Parent[^\n]*/Contents (\d+) 0 R[^\n]*/Im3 (\d+) 0 R`).FindSubmatch(data)
	wrong, right := string(page[1]), string(page[3])
	if content {
		wrong, right = string(page[2]), "2"
	}
	offset := func(n string) string {
		return fmt.Sprintf("%010d 00000 n ", bytes.Index(data, []byte("\n"+n+" 0 obj\n"))+1)
	}
	at := bytes.LastIndex(data, []byte("\nxref\n"))
	return append(bytes.Clone(data[:at]), bytes.Replace(data[at:], []byte(offset(wrong)), []byte(offset(right)), 1)...)
}

// oldNames is a file with names of PDF 1.0, in which # means nothing.
func oldNames() []byte {
	m := newMade()
	each(func(n int) {
		m.res[n] = fmt.Sprintf("<</Font<</F#1 %s>>/XObject<</Im# %s>>>>", m.font, m.images[n])
		m.content[n] = strings.NewReplacer("/F1 ", "/F#1 ", fmt.Sprintf("/Im%d ", n), "/Im# ").Replace(m.draws(n))
	})
	return bytes.Replace(m.file(), []byte("%PDF-1.7"), []byte("%PDF-1.0"), 1)
}

// A file whose readers disagree is held as a copy in which they do not.
func TestFilesThatReadersDisagreeAboutAreRepaired(t *testing.T) {
	for name, c := range map[string]struct {
		data  []byte
		page  int
		text  string
		image string
	}{
		"pages in a hybrid table's stream":      {hybrid(), 2, "HYBRID2", ""},
		"a page where the table has another":    {misplaced(false), 3, mark(3), "P03IMG"},
		"a content where the table has another": {misplaced(true), 3, mark(3), "P03IMG"},
		"names with a bare number sign":         {oldNames(), 3, mark(3), "P03IMG"},
	} {
		t.Run(name, func(t *testing.T) {
			h := mustOpen(t, options())
			path := file(t, "a.pdf", c.data)
			a, err := h.Add(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Contents.Pages[c.page-1].Text; !strings.Contains(got, c.text) {
				t.Errorf("page %d reads %q", c.page, got)
			}
			o := order(conversation.PageSet{c.page})
			o.File = a.File
			x, err := h.Excerpt(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			shows(t, x, c.text, c.image)
			o.File = path
			if x, err = cutPath(options(), o); err != nil {
				t.Fatal(err)
			}
			shows(t, x, c.text, c.image)
			if names := h.names(t); len(names) != 1 || names[0] != filepath.Base(a.File) {
				t.Errorf("folder holds %v", names)
			}
		})
	}
}

// shows proves that an excerpt has a text and an image.
func shows(t *testing.T, x conversation.ExcerptFile, text, img string) {
	t.Helper()
	d := openTest(t, x.Data)
	defer d.close()
	if x.Mode != "vector" || x.Verdict != "ok" || !strings.Contains(d.text(1), text) {
		t.Errorf("%s (%s): %q", x.Mode, x.Verdict, d.text(1))
	}
	found := img == ""
	for _, m := range rawStream.FindAllSubmatch(x.Data, -1) {
		if data, err := inflate(m[1]); err == nil && bytes.Contains(data, []byte(img)) {
			found = true
		}
	}
	if !found {
		t.Errorf("%s is missing", img)
	}
}

// A page that has lost its content for good is told, not shown empty.
func TestAPageWithoutItsContentIsTold(t *testing.T) {
	w := pdfout.New()
	root, tree, gone := w.Reserve(), w.Reserve(), w.Reserve()
	kids := ""
	for range 5 {
		kids += w.Add(fmt.Sprintf("<</Type/Page/Parent %s/Contents %s>>", tree, gone)).String() + " "
	}
	w.Put(tree, fmt.Sprintf("<</Type/Pages/Count 5/MediaBox[0 0 595 842]/Kids[%s]>>", kids))
	w.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, w.Finish(root, ""), 0o600); err != nil {
		t.Fatal(err)
	}
	o := order(conversation.PageSet{2})
	o.File = path
	if _, err := cutPath(options(), o); !errors.Is(err, ErrLost) {
		t.Errorf("error %v", err)
	}
}

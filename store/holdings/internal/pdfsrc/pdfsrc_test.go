package pdfsrc_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/pdfsrc"
)

func open(tb testing.TB, data []byte) *pdfsrc.File {
	tb.Helper()
	f, err := pdfsrc.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// pageTexts are the contents of a file's pages, followed through its tree.
func pageTexts(tb testing.TB, f *pdfsrc.File) []string {
	tb.Helper()
	object := func(o types.Object) types.Object {
		if ref, ok := o.(types.IndirectRef); ok {
			got, err := f.Object(ref.ObjectNumber.Value())
			if err != nil {
				tb.Fatal(err)
			}
			return got
		}
		return o
	}
	var out []string
	var walk func(o types.Object)
	walk = func(o types.Object) {
		d, ok := object(o).(types.Dict)
		if !ok {
			tb.Fatalf("node is %v", object(o))
		}
		if kids, ok := object(d["Kids"]).(types.Array); ok {
			for _, k := range kids {
				walk(k)
			}
			return
		}
		s, ok := object(d["Contents"]).(types.StreamDict)
		if !ok {
			tb.Fatalf("content is %v", object(d["Contents"]))
		}
		if err := s.Decode(); err != nil {
			tb.Fatal(err)
		}
		out = append(out, string(s.Content))
	}
	root := object(f.Trailer()["Root"]).(types.Dict)
	walk(root["Pages"])
	return out
}

// file builds a file by hand, to have every structure that writers make.
type file struct {
	bytes.Buffer
	at map[int]int
}

func newFile() *file {
	f := &file{at: map[int]int{}}
	f.WriteString("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
	return f
}

func (f *file) object(num int, text string) {
	f.at[num] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n%s\nendobj\n", num, text)
}

func (f *file) stream(num int, dict, data string) {
	f.object(num, fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data))
}

// table writes a section for the objects named, and the trailer.
func (f *file) table(size int, trailer string, nums ...int) (at int) {
	at = f.Len()
	f.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for _, n := range nums {
		fmt.Fprintf(f, "%d 1\n%010d 00000 n \n", n, f.at[n])
	}
	fmt.Fprintf(f, "trailer\n<</Size %d/Root 1 0 R%s>>\n", size, trailer)
	return at
}

func (f *file) end(at int) []byte {
	fmt.Fprintf(f, "startxref\n%d\n%%%%EOF\n", at)
	return f.Bytes()
}

func deflate(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// twoPages writes a catalog and a tree of two pages, 1 to 6.
func (f *file) twoPages() {
	f.object(1, "<</Type/Catalog/Pages 2 0 R>>")
	f.object(2, "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>")
	f.object(3, "<</Type/Page/Parent 2 0 R/Contents 5 0 R>>")
	f.object(4, "<</Type/Page/Parent 2 0 R/Contents 6 0 R>>")
	f.stream(5, "", "satu")
	f.stream(6, "/Filter/FlateDecode", deflate("dua"))
}

func plainFile() []byte {
	f := newFile()
	f.twoPages()
	return f.end(f.table(7, "", 1, 2, 3, 4, 5, 6))
}

// xrefStream writes a cross-reference stream with rows of 1, 4 and 2 bytes.
func (f *file) xrefStream(num int, more string, rows map[int][3]int) (at int) {
	at = f.Len()
	f.at[num] = at
	rows[num] = [3]int{1, at, 0}
	size := 0
	for n := range rows {
		size = max(size, n+1)
	}
	var b strings.Builder
	for n := range size {
		r := rows[n]
		b.Write([]byte{byte(r[0]), byte(r[1] >> 24), byte(r[1] >> 16), byte(r[1] >> 8), byte(r[1]),
			byte(r[2] >> 8), byte(r[2])})
	}
	data := deflate(b.String())
	f.stream(num, fmt.Sprintf("/Type/XRef/W[1 4 2]/Size %d/Filter/FlateDecode%s", size, more), data)
	return at
}

// structures are two pages, "satu" and "dua", in every structure that a file
// may have.
func structures() map[string][]byte {
	out := map[string][]byte{"plain": plainFile()}

	f := newFile()
	f.WriteString("5 0 obj\r\n<</Length 9 0 R>>\r\nstream\r\nsatu\r\nendstream\r\nendobj\r\n")
	f.at[5] = bytes.Index(f.Bytes(), []byte("5 0 obj"))
	f.object(6, "<</Fil#74er[/Fl]/Length 8 0 R>>stream\n"+deflate("dua")+"\nendstream")
	f.object(8, fmt.Sprint(len(deflate("dua"))))
	parts := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
		"<</Type/Page/Contents 5 0 R>>", "<</Type/Page/Contents 6 0 R>>", "4"}
	packed, offset := "", 0
	for i, n := range []int{1, 2, 3, 4, 9} {
		packed += fmt.Sprintf("%d %d ", n, offset)
		offset += len(parts[i]) + 1
	}
	f.stream(7, fmt.Sprintf("/Type/ObjStm/N 5/First %d/Filter/FlateDecode", len(packed)),
		deflate(packed+strings.Join(parts, " ")))
	out["object streams"] = f.end(f.xrefStream(10, "/Root 1 0 R", map[int][3]int{
		1: {2, 7, 0}, 2: {2, 7, 1}, 3: {2, 7, 2}, 4: {2, 7, 3}, 9: {2, 7, 4},
		5: {1, f.at[5], 0}, 6: {1, f.at[6], 0}, 7: {1, f.at[7], 0}, 8: {1, f.at[8], 0}}))

	f = newFile()
	f.twoPages()
	old := f.table(7, "", 1, 2, 3, 4, 5, 6)
	f.end(old)
	f.stream(5, "", "baru")
	older := f.table(7, fmt.Sprintf("/Prev %d", old), 5)
	f.end(older)
	f.stream(5, "", "satu")
	out["updates"] = f.end(f.table(7, fmt.Sprintf("/Prev %d", older), 5))

	f = newFile()
	f.twoPages()
	stm := f.xrefStream(8, "/Root 1 0 R", map[int][3]int{2: {1, f.at[2], 0}, 3: {1, f.at[3], 0}, 4: {1, f.at[4], 0},
		6: {1, f.at[6], 0}})
	out["hybrid"] = f.end(f.table(9, fmt.Sprintf("/XRefStm %d", stm), 1, 5))

	out["junk before the header"] = append([]byte("HTTP/1.1 200 OK\r\n\r\n"), plainFile()...)
	out["free list begins at 1"] = bytes.Replace(out["plain"], []byte("xref\n0 1\n"), []byte("xref\n1 1\n"), 1)
	out["wrong length"] = bytes.Replace(plainFile(), []byte("/Length 4"), []byte("/Length 2"), 1)
	return out
}

func TestEveryStructureIsRead(t *testing.T) {
	for name, data := range structures() {
		f := open(t, data)
		if got := pageTexts(t, f); !reflect.DeepEqual(got, []string{"satu", "dua"}) {
			t.Errorf("%s: pages %q", name, got)
		}
		if f.Err() != nil {
			t.Errorf("%s: %v", name, f.Err())
		}
	}
}

// What is read object by object is what pdfcpu reads of the whole file.
func TestObjectsAreThoseOfAnotherReader(t *testing.T) {
	content := [][]byte{[]byte("BT /F1 9 Tf (a) Tj ET"), []byte("BT /F2 9 Tf (b) Tj ET")}
	files := structures()
	delete(files, "wrong length")          // pdfcpu keeps the wrong one
	delete(files, "free list begins at 1") // pdfcpu panics
	files["book"] = pdfout.Book("Judul \\(é – x", content)
	files["website"] = pdfout.Website("Judul", "https://contoh", content)
	api.DisableConfigDir()
	for name, data := range files {
		ctx, err := api.ReadContext(bytes.NewReader(data), model.NewDefaultConfiguration())
		if err != nil {
			t.Errorf("%s: other reader: %v", name, err)
			continue
		}
		f := open(t, data)
		for num := range ctx.Table {
			want, err := ctx.Dereference(*types.NewIndirectRef(num, 0))
			if err != nil {
				t.Fatal(err)
			}
			switch v := want.(type) {
			case types.ObjectStreamDict, types.XRefStreamDict:
				continue
			case types.StreamDict:
				got, err := f.Object(num)
				s, ok := got.(types.StreamDict)
				if err != nil || !ok || !bytes.Equal(s.Raw, v.Raw) || len(s.FilterPipeline) != len(v.FilterPipeline) {
					t.Errorf("%s, object %d: %v, %v", name, num, got, err)
				}
				continue
			}
			got, err := f.Object(num)
			if err != nil || !strings.EqualFold(fmt.Sprint(got), fmt.Sprint(want)) { // hex digits
				t.Errorf("%s, object %d: %v, want %v (%v)", name, num, got, want, err)
			}
		}
	}
}

func TestWhatIsWrongIsAnError(t *testing.T) {
	f := newFile()
	f.twoPages()
	f.at[3], f.at[4] = f.at[4], f.at[3]
	swapped := f.end(f.table(7, "", 1, 2, 3, 4, 5, 6))
	f = newFile()
	f.twoPages()
	f.at[6] += 3
	middle := f.end(f.table(7, "", 1, 2, 3, 4, 5, 6))
	f = newFile()
	f.object(1, "<</Type/Catalog/Pages 2 0 R>>")
	f.object(2, "3 0 R")
	f.object(3, "2 0 R")
	circle := f.end(f.table(4, "", 1, 2, 3))
	f = newFile()
	f.object(1, "<</Type/Catalog/Pages 2 0 R>>")
	f.object(2, strings.Repeat("[", 1000)+strings.Repeat("]", 1000))
	deep := f.end(f.table(3, "", 1, 2))
	for name, data := range map[string][]byte{
		"swapped": swapped, "middle of an object": middle, "circle": circle, "deep": deep,
	} {
		s := open(t, data)
		var err error
		for num := range 7 {
			if _, e := s.Object(num); e != nil && err == nil {
				err = e
			}
		}
		if !errors.Is(err, pdfsrc.ErrDamaged) || !errors.Is(s.Err(), pdfsrc.ErrDamaged) {
			t.Errorf("%s: %v, afterwards %v", name, err, s.Err())
		}
	}

	loop := newFile()
	loop.twoPages()
	at := loop.Len()
	loop.table(7, fmt.Sprintf("/Prev %d", at), 1, 2)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":     {nil, pdfsrc.ErrDamaged},
		"no PDF":    {[]byte(strings.Repeat("<html>", 1000)), pdfsrc.ErrDamaged},
		"cut short": {plainFile()[:200], pdfsrc.ErrDamaged},
		"loop":      {loop.end(at), pdfsrc.ErrDamaged},
		"encrypted": {bytes.Replace(plainFile(), []byte("/Root"), []byte("/Encrypt 9 0 R/Root"), 1), pdfsrc.ErrEncrypted},
		"too many objects": {bytes.Replace(plainFile(), []byte("xref\n0 1"), []byte("xref\n9999999 1"), 1),
			pdfsrc.ErrTooLarge},
	} {
		if _, err := pdfsrc.Open(bytes.NewReader(c.data), int64(len(c.data))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestOddTokensAreReadAsReadersDo(t *testing.T) {
	for in, want := range map[string]types.Object{
		"/A#20B":                   types.Name("A B"),
		"/A#B":                     types.Name("A#B"),
		"/":                        types.Name(""),
		"--5":                      types.Float(-5),
		"4.":                       types.Float(4),
		".":                        types.Float(0),
		"-.5":                      types.Float(-.5),
		"1.2-3":                    types.Float(1.2),
		"+17":                      types.Integer(17),
		"99999999999999999999":     types.Float(1e20),
		"(a\\)(b)c)":               types.StringLiteral("a\\)(b)c"),
		"<4 1\n4>":                 types.HexLiteral("414"),
		"<</A null/B%x\n1/B 2/C>>": types.Dict{"B": types.Integer(2)},
		"null":                     nil,
		"true":                     types.Boolean(true),
	} {
		f := newFile()
		f.object(1, "<</Type/Catalog>>")
		f.object(2, in)
		got, err := open(t, f.end(f.table(3, "", 1, 2))).Object(2)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %#v, want %#v (%v)", in, got, want, err)
		}
	}
}

// counting is a file that tells how much of it was read.
type counting struct {
	io.ReaderAt
	read int64
}

func (c *counting) ReadAt(p []byte, at int64) (int, error) {
	c.read += int64(len(p))
	return c.ReaderAt.ReadAt(p, at)
}

func TestOnlyWhatIsAskedForIsRead(t *testing.T) {
	f := newFile()
	f.twoPages()
	nums := []int{1, 2, 3, 4, 5, 6}
	for n := 7; n < 47; n++ {
		f.stream(n, "", strings.Repeat("scan", 256<<10))
		nums = append(nums, n)
	}
	data := f.end(f.table(47, "", nums...))
	c := &counting{ReaderAt: bytes.NewReader(data)}
	s, err := pdfsrc.Open(c, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	pageTexts(t, s)
	if _, err := s.Object(20); err != nil {
		t.Fatal(err)
	}
	if c.read > 2<<20 {
		t.Errorf("read %d of %d bytes", c.read, len(data))
	}
}

func FuzzOpen(f *testing.F) {
	for _, data := range structures() {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := pdfsrc.Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for num := range 50 {
			o, err := s.Object(num)
			if sd, ok := o.(types.StreamDict); ok && err == nil && len(sd.Raw) > len(data) {
				t.Errorf("stream of %d bytes from %d", len(sd.Raw), len(data))
			}
		}
	})
}

package holdings

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// mustOpen opens an empty holdings folder.
func mustOpen(tb testing.TB, opts Options) *Holdings {
	tb.Helper()
	h, err := Open(filepath.Join(tb.TempDir(), "holdings"), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { h.Close() })
	return h
}

// file writes data under a name and returns its path.
func file(tb testing.TB, name string, data []byte) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// names lists what the folder holds.
func (h *Holdings) names(tb testing.TB) []string {
	tb.Helper()
	entries, err := os.ReadDir(h.dir)
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// deflated is so many zero bytes, compressed. A chunk of them behind another is packed
// the same each time, so only one is.
func deflated(size int) []byte {
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, 9)
	chunk := make([]byte, 1<<20)
	w.Write(chunk)
	w.Flush()
	first := b.Len()
	w.Write(chunk)
	w.Flush()
	packed := append(b.Bytes()[:b.Len():b.Len()], bytes.Repeat(b.Bytes()[first:], size>>20-2)...)
	sum := uint32(size%65521)<<16 | 1 // Adler-32 of zeros counts them in its upper half
	last := []byte{3, 0}              // an empty block
	return binary.BigEndian.AppendUint32(append(packed, last...), sum)
}

// contentBomb is a page whose content is 1 GB, packed twice.
func contentBomb() []byte {
	w := pdfout.New()
	root, tree := w.Reserve(), w.Reserve()
	inner := deflated(1 << 30)
	var twice bytes.Buffer
	z := zlib.NewWriter(&twice)
	z.Write(inner)
	z.Close()
	content := w.AddStream("/Filter[/FlateDecode/FlateDecode]", twice.Bytes())
	p := w.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox[0 0 595 842]/Contents %s>>", tree, content))
	w.Put(tree, fmt.Sprintf("<</Type/Pages/Count 1/Kids[%s]>>", p))
	w.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	return w.Finish(root, "")
}

func manyPages(n int) []byte {
	w := pdfout.New()
	root, tree := w.Reserve(), w.Reserve()
	var kids strings.Builder
	for range n {
		fmt.Fprintf(&kids, "%s ", w.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox[0 0 9 9]>>", tree)))
	}
	w.Put(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, kids.String()))
	w.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	return w.Finish(root, "")
}

func TestAddRefusesWithAReasonAndGoesOn(t *testing.T) {
	h := mustOpen(t, options())
	good := newMade().file()
	huge := filepath.Join(t.TempDir(), "huge.pdf")
	if err := os.WriteFile(huge, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 600<<20); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		path string
		want error
	}{
		{"a file locked with a password", file(t, "a.pdf", encrypted(t, website(), "secret")), ErrEncrypted},
		{"a file cut short before its first page", file(t, "a.pdf", good[:1200]), ErrDamaged},
		{"a page with a content of 1 GB in 1 kB", file(t, "a.pdf", contentBomb()), ErrBomb},
		{"a file without pages", file(t, "a.pdf", manyPages(0)), ErrNoPages},
		{"a file of 10,000 pages", file(t, "a.pdf", manyPages(10_000)), ErrTooManyPages},
		{"a file of 600 MB", huge, ErrTooLarge},
		{"a web page saved as PDF", file(t, "a.pdf", []byte("<!DOCTYPE html><html><body>Masuk</body></html>")), ErrNotPDF},
		{"an empty file", file(t, "a.pdf", nil), ErrNotPDF},
		{"a header and nothing else", file(t, "a.pdf", []byte("%PDF-1.7\n")), ErrDamaged},
		{"a folder", t.TempDir(), ErrNotPDF},
		{"a file that is not there", filepath.Join(t.TempDir(), "none.pdf"), os.ErrNotExist},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := h.names(t)
			start := time.Now()
			_, err := h.Add(context.Background(), c.path)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if took := time.Since(start); took > 50*time.Second {
				t.Errorf("took %v", took)
			}
			if err != nil && !slices.Equal(before, h.names(t)) {
				t.Errorf("left %v in the folder", h.names(t))
			}
			if err != nil && !errors.Is(err, os.ErrNotExist) && Reason(err) == Reason(errors.New("")) {
				t.Errorf("no reason for %v", err)
			}
		})
	}
	a, err := h.Add(context.Background(), file(t, "a.pdf", good))
	if err != nil || a.Pages != madePages {
		t.Errorf("a good file after the bad ones: %d pages, %v", a.Pages, err)
	}
}

func TestAddKeepsAFileOnceUnderItsSum(t *testing.T) {
	h := mustOpen(t, options())
	path := file(t, "Kecamatan Manggar Dalam Angka 2021 (1).pdf", website())
	if _, held, err := h.Sum(path); held || err != nil {
		t.Errorf("held %v before it was added, %v", held, err)
	}
	looked, err := h.Look(context.Background(), path)
	if err != nil || looked.SHA256 != sum(website()) || len(looked.Contents.Pages) != madePages {
		t.Errorf("looked at: %s, %d pages, %v", looked.SHA256, len(looked.Contents.Pages), err)
	}
	if names := h.names(t); len(names) > 0 || h.Held(looked.SHA256+".pdf") {
		t.Errorf("a look kept %v", names)
	}
	for range 2 {
		a, err := h.Add(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		if a.Title != "Kecamatan Manggar Dalam Angka 2021" || a.Year != 2021 || a.File != a.SHA256+".pdf" ||
			a.SHA256 != sum(website()) {
			t.Errorf("added as %q, %d, %s", a.Title, a.Year, a.File)
		}
		if got := a.Contents.Pages[6].Text; !strings.Contains(got, mark(7)) {
			t.Errorf("page 7 reads %q", got)
		}
	}
	if names := h.names(t); len(names) != 1 || names[0] != sum(website())+".pdf" {
		t.Errorf("folder holds %v", names)
	}
	info, err := os.Stat(filepath.Join(h.dir, sum(website())+".pdf"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file mode %v, %v", info.Mode(), err)
	}
	if !h.Held(sum(website()) + ".pdf") {
		t.Error("a file that was added is not held")
	}
	if sha, held, err := h.Sum(path); !held || err != nil || sha != sum(website()) {
		t.Errorf("sum %s, held %v, %v", sha, held, err)
	}
}

func TestAddStopsAtTheDeadlineAndWhenCancelled(t *testing.T) {
	h := mustOpen(t, Options{Deadline: time.Millisecond})
	path := file(t, "a.pdf", website())
	if _, err := h.Add(context.Background(), path); !errors.Is(err, context.DeadlineExceeded) &&
		!errors.Is(err, ErrTimeout) {
		t.Errorf("error %v after the deadline", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.Add(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancelling", err)
	}
	if names := h.names(t); len(names) != 0 {
		t.Errorf("left %v", names)
	}
}

// The page reader is compiled, once, before the time of what needs it runs: else the
// first excerpt after an installation would be lost on a slow machine.
func TestTheReaderIsCompiledBeforeTheDeadlineRuns(t *testing.T) {
	opts := Options{Cache: filepath.Join(t.TempDir(), "cache"), Deadline: time.Nanosecond}
	h := mustOpen(t, opts)
	path := file(t, "a.pdf", website())
	if _, err := h.Add(context.Background(), path); !errors.Is(err, context.DeadlineExceeded) &&
		!errors.Is(err, ErrTimeout) {
		t.Errorf("error %v after the deadline", err)
	}
	compiled, err := filepath.Glob(filepath.Join(opts.Cache, "wazero*", "*"))
	if err != nil || len(compiled) == 0 || !opts.prepared() {
		t.Errorf("the reader was not compiled: %v, %v", compiled, err)
	}
}

func TestOpenSweepsWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{".new-old.pdf": 2 * time.Hour, ".new-now.pdf": 0,
		"kept.pdf": 2 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	h, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if got := h.names(t); !slices.Equal(got, []string{".new-now.pdf", "kept.pdf"}) {
		t.Errorf("left %v", got)
	}
}

func TestExcerptIsCutFromHeldFilesOnly(t *testing.T) {
	h := mustOpen(t, options())
	outside := file(t, "outside.pdf", website())
	if err := os.Symlink(outside, filepath.Join(h.dir, "link.pdf")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", ".", "..", "none.pdf", "../outside.pdf", outside, "a/b.pdf", "link.pdf",
		".hidden.pdf"} {
		o := order(granted)
		o.File = name
		if _, err := h.Excerpt(context.Background(), o); !errors.Is(err, conversation.ErrNotFound) {
			t.Errorf("%q: error %v", name, err)
		}
		if _, err := h.Preview(context.Background(), o); !errors.Is(err, conversation.ErrNotFound) {
			t.Errorf("preview of %q: error %v", name, err)
		}
	}
}

func TestExcerptRefusesPagesThatAreNot(t *testing.T) {
	for _, pages := range []conversation.PageSet{nil, {}, {0}, {13}, {3, 3}, {7, 3}, {-1, 2}} {
		for _, strict := range []bool{false, true} {
			o := order(pages)
			o.Strict = strict
			if _, err := cutFile(t, website(), o); !errors.Is(err, ErrPages) {
				t.Errorf("pages %v, strict %v: error %v", pages, strict, err)
			}
		}
	}
	if _, err := cutFile(t, encrypted(t, website(), "secret"), order(granted)); !errors.Is(err, ErrEncrypted) {
		t.Errorf("locked file: error %v", err)
	}
}

func TestStrictExcerptIsPicturesWithTheMark(t *testing.T) {
	h := mustOpen(t, options())
	a, err := h.Add(context.Background(), file(t, "a.pdf", website()))
	if err != nil {
		t.Fatal(err)
	}
	o := order(granted)
	o.File, o.Strict = a.File, true
	x, err := h.Excerpt(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if x.Mode != "raster" || x.Verdict != "strict" || x.Pages != 2 || x.Name != "kutipan.pdf" ||
		x.MIME != "application/pdf" {
		t.Errorf("%+v", conversation.ExcerptFile{Name: x.Name, Mode: x.Mode, Verdict: x.Verdict, Pages: x.Pages,
			MIME: x.MIME})
	}
	noneOfOthers(t, x.Data)
	d := openTest(t, x.Data)
	defer d.close()
	if text := strings.TrimSpace(d.text(1)); text != "" {
		t.Errorf("a picture says %q", text)
	}
	o.Pages = conversation.PageSet{7}
	preview, err := h.Preview(context.Background(), o)
	if err != nil || preview.MIME != "image/jpeg" || preview.Name != "kutipan.jpg" || preview.SHA256 != sum(preview.Data) {
		t.Fatalf("preview %s %s, %v", preview.Name, preview.MIME, err)
	}
	img, err := jpeg.Decode(bytes.NewReader(preview.Data))
	if err != nil {
		t.Fatal(err)
	}
	// The mark's grey is on the paper beside the image, where the page is white.
	marked := 0
	for y := img.Bounds().Dy() / 4; y < img.Bounds().Dy()*9/10; y++ {
		for x := img.Bounds().Dx() / 2; x < img.Bounds().Dx(); x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r>>8 < 235 {
				marked++
			}
		}
	}
	if marked < 200 {
		t.Errorf("%d pixels of the mark in the preview", marked)
	}
}

// A program that forgot RunChild must not start itself again and again.
func TestAProgramThatIgnoresItsBeingAChildIsFoundOut(t *testing.T) {
	t.Setenv(childVariable, "1")
	if _, err := (job{Want: "contents"}).run(context.Background(), time.Second); !errors.Is(err, ErrNoChild) {
		t.Errorf("error %v", err)
	}
}

// hoard, in the environment, makes the test binary limit itself to 64 MB more
// and then take so many blocks of so many MB: "16x64".
const hoard = "HOLDINGS_TEST_HOARD"

func hoardMemory() {
	var blocks, size int
	if _, err := fmt.Sscanf(os.Getenv(hoard), "%dx%d", &blocks, &size); err != nil {
		os.Exit(3)
	}
	if err := limitMemory(64 << 20); err != nil {
		os.Exit(3)
	}
	var taken [][]byte
	for range blocks {
		block := make([]byte, size<<20)
		for i := range block {
			block[i] = 1
		}
		taken = append(taken, block)
	}
	for _, block := range taken {
		if block[len(block)-1] != 1 {
			os.Exit(3)
		}
	}
	os.Exit(0)
}

func TestProcessDiesAtItsMemoryLimit(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has a hard limit that fits; elsewhere the sandbox's own bound stands alone")
	}
	take := func(blocks string) (*tail, error) {
		says := &tail{}
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), hoard+"="+blocks)
		cmd.Stderr = says
		return says, cmd.Run()
	}
	for _, blocks := range []string{"1x1024", "1x320", "5x64", "320x1"} {
		// One run in three got through a limit on data.
		for range 3 {
			if says, err := take(blocks); err == nil || !says.memory(err) {
				t.Errorf("%s MB: ended with %v, saying %.200q", blocks, err, says.said)
			}
		}
	}
	for _, blocks := range []string{"1x60", "60x1"} {
		if says, err := take(blocks); err != nil {
			t.Errorf("%s MB, which it may have: ended with %v, saying %.200q", blocks, err, says.said)
		}
	}
}

func TestGuessesOfTitleAndYear(t *testing.T) {
	cover := conversation.Contents{Pages: []conversation.Page{{Text: "BADAN PUSAT STATISTIK\nKECAMATAN DAMAR\nDALAM " +
		"ANGKA\n2020\nKatalog: 1102001.1906"}}}
	for name, c := range map[string]struct {
		read  reading
		file  string
		title string
		year  int
	}{
		"a speaking file name": {reading{Title: "Microsoft Word - x.docx"},
			"Statistik_Daerah Belitung Timur 2019 (2).pdf", "Statistik Daerah Belitung Timur 2019", 2019},
		"a hash: the cover": {reading{Contents: cover}, "9f86d081884c7d65.pdf", "KECAMATAN DAMAR DALAM ANGKA 2020",
			2020},
		"a hash, no text: the title": {reading{Title: "Kecamatan Damar Dalam Angka 2018"}, "1102001.pdf",
			"Kecamatan Damar Dalam Angka 2018", 2018},
		"nothing at all": {reading{}, "scan.pdf", "scan", 0},
	} {
		t.Run(name, func(t *testing.T) {
			if title, year := guess(c.read, c.file); title != c.title || year != c.year {
				t.Errorf("%q, %d; want %q, %d", title, year, c.title, c.year)
			}
		})
	}
}

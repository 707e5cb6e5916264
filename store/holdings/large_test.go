package holdings

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pst/conversation"
)

// largeScan writes a scan of so many sheets, the same picture of grainy paper on
// each, as an object of its own, without holding it in memory.
func largeScan(tb testing.TB, path string, sheets int) int64 {
	tb.Helper()
	grain := rand.New(rand.NewPCG(3, 4))
	sheet := image.NewGray(image.Rect(0, 0, 1654, 2339))
	for i := range sheet.Pix {
		sheet.Pix[i] = byte(190 + grain.IntN(66))
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, sheet, &jpeg.Options{Quality: 85}); err != nil {
		tb.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	at := 0
	say := func(format string, a ...any) {
		n, _ := fmt.Fprintf(w, format, a...) // an error stays in w
		at += n
	}
	offsets := []int{}
	begin := func(num int) {
		for len(offsets) < num {
			offsets = append(offsets, 0)
		}
		offsets[num-1] = at
		say("%d 0 obj\n", num)
	}
	say("%%PDF-1.4\n")
	begin(1)
	say("<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	kids := ""
	for n := range sheets {
		page := 3 + 3*n
		kids += fmt.Sprintf("%d 0 R ", page)
		begin(page)
		say("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</Im %d 0 R>>>>/Contents %d 0 R>>\nendobj\n",
			page+1, page+2)
		begin(page + 1)
		say("<</Type/XObject/Subtype/Image/Width 1654/Height 2339/ColorSpace/DeviceGray"+
			"/BitsPerComponent 8/Filter/DCTDecode/Length %d>>\nstream\n", jpg.Len())
		k, _ := w.Write(jpg.Bytes())
		at += k
		say("\nendstream\nendobj\n")
		begin(page + 2)
		say("<</Length 30>>\nstream\nq 595 0 0 842 0 0 cm /Im Do Q \nendstream\nendobj\n")
	}
	begin(2)
	say("<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n", sheets, kids)
	table := at
	say("xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		say("%010d 00000 n \n", o)
	}
	say("trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, table)
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	return int64(at)
}

// TestAFileOfHalfAGigabyte: the largest file that the library takes is read and
// compared by a child within its limits, and cut. It takes a minute and as much
// disk, so it runs only with PST_LOAD set:
//
//	PST_LOAD=1 go test -v -run HalfAGigabyte ./store/holdings
func TestAFileOfHalfAGigabyte(t *testing.T) {
	if os.Getenv("PST_LOAD") == "" {
		t.Skip("PST_LOAD is not set")
	}
	path := filepath.Join(t.TempDir(), "large.pdf")
	one := largeScan(t, path, 1)
	size := largeScan(t, path, int(maxFileBytes/one))
	if size > maxFileBytes || size < maxFileBytes*98/100 {
		t.Fatalf("the file has %d bytes", size)
	}
	if _, err := testReader(); err != nil { // so that the cache is warm
		t.Fatal(err)
	}
	start := time.Now()
	r, err := job{Cache: testCache, File: path, Want: "contents"}.run(context.Background(), options().deadline())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MB, %d pages: read and compared in %v, child %d MB", size>>20, r.Read.Pages,
		time.Since(start).Round(time.Millisecond), r.Peak>>20)
	if limit := uint64(childMemory); r.Peak > limit {
		t.Errorf("the child had %d MB, want at most %d", r.Peak>>20, limit>>20)
	}
	for n, v := range r.Verdicts {
		if v.Why != "" {
			t.Errorf("page %d must be a picture: %s", n, v.Why)
		}
	}
	o := order(conversation.NewPageSet(1, 50, 99))
	o.File = path
	start = time.Now()
	x, err := cutPath(options(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("3 pages cut in %v: %s, %d kB", time.Since(start).Round(time.Millisecond), x.Mode, len(x.Data)>>10)
	if x.Mode != "vector" || int64(len(x.Data)) > 4*one {
		t.Errorf("%s, %d bytes", x.Mode, len(x.Data))
	}
	largeScan(t, path, int(maxFileBytes/one)+2)
	if _, err := mustOpen(t, options()).Add(context.Background(), path); err == nil || Reason(err) != Reason(ErrTooLarge) {
		t.Errorf("a file over the bound: %v", err)
	}
}

package holdings

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
)

// publication is one of 361 A5 pages of tables, some 3 kB of content each, as
// the office's are, in the structure of the website or plain.
func publication(make func(title string, contents [][]byte) []byte) []byte {
	contents := [][]byte{}
	for n := range 361 {
		var b bytes.Buffer
		fmt.Fprintf(&b, "BT /F2 10 Tf 48 520 Td (Tabel %d.1 Jumlah penduduk menurut kecamatan) Tj ET\n", n)
		for row := range 24 {
			for column := range 5 {
				fmt.Fprintf(&b, "BT /F1 8 Tf %d %d Td (%d) Tj ET\n", 48+column*70, 500-row*16, (n+1)*(row+3)*(column+7)%99991)
			}
		}
		contents = append(contents, b.Bytes())
	}
	return make("Publikasi", contents)
}

func websitePublication() []byte {
	return publication(func(title string, contents [][]byte) []byte {
		return pdfout.Website(title, "https://contoh.bps.go.id", contents)
	})
}

// every is n pages spread over a publication of 361.
func every(n int) conversation.PageSet {
	var pages []int
	for i := range n {
		pages = append(pages, 1+i*361/n)
	}
	return conversation.NewPageSet(pages...)
}

// BenchmarkExcerpt cuts 72 of 361 pages: the whole way from the file
// (cold), from a publication that is kept decoded (hot), and two at once. To
// compare with other tools on the same files, have them written with
//
//	PST_BENCH=/tmp go test -run BenchmarkFiles ./store/holdings
//
// and time, for one,
//
//	qpdf --empty --pages /tmp/website.pdf $(seq -s, 1 5 356) -- /tmp/out.pdf
//	mutool clean -g /tmp/website.pdf /tmp/out.pdf $(seq -s, 1 5 356)
func BenchmarkExcerpt(b *testing.B) {
	o := order(every(72))
	for name, data := range map[string][]byte{"website": websitePublication(), "plain": publication(pdfout.Book)} {
		path := file(b, "made.pdf", data)
		cold := func(b *testing.B) {
			s, _, err := openPath(context.Background(), path)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := cutChecked(context.Background(), s, o); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(name+"/cold", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				cold(b)
			}
		})
		b.Run(name+"/hot", func(b *testing.B) {
			s := mustRead(b, data)
			for b.Loop() {
				if _, err := cutChecked(context.Background(), s, o); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/unchecked", func(b *testing.B) {
			s := mustRead(b, data)
			for b.Loop() {
				if _, _, err := cut(context.Background(), s, o, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/parallel", func(b *testing.B) {
			b.SetParallelism(max(1, 2/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					cold(b)
				}
			})
		})
	}
}

// scanned is a publication of 100 pages of which each is one grey picture of a
// sheet of paper at 150 dots an inch with its grain, some 0.9 MB.
func scanned() []byte {
	w := pdfout.New()
	root, tree := w.Reserve(), w.Reserve()
	var kids strings.Builder
	grain := rand.New(rand.NewPCG(1, 2))
	sheet := image.NewGray(image.Rect(0, 0, 1240, 1754))
	for n := range 100 {
		for i := range sheet.Pix {
			sheet.Pix[i] = byte(200 + grain.IntN(56))
		}
		for y := 100; y < 1600; y += 40 {
			for x := 100; x < 1100; x++ {
				for k := 0; k < 12 && (x*7+y+n)%13 < 6; k++ {
					sheet.SetGray(x, y+k, color.Gray{Y: 20})
				}
			}
		}
		var jpg bytes.Buffer
		if err := jpeg.Encode(&jpg, sheet, &jpeg.Options{Quality: 86}); err != nil {
			panic(err) // of a picture in memory
		}
		img := w.AddStream("/Type/XObject/Subtype/Image/Width 1240/Height 1754/ColorSpace/DeviceGray"+
			"/BitsPerComponent 8/Filter/DCTDecode", jpg.Bytes())
		page := w.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox[0 0 595 842]"+
			"/Resources<</XObject<</Im %s>>>>/Contents %s>>",
			tree, img, w.AddFlate("", []byte("q 595 0 0 842 0 0 cm /Im Do Q"))))
		fmt.Fprintf(&kids, "%s ", page)
	}
	w.Put(tree, fmt.Sprintf("<</Type/Pages/Count 100/Kids[%s]>>", kids.String()))
	w.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	return w.Finish(root, "")
}

// BenchmarkScan cuts 20 of 100 pages of a scan from its file, and checks them.
func BenchmarkScan(b *testing.B) {
	path := file(b, "scan.pdf", scanned())
	var pages []int
	for n := 1; n <= 100; n += 5 {
		pages = append(pages, n)
	}
	o := order(conversation.NewPageSet(pages...))
	b.ReportAllocs()
	for b.Loop() {
		s, _, err := openPath(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := cutChecked(context.Background(), s, o); err != nil {
			b.Fatal(err)
		}
	}
}

// TestBenchmarkFiles writes the files of the benchmarks for other tools.
func TestBenchmarkFiles(t *testing.T) {
	folder := os.Getenv("PST_BENCH")
	if folder == "" {
		folder = t.TempDir()
	} else if err := os.WriteFile(filepath.Join(folder, "scan.pdf"), scanned(), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"website.pdf": websitePublication(), "plain.pdf": publication(pdfout.Book)} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if n := len(mustRead(t, data).pages); n != 361 {
			t.Errorf("%s has %d pages", name, n)
		}
		if strings.Contains(name, "website") {
			// The shape that tools stumble over: all forms in one dictionary.
			if forms := bytes.Count(data, []byte("/Subtype/Form")); forms != 361 {
				t.Errorf("%d forms", forms)
			}
		}
	}
}

// BenchmarkBesideQpdf cuts 72 of 361 pages of a plain file, and 20 of 100 of a
// scan, from the file, marked and checked, and in turn has qpdf copy the same
// pages. It tells how long ours takes for each of qpdf's, as a process and without
// the time that a process takes to start.
func BenchmarkBesideQpdf(b *testing.B) {
	qpdf, err := exec.LookPath("qpdf")
	if err != nil {
		b.Skip("there is no qpdf")
	}
	scan := make([]int, 20)
	for i := range scan {
		scan[i] = 1 + 5*i
	}
	for name, c := range map[string]struct {
		data  func() []byte
		pages conversation.PageSet
	}{
		"plain": {func() []byte { return publication(pdfout.Book) }, every(72)},
		"scan":  {scanned, conversation.NewPageSet(scan...)},
	} {
		b.Run(name, func(b *testing.B) {
			path, out := file(b, "made.pdf", c.data()), filepath.Join(b.TempDir(), "out.pdf")
			var numbers []string
			for _, n := range c.pages {
				numbers = append(numbers, fmt.Sprint(n))
			}
			var ours, theirs, starts time.Duration
			timed := func(sum *time.Duration, f func() error) {
				begun := time.Now()
				if err := f(); err != nil {
					b.Fatal(err)
				}
				*sum += time.Since(begun)
			}
			for b.Loop() {
				timed(&ours, func() error {
					s, _, err := openPath(context.Background(), path)
					if err == nil {
						_, err = cutChecked(context.Background(), s, order(c.pages))
					}
					return err
				})
				timed(&theirs, exec.Command(qpdf, "--empty", "--pages", path, strings.Join(numbers, ","), "--", out).Run)
				timed(&starts, exec.Command(qpdf, "--version").Run)
			}
			b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ms-ours")
			b.ReportMetric(float64(theirs.Milliseconds())/float64(b.N), "ms-qpdf")
			b.ReportMetric(float64(ours)/float64(theirs), "x-qpdf")
			b.ReportMetric(float64(ours)/float64(theirs-starts), "x-qpdf-started")
			b.ReportMetric(0, "ns/op")
		})
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// grown is the size that PST_GROWTH names for the figures of the README, or few.
func grown(t *testing.T, few int) int {
	t.Helper()
	if n, asked := sizeAsked(t, "PST_GROWTH", few, 1_000_000); asked {
		return n
	}
	return few
}

// madeBook is a publication of so many pages with text of its own on each, the plainest
// PDF that there is.
func madeBook(number, pages int) []byte {
	out := bytes.NewBufferString("%PDF-1.4\n")
	offsets := []int{}
	object := func(text string) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(out, "%d 0 obj\n%s\nendobj\n", len(offsets), text)
	}
	kids := &strings.Builder{}
	for i := range pages {
		fmt.Fprintf(kids, "%d 0 R ", 4+2*i)
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object(fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, pages))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	for i := range pages {
		object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>",
			5+2*i))
		text := fmt.Sprintf("BT /F 11 Tf 60 780 Td 14 TL (Statistik Contoh Wilayah %d Tahun 2023) Tj T* (Halaman %d) Tj ",
			number, i+1)
		for line := range 35 {
			text += fmt.Sprintf("T* (Uraian %d.%d.%d: penduduk, pertanian, perdagangan, dan %d kegiatan lain di desa.) Tj ",
				number, i, line, number*pages+i*37+line)
		}
		text += "ET"
		object(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(text), text))
	}
	start := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(out, "trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return out.Bytes()
}

// spent is what a run of the program took.
type spent struct {
	took, cpu time.Duration // cpu: with the children that read pages
	peakMB    int64         // of the largest of them
	out       string
}

func spending(t *testing.T, args ...string) spent {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "pst", args...)
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pst %q: %v\n%s", args, err, out)
	}
	use := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return spent{time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), use.Maxrss >> 10,
		string(out)}
}

func (s spent) String() string {
	return fmt.Sprintf("%v, %v cpu, at most %d MB", s.took.Round(time.Millisecond), s.cpu.Round(time.Millisecond),
		s.peakMB)
}

// folderMB is what lies in a folder.
func folderMB(t *testing.T, dir string) float64 {
	t.Helper()
	var sum int64
	if err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return float64(sum) / (1 << 20)
}

// Holdings that grow in files, and one that grows in pages: all are imported, found to
// the page, and known again. It tells what each took.
//
//	PST_GROWTH=500 go test ./cmd/pst -run Growth -v -timeout 30m
func TestGrowthOfHoldings(t *testing.T) {
	t.Parallel()
	n := grown(t, 2)
	const pages = 40
	for _, c := range []struct {
		name         string
		files, pages int
	}{{"files", n, pages}, {"pages", 1, 2 * n}} {
		t.Run(c.name, func(t *testing.T) {
			data, shelf := t.TempDir(), t.TempDir()
			for i := range c.files {
				if err := os.WriteFile(filepath.Join(shelf, fmt.Sprintf("Statistik Contoh Wilayah %d 2023.pdf", i)),
					madeBook(i, c.pages), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			aside := filepath.Join(t.TempDir(), "buku.pdf")
			if err := os.WriteFile(aside, madeBook(n, 1), 0o600); err != nil {
				t.Fatal(err)
			}
			readerAt(t, data)
			spending(t, "import", "-data", data, aside) // the first import makes the folder
			first := spending(t, "import", "-data", data, shelf)
			if want := fmt.Sprintf("Selesai: %d baru", c.files); !strings.Contains(first.out, want) {
				t.Errorf("an import of %d files says %q", c.files, first.out)
			}
			again := spending(t, "import", "-data", data, shelf)
			if want := fmt.Sprintf("0 baru atau berubah, %d tetap", c.files); !strings.Contains(again.out, want) {
				t.Errorf("the second import says %q", again.out)
			}
			search := spending(t, "search", "-data", data, "-json", "-limit", "1", fmt.Sprintf("statistik contoh wilayah %d",
				c.files-1))
			var found struct{ Hits []struct{ Title string } }
			if err := json.Unmarshal([]byte(search.out), &found); err != nil || len(found.Hits) == 0 ||
				!strings.Contains(found.Hits[0].Title, fmt.Sprintf("Wilayah %d ", c.files-1)) {
				t.Errorf("the last is not found: %v, %s", err, search.out)
			}
			t.Logf("%d files of %d pages, %.1f MB: imported in %v (%v a file); again in %v; found in %v", c.files, c.pages,
				folderMB(t, shelf), first,
				(first.took / time.Duration(c.files)).Round(time.Millisecond), again, search)
			t.Logf("database %.1f MB, files %.1f, index %.1f", folderMB(t, filepath.Join(data, "pst.db")),
				folderMB(t, filepath.Join(data, "holdings")),
				folderMB(t, filepath.Join(data, "index")))
		})
	}
}

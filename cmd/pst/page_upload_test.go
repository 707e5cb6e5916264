package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Whatever is sent: nothing is kept, a clear sentence is said, and no name leads out of
// the folder.
func TestHostileUploadsKeepNothing(t *testing.T) {
	t.Parallel()
	p := servePageOver(t, platform{}, "", emptied(t))
	p.login()
	pdf := string(sampleFile(t, "gantung-2023"))
	for i, c := range []struct {
		name, data, says string
	}{
		{"surat.docx", "PK\x03\x04", "bukan berkas PDF"},
		{"halaman.pdf", "<html>%PDF", "bukan berkas PDF"},
		{"kosong.pdf", "", "bukan berkas PDF"},
		{"potong.pdf", pdf[:len(pdf)/9], "rusak atau terpotong"},
		{"omong.pdf", "%PDF-1.4\n" + strings.Repeat("omong kosong ", 9000), "rusak atau terpotong"},
		{"daftar.csv", "tahun;rak\n2020;1\n", "baris pertama harus menamai kolom"},
		{"daftar.json", "<html>502</html>", "bukan jawaban WebAPI"},
		{"../../etc/passwd.pdf", "x", "passwd.pdf"},
		{`C:\Windows\System32\x.pdf`, "x", ">x.pdf<"},
		{"a\u202egnp.exe\u200f.pdf", "x", ">a gnp.exe.pdf<"},
		{strings.Repeat("p", 300) + ".pdf", "x", strings.Repeat("p", 120) + ".pdf"},
		{"<script>alert(1)</script>.pdf", "x", ">script.pdf<"},
		{"...", "x", "berkas"},
	} {
		p.uploads("1906", aFile(c.name, c.data))
		body := p.papers()
		if !strings.Contains(body, c.says) || !strings.Contains(body, "Ditolak:") || strings.Contains(body, "<script>alert") {
			t.Errorf("%d %.30q: want %q in\n%s", i, c.name, c.says, body)
		}
		p.post("/katalog/kirim/bersihkan", url.Values{})
	}
	// A NUL in the head of a part is none of a browser: what has no name is no file.
	if _, body := p.uploads("1906", aFile("a\x00b.pdf", "x")); strings.Contains(body, "\x00") {
		t.Error("a NUL comes back")
	}
	p.post("/katalog/kirim/bersihkan", url.Values{})
	for _, code := range []string{"", "19", "19061906190619061906", "abcd", "../1"} {
		if status, body := p.uploads(code, aFile("buku.pdf", pdf)); status != http.StatusBadRequest ||
			!strings.Contains(body, "empat angka") {
			t.Errorf("office %q: %d\n%s", code, status, body)
		}
	}
	if status, body := p.uploads("1906"); status != http.StatusBadRequest || !strings.Contains(body, "Belum ada berkas") {
		t.Errorf("no file: %d\n%s", status, body)
	}
	if status, body := p.post("/katalog/kirim", url.Values{}); status != http.StatusBadRequest ||
		!strings.Contains(body, "bukan kiriman berkas") {
		t.Errorf("no form of files: %d\n%s", status, body)
	}
	if ids, aside := p.holds(); len(ids) != 0 || aside != 0 {
		t.Fatalf("kept: %v, %d files", ids, aside)
	}

	var many []upload
	for i := range 1000 {
		many = append(many, aFile(fmt.Sprint(i, ".csv"), "judul\n"))
	}
	if status, body := p.uploads("1906", many...); status != http.StatusRequestEntityTooLarge ||
		!strings.Contains(body, "Terlalu banyak berkas") {
		t.Errorf("1,000 files: %d\n%.2000s", status, body)
	}
	p.papers()
	if _, aside := p.holds(); aside > papersMost {
		t.Errorf("%d files are laid aside", aside)
	}
	p.decides(":buang")
	if ids, aside := p.holds(); len(ids) != 0 || aside != 0 {
		t.Errorf("kept: %v, %d files", ids, aside)
	}
}

// An upload that is cut off leaves nothing, and neither does a desk that ends before
// anybody decided; two members do not see one another's files.
func TestCutOffUploadsLeaveNothing(t *testing.T) {
	t.Parallel()
	p := servePageOver(t, platform{}, "[[staff]]\nname = \"Bu Sari\"\nrole = \"petugas\"\naddresses = "+
		"[\"telegram:7700\"]\n", emptied(t))
	p.login()
	pdf := sampleFile(t, "gantung-2023")
	began, rest := io.Pipe()
	ctx, cut := context.WithCancel(t.Context())
	body, boundary := new(bytes.Buffer), "xyz"
	fmt.Fprintf(body, "--%s\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"a.pdf\"\r\n\r\n%%PDF-1.4\n%s",
		boundary,
		strings.Repeat("x", 1<<20))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/katalog/kirim", io.MultiReader(body, began))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	ended := make(chan error, 1)
	go func() {
		resp, err := p.browser.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		ended <- err
	}()
	laid := func() int { _, n := p.holds(); return n }
	soon(t, "the file comes", func() bool { return laid() == 1 })
	cut()
	rest.Close()
	if err := <-ended; err == nil {
		t.Error("the upload was not cut off")
	}
	soon(t, "nothing is left of it", func() bool { return laid() == 0 })

	p.uploads("1906", upload{"buku.pdf", bytes.NewReader(pdf)})
	p.papers()
	other := p.newBrowser()
	sari := p.srv.User(7700)
	p.as(other, func() {
		if status, body := p.post("/masuk", url.Values{"kode": {p.door(sari)}}); status != http.StatusOK {
			t.Fatal(body)
		}
		p.uploads("1906", aFile("daftar.csv", "judul\nBuku Sari\n"))
		if body := p.papers(); strings.Contains(body, "buku.pdf") || !strings.Contains(body, "daftar.csv") {
			t.Errorf("she sees\n%s", body)
		}
		p.decides("")
	})
	if body := p.papers(); strings.Contains(body, "daftar.csv") || !strings.Contains(body, "buku.pdf") {
		t.Errorf("he sees\n%s", body)
	}
	if ids, aside := p.holds(); len(ids) != 1 || aside != 1 {
		t.Errorf("%v, %d files", ids, aside)
	}
	p.stop()
	left := p.house.path("uploads", "of a desk that was killed")
	if err := errors.Join(os.MkdirAll(left, 0o700), os.WriteFile(filepath.Join(left, "buku.pdf"), pdf,
		0o600)); err != nil {
		t.Fatal(err)
	}
	p.serve()
	if ids, aside := p.holds(); len(ids) != 1 || aside != 0 {
		t.Errorf("after a restart: %v, %d files", ids, aside)
	}
}

// A large file goes straight to the disk; one that is too large, or that the disk has no
// room for, is refused and leaves nothing.
func TestLargeUploadsTakeLittleMemory(t *testing.T) {
	p := servePageOver(t, platform{}, "", emptied(t))
	p.login()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	zeros := func(n int64) io.Reader { return io.LimitReader(nothing{}, n) }
	if status, body := p.uploads("1906", upload{"besar.pdf", io.MultiReader(strings.NewReader("%PDF-1.4\n"),
		zeros(64<<20))}); status != http.StatusOK {
		t.Fatalf("%d\n%s", status, body)
	}
	runtime.ReadMemStats(&after)
	if took := int64(after.TotalAlloc-before.TotalAlloc) >> 20; took > 32 {
		t.Errorf("an upload of 64 MB took %d MB of memory in all", took)
	}
	p.uploads("1906", upload{"besar.csv", zeros(listMost + 2)})
	expect(t, p.papers(), "besar.pdf", "rusak", "daftar lebih besar dari 64 MB")
	if ids, aside := p.holds(); len(ids) != 0 || aside != 0 {
		t.Errorf("%v, %d files", ids, aside)
	}
}

// nothing reads as bytes of zero.
type nothing struct{}

func (nothing) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// On a disk below its floor nothing is taken in, and what is wrong is said.
func TestUploadsHeedTheFloorOfTheDisk(t *testing.T) {
	t.Parallel()
	p := servePageOver(t, platform{}, "[disk]\nfloor_mb = 900000000\n", emptied(t))
	p.login()
	status, body := p.uploads("1906", upload{"buku.pdf", bytes.NewReader(sampleFile(t, "gantung-2023"))})
	if status != http.StatusInsufficientStorage || !strings.Contains(body, "Tempat penyimpanan hampir penuh") {
		t.Errorf("%d\n%s", status, body)
	}
	if ids, aside := p.holds(); len(ids) != 0 || aside != 0 {
		t.Errorf("%v, %d files", ids, aside)
	}
}

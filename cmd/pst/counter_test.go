package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pst/store/holdings/sample"
)

// An excerpt from the counter can be checked by anybody, is known to staff by its
// mark, names its publication's office, and never takes the place of a file.
func TestACounterExcerptIsKnownByItsCode(t *testing.T) {
	t.Parallel()
	data := used(t)
	books, err := sample.Write(filepath.Join(data, "holdings"))
	if err != nil {
		t.Fatal(err)
	}
	pdf := filepath.Join(data, "holdings", books[0].Publication.File)
	out := filepath.Join(t.TempDir(), "kutipan.pdf")
	cut := func() (int, string, string) {
		return command(t, "", "excerpt", "-data", data, "-pages", "6", "-mark", "Bu Ani", "-json", "-o", out, pdf)
	}
	exit, said, errs := cut()
	var made excerptAnswer
	if err := json.Unmarshal([]byte(said), &made); exit != exitFine || err != nil {
		t.Fatalf("exit %d, %q %q, %v", exit, said, errs, err)
	}
	before, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if exit, _, errs := cut(); exit != exitFailed || !strings.Contains(errs, "sudah ada dan tidak ditimpa") {
		t.Errorf("over a file that is there: exit %d, %q", exit, errs)
	}
	if after, err := os.ReadFile(out); err != nil || string(after) != string(before) {
		t.Errorf("the file that was there has changed, %v", err)
	}
	for _, who := range []struct{ flag, hears string }{
		{"-as=guru", books[0].Publication.Title + "* (BPS Kabupaten Belitung Timur), halaman 6"},
		{"-staff", "loket Bu Ani"},
	} {
		_, said, errs := command(t, "cek kode "+strings.ToLower(made.Code)+"\n", "talk", "-data", data, who.flag)
		if !strings.Contains(said, who.hears) {
			t.Errorf("%s heard %q %q, want %q", who.flag, said, errs, who.hears)
		}
		if who.flag != "-staff" && strings.Contains(said, "Bu Ani") {
			t.Errorf("a stranger reads whose it is: %q", said)
		}
	}
	changed := filepath.Join(t.TempDir(), "salinan.pdf")
	if err := os.WriteFile(changed, append(before, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, sent := range []struct{ flag, path, hears string }{
		{"-as=guru", out, "*sama* dengan yang kami kirim"},
		{"-as=guru", "'" + changed + "'", "*berubah sesudah kami kirim*"},
		{"-as=guru", pdf, "bukan berkas yang kami kenal"},
		{"-staff", out, "loket Bu Ani"},
		{"-staff", changed, "*berubah sesudah kami kirim*"},
	} {
		_, said, errs := command(t, sent.path+"\n", "talk", "-data", data, sent.flag)
		if !strings.Contains(said, sent.hears) {
			t.Errorf("%s sent %s and heard %q %q, want %q", sent.flag, filepath.Base(sent.path), said, errs, sent.hears)
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pst/conversation"
	"pst/store/holdings/sample"
)

// One book is one record: under another name, downloaded anew, as a line of a
// spreadsheet with the website's link, and as the website's own record.
func TestImportKeepsOneRecordOfOneBook(t *testing.T) {
	t.Parallel()
	folder, data := t.TempDir(), dataFolder(t)
	book, pdf := aBook(t)
	const web = "411fa6ca4607ca610aa52e86"
	link := "https://belitungtimurkab.bps.go.id/id/publication/2024/02/28/" + web + "/potensi-desa.html"
	for _, step := range []struct {
		file, content, says string
		records             int
	}{
		{"Potensi Desa Beltim 2023.pdf", string(pdf), "Selesai: 1 baru", 1},
		{"salinan.pdf", string(pdf), "Selesai: 0 baru atau berubah, 1 tetap", 1},
		{"Unduhan Lain 2024.pdf", string(pdf) + "\n% downloaded anew\n", "isinya sudah ada sebagai “", 1},
		{"rak.csv", "judul;tautan;rak\nPotensi Desa;" + link + ";2B\n", "Selesai: 1 baru", 2},
		{"web.json", `[{"pub_id":"` + web + `","title":"Potensi Desa Beltim 2023","rl_date":"2024-02-28"}]`,
			"menjadi satu dengan " + web, 1},
		{"lagi.csv", "pub_id;judul;tautan\nlain-1;Potensi Desa;" + link + "\n", "Selesai: 1 baru", 1},
		{"Unduhan Ketiga.pdf", string(pdf) + "\n% and once more\n", "(" + web + ")", 1},
	} {
		path := filepath.Join(folder, step.file)
		if err := os.WriteFile(path, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		exit, out, errs := command(t, "", "import", "-data", data, path)
		if exit != 0 || !strings.Contains(out, step.says) {
			t.Errorf("%s: exit %d, said %q %q; want %q", step.file, exit, out, errs, step.says)
		}
		db, n := openData(t, data), 0
		for _, err := range db.Publications(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != step.records {
			t.Errorf("%s: %d records, want %d", step.file, n, step.records)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db := openData(t, data)
	p, err := db.Publication(t.Context(), web)
	if err != nil || p.Pages != book.Pages || p.Shelf != "2B" || p.Released != "2024-02-28" {
		t.Errorf("the one record is %+v, %v", p, err)
	}
}

// aBook is a publication of the sample library and its file.
func aBook(t *testing.T) (conversation.Publication, []byte) {
	t.Helper()
	held := t.TempDir()
	books, err := sample.Write(held)
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := os.ReadFile(filepath.Join(held, books[0].Publication.File))
	if err != nil {
		t.Fatal(err)
	}
	return books[0].Publication, pdf
}

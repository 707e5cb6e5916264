package main

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pst/conversation"
)

// A file of the website is looked at, kept only when somebody says so, and found by a
// reader a moment later; withdrawn it is found no more, whatever is imported.
func TestAFileSentAtThePageIsFoundByReaders(t *testing.T) {
	t.Parallel()
	p := servePageOver(t, platform{}, "", emptied(t))
	p.login()
	reader := p.registered(880021)
	pdf := sampleFile(t, webBook)
	_, body := p.uploads("1906", upload{webTitle + ".pdf", bytes.NewReader(pdf)})
	if strings.Contains(body, "role=\"alert\"") {
		t.Fatal(body)
	}
	expect(t, p.papers(), "Tidak cocok dengan catatan mana pun", webTitle, `value=":baru" checked`)
	if ids, aside := p.holds(); len(ids) != 0 || aside != 1 {
		t.Fatalf("kept before it was confirmed: %v, %d files", ids, aside)
	}
	for _, path := range []string{"uploads", "uploads/*", "uploads/*/*"} {
		found, _ := filepath.Glob(p.house.path(path))
		if info, err := os.Stat(found[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: others may read it: %v, %v", path, info.Mode(), err)
		}
	}
	expect(t, p.decides(""), "Selesai.")
	ids, aside := p.holds()
	if len(ids) != 1 || aside != 0 {
		t.Fatalf("after it was confirmed: %v, %d files", ids, aside)
	}
	book := "/katalog/buku/" + ids[0]
	p.answers(reader, webTitle) // the guest book asks first
	expect(t, p.answers(reader, "daring, 1"), "Belitung Timur Dalam Angka 2024 (softcopy")
	_, body = p.get(book)
	expect(t, body, webTitle, "dapat dicari", "Tabel", "longgar")

	// Sent again it is known as the same book, under another name too.
	p.uploads("1906", upload{"Unduhan.pdf", io.MultiReader(bytes.NewReader(pdf), strings.NewReader("\n% anew\n"))})
	expect(t, p.papers(), "Isinya sudah ada di katalog", ids[0])
	expect(t, p.decides(":baru"), "hanya dapat menjadi milik publikasi itu")
	p.decides("")

	status, body := p.post(book+"/tarik", url.Values{})
	if status != http.StatusBadRequest || !strings.Contains(body, "Belum ditarik") {
		t.Errorf("withdrawn without being sure: %d\n%s", status, body)
	}
	_, body = p.post(book+"/tarik", url.Values{"yakin": {"1"}})
	expect(t, body, "Publikasi ini ditarik")
	if said := p.answers(reader, webTitle); strings.Contains(said, "softcopy") {
		t.Errorf("what was withdrawn is found: %s", said)
	}
	again := upload{webTitle + ".pdf", bytes.NewReader(pdf)}
	p.uploads("1906", again)
	expect(t, p.papers(), "ditarik petugas dan tetap ditarik")
	expect(t, p.decides(""), "tetap ditarik")
	if ids, _ := p.holds(); len(ids) != 0 {
		t.Errorf("an import brought back what was withdrawn: %v", ids)
	}
	_, body = p.get("/katalog?daftar=ditarik")
	expect(t, body, "Ditarik (1)", webTitle)
	_, body = p.post(book+"/tarik", url.Values{"kembali": {"1"}})
	expect(t, body, "Tarik publikasi ini")
	expect(t, p.answers(reader, webTitle), "Belitung Timur Dalam Angka 2024 (softcopy")
	who := conversation.Staff{Name: "Pak Budi"}.Web().Masked()
	lines := p.audited()
	for _, what := range []string{"file of a publication imported", "publication withdrawn", "publication brought back"} {
		if !slices.Contains(lines, who+" "+what+" "+ids[0]) {
			t.Errorf("not audited: %s\n%s", what, strings.Join(lines, "\n"))
		}
	}
}

// Facts are mended beside their field, used at once, and outlast an import of the list;
// of two who mend at once the second is told.
func TestFactsOfAPublicationAreMended(t *testing.T) {
	t.Parallel()
	p := servePageOver(t, platform{}, "", emptied(t))
	p.login()
	list := "pub_id;judul;rak;eksemplar\nbuku-0001;Profil Nelayan 2021;1A;2\nbuku-0002;Statistik Kopi 2020;;\n"
	p.uploads("1906", aFile("daftar.csv", list))
	expect(t, p.papers(), "2 baru, 0 berubah, 0 tetap, 0 ditolak")
	if ids, _ := p.holds(); len(ids) != 0 {
		t.Fatalf("the dry run kept %v", ids)
	}
	expect(t, p.decides(""), "2 baru atau berubah, 0 tetap")
	_, body := p.get("/katalog?daftar=tanpa-berkas")
	expect(t, body, "Tanpa berkas: 2 publikasi", "Statistik Kopi 2020", "1A")
	path := "/katalog/buku/buku-0001"
	stale := p.version(path)
	form := func(version, title, shelf, copies string) url.Values {
		return url.Values{"versi": {version}, "judul": {title}, "rak": {shelf}, "eksemplar": {copies}}
	}
	for _, bad := range []struct {
		form url.Values
		says string
	}{
		{form(stale, " - ", "", "1"), "Tulis judulnya"}, {form(stale, "\x00\xff", "", "1"), "Tulis judulnya"},
		{form(stale, "Potensi", "", "-1"), "0 sampai 9999"}, {form(stale, "Potensi", "", "10000"), "0 sampai 9999"},
		{form(stale, "Potensi", "", "dua"), "0 sampai 9999"}, {form("x", "Potensi", "", "1"), "tidak lengkap"},
	} {
		if status, body := p.post(path, bad.form); status < 400 || !strings.Contains(body, bad.says) {
			t.Errorf("%v: %d, want %q in\n%s", bad.form, status, bad.says, body)
		}
	}
	if got := p.version(path); got != stale {
		t.Fatal("something bad changed the record")
	}
	_, body = p.post(path, form(stale, `Profil Nelayan <script>x()</script> Tangguh 2022`, "Lemari 9", "0"))
	expect(t, body, "Tersimpan", "Profil Nelayan Tangguh 2022", "Lemari 9", "ditetapkan petugas")
	_, body = p.post(path, form(stale, "Punya orang lain", "2B", "1"))
	if !strings.Contains(body, "perubahan lain sudah tersimpan") {
		t.Errorf("the second is not told:\n%s", body)
	}
	p.uploads("1906", aFile("daftar.csv", list))
	expect(t, p.papers(), "0 baru, 0 berubah, 2 tetap")
	p.decides("")
	_, body = p.get(path)
	expect(t, body, "Profil Nelayan Tangguh 2022", "Lemari 9", "<td>2022</td>")
	_, body = p.get("/katalog?cari=" + url.QueryEscape("nelayan tangguh"))
	expect(t, body, "Profil Nelayan Tangguh 2022")

	_, body = p.post(path+"/ketat", url.Values{})
	expect(t, body, "kunci")
	key := regexp.MustCompile(`name="menu" value="([^"]*)"[\s\S]*?name="kunci" value="([^"]*)"`).FindStringSubmatch(body)
	if key == nil {
		t.Fatalf("the desk asks nothing back:\n%s", body)
	}
	p.post("/jawab", url.Values{"menu": {key[1]}, "kunci": {key[2]}})
	_, body = p.get(path)
	expect(t, body, "halaman dikirim sebagai gambar", "Longgarkan")
	for _, none := range []string{
		"/katalog/buku/tidak-ada", "/katalog/buku/" + strings.Repeat("x", 3000),
		"/katalog/buku/%2e%2e%2fpst.toml", "/katalog?daftar=semua",
	} {
		if status, body := p.get(none); status != http.StatusNotFound || !strings.Contains(body, "tidak ada") {
			t.Errorf("%.40s: %d\n%.300s", none, status, body)
		}
	}
	who := conversation.Staff{Name: "Pak Budi"}.Web().Masked()
	lines := p.audited()
	for _, line := range []string{"list of publications imported daftar.csv", "facts of a publication changed buku-0001",
		"strictness changed buku-0001"} {
		if !slices.Contains(lines, who+" "+line) {
			t.Errorf("not audited: %s\n%s", line, strings.Join(lines, "\n"))
		}
	}
}

// A file that waits for its record's is matched by its name, and goes elsewhere when
// staff say so.
func TestTheMatchIsShownAndCanBeChosen(t *testing.T) {
	t.Parallel()
	p := servePageOver(t, platform{}, "", emptied(t))
	p.login()
	p.uploads("1906", aFile("daftar.json",
		`[{"pub_id":"web-00001","title":"`+webTitle+`"},{"pub_id":"web-00002","title":"Lain Sekali"},{"pub_id":"../x","title":"Jalan"}]`))
	expect(t, p.papers(), "2 baru, 0 berubah, 0 tetap, 1 ditolak", "baris 3: ID hanya boleh")
	p.decides("")
	pdf := sampleFile(t, webBook)
	p.uploads("1906", upload{webTitle + ".pdf", bytes.NewReader(pdf)})
	expect(t, p.papers(), "Cocok dengan:", `value="web-00001" checked`, "Publikasi baru")
	for choice, says := range map[string]string{
		"tidak-ada": "Tidak ada publikasi dengan ID itu", ":lain": "Tulis ID publikasinya", "<b>": "Tidak ada publikasi",
	} {
		expect(t, p.decides(choice), says)
	}
	expect(t, p.decides("web-00002"), "Selesai.")
	_, body := p.get("/katalog/buku/web-00002")
	expect(t, body, "Lain Sekali", "dapat dicari")
	p.uploads("1906", upload{"Buang Saja 2020.pdf", bytes.NewReader(sampleFile(t, "gantung-2023"))})
	if body := p.decides(":buang"); strings.Contains(body, "Buang Saja") {
		t.Errorf("what was thrown away is shown:\n%s", body)
	}
	if ids, aside := p.holds(); len(ids) != 2 || aside != 0 {
		t.Errorf("%v, %d files", ids, aside)
	}
}

// A list that is another office's by its numbers is warned of before anybody decides, and
// not when it was sent in as that office's.
func TestAListOfAnotherOfficeIsWarnedOf(t *testing.T) {
	t.Parallel()
	p := servePageOver(t, platform{}, "", emptied(t))
	p.login()
	const list = "judul;nomor publikasi\nBangka Dalam Angka 2024;19010.2401\nStatistik Bangka 2024;19010.2402\n"
	p.uploads("1906", aFile("bangka.csv", list))
	expect(t, p.papers(), "2 baru",
		"Perhatian: 2 dari 2 publikasinya bernomor kantor 1901 (BPS Kabupaten Bangka), tetapi dicatat milik 1906")
	p.decides(":buang")
	p.uploads("1901", aFile("bangka.csv", list))
	if body := p.papers(); !strings.Contains(body, "2 baru") || strings.Contains(body, "Perhatian") {
		t.Errorf("sent in as its own office's:\n%s", body)
	}
	p.decides(":buang")
	other := strings.NewReplacer("19010.", "19060.", "Bangka", "Belitung Timur")
	p.uploads("1901", aFile("beltim.csv", other.Replace(list)))
	expect(t, p.papers(), "bernomor kantor 1906 (BPS Kabupaten Belitung Timur), tetapi dicatat milik 1901")
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// tooWide names what leaves the page.
const tooWide = `[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
	!e.closest('.overflow-auto, header nav')).map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 40)).join('; ')`

// In a browser files are sent one after another by the form's script, decided, and the
// page shows it without being asked; on a phone nothing leaves the page.
func TestFilesAreSentInABrowser(t *testing.T) {
	t.Parallel()
	ctx := chromium(t)
	p := servePageOver(t, platform{}, "", emptied(t))
	folder := t.TempDir()
	var files []string
	const longTitle = "Profil Nelayan Tangguh Kabupaten Belitung Timur dengan Judul yang Panjang Sekali 2021"
	for name, data := range map[string][]byte{
		webTitle + ".pdf": sampleFile(t, webBook),
		"rusak.pdf":       []byte("bukan"),
		"daftar.csv":      []byte("judul\n" + longTitle + "\n"),
	} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	run := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	// is waits until an expression holds.
	is := func(expression string) {
		t.Helper()
		soon(t, expression, func() bool { // a page on its way answers nothing
			holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
			return err == nil && holds
		})
	}
	text := func(of string) string {
		t.Helper()
		s, err := chromedp.Run(ctx, chromedp.Evaluate[string](of))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	look := func(what string) {
		t.Helper()
		if wide := text(tooWide); wide != "" {
			t.Errorf("%s: leaves the page: %s", what, wide)
		}
	}
	const settled = `!document.querySelector('[aria-busy=true]') && document.querySelectorAll('#kiriman article').length === 3`
	run(chromedp.EmulateViewport(360, 800), chromedp.Navigate(p.url+"/masuk?kode="+p.door(p.staff)),
		chromedp.Click("main form button"))
	is(`!!document.querySelector('nav ul.menu')`)
	run(chromedp.Navigate(p.url+"/katalog/kirim"), chromedp.SetUploadFiles("#berkas", files),
		chromedp.Click("form[data-upload] button"))
	is(settled)
	look("kirim")
	shelf := text(`document.querySelector('#kiriman').innerText`)
	run(chromedp.Click("#kiriman form button"))
	is(settled + ` && document.querySelectorAll('#kiriman fieldset').length === 0`)
	look("selesai")
	run(chromedp.Navigate(p.url + "/katalog?cari=belitung+timur+dalam+angka"))
	found := text(`document.querySelector('main').innerText`)
	look("cari")
	run(chromedp.Click("ul.books a"))
	is(`!!document.querySelector('#judul')`)
	look("buku")
	run(chromedp.EmulateViewport(1280, 900))
	look("buku-lebar")
	for _, words := range []string{"bukan berkas PDF", "1 baru, 0 berubah", "akan menjadi publikasi baru"} {
		if !strings.Contains(shelf, words) {
			t.Errorf("not shown: %q in\n%s", words, shelf)
		}
	}
	if !strings.Contains(found, webTitle) {
		t.Errorf("not found:\n%s", found)
	}
	if ids, aside := p.holds(); len(ids) != 2 || aside != 0 {
		t.Errorf("%v, %d files", ids, aside)
	}
}

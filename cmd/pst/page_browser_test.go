package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is axe-core 4.10.3 (MPL-2.0, https://github.com/dequelabs/axe-core), which looks
// for what people with a disability cannot use.
//
//go:embed testdata/axe.min.js
var axe string

// chromium starts Debian's; a machine without one leaves out what needs it.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("left out: no chromium on this machine, so the page for staff is not used in a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.WSURLReadTimeout(patience))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, patience)
	t.Cleanup(late)
	return ctx
}

// does carries out steps in the browser.
func does(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// asks is what the browser answers.
func asks[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// comesIn lets the browser in by the link that the chat gave, as Pak Budi.
func (p *pageDesk) comesIn(ctx context.Context) {
	p.t.Helper()
	does(p.t, ctx, chromedp.Navigate(p.url+"/masuk?kode="+p.door(p.staff)),
		chromedp.Click(chromedp.CSS("main form button")),
		chromedp.WaitVisible(chromedp.CSS("nav ul.menu")))
}

// fits lists what lies outside its place on the page as it stands.
const fits = `(() => {
  const out = [], wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) out.push('the page is wider than its window');
  for (const e of document.querySelectorAll('main *')) {
    if (e.closest('svg, .scrolls, table, iframe')) continue;
    if (e.getBoundingClientRect().right > wide + 1) out.push('leaves the page: ' + e.tagName + ' ' + e.textContent.trim().slice(0, 40));
  }
  if (document.querySelectorAll('h1').length !== 1) out.push('not one heading of the page');
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) out.push('an id twice: ' + ids.filter((x, i) => ids.indexOf(x) !== i));
  return out;
})()`

// serious lists what axe-core calls serious or critical.
const serious = `axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations
  .filter(v => v.impact === 'serious' || v.impact === 'critical')
  .map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | '))))`

// Every page is opened in a browser, as wide as a desk's screen and as a telephone's:
// it fits, and axe-core finds nothing serious. With PST_LOOK=DIR pictures are kept there.
func TestThePageForStaffInABrowser(t *testing.T) {
	t.Parallel()
	ctx := chromium(t)
	p := servePage(t, "")
	p.fill()
	p.looked(ctx, "/masuk", "masuk")
	p.comesIn(ctx)
	pages := asks(t, ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll('nav ul.menu a')].map(a => a.getAttribute('href'))`))
	for _, path := range pages {
		name := strings.ReplaceAll(strings.Trim(path, "/"), "/", "-")
		if name == "" {
			name = "hari-ini"
		}
		p.looked(ctx, path, name)
	}
}

// looked looks at one page in both widths.
func (p *pageDesk) looked(ctx context.Context, path, name string) {
	p.t.Helper()
	for _, wide := range []int64{1200, 360} {
		status := asks(p.t, ctx, func(ctx context.Context, target *chromedp.Target) (int64, error) {
			r, err := chromedp.RunResponse(ctx, chromedp.EmulateViewport(wide, 800), chromedp.Navigate(p.url+path))
			if err != nil {
				return 0, err
			}
			return r.Status, nil
		})
		if status != 200 {
			p.t.Errorf("%s: %d", path, status)
			return
		}
		for _, w := range asks(p.t, ctx, chromedp.Evaluate[[]string](fits)) {
			p.t.Errorf("%s, %d wide: %s", path, wide, w)
		}
		asks(p.t, ctx, chromedp.Evaluate[bool](axe+"; true"))
		var found []string
		text := asks(p.t, ctx, chromedp.Evaluate[string](serious, chromedp.EvalAwaitPromise))
		if err := json.Unmarshal([]byte(text), &found); err != nil {
			p.t.Fatal(err)
		}
		for _, w := range found {
			p.t.Errorf("%s, %d wide: %s", path, wide, w)
		}
		if look := os.Getenv("PST_LOOK"); look != "" {
			end := map[int64]string{1200: ".png", 360: "-phone.png"}[wide]
			if err := os.WriteFile(filepath.Join(look, name+end), asks(p.t, ctx, chromedp.FullScreenshot(100)),
				0o600); err != nil {
				p.t.Fatal(err)
			}
		}
	}
}

// fill puts into the desk what an office has on a working day.
func (p *pageDesk) fill() {
	p.t.Helper()
	p.complains(70001, "1", "Pak Amat", "Kursi di ruang baca patah, mohon diperbaiki")
	p.complains(70002, "2", "", "Antrean di loket lama sekali <b>pagi ini</b>")
}

// shows waits until the page has words.
func shows(t *testing.T, ctx context.Context, words string) {
	t.Helper()
	soon(t, "the page shows "+words, func() bool {
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ''`))
		return err == nil && strings.Contains(text, words)
	})
}

// A day's work in a browser: a complaint answered, a text changed, a report opened,
// WhatsApp linked to a phone that scans what the screen shows.
func TestStaffWorkInTheirBrowser(t *testing.T) {
	t.Parallel()
	ctx := chromium(t)
	p := serveLinking(t)
	number := p.complains(70001, "1", "Pak Amat", "Kursi di ruang baca patah, mohon diperbaiki")
	p.comesIn(ctx)

	does(t, ctx, chromedp.Navigate(p.url+"/tiket"), chromedp.Click(chromedp.CSS(`a[href="/tiket/`+number+`"]`)),
		chromedp.WaitVisible(chromedp.CSS("#teks")), chromedp.SendKeys(chromedp.CSS("#teks"),
			"Kursinya sudah kami ganti.\nSELESAI besok bila perlu."),
		chromedp.Click(chromedp.CSS(`button[value="BALAS"]`)))
	shows(t, ctx, "Dikirim ke pelapor")
	p.has(p.srv.User(70001), "Kursinya sudah kami ganti.\nSELESAI besok bila perlu.")

	does(t, ctx, chromedp.Navigate(p.url+"/kalimat/address"), chromedp.SetValue(chromedp.CSS("#teks"),
		"Kami di *gedung baru*, Jalan Contoh 1."),
		chromedp.Click(chromedp.CSS(`button[name="simpan"]`)))
	shows(t, ctx, "Tersimpan")
	p.srv.User(70002).Say("alamat kantor di mana")
	p.has(p.srv.User(70002), "gedung baru, Jalan Contoh 1")

	does(t, ctx, chromedp.Navigate(p.url+"/laporan"), chromedp.Click(chromedp.CSS(`form:has(#bulan) button`)),
		chromedp.WaitVisible(chromedp.CSS("iframe.report")))
	body := asks(t, ctx, chromedp.Evaluate[string](`fetch(document.querySelector('iframe.report').src).then(r => r.text())`, chromedp.EvalAwaitPromise))
	if !strings.Contains(body, "Laporan PST") {
		t.Errorf("the report reads %.300s", body)
	}

	does(t, ctx, chromedp.Navigate(p.url+"/kanal"), chromedp.Click(chromedp.CSS(`a[href="/kanal/whatsapp"]`)),
		chromedp.Click(chromedp.CSS(`form:has(input[value="qr"]) button`)), chromedp.WaitVisible(chromedp.CSS("img.qr")))
	soon(t, "a code that a phone can read on the screen", func() bool {
		shot := asks(t, ctx, chromedp.Screenshot(chromedp.CSS("img.qr")))
		code, err := readQR(shot)
		return err == nil && p.wa.Scan(deskPhone, code) == nil
	})
	shows(t, ctx, "Berhasil")
	p.answers(sitiPhone)
}

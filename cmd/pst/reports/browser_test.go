package reports

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browser starts Debian's chromium; a machine without one leaves out what needs it.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("left out: no chromium on this machine, so the page is not looked at in a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.WSURLReadTimeout(2*time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	return ctx
}

// faults lists what is wrong with the page as it stands.
const faults = `(() => {
  const out = [], name = e => e.tagName + ' ' + (e.id || e.closest('section')?.id || '') + ' ' + e.textContent.trim().slice(0, 40);
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg')) continue;
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0) out.push('overflows: ' + name(e));
    const r = e.getBoundingClientRect();
    if (r.right > document.documentElement.clientWidth + 1) out.push('leaves the page: ' + name(e));
  }
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) out.push('the page is wider than its window');
  for (const svg of document.querySelectorAll('svg')) {
    const box = svg.viewBox.baseVal, title = svg.querySelector('title'), desc = svg.querySelector('desc');
    const of = 'chart ' + svg.closest('section').id;
    if (!title?.textContent.trim() || svg.getAttribute('aria-labelledby') !== title.id) out.push(of + ' has no title');
    if (!desc || desc.textContent.length < 20 || svg.getAttribute('aria-describedby') !== desc.id) out.push(of + ' is not described');
    const texts = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBBox()]);
    for (const e of svg.querySelectorAll('text, rect, line')) {
      const b = e.getBBox();
      if (b.x < -0.5 || b.y < -0.5 || b.x + b.width > box.width + 0.5 || b.y + b.height > box.height + 0.5)
        out.push(of + ' is clipped at ' + e.outerHTML.slice(0, 120));
    }
    for (let i = 0; i < texts.length; i++) for (let j = 0; j < i; j++) {
      const [s, a] = texts[i], [t, b] = texts[j];
      if (a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 && a.y < b.y + b.height - 1.5 && b.y < a.y + a.height - 1.5)
        out.push(of + ': ' + s + ' lies over ' + t);
    }
    if (!svg.querySelector('rect')) out.push(of + ' is empty');
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) out.push('an id twice: ' + ids.filter((x, i) => ids.indexOf(x) !== i));
  if (document.querySelectorAll('script, link, img, iframe').length) out.push('not self-contained');
  if (document.documentElement.lang !== 'id') out.push('no language');
  return out;
})()`

// The page is opened in a browser, in a window, on a telephone and on paper: nothing
// overflows, is clipped or lies over something else, every chart has its title and says
// in words what it shows. With PST_LOOK=DIR pictures and PDF files are kept there.
func TestThePageInABrowser(t *testing.T) {
	ctx := browser(t)
	look := os.Getenv("PST_LOOK")
	for name, r := range cases(t) {
		file := filepath.Join(t.TempDir(), strings.ReplaceAll(name, " ", "-")+".html")
		if err := os.WriteFile(file, written(t, r, "html", Options{}), 0o600); err != nil {
			t.Fatal(err)
		}
		charts := 0
		for _, s := range r.Sections {
			for _, tab := range s.Tables {
				if chart(tab) != "" {
					charts++
				}
			}
		}
		for _, wide := range []int64{900, 360} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(wide, 1200), chromedp.Navigate("file://"+file)); err != nil {
				t.Fatal(err)
			}
			for _, w := range told(t, ctx, chromedp.Evaluate[[]string](faults)) {
				t.Errorf("%s, %d wide: %s", name, wide, w)
			}
			if drawn := told(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll('svg').length`)); drawn != charts {
				t.Errorf("%s: %d charts of %d", name, drawn, charts)
			}
			keep(t, look, name, wide, ".png", told(t, ctx, chromedp.FullScreenshot(100)))
		}
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(680, 1000), chromedp.Navigate("file://"+file)); err != nil {
			t.Fatal(err)
		}
		yes := true
		paper := told(t, ctx, chromedp.PrintToPDF(func(p *page.PrintToPDFParams) { p.PreferCSSPageSize = &yes }))
		if !strings.HasPrefix(string(paper), "%PDF-") || len(paper) < 5000 {
			t.Errorf("%s: printed to %d bytes", name, len(paper))
		}
		keep(t, look, name, 0, ".pdf", paper)
	}
}

// told is what the browser answers.
func told[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// keep writes what is to be looked at.
func keep(t *testing.T, dir, name string, wide int64, end string, data []byte) {
	t.Helper()
	if dir == "" {
		return
	}
	if wide == 360 {
		end = "-phone" + end
	}
	if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+end), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

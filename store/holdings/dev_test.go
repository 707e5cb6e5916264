package holdings

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pst/conversation"
	"pst/store/holdings/internal/pdfout"
	"pst/store/holdings/internal/rewrite"
)

func unmarkedFile(ctx context.Context, s *source, pages []int) ([]byte, map[int]error) {
	errs := map[int]error{}
	out := pdfout.New()
	root, tree := out.Reserve(), out.Reserve()
	w := rewrite.New(ctx, s, out, s.layers)
	var kids []string
	for _, n := range pages {
		p := &s.pages[n-1]
		written, err := w.Page(p.toRewrite())
		if err != nil {
			errs[n] = err
			continue
		}
		var b []byte
		for _, seg := range written.Segments {
			b = append(b, seg...)
		}
		kids = append(kids, out.Add(fmt.Sprintf("<</Type/Page/Parent %s%s%s/Resources<<%s>>/Contents %s>>",
			tree, p.boxes(), written.Group, rewrite.ResourceText(written.Resources), out.AddFlate("", b))).String())
	}
	if err := w.Finish(); err != nil {
		errs[0] = err
		return nil, errs
	}
	out.Put(tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " ")))
	out.Put(root, fmt.Sprintf("<</Type/Catalog/Pages %s>>", tree))
	return out.Finish(root, ""), errs
}

func TestDev(t *testing.T) {
	path := os.Getenv("DEV")
	if path == "" {
		t.Skip()
	}
	step, _ := strconv.Atoi(os.Getenv("STEP"))
	step = max(step, 1)
	var files []string
	filepath.WalkDir(path, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.EqualFold(filepath.Ext(p), ".pdf") {
			files = append(files, p)
		}
		return nil
	})
	for _, f := range files {
		name := filepath.Base(f)
		data, _ := os.ReadFile(f)
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		s, err := readSource(ctx, data)
		if err != nil {
			fmt.Printf("%-40s READ %v\n", name, err)
			cancel()
			continue
		}
		var pages []int
		for n := 1; n <= len(s.pages); n += step {
			pages = append(pages, n)
		}
		if len(pages) > 80 {
			pages = pages[:80]
		}
		start := time.Now()
		out, errs := func() (o []byte, e map[int]error) {
			defer func() {
				if r := recover(); r != nil {
					if os.Getenv("PANIC") != "" {
						panic(r)
					}
					e = map[int]error{0: fmt.Errorf("PANIC %v", r)}
				}
			}()
			return unmarkedFile(ctx, s, pages)
		}()
		took := time.Since(start)
		if len(errs) > 0 {
			var ok []int
			shown := 0
			for _, n := range pages {
				if errs[n] == nil {
					ok = append(ok, n)
				} else if shown++; shown < 4 {
					fmt.Printf("%-40s p%d: %v\n", name, n, errs[n])
				}
			}
			if errs[0] != nil {
				fmt.Printf("%-40s FINISH: %v\n", name, errs[0])
				ok = nil
			}
			pages = ok
			if len(ok) > 0 {
				out, errs = unmarkedFile(ctx, s, ok)
				if len(errs) > 0 {
					fmt.Printf("%-40s AGAIN: %v\n", name, errs)
					continue
				}
			} else {
				continue
			}
		}
		cancel()
		os.WriteFile("/tmp/rewrite/out-"+name, out, 0o600)
		r, err := testReader()
		if err != nil {
			t.Fatal(err)
		}
		from, err := r.open(data)
		if err != nil {
			fmt.Printf("%-40s PDFIUM %v\n", name, err)
			continue
		}
		to, err := r.open(out)
		if err != nil {
			fmt.Printf("%-40s PDFIUM OUT %v\n", name, err)
			continue
		}
		if from.pages != len(s.pages) || to.pages != len(pages) {
			fmt.Printf("%-40s PAGES %d %d, %d %d\n", name, from.pages, len(s.pages), to.pages, len(pages))
		}
		bad := 0
		for i, n := range pages {
			if from.pages < n {
				break
			}
			want, got := from.text(n), to.text(i+1)
			w, h, _ := from.size(n)
			if w < 1 || h < 1 || w > 3000 || h > 3000 {
				continue
			}
			a, b := pixels(t, from, n, w, h), pixels(t, to, i+1, w, h)
			if a.Rect != b.Rect {
				fmt.Printf("%-40s p%d SIZE %v %v\n", name, n, a.Rect, b.Rect)
				continue
			}
			diff := 0
			for k := range a.Pix {
				if d := int(a.Pix[k]) - int(b.Pix[k]); d > 24 || d < -24 {
					diff++
				}
			}
			share := float64(diff) / float64(len(a.Pix)) * 1000
			if want != got || share > 0.3 {
				if bad++; bad <= 4 {
					k := 0
					for k < len(want) && k < len(got) && want[k] == got[k] {
						k++
					}
					cut := func(s string) string { return s[min(max(k-10, 0), len(s)):min(k+40, len(s))] }
					note := ""
					if want != got {
						note = fmt.Sprintf("text %d/%d at %d: %q %q", len(want), len(got), k, cut(want), cut(got))
					}
					fmt.Printf("%-40s p%d pixels %.2f%% %s\n", name, n, share/10, note)
				}
				if os.Getenv("PNG") != "" {
					for k, img := range []any{a, b} {
						f, _ := os.Create(fmt.Sprintf("/tmp/rewrite/%s-%d-%d.png", name, n, k))
						_ = img
						if k == 0 {
							png.Encode(f, a)
						} else {
							png.Encode(f, b)
						}
						f.Close()
					}
				}
			}
		}
		fmt.Printf("%-40s %d pages %d bad, %d -> %d kB, %v\n", name, len(pages), bad, len(data)>>10, len(out)>>10, took.Round(time.Millisecond))
		from.close()
		to.close()
	}
}

var _ conversation.PageSet

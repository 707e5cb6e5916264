package holdings

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"pst/conversation"
	"pst/store/holdings/internal/rewrite"
)

// website is a publication in the structure of the office's website.
func website() []byte { return variants()[2].make() }

// removals are what a stock tool or one generic script does to take a mark
// away.
func removals() map[string]func(t *testing.T, data []byte) []byte {
	return map[string]func(*testing.T, []byte) []byte{
		"pdfcpu watermark remove": func(t *testing.T, data []byte) []byte {
			var out bytes.Buffer
			if err := api.RemoveWatermarks(bytes.NewReader(data), &out, nil, configuration()); err != nil {
				return data // it found none
			}
			return out.Bytes()
		},
		"pdfcpu optimize": func(t *testing.T, data []byte) []byte {
			var out bytes.Buffer
			if err := api.Optimize(bytes.NewReader(data), &out, configuration()); err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		},
		"pdfcpu annotations remove": func(t *testing.T, data []byte) []byte {
			var out bytes.Buffer
			if err := api.RemoveAnnotations(bytes.NewReader(data), &out, nil, nil, nil, configuration()); err != nil {
				return data
			}
			return out.Bytes()
		},
		"the last content stream of each page": func(t *testing.T, data []byte) []byte {
			return edited(t, data, func(page types.Dict, _ func(types.Object) []byte) []byte {
				if streams, ok := page["Contents"].(types.Array); ok && len(streams) > 1 {
					page["Contents"] = streams[:len(streams)-1]
					return nil
				}
				return []byte(" ")
			})
		},
		"all marked content that is an artifact": cutOut(`(?s)/Artifact\b.*?(?:BDC|BMC).*?EMC`),
		"all optional content":                   cutOut(`(?s)/OC\s*/\S+\s*BDC.*?EMC`),
		"innermost blocks with a state of alpha": cutOut(`(?s)\bq\s(?:[^qQ]|\B[qQ])*?/\w+ gs(?:[^qQ]|\B[qQ])*?\sQ\b`),
		"outermost blocks with a state of alpha": cutOut(`(?s)\bq\s.*/\w+ gs.*\sQ\b`),
		"every form that all pages use": func(t *testing.T, data []byte) []byte {
			uses := map[string]int{}
			pages := 0
			each := func(page types.Dict, content func(types.Object) []byte) {
				pages++
				for _, m := range regexp.MustCompile(`/(\w+) Do`).FindAllSubmatch(content(page["Contents"]), -1) {
					uses[string(m[1])]++
				}
			}
			eachPage(t, data, each)
			for name, n := range uses {
				if n == pages {
					data = cutOut(`/`+name+` Do`)(t, data)
				}
			}
			return data
		},
	}
}

// cutOut removes what matches from the content of every page.
func cutOut(pattern string) func(*testing.T, []byte) []byte {
	re := regexp.MustCompile(pattern)
	return func(t *testing.T, data []byte) []byte {
		return edited(t, data, func(page types.Dict, content func(types.Object) []byte) []byte {
			return re.ReplaceAll(content(page["Contents"]), nil)
		})
	}
}

// eachPage shows the pages of a file, and returns what was read.
func eachPage(t *testing.T, data []byte, look func(page types.Dict, content func(types.Object) []byte)) *model.Context {
	t.Helper()
	c := configuration()
	c.Optimize, c.OptimizeBeforeWriting = false, false
	ctx, err := api.ReadContext(bytes.NewReader(data), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := ctx.EnsurePageCount(); err != nil {
		t.Fatal(err)
	}
	content := func(o types.Object) []byte {
		sd, _, err := ctx.DereferenceStreamDict(o)
		if err != nil || sd.Decode() != nil {
			t.Fatal("content cannot be read")
		}
		return sd.Content
	}
	for n := 1; n <= ctx.PageCount; n++ {
		page, _, _, err := ctx.PageDict(n, false)
		if err != nil {
			t.Fatal(err)
		}
		look(page, content)
	}
	return ctx
}

// edited lets change give each page a new content; nil leaves it.
func edited(t *testing.T, data []byte, change func(page types.Dict, content func(types.Object) []byte) []byte) []byte {
	t.Helper()
	var now [][]byte
	var pages []types.Dict
	ctx := eachPage(t, data, func(page types.Dict, content func(types.Object) []byte) {
		pages, now = append(pages, page), append(now, change(page, content))
	})
	for i, page := range pages {
		if now[i] != nil {
			ref, err := ctx.StreamDictIndRef(now[i])
			if err != nil {
				t.Fatal(err)
			}
			page["Contents"] = *ref
		}
	}
	var out bytes.Buffer
	if err := api.WriteContext(ctx, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestMarkIsLegibleOnEveryKindOfPage(t *testing.T) {
	for name, boxes := range map[string]string{
		"A4":                        "/MediaBox[0 0 595 842]",
		"A5":                        "/MediaBox[0 0 420 595]",
		"landscape":                 "/MediaBox[0 0 842 595]",
		"turned by 90":              "/MediaBox[0 0 595 842]/Rotate 90",
		"turned by 180":             "/MediaBox[0 0 595 842]/Rotate 180",
		"turned by -90":             "/MediaBox[0 0 595 842]/Rotate -90",
		"box off the origin":        "/MediaBox[-200 300 395 1142]",
		"cropped and upside down":   "/MediaBox[595 842 0 0]/CropBox[100 500 500 100]",
		"a slip of paper":           "/MediaBox[0 0 200 100]",
		"a large map in user units": "/MediaBox[0 0 1200 900]/UserUnit 2",
	} {
		for ground, paint := range map[string]string{"white": " ", "one black picture": "0 g -3000 -3000 9000 9000 re f"} {
			t.Run(name+", "+ground, func(t *testing.T) {
				m := newMade()
				m.extra[3], m.content[3] = boxes, paint
				excerpt, err := cutFile(t, m.file(), order(conversation.PageSet{3}))
				if err != nil || excerpt.Mode != "vector" {
					t.Fatal(excerpt.Mode, excerpt.Verdict, err)
				}
				d := openTest(t, excerpt.Data)
				defer d.close()
				w, h, err := d.size(1)
				if err != nil {
					t.Fatal(err)
				}
				scale := 1400 / w
				pic := pixels(t, d, 1, w*scale, h*scale)
				dark, light, strip := 0, 0, min(int(60*scale), pic.Rect.Dy()/2)
				paper := uint8(255)
				if ground != "white" {
					paper = 0
				}
				tiles := 0
				for y := range pic.Rect.Dy() {
					for x := range pic.Rect.Dx() {
						g := pic.RGBAAt(x, y).G
						switch {
						case y >= pic.Rect.Dy()-strip && g < 130:
							dark++
						case y >= pic.Rect.Dy()-strip && g > 140:
							light++
						case y < pic.Rect.Dy()-strip && (g > paper && g-paper > 25 || g < paper && paper-g > 25):
							tiles++
						}
					}
				}
				area := pic.Rect.Dx() * pic.Rect.Dy()
				if edge := int(18*scale) - 2; ground == "white" && boxes == "/MediaBox[0 0 595 842]" {
					for y := range pic.Rect.Dy() {
						for x := range pic.Rect.Dx() {
							inside := x >= edge && y >= edge && x < pic.Rect.Dx()-edge && y < pic.Rect.Dy()-edge
							if !inside && pic.RGBAAt(x, y).G < 50 {
								t.Fatalf("the footer reaches %d, %d of %v", x, y, pic.Rect)
							}
						}
					}
				}
				if dark < strip*4 || light < strip*4 {
					t.Errorf("no upright footer at the foot: %d dark and %d light pixels", dark, light)
				}
				if tiles < area/200 {
					t.Errorf("the tiles paint %d of %d pixels", tiles, area)
				}
			})
		}
	}
}

func TestMarkTextIsFoldedAndShortened(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"accents stay":                    {"José Müller", "José Müller"},
		"letters outside Latin-1 fold":    {"Šejla Łukasz Ẽ", "Sejla ?ukasz E"},
		"other scripts become marks":      {"李小龍 x", "??? x"},
		"percent signs are only text":     {"%p of %P 100%", "%p of %P 100%"},
		"control characters become space": {"a\tb\nc", "a b c"},
		"invalid UTF-8 is harmless":       {"a\xffb", "a?b"},
		"emoji with joiners":              {"👨\u200d👩 z", "?? z"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := foldLine(c.in, 64); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	long := newStamp(conversation.Mark{Code: "K7F3Q9", Lines: []string{strings.Repeat("panjang ", 40), "", "b"},
		Footer: strings.Repeat("x", 400)})
	if len(long.lines) != 2 || utf8.RuneCountInString(long.lines[0]) > maxMarkLine || !strings.HasPrefix(long.footer[0],
		"K7F3Q9") || len(long.footer[0]) > maxFooter+8 {
		t.Errorf("long mark became %q, %q", long.lines, long.footer)
	}
}

// Pages are made ready by several at once; how many there are changes no byte.
func TestTheSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	var pages conversation.PageSet // each with a picture of its own, written between them
	each(func(n int) { pages = append(pages, n) })
	s, o := mustRead(t, website()), order(pages)
	var first []byte
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, processors := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(processors)
		data, err := cutChecked(t.Context(), s, o)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
		}
		if !bytes.Equal(data, first) {
			t.Errorf("other bytes on %d processors than on one", processors)
		}
	}
}

func TestCodeStandsInTheParticularsAndBytesRepeat(t *testing.T) {
	data := website()
	first, err := cutFile(t, data, order(granted))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Keywords(K7F3Q9)", "<dc:identifier>K7F3Q9<", "/ID[<" + fmt.Sprintf("%x", "K7F3Q9")} {
		if !bytes.Contains(first.Data, []byte(want)) {
			t.Errorf("no %s in the file", want)
		}
	}
	again, err := cutFile(t, data, order(granted))
	if err != nil || again.SHA256 != first.SHA256 {
		t.Errorf("the same order gave other bytes (%v)", err)
	}
	s, err := readSource(context.Background(), first.Data)
	if err != nil || len(s.pages) != 2 {
		t.Error(err)
	}
}

// cutChecked cuts with text and checks the outcome by itself. Errors say why
// pages must become pictures, or are ctx's.
func cutChecked(ctx context.Context, s *source, order conversation.ExcerptOrder) (data []byte, err error) {
	defer recovered(&err, rewrite.ErrNotUnderstood)
	data, r, err := cut(ctx, s, order, nil)
	for n, why := range r.failed {
		return nil, fmt.Errorf("page %d: %w", n, why)
	}
	if err != nil {
		return nil, err
	}
	return data, check(ctx, data, order)
}

// What a page leaves set where its content ends, dashes, a clip, something translucent,
// changes nothing of the mark, which stands where the page's own things do.
func TestWhatAPageLeavesSetChangesNothingOfTheMark(t *testing.T) {
	const line = " 20 20 m 120 20 l S"
	above := func(set string) []byte { // the mark above that line
		m := newMade()
		m.content[3] = set + line
		m.res[3] = fmt.Sprintf("<</Font<</F1 %s>>/ExtGState<</Faint<</ca .1/CA .1/BM/Multiply>>>>>>", m.font)
		excerpt, err := cutFile(t, m.file(), order(conversation.PageSet{3}))
		if err != nil || excerpt.Mode != "vector" {
			t.Fatal(excerpt.Mode, excerpt.Verdict, err)
		}
		d := openTest(t, excerpt.Data)
		defer d.close()
		w, h, err := d.size(1)
		if err != nil {
			t.Fatal(err)
		}
		pic := pixels(t, d, 1, w, h)
		return pic.Pix[:pic.Stride*(pic.Rect.Dy()-30)]
	}
	want := above("")
	for _, set := range []string{"[1 90] 0 d", "/Faint gs", "0 0 200 40 re W n", "1 g 1 G", "0 Tz 3 Tr",
		".2 0 0 .2 0 0 cm"} {
		if !bytes.Equal(above(set), want) {
			t.Errorf("%s: the mark is another", set)
		}
	}
}

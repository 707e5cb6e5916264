package holdings

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pst/conversation"
)

// An excerpt is called what the publication is called, in its language, and its pages
// keep the names that they have in the publication; of other pages' names none comes
// along, and what is no name is left out.
func TestPagesKeepTheirNames(t *testing.T) {
	kept := conversation.PageSet{2, 3, 5, 6, 9}
	for name, c := range map[string]struct{ catalog, want string }{
		"none": {"", "0<</S/D/St 2>>2<</S/D/St 5>>4<</S/D/St 9>>"},
		"front matter and a body": {"/PageLabels<</Nums[0<</S/r>>4<</S/D>>]>>",
			"0<</S/r/St 2>>2<</S/D/St 1>>4<</S/D/St 5>>"},
		"prefixes": {"/PageLabels<</Nums[0<</P(P01MARK)>>1<</S/D/St " +
			"7/P(A-)>>3<</S/D/P(P04MARK)>>4<</P(Lam)>>6<</S/a/P(P09MARK)>>]>>",
			"0<</S/D/St 7/P(A-)>>2<</P(Lam)>>3<</P(Lam)>>4<</S/a/St 3>>"},
		"in UTF-16": {"/PageLabels<</Nums[0<</S/D/P<FEFF0041002D>>>]>>",
			"0<</S/D/St 2/P(A-)>>2<</S/D/St 5/P(A-)>>4<</S/D/St 9/P(A-)>>"},
		"with what is no letter": {"/PageLabels<</Nums[0<</S/D/P(\\(A\\))>>]>>", "0<</S/D/St 2>>"},
		"a long prefix alone":    {"/PageLabels<</Nums[0<</P(P09MARK)>>]>>", "0<</S/D/St 2>>2<</S/D/St 5>>4<</S/D/St 9>>"},
		"a tree": {"/PageLabels<</Kids[<</Limits[0 3]/Nums[0<</S/R>>]>><</Limits[4 9]/Nums[4<</S/D/St 40>>]>>]>>",
			"0<</S/R/St 2>>2<</S/D/St 40>>4<</S/D/St 44>>"},
		"a tree that bites itself": {"/PageLabels 1 0 R", "0<</S/D/St 2>>2<</S/D/St 5>>4<</S/D/St 9>>"},
		"a long prefix": {"/PageLabels<</Nums[0<</S/D/P(A story that is no name of a page)>>]>>",
			"0<</S/D/St 2>>"},
		"numbers beyond all":     {"/PageLabels<</Nums[0<</S/D/St 99999999>>]>>", "0<</S/D/St 2>>"},
		"another style":          {"/PageLabels<</Nums[0<</S/Secret>>]>>", "0<</S/D/St 2>>"},
		"nonsense":               {"/PageLabels[1 2 3]", "0<</S/D/St 2>>"},
		"a reference to nothing": {"/PageLabels 900 0 R", "0<</S/D/St 2>>"},
	} {
		for _, strict := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", strict ", strict), func(t *testing.T) {
				m := newMade()
				m.catalog = c.catalog
				each(func(n int) { m.extra[n] = "/MediaBox[0 0 298 421]" }) // small pictures are made sooner
				o := order(kept)
				o.Strict, o.Title = strict, "Kecamatan “Gantung” <Dalam> Angka & 2023"
				made, err := cutFile(t, m.file(), o)
				if err != nil || strict != (made.Mode == "raster") {
					t.Fatal(made.Mode, made.Verdict, err)
				}
				found := regexp.MustCompile(`/PageLabels<</Nums\[(.*)\]>>`).FindSubmatch(made.Data)
				if found == nil || !strings.HasPrefix(string(found[1]), c.want) {
					t.Errorf("pages are called %s, want %s", found, c.want)
				}
				if !bytes.Contains(made.Data, []byte("/Lang(id-ID)")) ||
					!bytes.Contains(made.Data, []byte("<rdf:li>id-ID</rdf:li>")) ||
					!bytes.Contains(made.Data, []byte("Kecamatan “Gantung” &lt;Dalam&gt; Angka &amp; 2023")) {
					t.Error("no language, or no title")
				}
				for _, other := range []string{"P01MARK", "P04MARK", "P09MARK", "Secret"} {
					if bytes.Contains(made.Data, []byte(other)) {
						t.Errorf("%s of another page is in the file", other)
					}
				}
				if _, err := exec.LookPath("pdfinfo"); err != nil {
					return
				}
				path := filepath.Join(t.TempDir(), "a.pdf")
				if err := os.WriteFile(path, made.Data, 0o600); err != nil {
					t.Fatal(err)
				}
				said, err := exec.Command("pdfinfo", "-enc", "UTF-8", path).CombinedOutput()
				if err != nil || !strings.Contains(string(said), o.Title) || strings.Contains(string(said), "rror") {
					t.Errorf("pdfinfo: %v\n%s", err, said)
				}
			})
		}
	}
}

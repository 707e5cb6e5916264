package holdings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pst/store/holdings/internal/proof"
)

// The self-check must find each kind of damage by itself, whatever made it.
func TestSelfCheckFindsWhatIsWrong(t *testing.T) {
	ctx := context.Background()
	good, err := cutChecked(ctx, mustRead(t, website()), order(granted))
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.Excerpt(ctx, good, len(granted)); err != nil {
		t.Fatalf("a good excerpt fails: %v", err)
	}
	swap := func(old, new string) []byte {
		if !bytes.Contains(good, []byte(old)) {
			t.Fatalf("no %s to change", old)
		}
		return bytes.Replace(good, []byte(old), []byte(new), 1)
	}
	body := good[:bytes.LastIndex(good, []byte("\nxref\n"))+1]
	for name, data := range map[string][]byte{
		"no PDF":                        []byte("%PDF-1.7"),
		"cut short":                     good[:len(good)/2],
		"something behind the end":      append(bytes.Clone(good), "P05MARK"...),
		"a comment between objects":     swap("\nendobj\n", "\nendobj\n%P05\n"),
		"an object more":                withObject(good, body, "<</Type/Secret/Text(P05MARK)>>"),
		"a stream more":                 withObject(good, body, "<</Length 7>>\nstream\nP05MARK\nendstream"),
		"a page more":                   withObject(good, body, "<</Type/Page/MediaBox[0 0 9 9]>>"),
		"a key of a page":               swap("/Type/Page/Parent", "/Type/Page/AA 3 0 R/Parent"),
		"a key of the catalog":          swap("/Type/Catalog/", "/Type/Catalog/Names 3 0 R/"),
		"another language":              swap("/Lang(id-ID)", "/Lang(P0-5M)"),
		"no language":                   swap("/Lang(id-ID)", "           "),
		"a story for a page's name":     swap("/S/D/St 3", "/P(P05MARK is what it says)"),
		"a page's name of another kind": swap("/S/D/St 3", "/S/P05MARK/St 3"),
		"a page's name without number":  swap("/S/D/St 3", "/S/D"),
		"a key of a page's name":        swap("/S/D/St 3", "/S/D/St 3/X(P05)"),
		"names of pages that are none":  swap("/PageLabels<</Nums[0<<", "/PageLabels<</Nums[7<<"),
		"names of pages in a tree":      swap("/PageLabels<</Nums[", "/PageLabels<</Limits[0 1]/Nums["),
		"a string in a font":            swap("/Type/Font/", "/Type/Font/X(P05)/"),
		"a string in a list of a font":  swap("/Type/Font/", "/Type/Font/X[(P05)]/"),
		"a kind that leads elsewhere":   swap("/Type/Font/", "/Type/Annot/"),
		"a resource nobody paints with": swap("/Resources<<", "/Resources<</ColorSpace<</Z 1 0 R>>"),
		"an image of another size":      swap("/Height 16", "/Height 15"),
		"an image that is not packed": swap("/BitsPerComponent 8/Filter/FlateDecode",
			"/BitsPerComponent 8/Filter/LZWDecode  "),
		"a stream of another length": swap("/Filter/FlateDecode/Length ", "/Filter/FlateDecode/Length 1"),
	} {
		t.Run(name, func(t *testing.T) {
			if err := proof.Excerpt(ctx, data, len(granted)); !errors.Is(err, proof.ErrProof) {
				t.Errorf("error %v", err)
			}
		})
	}
	if err := proof.Excerpt(ctx, good, 1); !errors.Is(err, proof.ErrProof) {
		t.Errorf("two pages for one: %v", err)
	}
	for content, right := range map[string]bool{
		"BT /F1 9 Tf (a) Tj ET": true, "(a) pop": false, "% a\nn": false, "/X gs": false, "BI /W 1 ID x EI": false,
		"q":                                     false,
		"/Span<</ActualText<feff0041>>>BDC EMC": true, "/Span<</ActualText(a long text of many letters)>>BDC EMC": false,
		"/P<</MCID 0>>BDC EMC": false, "(a)": false, "ET": false,
	} {
		data := onePage(content)
		if err := proof.Excerpt(ctx, data, 1); (err == nil) != right {
			t.Errorf("content %q: %v", content, err)
		}
	}
}

const standardFont = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"

// onePage is an excerpt with this content.
func onePage(content string) []byte {
	b := newBook()
	res := ""
	if strings.Contains(content, "/F1") {
		res = "/Font<</F1 " + b.Add(standardFont).String() + ">>"
	}
	b.kids = append(b.kids, b.Add(fmt.Sprintf("<</Type/Page/Parent %s/MediaBox[0 0 9 9]/Resources<<%s>>/Contents %s>>",
		b.tree, res, b.AddFlate("", []byte(content)))).String())
	return b.finish(order(granted), "K7F3Q9", nil)
}

// withObject is an excerpt with one object appended that nothing refers to.
func withObject(whole, body []byte, object string) []byte {
	var size int
	i := bytes.LastIndex(whole, []byte("/Size "))
	fmt.Sscan(string(whole[i+6:i+12]), &size)
	tail := string(whole[len(body):])
	tail = strings.Replace(tail, fmt.Sprintf("0 %d\n", size), fmt.Sprintf("0 %d\n", size+1), 1)
	tail = strings.Replace(tail, "trailer", fmt.Sprintf("%010d 00000 n \ntrailer", len(body)), 1)
	tail = strings.Replace(tail, fmt.Sprintf("/Size %d", size), fmt.Sprintf("/Size %d", size+1), 1)
	added := fmt.Sprintf("%d 0 obj\n%s\nendobj\n", size, object)
	at := strings.Index(tail, "startxref\n")
	return []byte(string(body) + added + tail[:at] + fmt.Sprintf("startxref\n%d\n%%%%EOF\n", len(body)+len(added)))
}

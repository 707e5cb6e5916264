package search

import (
	"fmt"
	"strconv"
	"strings"

	// The tokenizer that the mapping names.
	_ "github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/mapping"
)

// mappingVersion goes up whenever documents or their analysis change; an index
// of another version is made anew.
const mappingVersion = 7

// The fields of the documents. Texts are analysed by this package before they
// reach Bleve, which only cuts them at spaces: no filter has to be registered
// by the programs that open the index.
const (
	fKind     = "k" // kindSeries, kindPage or kindSheet
	fOffice   = "o"
	fDistrict = "d" // name of the kecamatan, spaces as "_"; "-" none
	fWords    = "w" // stems of title, subjects and abstract of a series
	fSurface  = "v" // words as written, for the vocabulary
	fNumber   = "n" // catalogue numbers
	fMember   = "m" // ids of a series' publications
	fArea     = "a" // level|office|name|title, for the atlas
	fBook     = "b" // id of a page's or table's publication
	fText     = "t" // stems of a page's text
	fTable    = "h" // stems of the table titles of a page
	fCells    = "c" // stems of all that may explain a question in a trusted table
	fBody     = "j" // stored: the series, or the titles of a page's tables

	kindSeries = "s"
	kindPage   = "p"
	kindSheet  = "t"
	noDistrict = "-"
)

// indexMapping says which fields are words, which are keys and which are stored.
func indexMapping() (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("split", map[string]any{"type": custom.Name, "tokenizer": "whitespace"}); err != nil {
		return nil, fmt.Errorf("make index mapping: %w", err)
	}
	m.DefaultAnalyzer = "split"
	d := bleve.NewDocumentStaticMapping()
	for _, name := range []string{fWords, fSurface, fText, fTable, fCells} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer = "split"
		f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, false, false, false
		d.AddFieldMappingsAt(name, f)
	}
	for _, name := range []string{fKind, fOffice, fDistrict, fNumber, fMember, fArea, fBook} {
		f := bleve.NewKeywordFieldMapping()
		f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, false, false, false
		d.AddFieldMappingsAt(name, f)
	}
	j := bleve.NewTextFieldMapping()
	j.Index, j.Store, j.IncludeInAll, j.IncludeTermVectors, j.DocValues = false, true, false, false, false
	d.AddFieldMappingsAt(fBody, j)
	m.DefaultMapping = d
	return m, nil
}

// seriesName is the document's name of a series.
func seriesName(key string) string { return "s/" + key }

// pageName is the document's name of a page. It sorts in the order of pages.
func pageName(book string, page int) string { return fmt.Sprintf("p/%s/%06d", book, page) }

// splitPageName takes a page document's name apart.
func splitPageName(name string) (book string, page int) {
	name = strings.TrimPrefix(name, "p/")
	i := strings.LastIndexByte(name, '/')
	if i < 0 {
		return name, 0
	}
	page, _ = strconv.Atoi(strings.TrimLeft(name[i+1:], "0"))
	return name[:i], page
}

// sheetName is the document's name of a trusted table; key names it within its book.
func sheetName(book, key string) string { return "t/" + strings.ReplaceAll(key, "/", "_") + "/" + book }

// splitSheetName takes a table document's name apart.
func splitSheetName(name string) (book, key string) {
	key, book, _ = strings.Cut(strings.TrimPrefix(name, "t/"), "/")
	return book, key
}

// sheetDocument is what the index holds of a trusted table.
func sheetDocument(s *sheet, pl placed) map[string]any {
	return map[string]any{
		fKind: kindSheet, fOffice: pl.series.Office, fDistrict: districtKey(pl.series.District), fBook: s.book,
		fCells: strings.Join(s.words(), " "),
	}
}

// seriesDocument is what the index holds of a series.
func (t *tables) seriesDocument(s series) map[string]any {
	abstract := words(s.Abstract)
	stems := append(t.stems(s.Words), t.stems(abstract)...)
	for _, topic := range t.rule(t.stems(s.Words)).topics {
		stems = append(stems, topic...)
	}
	var numbers, members []string
	for _, e := range s.Editions {
		numbers = append(numbers, e.Numbers...)
		members = append(members, e.ID)
	}
	d := map[string]any{
		fKind: kindSeries, fOffice: s.Office, fDistrict: districtKey(s.District),
		fWords: strings.Join(stems, " "), fSurface: strings.Join(append(abstract, s.Words...), " "),
		fNumber: numbers, fMember: members, fBody: s.body(),
	}
	if s.Lower != "" {
		lv := levelOf(s.Office)
		if s.District != "" {
			lv = district
		}
		d[fArea] = area{office: s.Office, level: lv, name: s.Lower, title: s.AreaName}.key()
	}
	return d
}

// key writes an area as one term of fArea; readArea reads it.
func (a area) key() string {
	return strings.Join([]string{strconv.Itoa(int(a.level)), a.office, a.name, a.title}, "|")
}

func readArea(s string) (area, bool) {
	p := strings.SplitN(s, "|", 4)
	if len(p) != 4 {
		return area{}, false
	}
	lv, err := strconv.Atoi(p[0])
	return area{office: p[1], level: level(lv), name: p[2], title: p[3]}, err == nil
}

func districtKey(name string) string {
	if name == "" {
		return noDistrict
	}
	return strings.ReplaceAll(name, " ", "_")
}

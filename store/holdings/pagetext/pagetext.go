// Package pagetext makes the raw text of a publication's pages fit to search
// and to quote: it strips what a publication repeats on every page, recognises
// the printed page numbers, and reads the lists of contents, tables and
// figures.
//
// It knows how the publications of BPS are laid out, and nothing of PDF.
package pagetext

import (
	"strings"
	"unicode"

	"pst/conversation"
	"pst/store/holdings/internal/lazy"
)

// Clean turns the text of each page, in reading order with one line a row, into
// the contents of a publication. Pages keep their order and number; a page
// without text has an empty one.
func Clean(texts []string) conversation.Contents {
	pages := make([][]string, len(texts))
	texts = withoutMark(texts)
	for i, t := range texts {
		pages[i] = rows(t)
	}
	numbers := strip(pages)
	first := numbers.firstArabic(len(pages))
	c := conversation.Contents{Pages: make([]conversation.Page, len(pages))}
	for i, p := range pages {
		c.Pages[i] = conversation.Page{
			Number:  i + 1,
			Printed: numbers.printed[i],
			Front:   i+1 < first || first == 0 && frontMatter(i, len(pages), p),
			Text:    leaders().ReplaceAllString(strings.Join(p, "\n"), " "),
		}
	}
	c.Entries = entries(pages, c.Pages, numbers)
	return c
}

var (
	siteMark = lazy.Regexp(`(?i)\s*\bhttps?://[a-z0-9.-]+\.go\.id\b/?`)
	leaders  = lazy.Regexp(` *(?:(?: ?[.·_]){4,}|-{4,}|…{2,}|\.{3}…+) *`)
)

// withoutMark takes away the address that the office's website prints across
// each page of what it hands out: one that stands on a quarter of the pages.
func withoutMark(texts []string) []string {
	pages := map[string]int{}
	for _, t := range texts {
		met := map[string]bool{}
		for _, m := range siteMark().FindAllString(t, 20) {
			if m = strings.TrimSpace(m); !met[m] {
				met[m] = true
				pages[m]++
			}
		}
	}
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = siteMark().ReplaceAllStringFunc(t, func(m string) string {
			if pages[strings.TrimSpace(m)] >= max(2, len(texts)/4) {
				return ""
			}
			return m
		})
	}
	return out
}

// rows splits a page into its lines without white space around.
func rows(text string) []string {
	text = strings.NewReplacer("\u0002\r\n", "", "\u0002", "", "\ufffe\r\n", "", "\ufffe", "", "\u00ad", "", "\u00a0",
		" ").Replace(text)
	var out []string
	for line := range strings.Lines(text) {
		line = strings.Map(func(r rune) rune {
			switch {
			case r == '\t':
				return ' '
			case unicode.IsControl(r), unicode.Is(unicode.Co, r):
				return -1
			}
			return r
		}, line)
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			out = append(out, line)
		}
	}
	return out
}

var front = lazy.Regexp(`(?i)^(kata pengantar|preface|foreword|daftar (isi|tabel|gambar|grafik|lampiran|singkatan)|contents|list of (tables|figures)|tim penyusun|penyunting|issn|isbn|katalog|no(mor|\.)? publikasi|ukuran buku)`)

// frontMatter tells whether a page of a publication without recognised numbers
// stands before its chapters: the first page, and near the start those that
// begin as a preface, a list or an imprint does.
func frontMatter(i, pages int, p []string) bool {
	if i == 0 {
		return true
	}
	if i > max(4, pages/5) {
		return false
	}
	for _, row := range p[:min(len(p), 6)] {
		if front().MatchString(row) {
			return true
		}
	}
	return len(p) < 3 && i < 4
}

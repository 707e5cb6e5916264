package conversation

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Limit is how many pages of a publication one reader may have for life, over
// all channels: floor(0.20 x pages), and none of fewer than five pages (the
// office's published service standard, procedure line 6: at most 20%).
func Limit(pages int) int {
	if pages < 5 {
		return 0
	}
	return pages / 5
}

// PageSet is a set of PDF page numbers, ascending, from 1, without repeats.
type PageSet []int

// NewPageSet sorts and removes repeats.
func NewPageSet(pages ...int) PageSet {
	s := slices.Clone(pages)
	slices.Sort(s)
	return slices.Compact(s)
}

// Union is the set of pages in either.
func (s PageSet) Union(t PageSet) PageSet { return NewPageSet(append(slices.Clone(s), t...)...) }

// Minus is the set of pages of s that are not in t.
func (s PageSet) Minus(t PageSet) PageSet {
	out := PageSet{}
	for _, p := range s {
		if _, found := slices.BinarySearch(t, p); !found {
			out = append(out, p)
		}
	}
	return out
}

// String writes the set as ranges: "12-18,25".
func (s PageSet) String() string {
	var b strings.Builder
	for i := 0; i < len(s); {
		j := i
		for j+1 < len(s) && s[j+1] == s[j]+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(s[i]))
		if j > i {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(s[j]))
		}
		i = j + 1
	}
	return b.String()
}

// MarshalJSON writes the set as ranges.
func (s PageSet) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *PageSet) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	if text == "" {
		*s = nil
		return nil
	}
	set, err := ParsePages(text, MostPages)
	*s = set
	return err
}

// MostPages is more pages than any publication has: no file of more is taken in.
const MostPages = 5000

// Errors of [ParsePages].
var (
	ErrPagesSyntax = errors.New("pages must be numbers and ranges, such as 12-18,25")
	ErrPagesRange  = errors.New("page outside the publication")
)

// ParsePages reads page numbers and ranges as people write them: "12-18, 25",
// "hal 12 sampai 18 dan 25", "12–18". Pages outside 1…last give
// [ErrPagesRange]; anything else that is not understood, [ErrPagesSyntax].
func ParsePages(text string, last int) (PageSet, error) {
	if len(text) > 2000 {
		return nil, fmt.Errorf("parse pages: %w", ErrPagesSyntax)
	}
	text = strings.ToLower(text)
	text = strings.NewReplacer("–", "-", "—", "-", "−", "-", "s/d", "-", "s.d.", "-", "sampai", "-", "hingga", "-",
		"halaman", " ", "hal.", " ", "hal", " ", "dan", ",", "&", ",", ";", ",").Replace(text)
	text = strings.TrimSpace(text)
	var fields []string
	for _, part := range strings.Split(text, ",") {
		part = strings.Join(strings.Fields(part), " ")
		part = strings.ReplaceAll(strings.ReplaceAll(part, " -", "-"), "- ", "-")
		fields = append(fields, strings.Fields(part)...)
	}
	var pages []int
	for _, f := range fields {
		from, to, ranged := strings.Cut(f, "-")
		if !ranged {
			to = from
		}
		a, errA := pageNumber(from)
		b, errB := pageNumber(to)
		if errA != nil || errB != nil {
			return nil, fmt.Errorf("parse pages: %w", ErrPagesSyntax)
		}
		if a > b {
			a, b = b, a
		}
		if a < 1 || b > last {
			return nil, fmt.Errorf("parse pages: %w", ErrPagesRange)
		}
		for p := a; p <= b; p++ {
			pages = append(pages, p)
		}
		if len(pages) > 2*MostPages {
			return nil, fmt.Errorf("parse pages: %w", ErrPagesSyntax)
		}
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("parse pages: %w", ErrPagesSyntax)
	}
	return NewPageSet(pages...), nil
}

// pageNumber reads plain digits only (Atoi would take signs); numbers too long
// to be pages become one that is outside every publication.
func pageNumber(s string) (int, error) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, ErrPagesSyntax
	}
	if len(s) > 7 {
		return 10 * MostPages, nil
	}
	return strconv.Atoi(s)
}

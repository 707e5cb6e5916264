package conversation

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// yearEnd is the year, or the span of years, that a title ends with.
var yearEnd = regexp.MustCompile(`[\s,(]+((?:19|20)\d{2}(?:\s*[-–/]\s*\d{2,4})?)\)?\s*$`)

// lines of a list stay under width characters, keep the year that they end with,
// and differ from one another where their texts differ: of texts that would read
// the same when cut, each is shown from where it differs.
func linesApart(texts []string, width int) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = cutHead(oneLine(s), width)
	}
	for i := range out {
		var same []string
		for j := range out {
			if out[j] == out[i] && oneLine(texts[j]) != oneLine(texts[i]) {
				same = append(same, oneLine(texts[j]))
			}
		}
		if len(same) == 0 {
			continue
		}
		words := strings.Fields(texts[i])
		at := len(words)
		for _, other := range same {
			o := strings.Fields(other)
			n := 0
			for n < len(words) && n < len(o) && words[n] == o[n] {
				n++
			}
			at = min(at, n)
		}
		begin := strings.Join(words[:min(2, at)], " ")
		rest := strings.Join(words[min(at, len(words)):], " ")
		line := begin + " … " + cutHead(rest, max(20, width-utf8.RuneCountInString(begin)-3))
		if rest == "" || slices.Contains(out[:i], line) { // nothing shorter tells them apart
			line = oneLine(texts[i])
		}
		out[i] = line
	}
	return out
}

// cutHead cuts before the year that a text ends with.
func cutHead(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	m := yearEnd.FindStringSubmatchIndex(s)
	if m == nil {
		return cut(s, width)
	}
	year := s[m[2]:m[3]]
	return cut(s[:m[0]], max(10, width-1-utf8.RuneCountInString(year))) + " " + year
}

// shortArea writes the office's own area short: every second title has it.
func (o *Office) shortArea(title string) string {
	area := strings.TrimPrefix(o.Name, "BPS ")
	short := area
	for long, abbreviation := range map[string]string{"Kabupaten ": "Kab. ", "Provinsi ": "Prov. "} {
		if rest, ok := strings.CutPrefix(area, long); ok {
			short = abbreviation + rest
		}
	}
	return strings.ReplaceAll(title, area, short)
}

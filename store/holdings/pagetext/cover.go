package pagetext

import (
	"strings"

	"pst/store/holdings/internal/lazy"
)

var (
	noHeading = lazy.Regexp(`(?i)badan pusat statistik|^bps|statistics of|katalog|catalog|issn|isbn|https?:|` +
		`^nomor|^no\.|^(volume|vol\.|kerja\s?sama|diterbitkan|published|cover|kover)\b|x{4}|^\d+([./-]\d+)*$`)
	publisher = lazy.Regexp(`(?i)badan pusat statistik|^bps`)
	region    = lazy.Regexp(`(?i)^(provinsi|kabupaten|kota|kab\.)(\s+[\p{L}.]+){1,4}$`)
	goesWith  = lazy.Regexp(`(?i)^(dalam|menurut|tahun|(19|20)\d\d)\b`)
	coverYear = lazy.Regexp(`(?i)^(?:tahun\s+)?((?:19|20)\d\d(?:\s?[-–/]\s?(?:19|20)\d\d)?)$`)
	// coverEnglish is a title in English, which covers set below the Indonesian one.
	coverEnglish = lazy.Regexp(`(?i)\b(subdistrict|district|regency|municipality|province|` +
		`figures|statistics|yearbook|indicators?)\b`)
)

// headingRows is how many lines a title on a cover has at most.
const headingRows = 5

// Heading is the title on a cover, with the year that it is of: without the
// publisher above, and the translation, numbers and addresses below. It is empty
// when nothing is left.
func Heading(cover string) string {
	var title []string
	year := ""
	all := rows(cover)
	for i, row := range all {
		if m := coverYear().FindStringSubmatch(row); m != nil {
			if len(title) > 0 {
				year = m[1]
				break
			}
			continue
		}
		office := region().MatchString(row) && i > 0 && publisher().MatchString(all[i-1]) &&
			(i+1 == len(all) || !goesWith().MatchString(all[i+1]))
		foreign := english(row) || coverEnglish().MatchString(row)
		if len(title) > 0 && (foreign || noHeading().MatchString(row) || len(title) == headingRows) {
			if !foreign {
				break
			}
			year = yearBelow(all[i:])
			break
		}
		if !office && !foreign && !noHeading().MatchString(row) {
			title = append(title, row)
		}
	}
	heading := strings.Join(title, " ")
	if heading != "" && year != "" && !strings.Contains(heading, year) {
		heading += " " + year
	}
	return heading
}

// yearBelow is the first line that is only a year, of the few that follow.
func yearBelow(all []string) string {
	for _, row := range all[:min(len(all), 4)] {
		if m := coverYear().FindStringSubmatch(row); m != nil {
			return m[1]
		}
	}
	return ""
}

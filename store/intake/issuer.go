package intake

import (
	"regexp"

	"pst/conversation"
)

// publicationNo is the form of a publication's number: the office that issued it, one
// digit of its unit, the year and a running number, as in 19060.2401.
var publicationNo = regexp.MustCompile(`^(\d{4})\d\.\d{4,5}$`)

// Issuer is the office that more than half of the publications are of by their numbers,
// and how many; "" when there is none such. Numbers of directorates look the same: whether
// the code is an office's, the caller knows.
func Issuer(list []conversation.Publication) (office string, some int) {
	count := map[string]int{}
	for _, p := range list {
		if m := publicationNo.FindStringSubmatch(p.PublicationNo); m != nil {
			count[m[1]]++
		}
	}
	for code, n := range count {
		if 2*n > len(list) {
			return code, n
		}
	}
	return "", 0
}

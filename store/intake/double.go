package intake

import (
	"regexp"
	"strings"

	"pst/conversation"
)

// websiteID finds the pub_id in the address of a publication's page on a BPS
// website: ".../publication/2024/02/28/411fa6ca4607ca610aa52e86/judul.html".
var websiteID = regexp.MustCompile(`/publication/(?:[0-9]{4}/[0-9]{2}/[0-9]{2}/)?([0-9a-f]{24})(?:[/.?#]|$)`)

// LinkID is the website's id of the publication that a link leads to; "" where
// it leads elsewhere.
func LinkID(link string) string {
	if m := websiteID.FindStringSubmatch(strings.ToLower(link)); m != nil {
		return m[1]
	}
	return ""
}

// ownIDs is what ids made by [FileID] begin with.
const ownIDs = "pst"

// OwnID tells whether an id was made by [FileID].
func OwnID(id string) bool { return strings.HasPrefix(id, ownIDs) && len(id) == len(ownIDs)+21 }

// Double is a record that is another one.
type Double struct{ From, Into conversation.Publication }

// Doubles finds among all records of a library those that are one of the
// listed: their link holds its id, or their id was made from its title, which no
// other of the list has.
func Doubles(all, listed []conversation.Publication) (out []Double) {
	byID := map[string]conversation.Publication{}
	byTitle := map[string][]conversation.Publication{}
	for _, p := range listed {
		byID[p.ID] = p
		made := FileID(p.Office, p.Title, "")
		byTitle[made] = append(byTitle[made], p)
	}
	for _, p := range all {
		if into, ok := byID[LinkID(p.Link)]; ok && into.ID != p.ID {
			out = append(out, Double{p, into})
		} else if same := byTitle[p.ID]; len(same) == 1 && same[0].ID != p.ID {
			out = append(out, Double{p, same[0]})
		}
	}
	return out
}

package conversation

import (
	"strings"
	"time"
)

// Mark is what is written on every page of an excerpt: for whom it is, when it was asked
// for by the office's clock, its code, and the office whose publication it is. Its errors
// are those of [Texts.Text].
func (x *Texts) Mark(at time.Time, code, publisher string, who ...string) (Mark, error) {
	limit, err := x.Text("mark", D{"Publisher": publisher})
	if err != nil {
		return Mark{}, err
	}
	foot, err := x.Text("mark.foot", nil)
	if err != nil {
		return Mark{}, err
	}
	when := at.In(x.office.Zone).Format("02-01-2006 15.04") + " " + x.office.zoneName()
	return Mark{
		Code:   code,
		Lines:  []string{strings.Join(who, " "), when + " - " + code, limit},
		Footer: strings.Join([]string{code, strings.Join(who, " | "), when, publisher, foot}, " | "),
		Check:  x.office.CheckText(code),
	}, nil
}

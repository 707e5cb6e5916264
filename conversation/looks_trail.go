package conversation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// TrailLine is one line of the audit table as staff see it. Of what people did, and
// not staff, the day alone is shown: a minute would tell whose a confidential complaint is.
type TrailLine struct {
	AuditEntry
	DayOnly bool
}

// Trail is what the audit table holds of a month.
type Trail struct {
	Month Period
	Lines []TrailLine // newest first
	Kinds []string    // what there is to choose from: What up to its colon
	Cut   bool        // there was more than can be shown
}

// trailMost is how many lines of a month are shown.
const trailMost = 20_000

// Trail shows the audit lines of the month that a day is in; kind picks those of one
// kind, "" all. Lines about tickets that are not for this member of staff are left
// out, and the look is noted.
func (l Looks) Trail(ctx context.Context, who Staff, day time.Time, kind string, taken bool) (Trail, error) {
	var out Trail
	err := l.look(ctx, who, func(t *turn) error {
		out.Month = Months(day.In(t.office.Zone), 1)
		all, err := l.Records.AuditBetween(ctx, out.Month.From, out.Month.To, trailMost+1)
		if err != nil {
			return err
		}
		if out.Cut = len(all) > trailMost; out.Cut {
			all = all[:trailMost]
		}
		mine := map[string]bool{}
		for _, e := range all {
			if ticketShape.MatchString(e.Subject) {
				seen, known := mine[e.Subject]
				if !known {
					if _, seen, err = t.ticketOf(e.Subject); err != nil {
						return err
					}
					mine[e.Subject] = seen
				}
				if !seen {
					continue
				}
			}
			k, _, _ := strings.Cut(e.What, ": ")
			if !slices.Contains(out.Kinds, k) {
				out.Kinds = append(out.Kinds, k)
			}
			line := TrailLine{e, t.byPerson(e)}
			if line.DayOnly {
				line.At = midnight(e.At.In(t.office.Zone))
			}
			if kind == "" || k == kind {
				out.Lines = append(out.Lines, line)
			}
		}
		// Those without an hour stand together, in an order of their own: their place among
		// the others would tell it.
		slices.SortStableFunc(out.Lines, func(a, b TrailLine) int {
			if n := b.At.Compare(a.At); n != 0 || !a.DayOnly {
				return n
			}
			return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.What, b.What))
		})
		slices.Sort(out.Kinds)
		what := "audit read"
		if taken {
			what = "audit exported"
		}
		t.audit(what, out.Month.Key())
		return nil
	})
	return out, err
}

// byPerson tells whether an audit line is about what somebody did who is not staff.
func (t *turn) byPerson(e AuditEntry) bool {
	scheme, _, masked := strings.Cut(e.Who, ":***")
	return e.Who == "pembaca" || masked && scheme != Web && !slices.ContainsFunc(t.office.Staff, func(s Staff) bool {
		return slices.ContainsFunc(s.Addresses, func(a Address) bool { return a.Masked() == e.Who })
	})
}

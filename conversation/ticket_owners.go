package conversation

import (
	"slices"
	"strings"
)

// member is who of the staff writes from this address.
func (o *Office) member(a Address) (Staff, bool) {
	i := slices.IndexFunc(o.Staff, func(s Staff) bool { return a == s.Web() || slices.Contains(s.Addresses, a) })
	if i < 0 {
		return Staff{}, false
	}
	return o.Staff[i], true
}

// aboutStaff tells whether a category is configured as one about staff.
func (o *Office) aboutStaff(category string) bool {
	return slices.Contains(o.Lists.AboutStaff, category)
}

// addressees are whom a ticket is for in the first place. A
// complaint about staff is for the second contact alone, whom it does not pass.
func (o *Office) addressees(k Ticket) []Staff {
	role := Kasubbag
	switch {
	case k.AboutStaff || k.Kind == KindComplaint && o.aboutStaff(k.Category):
		role = Second
	case k.Kind == KindLoan:
		if s, ok := o.lender(k.OpenedAt); ok {
			return []Staff{s}
		}
		return nil
	case k.Kind != KindComplaint:
		if s, ok := o.onDuty(k.OpenedAt); ok {
			return []Staff{s}
		}
		return nil
	}
	if s, ok := o.withRole(role); ok {
		return []Staff{s}
	}
	return nil
}

// Owners lists whom of the staff a ticket is for: those it was addressed and
// forwarded to. They alone see it, in any list, letter, report or page; for
// everybody else it does not exist. It is empty when nobody is configured whom it
// may be shown to.
func (o *Office) Owners(k Ticket) []Staff {
	var out []Staff
	add := func(is func(Staff) bool) {
		for _, s := range o.Staff {
			if is(s) && !slices.ContainsFunc(out, func(x Staff) bool { return x.Name == s.Name }) {
				out = append(out, s)
			}
		}
	}
	for _, w := range k.Owners {
		if !slices.ContainsFunc(o.Staff, func(s Staff) bool { return s.Name == w.Name }) {
			add(func(s Staff) bool { return s.Role == w.Role })
			continue
		}
		add(func(s Staff) bool { return s.Name == w.Name })
	}
	if len(k.Owners) == 0 && k.Staff != "" {
		add(func(s Staff) bool { return slices.Contains(s.Addresses, k.Staff) })
	}
	if len(out) == 0 {
		return o.addressees(k)
	}
	return out
}

// Owns tells whether a ticket is for this member of staff.
func (o *Office) Owns(s Staff, k Ticket) bool {
	return slices.ContainsFunc(o.Owners(k), func(x Staff) bool { return x.Name == s.Name })
}

// own makes members of staff the owners of a ticket, beside those it has.
func (k *Ticket) own(staff ...Staff) {
	for _, s := range staff {
		if w := (Owner{s.Name, s.Role}); !slices.Contains(k.Owners, w) {
			k.Owners = append(slices.Clone(k.Owners), w)
		}
	}
}

// tellOwners sends a text about a ticket to its owners, but not to the one who
// caused it ("" for none), and tells how many it was sent to.
func (t *turn) tellOwners(k Ticket, but, key string, data D) int {
	n := 0
	for _, s := range t.office.Owners(k) {
		if s.Name == but || len(s.Addresses) == 0 {
			continue
		}
		t.tellStaff(s, "ticket:"+k.ID, key, data)
		n++
	}
	return n
}

// tellStaff sends a text to a member of staff, at the first of their addresses.
func (t *turn) tellStaff(s Staff, ref, key string, data D) {
	to := s.Addresses[0]
	if to.Scheme() != Mail {
		t.tell(to, ref, key, data)
		return
	}
	t.do(Send{To: to, Subject: t.text("forward.subject", D{"ID": strings.TrimPrefix(ref, "ticket:")}),
		Text: t.text(key, data), Ref: ref})
}

// MayAppoint tells whether a member of staff may change who the staff are, and which
// complaints are about them: those who answer complaints may, not those at the desk,
// whom they are about; anybody while nobody who answers them can be reached.
func (o *Office) MayAppoint(s Staff) bool {
	_, answers := o.withRole(Kasubbag)
	return s.Role != Officer || !answers
}

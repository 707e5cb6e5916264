package conversation

import (
	"errors"
	"time"
)

// copyLife is how long the e-mail copy of a ticket is worth bringing to the office:
// the working days that an answer may take.
const copyLife = 5 * 24 * time.Hour

// mailCopy sends a ticket's copy to the office's mailbox: plain text, without what
// only works in a chat. One about staff goes to no mailbox but its owners': the
// office's is read by those it is about. The operator is told of a ticket that
// reaches nobody.
func (t *turn) mailCopy(k Ticket) {
	owners := t.office.Owners(k)
	if !k.AboutStaff && t.office.ComplaintEmail != "" {
		t.mailTo(Address(Mail+":"+t.office.ComplaintEmail), k)
		return
	}
	reached := false
	for _, s := range owners {
		for _, a := range s.Addresses {
			if reached = true; k.AboutStaff && a.Scheme() == Mail {
				t.mailTo(a, k)
			}
		}
	}
	if !reached {
		t.log.Error("a ticket reaches nobody: its owners have no address that works, and no mailbox may be told", "ticket",
			k.ID)
	}
}

func (t *turn) mailTo(to Address, k Ticket) {
	data := t.cardData(k)
	data["Text"] = quoted(k.Text)
	t.do(Send{To: to, Subject: t.text("forward.subject", D{"ID": k.ID}), Text: t.text("forward.mail", data), Ref: "copy:" +
		k.ID,
		Report: true, Expires: t.at.Add(copyLife)})
}

// copyFailed raises an alarm: the last road of a ticket is closed. It goes to whom
// the ticket is for, over every address; to all staff where it is for nobody.
func (t *turn) copyFailed(id string) error {
	k, err := t.store.Ticket(t.ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	whom := t.office.Owners(k)
	if len(whom) == 0 && !k.AboutStaff {
		whom = t.office.Staff
	}
	told := false
	for _, s := range whom {
		for _, a := range s.Addresses {
			told = true
			t.tell(a, "ticket:"+k.ID, "copy.failed", D{"ID": k.ID, "Email": MaskEmail(t.office.ComplaintEmail)})
		}
	}
	if !told {
		t.log.Error("a ticket reaches nobody: its copy by mail failed, and no staff can be told", "ticket", k.ID)
	}
	return nil
}

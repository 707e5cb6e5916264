package conversation

import (
	"errors"
	"strings"
	"time"
)

// A loan (peminjaman) of a printed book is a ticket: the reader asks, whoever of
// the staff lends agrees with a date, the book comes back. The published standard
// says no more than that none leaves the room without leave of the staff and that
// borrowing follows the borrowing procedure; who, how many and how long are the
// office's, see [Loans].

// LoanDraft is a request in the making.
type LoanDraft struct {
	Book   string `json:"book"`
	Reason string `json:"reason,omitempty"`
}

// loanReasonMax is how many characters of a reason are kept.
const loanReasonMax = 200

func (t *turn) loan() *LoanDraft {
	if t.s.Data.Loan == nil {
		t.s.Data.Loan = &LoanDraft{}
	}
	return t.s.Data.Loan
}

// wantsBook answers who wants to take a book home: the one named, the one at hand,
// or how it is done.
func (t *turn) wantsBook(now *state, title string) error {
	if letters(title) >= queryMin {
		next, err := t.findShelf(title)
		var no *refusal
		if errors.As(err, &no) {
			t.say(no.key, no.data)
			next, err = "shelf_search", nil
		}
		if err == nil {
			t.enter(next)
		}
		return err
	}
	id := ""
	if p, here, err := t.atHand(); err != nil {
		return err
	} else if here && now.book && p.Shelf != "" {
		id = p.ID
	}
	if now.name == "shelf_book" {
		id = t.shelfFound().Book
	}
	if id != "" {
		next, err := t.borrow(id)
		if err == nil {
			t.enter(next)
		}
		return err
	}
	t.say("borrowing", nil)
	if t.message().Asks() {
		t.quiet = true
		return nil
	}
	t.enter("shelf_search")
	return nil
}

// namesBook tells whether a book is wanted by its title.
func namesBook(t *turn) bool {
	title, ok := t.message().Borrows()
	return ok && letters(title) >= queryMin
}

// wantsMoreTime tells whether what is borrowed shall be kept longer.
func wantsMoreTime(t *turn) bool { return t.message().Intent().Value.Intent == "renew loan" }

// notThisBook tells whether words about loans are about another than the one at hand.
func notThisBook(t *turn) bool { return namesBook(t) || wantsMoreTime(t) }

// howToBorrow leads from the menu to the shelf.
func (t *turn) howToBorrow() (string, error) {
	t.say("borrowing", nil)
	return "shelf_search", nil
}

func (t *turn) borrowShelfBook() (string, error) { return t.borrow(t.shelfFound().Book) }

func (t *turn) borrowPicked() (string, error) { return t.borrow(t.found().Pub) }

// printedHere tells whether the publication at hand stands on a shelf.
func printedHere(t *turn) bool {
	p, err := t.publication()
	return err == nil && p.Shelf != ""
}

// borrow begins the request for a book. Only readers borrow: their card is known.
func (t *turn) borrow(id string) (string, error) {
	if next, err := t.admit(After{State: "loan", Text: id}); next != "" || err != nil {
		return next, err
	}
	may, err := t.mayBorrow(id)
	if err != nil {
		return "", err
	}
	if !may {
		t.quiet = true
		return t.s.State, nil
	}
	t.shelfFound().Book = id
	t.s.Data.Loan = &LoanDraft{Book: id}
	return "loan_reason", nil
}

// mayBorrow tells whether the reader may ask for a book now, and says why not.
func (t *turn) mayBorrow(id string) (bool, error) {
	p, err := t.store.Publication(t.ctx, id)
	if isMissing(err) || err == nil && p.Shelf == "" {
		t.say("publication.gone", nil)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, err := t.me()
	if err != nil {
		return false, err
	}
	if _, ok := t.office.lender(t.at); !ok {
		t.say("loan.nobody", nil)
		return false, nil
	}
	if r.Frozen {
		t.say("frozen", nil)
		return false, nil
	}
	mine, err := t.loans()
	if err != nil {
		return false, err
	}
	for _, k := range mine {
		switch {
		case k.Book == id:
			t.say("loan.same", D{"Ticket": k, "Title": k.title()})
			return false, nil
		case k.late(t.at):
			t.say("loan.late", D{"Ticket": k, "Title": k.title()})
			return false, nil
		}
	}
	if len(mine) >= t.office.Loans.Most {
		t.say("loan.limit", D{"Count": len(mine)})
		return false, nil
	}
	back, err := t.lentOut(p)
	if err == nil && !back.IsZero() {
		t.say("loan.out", D{"Title": cut(p.Title, 120), "Date": back})
		return false, nil
	}
	return err == nil, err
}

// lentOut is when the first copy of a book comes back whose copies are all lent;
// zero while one stands on the shelf. Of a book whose copies nobody counted there
// is one.
func (t *turn) lentOut(p Publication) (time.Time, error) {
	open, err := t.store.OpenTickets(t.ctx)
	if err != nil {
		return time.Time{}, err
	}
	var first time.Time
	n := 0
	for _, k := range open {
		if k.State == StateLent && k.Book == p.ID {
			n++
			if first.IsZero() || k.BackBy.Before(first) {
				first = k.BackBy
			}
		}
	}
	if n < max(1, p.Copies) {
		return time.Time{}, nil
	}
	return first, nil
}

// loans are the reader's loans and requests that are open, newest first.
func (t *turn) loans() ([]Ticket, error) { return t.loansOf(t.s.Chat, t.s.Reader) }

func (t *turn) loansOf(chat Address, reader int64) ([]Ticket, error) {
	all, err := t.store.Tickets(t.ctx, chat, reader)
	if err != nil {
		return nil, err
	}
	var out []Ticket
	for _, k := range all {
		if k.Kind == KindLoan && !k.Closed() {
			out = append(out, k)
		}
	}
	return out, nil
}

// title is the book of a loan, as it was called when it was asked for.
func (k Ticket) title() string {
	title, _, _ := strings.Cut(k.Text, "\n")
	return cut(title, 120)
}

// late tells whether a book should have come back before now.
func (k Ticket) late(at time.Time) bool { return k.State == StateLent && at.After(k.BackBy) }

func loanData(t *turn) D {
	p, err := t.store.Publication(t.ctx, t.loan().Book)
	if err != nil {
		p.Title, p.Shelf = "-", "-"
	}
	return D{"Title": cut(oneLine(p.Title), 120), "Shelf": p.Shelf, "Reason": t.loan().Reason}
}

// loanPicked names the request that a summary is about.
func loanPicked(t *turn) string { return digest(t.loan().Book + t.loan().Reason) }

func (t *turn) pickReason() (string, error) {
	t.loan().Reason = t.subject
	return "loan_review", nil
}

// readReason takes what the book is for, in the reader's own words.
func (t *turn) readReason() (string, error) {
	if t.message().Asks() {
		t.say("borrowing", nil)
		return "loan_reason", nil
	}
	if letters(t.in) < 3 || t.msg.Kind != Text || t.message().Empty() {
		return refuse("loan_reason.bad", nil)
	}
	t.loan().Reason = cut(oneLine(t.in), loanReasonMax)
	return "loan_review", nil
}

func (t *turn) dropLoan() {
	t.s.Data.Loan = nil
	t.say("cancelled.loan", nil)
}

// openLoan makes the request and tells whoever lends.
func (t *turn) openLoan() (string, error) {
	d := *t.loan()
	may, err := t.mayBorrow(d.Book)
	if err != nil {
		return "", err
	}
	t.s.Data.Loan = nil
	if !may {
		return "menu", nil
	}
	p, err := t.store.Publication(t.ctx, d.Book)
	if err != nil {
		return "", err
	}
	staff, _ := t.office.lender(t.at)
	k, err := t.newTicket(KindLoan)
	if err != nil {
		return "", err
	}
	k.Category, k.Identity, k.Book = "Pinjam buku", Named, p.ID
	k.Text = cut(oneLine(p.Title), 160) + "\n" + t.text("loan.about", D{"Shelf": p.Shelf, "Reason": d.Reason})
	k.own(staff)
	k.NextDue = t.office.Reminder(t.at, 1)
	t.do(OpenTicket{k})
	t.forward(k)
	t.say("loan.sent", D{"Ticket": k, "Title": k.title(), "Open": t.office.Open(t.at)})
	return "menu", nil
}

// cancelLoan takes back the requests that staff have not agreed to yet.
func (t *turn) cancelLoan() error {
	t.quiet = true
	if t.s.Data.Loan != nil && strings.HasPrefix(t.s.State, "loan_") {
		t.dropLoan()
		t.enter("menu")
		return nil
	}
	mine, err := t.loans()
	if err != nil {
		return err
	}
	for _, k := range mine {
		if k.State == StateLent {
			continue
		}
		t.closeIdle(k, t.text("loan.taken_back", nil))
		t.say("loan.cancelled", D{"Ticket": k, "Title": k.title()})
	}
	if len(t.said) == 0 {
		t.say("loan.none_asked", nil)
	}
	return nil
}

// renew asks staff for more time with what the reader has borrowed.
func (t *turn) renew() error {
	t.quiet = true
	mine, err := t.loans()
	if err != nil {
		return err
	}
	var lent []Ticket
	for _, k := range mine {
		if k.State == StateLent {
			lent = append(lent, k)
		}
	}
	switch len(lent) {
	case 0:
		t.say("loan.none", nil)
	case 1:
		t.renewLoan(lent[0])
	default:
		var lines []string
		for _, k := range lent {
			lines = append(lines, t.text("loan.line", D{"Ticket": k, "Title": k.title()}))
		}
		t.say("loan.which", D{"Lines": lines, "ID": lent[0].ID})
	}
	return nil
}

func (t *turn) renewLoan(k Ticket) {
	switch {
	case k.State != StateLent:
		t.say("loan.none", nil)
		return
	case k.Renew:
		t.say("loan.renew_again", D{"Ticket": k, "Title": k.title()})
		return
	}
	k.Renew = true
	t.do(UpdateTicket{k})
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: t.text("loan.renew_post", nil), At: t.at}})
	if t.tellOwners(k, "", "loan.renew_asked", D{"Ticket": k, "Title": k.title(), "Tail": k.tail(),
		"Next": t.backFor(k)}) == 0 {
		t.mailCopy(k)
	}
	t.say("loan.renew_sent", D{"Ticket": k, "Title": k.title()})
}

// loansLeft tells whoever lends of the books that a reader keeps whose data is
// erased: their ticket is emptied with the rest. It names no person, and lends no
// reference to the ticket, so that it is not taken back with it.
func (t *turn) loansLeft(lent []Ticket) {
	for _, k := range lent {
		if k.State != StateLent {
			continue
		}
		for _, s := range t.office.Owners(k) {
			if len(s.Addresses) > 0 {
				t.tellStaff(s, "", "loan.erased", D{"Ticket": k, "Title": k.title()})
			}
		}
	}
}

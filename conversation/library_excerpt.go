package conversation

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func pagesData(t *turn) D {
	p, q, ok := t.inHand()
	if !ok {
		return nil
	}
	shift, err := t.shift(p) // where "halaman 1" is printed is not page 1 of the file
	if err != nil {
		t.fault = err
	}
	return D{"Right": q, "Shift": shift, "Owned": q.Owned.String(), "Title": cut(p.Title, 120)}
}

// atoiOr reads a small positive number, or gives the other.
func atoiOr(s string, other int) int {
	if s == "" || len(s) > 6 || strings.Trim(s, "0123456789") != "" {
		return other
	}
	return atoi(s)
}

// readPages takes pages as people name them; other words are a search in the
// book.
func (t *turn) readPages() (string, error) {
	if want, ok := t.pagesMeant(t.table["pages"]); ok {
		return t.takePages(want)
	}
	if letters(t.in) < 3 || t.message().Empty() || t.message().Waits() {
		return refuse("pages.bad", nil)
	}
	if t.message().Unsure() { // which page: the words of the book lead to it
		return "inside", nil
	}
	if told, err := t.askInside(); told || err != nil {
		return "datum", err
	}
	t.s.State = "inside"
	next, err := t.searchInside()
	if no := (*refusal)(nil); errors.As(err, &no) {
		t.s.State = "pages"
	}
	return next, err
}

// propose checks the pages against what the reader may still take, and asks for
// the confirmation.
func (t *turn) propose(p Publication, pages PageSet) (string, error) {
	if next, err := t.toPages(); next != "pages" || err != nil {
		return next, err
	}
	if len(pages) == 0 || pages[0] < 1 || pages[len(pages)-1] > p.Pages {
		return refuse("pages.range", D{"Last": p.Pages})
	}
	q, err := t.right(p)
	if err != nil {
		return "", err
	}
	fresh := pages.Minus(q.Owned)
	if len(fresh) > q.Left {
		return refuse("pages.over", D{"Asked": len(fresh), "Right": q, "Example": fresh[:q.Left].String(),
			"Owned": q.Owned.String()})
	}
	f := t.found()
	f.Pages, f.Asked, f.Table = pages, nil, ""
	return "confirm", nil
}

func confirmData(t *turn) D {
	p, q, _ := t.inHand()
	pages := t.found().Pages
	fresh := len(pages.Minus(q.Owned))
	printed, differ := t.printedOn(p, pages)
	return D{"Table": cut(t.found().Table, 20), "Title": cut(p.Title, 90), "Pages": cut(pages.String(), 60),
		"Printed": cut(printed, 40), "Differ": differ,
		"Count": len(pages), "Fresh": fresh,
		"Left": q.Left - fresh, "Strict": p.Strict, "MB": t.megabytes(p, pages)}
}

// heavy is the size from which on a person is told of it first, who may pay for
// each megabyte.
const heavy = 2_000_000

// megabytes is the size of an excerpt in MB, "3,4"; "" when it is not heavy.
func (t *turn) megabytes(p Publication, pages PageSet) string {
	if t.shelf == nil || len(pages) == 0 {
		return ""
	}
	bytes := t.shelf.ExcerptBytes(t.ctx, p, pages)
	if bytes <= heavy {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64), ".", ",", 1)
}

// pagesPicked names the excerpt that a summary is about, so that a button under
// an older summary sends nothing else.
func pagesPicked(t *turn) string {
	f := t.found()
	return digest(f.Pub + ":" + f.Pages.String() + f.Table)
}

// digest is a short name for what a button is about.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

func (t *turn) readConfirm() (string, error) {
	if want, ok := t.pagesMeant(t.table["confirm"]); ok {
		return t.takePages(want)
	}
	return refuse("choose", nil)
}

// Formats of a table as a file. The first is what most phones and computers open
// rightly; the other is for programs.
const (
	asWorkbook = "xlsx"
	asCSV      = "csv"
)

// order sends the excerpt that was confirmed, or its table.
func (t *turn) order() (string, error) { return t.orderAs(asWorkbook) }

func (t *turn) orderCSV() (string, error) { return t.orderAs(asCSV) }

// ofTable: what is to be confirmed is a table as a file.
func ofTable(t *turn) bool { return t.found().Table != "" }

func ofPages(t *turn) bool { return !ofTable(t) }

func (t *turn) orderAs(format string) (string, error) {
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	if ofTable(t) {
		return t.orderTable(p, format)
	}
	if t.fileLost(p) {
		return "after", t.tellLost(p, t.found().Pages)
	}
	if next, err := t.profileDue(); next != "" || err != nil {
		return next, err
	}
	code, err := t.reserve(t.found().Pages, Excerpt{})
	if code == "" || err != nil {
		return "pages", err
	}
	if meansPrinted(t) { // they have seen both numbers, and confirmed
		t.countBy(p.ID, false)
	}
	f := t.found()
	f.Code, f.Asked = code, nil
	return "delivery", nil
}

// preview sends the first of the pages as a marked picture before the reader
// confirms. A picture is a copy: it counts like any other page.
func (t *turn) preview() (string, error) {
	if next, err := t.profileDue(); next != "" || err != nil {
		return next, err
	}
	pages := t.found().Pages
	code, err := t.reserve(pages[:min(1, len(pages))], Excerpt{Picture: true})
	if code == "" || err != nil {
		return "pages", err
	}
	if t.need() == needSight { // a picture says nothing to them
		p, err := t.publication()
		if err != nil {
			return "", err
		}
		page, err := t.store.Page(t.ctx, p.ID, pages[0])
		if err != nil && !errors.Is(err, ErrNotFound) {
			return "", err
		}
		if text := strings.TrimSpace(page.Text); text != "" {
			t.said = append(t.said, t.text("preview.text", D{"Page": page.Number}), text)
			t.flush()
		}
	}
	return "confirm", nil
}

// reserve reserves pages and puts their excerpt into the outbox, in the form that the
// fields set in it say. code is empty when they cannot be had, and the person was told
// why, or there are none.
func (t *turn) reserve(pages PageSet, form Excerpt) (code string, err error) {
	p, err := t.publication()
	if len(pages) == 0 || err != nil {
		return "", err
	}
	q, err := t.right(p)
	if err != nil {
		return "", err
	}
	if fresh := pages.Minus(q.Owned); len(fresh) > q.Left { // taken meanwhile on the other phone
		t.tally("cap")
		t.say("pages.over", D{"Asked": len(fresh), "Right": q, "Example": fresh[:q.Left].String(), "Owned": q.Owned.String()})
		return "", nil
	}
	if form.Table == nil && t.fileLost(p) {
		return "", t.tellLost(p, pages)
	}
	if t.shelf != nil && !t.shelf.Room() {
		t.say("no_room", nil)
		return "", nil
	}
	r, err := t.store.Reader(t.ctx, t.s.Reader)
	if err != nil {
		return "", err
	}
	if r.Frozen {
		t.say("frozen", nil)
		return "", nil
	}
	if code, err = NewCode(t.random); err != nil {
		return "", err
	}
	cited, err := t.sourceOf(p, pages, code)
	if err != nil {
		return "", err
	}
	citation := ""
	if !form.Picture { // of which the file follows
		citation = t.text("citation", D{"Source": cited})
	}
	// The card number and the phone never stand in a mark (decided from the published
	// product, watermarked soft copies).
	mark, err := t.texts.Mark(t.at, code, cited.Office, r.Number, MaskEmail(r.Email))
	if err != nil {
		return "", err
	}
	e := Excerpt{Code: code, Reader: r.ID, Chat: t.s.Chat, Visit: t.s.Data.Visit, Publication: p.ID, Pages: pages,
		Mark: mark, FileName: fileName(p.Office, p.Title, pages, code),
		Picture: form.Picture, Table: form.Table, Strict: p.Strict, RequestedAt: t.at}
	t.completeTable(&e, cited)
	t.do(ReserveExcerpt{e})
	t.say("preparing", nil)
	t.quiet, t.ref = true, "preparing:"+code
	t.flush()
	t.ref = ""
	t.do(Send{To: t.s.Chat, Text: t.text("caption",
		D{"Title": cut(p.Title, 200), "Pages": cut(strings.ReplaceAll(pages.String(), ",", ", "), 200), "Code": code,
			"Publisher": cited.Office, "Citation": citation}),
		Excerpt: code, Ref: "excerpt:" + code, Report: true, Answers: t.msg.ID, Quotes: true, Copy: []string{code},
		Replaces: &Replacement{"preparing:" + code, t.text("preparing.done", nil)}})
	return code, nil
}

// lostFile is the category of a ticket about a file that is gone.
const lostFile = "Berkas hilang"

// fileLost tells whether the file of a publication has been lost.
func (t *turn) fileLost(p Publication) bool { return t.shelf != nil && !t.shelf.Held(p.File) }

// tellLost tells the person that the file they want is lost, and staff what they
// want, once: it becomes a ticket, whose answer comes back to them.
func (t *turn) tellLost(p Publication, pages PageSet) error {
	wish := t.text("lost.wish", D{"Title": cut(p.Title, 200), "Pages": cut(pages.String(), 200)})
	before, err := t.store.Tickets(t.ctx, t.s.Chat, t.s.Reader)
	if err != nil {
		return err
	}
	for _, k := range before {
		if k.Category == lostFile && !k.Closed() && strings.Contains(k.Text, cut(p.Title, 200)) {
			t.say("lost", D{"Title": cut(p.Title, 200), "ID": k.ID})
			return nil
		}
	}
	k, err := t.newTicket(KindHandoff)
	if err != nil {
		return err
	}
	k.Category, k.Text, k.Identity = lostFile, wish, Named
	if staff, ok := t.office.onDuty(t.at); ok {
		k.Staff = staff.Addresses[0]
	}
	k.NextDue = t.office.Reminder(t.at, 1)
	t.do(OpenTicket{k})
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: wish, At: t.at}})
	t.forward(k)
	t.say("lost", D{"Title": cut(p.Title, 200), "ID": k.ID})
	return nil
}

// NewCode draws an excerpt code: ten characters of Crockford's base 32.
func NewCode(r io.Reader) (string, error) { return random(r, 10) }

var notFileName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// fileName is how the reader sees the excerpt: "BPS1906_Judul_hal12-25_CODE.pdf".
func fileName(office, title string, pages PageSet, code string) string {
	short := strings.Trim(notFileName.ReplaceAllString(title, "-"), "-")
	if len(short) > 60 {
		short = strings.Trim(short[:60], "-")
	}
	ranges := strings.ReplaceAll(pages.String(), ",", "_")
	if len(ranges) > 40 {
		ranges = fmt.Sprintf("%d-%d", pages[0], pages[len(pages)-1])
	}
	return fmt.Sprintf("BPS%s_%s_hal%s_%s.pdf", office, short, ranges, code)
}

// readDelivery answers who writes while an excerpt is being made.
func (t *turn) readDelivery() (string, error) {
	if known, err := t.recognised(); known || err != nil {
		if err != nil {
			return "", err
		}
		return t.seek()
	}
	t.say("preparing.wait", nil)
	t.quiet = true
	return "delivery", nil
}

// excerptSettled acts on the arrival, or the final failure, of an excerpt. The
// five-minute clock stops at the first arrival of the visit.
func (t *turn) excerptSettled(code string, delivered bool) error {
	e, err := t.store.Excerpt(t.ctx, code)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t.do(SettleExcerpt{Code: code, Delivered: delivered, At: t.at})
	if e.Picture && delivered { // the question it was made for is asked again
		t.quiet = t.s.State != "confirm"
		return t.finish()
	}
	waiting := t.s.State == "delivery" && t.found().Code == code
	if !delivered {
		p, err := t.store.Publication(t.ctx, e.Publication)
		switch {
		case err != nil && !errors.Is(err, ErrNotFound):
			return err
		case err == nil && t.fileLost(p):
			if err := t.tellLost(p, e.Pages); err != nil {
				return err
			}
		default:
			t.say("failed", nil)
		}
		t.becomes = &Replacement{"preparing:" + code, t.text("preparing.failed", nil)}
		t.quiet = !waiting
		if waiting {
			t.enter("after")
		}
		if staff, ok := t.office.onDuty(t.at); ok {
			t.tell(staff.Addresses[0], "", "staff.failed", D{"Code": code})
		}
		return t.finish()
	}
	v, err := t.store.Visit(t.ctx, e.Visit)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	known := err == nil
	if known && v.DeliveredAt.IsZero() {
		v.DeliveredAt, v.Excerpt = t.at, code
		if t.s.Data.Visit == v.ID {
			v.Waited = t.s.Data.Waited
		}
	}
	t.quiet = true
	if waiting {
		t.quiet = false
		if known && !v.Asked {
			v.Asked = true
			t.enter("rating")
		} else {
			t.enter("after")
		}
	}
	if known {
		t.do(SaveVisit{v})
	}
	return t.finish()
}

// searchOn asks for the next search of a visit.
func (t *turn) searchOn() (string, error) {
	next, err := t.admit(After{State: "search"})
	if next == "" && err == nil {
		next = "search"
	}
	return next, err
}

func (t *turn) samePublication() (string, error) {
	if t.found().Pub == "" {
		return "search", nil
	}
	return "details", nil
}

func (t *turn) readAfter() (string, error) {
	if want, ok := t.pagesMeant(t.table["after"]); ok {
		return t.takePages(want)
	}
	return t.seekKnown("choose")
}

// offerAgain proposes the excerpt that this chat received last once more: its
// pages are the reader's already. Not ok where there is none.
func (t *turn) offerAgain(now *state) (ok bool, err error) {
	if t.s.Reader == 0 || t.s.Data.Visit == "" {
		return false, nil
	}
	all, err := t.store.Excerpts(t.ctx, t.s.Reader)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(all, func(e Excerpt) bool {
		return !e.Picture && e.Chat == t.s.Chat && !e.DeliveredAt.IsZero() && len(e.Now) > 0
	})
	if i < 0 || !t.pickAgain(all[i].Publication) {
		return false, nil
	}
	if now.name == "rating" { // it is asked again when the file has come
		v, open, err := t.visit()
		if err != nil {
			return false, err
		}
		if v.Asked = false; open {
			t.do(SaveVisit{v})
		}
	}
	t.found().Pages = all[i].Now
	if table := all[i].Table; table != nil {
		t.found().Table = table.Key
	}
	t.say("resend", nil)
	t.enter("confirm")
	return true, nil
}

// dropPages gives up an excerpt that was not confirmed.
func (t *turn) dropPages() {
	t.say("cancelled.excerpt", nil)
	t.found().Pages = nil
}

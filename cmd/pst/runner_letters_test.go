package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"pst/cmd/pst/sheets"
	"pst/conversation"
)

var (
	ticketIn  = regexp.MustCompile(`[A-Z]{2,3}-\d{6}-[0-9A-Z]{3}`)
	excerptIn = regexp.MustCompile(`Kode kutipan ([0-9A-Z]{10})`)
	datumIn   = regexp.MustCompile(`Kode angka ([0-9A-Z]{6})`)
	pinIn     = regexp.MustCompile(`PIN: \*(\d{6})\*`)
	codeIn    = regexp.MustCompile(`^(\d{6}) adalah kode`)
)

// deliver writes a row of the outbox into the transcript, and marks it sent.
func (r *runner) deliver(d conversation.Delivery) {
	r.t.Helper()
	s := d.Send
	text := s.Text
	sent := conversation.Sent{PlatformID: d.Key, At: r.clock}
	if len([]rune(s.Text)) > conversation.MaxReply {
		r.t.Errorf("a text of %d characters was sent", len([]rune(s.Text)))
	}
	keys := map[string]bool{}
	for _, o := range s.Options {
		if keys[o.Key] {
			r.t.Errorf("two buttons %q under %q", o.Key, s.Text)
		}
		keys[o.Key] = true
	}
	if m := ticketIn.FindString(text); m != "" {
		if r.ticket = m; !slices.Contains(r.tickets, m) {
			r.tickets = append(r.tickets, m)
		}
	}
	if m := pinIn.FindStringSubmatch(text); m != nil {
		r.pin = m[1]
	}
	if m := datumIn.FindStringSubmatch(text); m != nil {
		r.answer = m[1]
	}
	if m := excerptIn.FindStringSubmatch(text); m != nil {
		r.excerpt = m[1]
	}
	if s.Subject != "" {
		if m := codeIn.FindStringSubmatch(s.Subject); m != nil {
			r.code = m[1]
		}
		text = "[email " + s.To.Rest() + "] " + s.Subject + "\n" + text
	}
	if s.Attachment != nil {
		text = fmt.Sprintf("[berkas %s] %s", s.Attachment.Name, text)
		if s.Attachment.Chart != nil {
			if _, err := (sheets.Files{}).Chart(r.ctx, *s.Attachment.Chart); err != nil {
				r.t.Error(err)
			}
		}
	}
	staff := slices.ContainsFunc(r.office.Staff, func(m conversation.Staff) bool {
		return slices.Contains(m.Addresses,
			s.To)
	})
	if r.fail == "person" && !staff || r.fail == "excerpt" && s.Excerpt != "" || r.fail == "mail" && s.Subject != "" ||
		strings.HasPrefix(r.fail, "staff") && slices.Contains(r.office.Staff[0].Addresses, s.To) {
		rest := map[string]string{"staff": "", "staff and mail": "mail"}
		r.fail = rest[r.fail]
		if err := r.db.MarkFailed(r.ctx, d.ID, r.clock, "the transcript says so"); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	if r.hold && (s.Excerpt != "" || slices.Contains(r.office.Staff[0].Addresses, s.To)) {
		r.hold = false
		if err := r.db.MarkLater(r.ctx, d.ID, r.clock.Add(time.Hour), "the transcript says so", false); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	if r.away && slices.Contains(r.office.Staff[0].Addresses, s.To) {
		if err := r.db.MarkLater(r.ctx, d.ID, r.clock.Add(time.Hour), "the transcript says so", false); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	if r.down && s.To.Scheme() == conversation.Mail {
		if err := r.db.MarkLater(r.ctx, d.ID, r.clock.Add(30*time.Second), "the transcript says so", false); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	if s.Excerpt != "" {
		make := r.holdings.Excerpt
		switch {
		case d.Order.Data != nil:
			make = sheets.Files{}.Table
		case d.Order.Picture:
			make = r.holdings.Preview
		}
		e, err := make(r.ctx, *d.Order)
		if err != nil {
			r.t.Fatal(err)
		}
		if e.Pages != len(d.Order.Pages) {
			r.t.Errorf("excerpt of %d pages where %d were asked", e.Pages, len(d.Order.Pages))
		}
		if r.handed != nil {
			r.handed(*d.Order)
		}
		sent.SHA256, sent.Mode, sent.Verdict = e.SHA256, e.Mode, e.Verdict
		if !d.Order.Picture {
			r.handedOver = sentFile{e.Name, e.Data}
		}
		if !d.Order.Picture && d.Order.Data == nil {
			defer func() { r.marked(d.Order.Mark) }()
		}
		pages := fmt.Sprint(e.Pages, " halaman")
		if e.Mode == "raster" && !d.Order.Picture {
			pages += " sebagai gambar"
		}
		text = fmt.Sprintf("[berkas %s (%s)] %s", e.Name, pages, text)
	}
	if err := r.db.MarkSent(r.ctx, d.ID, sent); err != nil {
		r.t.Fatal(err)
	}
	r.last[s.To] = d.Key
	if s.To.Scheme() == conversation.Mail {
		r.mailed = d.Key
	}
	if r.muted {
		return
	}
	if s.To.Scheme() != conversation.Mail {
		r.at(s.To)
	}
	r.out.WriteString("< " + strings.ReplaceAll(text, "\n", "\n  ") + "\n")
}

// marked writes the words of the mark that an excerpt carries.
func (r *runner) marked(m conversation.Mark) {
	if !r.muted {
		fmt.Fprintf(&r.out, "= mark: %s\n  foot: %s\n  code: %s\n", strings.Join(m.Lines, " / "), m.Footer, m.Check)
	}
}

// note writes the lines that the audit table got: who did what, and to what.
func (r *runner) note() {
	r.t.Helper()
	all, err := r.db.AuditSince(r.ctx, time.Time{})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, a := range all[r.noted:] {
		if !r.muted {
			r.out.WriteString("= audit: " + strings.TrimRight(a.Who+": "+a.What+", "+a.Subject, ", ") + "\n")
		}
	}
	r.noted = len(all)
}

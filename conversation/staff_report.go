package conversation

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// fileWords ask for a report as files.
var fileWords = []string{"berkas", "file", "dokumen", "excel", "xlsx", "html", "lampiran"}

// reportAsked reads what stands behind LAPORAN: a period, and whether files are meant.
func (t *turn) reportAsked(text string) (p Period, files bool, err error) {
	rest := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \n,.;:!?", r) })
	whole := len(rest)
	rest = slices.DeleteFunc(rest, func(w string) bool { return slices.Contains(fileWords, w) })
	p, err = ParsePeriod(strings.Join(rest, " "), t.at.In(t.office.Zone))
	return p, len(rest) < whole, err
}

// reportKinds are the MIME types of a report by format.
var reportKinds = map[string]string{"html": "text/html", "csv": "text/csv",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// ReportFile is the name and the MIME type of a report as a file; ok is false for a
// format in which staff are given none.
func ReportFile(o *Office, p Period, format string) (name, mime string, ok bool) {
	mime, ok = reportKinds[format]
	return fmt.Sprintf("Laporan-PST-%s-%s.%s", o.Code, p.Key(), format), mime, ok
}

// staffReport answers "LAPORAN 11/2026", with the report or as files. A file is written
// when it is sent: a stop in between leaves nothing behind.
func (t *turn) staffReport(o order) error {
	p, files, err := t.reportAsked(o.text)
	if err != nil {
		t.say("staff.no_text", D{"Usage": t.usage(o.command, "")})
		return nil
	}
	if files {
		for _, format := range []string{"html", "xlsx"} {
			name, mime, _ := ReportFile(t.office, p, format)
			t.do(Send{To: t.s.Chat, Text: t.text("staff.report_file", D{"Period": p.Title(), "Page": format == "html"}),
				Answers:    t.msg.ID,
				Attachment: &Attachment{Name: name, MIME: mime, Report: &ReportOrder{From: p.From, To: p.To, Format: format}}})
		}
		return nil
	}
	r, err := t.store.Report(t.ctx, t.office, p)
	if err != nil {
		return err
	}
	t.said = append(t.said, strings.Split(r.Text(), "\n\n")...)
	return nil
}

// The short line of the day: told as the desk opens on every working day to the staff
// who asked for it, once a day.

// briefAsked are the words that turn it on, and off.
var briefAsked = map[string]bool{"nyala": true, "nyalakan": true, "hidup": true, "hidupkan": true, "aktif": true,
	"aktifkan": true, "on": true, "ya": true,
	"mati": false, "matikan": false, "nonaktif": false, "off": false, "stop": false, "berhenti": false, "tidak": false}

// setBrief answers "RINGKASAN nyala" and "RINGKASAN mati".
func (t *turn) setBrief(o order) error {
	on, known := briefAsked[plain(o.text)]
	d := &t.s.Data
	switch {
	case !known && plain(o.text) != "":
		t.say("staff.no_text", D{"Usage": t.usage(o.command, "")})
		return nil
	case known && on && d.Brief == "": // from the next working day on
		d.Brief = t.today().Format(time.DateOnly)
	case known && !on:
		d.Brief = ""
	}
	t.say("staff.brief_set", D{"On": d.Brief != "", "Next": t.briefDue()})
	return nil
}

// briefDue is when the line is told next; zero for who did not ask.
func (t *turn) briefDue() time.Time {
	last, err := time.ParseInLocation(time.DateOnly, t.s.Data.Brief, t.office.Zone)
	if err != nil {
		return time.Time{}
	}
	return t.office.Opening(last.AddDate(0, 0, 1))
}

// briefTold tells the line when it is due, and whether it was. That the day has been told
// of is kept with the session, in one transaction with the letter. A day that became a
// holiday meanwhile is passed over.
func (t *turn) briefTold() (bool, error) {
	due := t.briefDue()
	if due.IsZero() || t.at.Before(due) {
		return false, nil
	}
	member, staff := t.office.member(t.s.Chat)
	if t.s.Data.Brief = t.today().Format(time.DateOnly); !staff {
		t.s.Data.Brief = ""
	}
	if !staff || !t.office.Working(t.at) {
		return true, nil
	}
	t.member = member
	mine, err := t.openTickets()
	if err != nil {
		return true, err
	}
	late, now := 0, t.at.In(t.office.Zone)
	for _, k := range mine {
		late += flagged(k.AnsweredAt.IsZero() && k.Kind == KindComplaint && !t.office.AddWorkingDays(k.OpenedAt,
			answerDays).After(t.office.AddWorkingDays(now, 0)))
	}
	since := now.AddDate(0, 0, -1)
	for n := 0; n < yearAhead && !t.office.Working(since); n++ {
		since = since.AddDate(0, 0, -1)
	}
	r, err := t.store.Report(t.ctx, t.office, Days(since, now.AddDate(0, 0, -1)))
	if err != nil {
		return true, err
	}
	t.say("staff.brief", D{"Date": now, "Since": since, "Open": len(mine), "Late": late,
		"Visits":   int(r.Number("kunjungan").N),
		"Excerpts": int(r.Number("kutipan").N), "Complaints": int(r.Number("pengaduan_masuk").N)})
	return true, nil
}

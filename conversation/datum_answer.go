package conversation

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// DatumAnswer is what was told as a number in one message. Its code stands in the
// message and finds it again. Whom it was told is not kept, and so nobody can be told
// afterwards that it was wrong: for that the desk would have to keep who asked what.
// Who doubts a number opens a ticket, which has its answer.
type DatumAnswer struct {
	Code  string
	At    time.Time // to the hour
	Cells []AnswerCell
}

// AnswerCell is one number of an answer.
type AnswerCell struct {
	Publication string
	Table       string // its [DataTable.Key]
	Row, Column string // in the table's own words
	Value       string // as printed
}

// SilentTable is a table that answers nobody until staff trust it again.
type SilentTable struct {
	Publication, Table string
	Since              time.Time
	By, Why            string // who silenced it, as the audit names them, and what they gave as reason; empty unknown
}

// TableSilenced is What of the [AuditEntry] of a table that was silenced; ": " and a reason
// may follow. Its Subject is publication and key, parted by a space.
const TableSilenced = "table silenced"

// RecordAnswer keeps what was told under a code. It conflicts when the code is taken.
type RecordAnswer struct{ Answer DatumAnswer }

// SilenceTable says of a table whether it answers nobody. Saying it again changes nothing.
type SilenceTable struct {
	Publication, Table string
	Silent             bool
	At                 time.Time
}

func (RecordAnswer) effect() {}
func (SilenceTable) effect() {}

// What is counted of questions for a number, as the report names it.
const (
	datumGiven  = "datum given"
	datumSilent = "datum silent"
	datumSeries = "datum series"
	datumChart  = "datum chart"
	datumDoubt  = "datum doubted"
	datumWrong  = "datum wrong"
)

// DatumCounts are the keys and names of what is counted of questions for a number.
func DatumCounts() [][2]string {
	return [][2]string{
		{datumGiven, "Dijawab dengan angka dan sumbernya"},
		{datumSilent, "Tidak dijawab: tidak ada tabel yang pasti"},
		{datumSeries, "Daftar angka antartahun"},
		{datumChart, "Grafik antartahun"},
		{datumDoubt, "Diragukan pembaca"},
		{datumWrong, "Ditandai salah oleh petugas"},
	}
}

// codeWidth is how long the code of an answer is.
const codeWidth = 6

// newAnswerCode draws a code with a letter and a digit, so that it is told from a word
// and from a number.
func (t *turn) newAnswerCode() (string, error) {
	for {
		code, err := random(t.random, codeWidth)
		if err != nil || strings.ContainsFunc(code, unicode.IsDigit) && strings.ContainsFunc(code, unicode.IsLetter) {
			return code, err
		}
	}
}

// keepAnswer keeps what is told under a new code.
func (t *turn) keepAnswer(list []Datum) (refs []DatumRef, code string, err error) {
	if code, err = t.newAnswerCode(); err != nil {
		return nil, "", err
	}
	a := DatumAnswer{Code: code, At: t.at.Truncate(time.Hour)}
	for _, d := range list {
		refs = append(refs, refOf(d))
		a.Cells = append(a.Cells, AnswerCell{
			d.Publication, d.Table.Key(), cut(d.rowWords(), 160), cut(d.columnWords(), 160), d.Cell().Text,
		})
	}
	t.do(RecordAnswer{a})
	return refs, code, nil
}

// doubtDatum answers who doubts the number with its source, and offers to have staff
// look: a question to them is asked only by who wants it.
func (t *turn) doubtDatum() (string, error) {
	if !hasDatum(t) {
		return "datum", nil
	}
	t.sayDatumSource()
	key := stable("check", t.subjectOf(t.table[t.s.State]))
	t.s.Data.Doubt = &Doubt{State: t.s.State, Key: key, Text: t.text("datum:check", nil)}
	return refuse("datum.doubt", nil)
}

// doubted is the category of a ticket about a number that a reader doubts.
const doubted = "Angka diragukan"

// checkDatum asks staff to look at the number that was doubted, once.
func (t *turn) checkDatum() (string, error) {
	list := t.shownDatums()
	if len(list) == 0 {
		return "datum", nil
	}
	code := t.found().Datums.Code
	t.quiet = true
	before, err := t.store.Tickets(t.ctx, t.s.Chat, t.s.Reader)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(before, func(k Ticket) bool {
		return k.Category == doubted && !k.Closed() && strings.Contains(k.Text, code)
	})
	if i >= 0 {
		t.say("datum.checked", D{"ID": before[i].ID})
		return t.s.State, nil
	}
	k, err := t.newTicket(KindHandoff)
	if err != nil {
		return "", err
	}
	data := t.datumLine(list[0], 160)
	data["Code"] = code
	k.Category, k.Text, k.Identity = doubted, t.text("datum.ticket", data), Named
	if staff, ok := t.office.onDuty(t.at); ok {
		k.own(staff)
	}
	k.NextDue = t.office.Reminder(t.at, 1)
	t.do(OpenTicket{k})
	t.do(AddPost{Post{Ticket: k.ID, By: "pelapor", Text: k.Text, At: t.at}})
	t.forward(k)
	t.tally(datumDoubt)
	t.say("datum.checked", D{"ID": k.ID})
	return t.s.State, nil
}

const (
	wrongVerb = "SALAH"
	rightVerb = "PERCAYA"
)

var answerShape = regexp.MustCompile(`(?i)^(?:[0-9a-z]{6})(?:[\s,.;:]|$)`)

// answerCodeIn is the code that words begin with, and what follows it; "" for none.
func answerCodeIn(words string) (code, rest string) {
	words = strings.TrimLeft(words, "* ")
	if !answerShape.MatchString(words) || !strings.ContainsFunc(words[:codeWidth], unicode.IsDigit) {
		return "", words
	}
	return codeMeant(words[:codeWidth]), strings.TrimLeft(words[codeWidth:], "* \n,.;:")
}

// judgeAnswer carries out SALAH and PERCAYA: the tables that an answer stood on answer
// nobody until they were looked at, or may again. To be silent is the safe side: nobody
// is asked first. Without a code the silent tables are listed.
func (t *turn) judgeAnswer(o order) error {
	code, why := answerCodeIn(o.text)
	if code == "" {
		s, err := t.silentNamed(o.text)
		switch {
		case err != nil:
			return err
		case s != nil && o.verb == rightVerb:
			return t.trustTable(s)
		}
		return t.listSilent()
	}
	a, err := t.store.Answer(t.ctx, code)
	if isMissing(err) {
		t.say("staff.answer_unknown", D{"Code": code})
		return nil
	}
	if err != nil {
		return err
	}
	silent := o.verb == wrongVerb
	what := tableTrusted
	if silent {
		what = TableSilenced
		if why = cut(oneLine(why), 200); why != "" {
			what += ": " + why
		}
		t.tally(datumWrong)
	}
	var done [][2]string
	for _, c := range a.Cells {
		key := [2]string{c.Publication, c.Table}
		if slices.Contains(done, key) {
			continue
		}
		done = append(done, key)
		t.do(SilenceTable{Publication: c.Publication, Table: c.Table, Silent: silent, At: t.at})
		t.audit(what, c.Publication+" "+c.Table)
	}
	lines, err := t.answerLines(a)
	t.say("staff.answer", D{"Code": code, "Silent": silent, "Lines": lines})
	return err
}

// tellAnswer tells staff what was told under a code.
func (t *turn) tellAnswer(code string) error {
	a, err := t.store.Answer(t.ctx, code)
	if isMissing(err) {
		t.say("staff.answer_unknown", D{"Code": code})
		return nil
	}
	if err != nil {
		return err
	}
	lines, err := t.answerLines(a)
	t.say("staff.answer_told", D{"Code": code, "At": a.At, "Lines": lines})
	return err
}

// answerLines are the numbers of an answer, as staff read them.
func (t *turn) answerLines(a DatumAnswer) ([]string, error) {
	var lines []string
	for _, c := range a.Cells[:min(len(a.Cells), silentShown)] {
		title, err := t.titleOf(c.Publication)
		if err != nil {
			return nil, err
		}
		lines = append(lines, t.text("staff.answer_line", D{"Table": c.Table, "Title": title, "Row": cut(disarmed(c.Row), 60),
			"Column": cut(disarmed(c.Column), 60), "Value": c.Value}))
	}
	return lines, nil
}

func (t *turn) titleOf(publication string) (string, error) {
	p, err := t.store.Publication(t.ctx, publication)
	if errors.Is(err, ErrNotFound) {
		return publication, nil
	}
	return disarmed(cut(oneLine(p.Title), 60)), err
}

const tableTrusted = "table trusted again"

// silentNamed is the silent table that words name by publication and key, as its list
// does; nil for none. An answer's code is forgotten sooner than what it silenced.
func (t *turn) silentNamed(words string) (*SilentTable, error) {
	if len(strings.Fields(words)) != 2 {
		return nil, nil
	}
	list, err := t.store.SilentTables(t.ctx)
	for _, s := range list {
		if strings.EqualFold(s.named(), strings.Join(strings.Fields(words), " ")) {
			return &s, nil
		}
	}
	return nil, err
}

func (s SilentTable) named() string { return s.Publication + " " + s.Table }

// trustTable lets a silent table answer again.
func (t *turn) trustTable(s *SilentTable) error {
	title, err := t.titleOf(s.Publication)
	t.do(SilenceTable{Publication: s.Publication, Table: s.Table, At: t.at})
	t.audit(tableTrusted, s.named())
	t.say("staff.table_trusted", D{"Title": title, "Table": s.Table})
	return err
}

// silentShown is how many silent tables staff are listed.
const silentShown = 6

func (t *turn) listSilent() error {
	list, err := t.store.SilentTables(t.ctx)
	if err != nil {
		return err
	}
	var lines []string
	for _, s := range list[:min(len(list), silentShown)] {
		title, err := t.titleOf(s.Publication)
		if err != nil {
			return err
		}
		lines = append(lines, fmt.Sprintf("%s (%s): *%s %s*", title, s.Table, rightVerb, s.named()))
	}
	t.say("staff.silent_list", D{"Lines": lines, "Total": len(list)})
	return nil
}

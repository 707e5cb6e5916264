package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The judged set: natural answers of people, each typed into a fresh copy of a
// state, and what must be stored then. Columns of testdata/judged.tsv:
//
//	state	typed	class	facts
//
// Several messages are separated by " / ". Classes are accept (the facts hold),
// confirm (they hold, or the answer is said back), and refuse (nothing may be
// accepted: nothing is stored, the question stays; facts may be added). A fact is
// key=value, key~part of the value, or @state.
type judged struct {
	line                int
	state, typed, class string
	facts               []string
}

func readJudged(t *testing.T) []judged {
	t.Helper()
	data, err := os.ReadFile("testdata/judged.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []judged
	for i, l := range strings.Split(string(data), "\n") {
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		c := strings.Split(l, "\t")
		if len(c) != 3 && len(c) != 4 || !slices.Contains([]string{"accept", "confirm", "refuse"}, c[2]) {
			t.Fatalf("judged.tsv:%d: %q", i+1, l)
		}
		j := judged{line: i + 1, state: c[0], typed: c[1], class: c[2]}
		if len(c) == 4 {
			j.facts = strings.Split(c[3], "; ")
		}
		out = append(out, j)
	}
	return out
}

// known is a catalogue that recognises what a small library would.
type known struct{}

var recognisable = []string{"penduduk", "kemiskinan", "miskin", "pdrb", "ipm", "sekolah", "gantung", "manggar", "padi",
	"inflasi",
	"sapi", "population", "poverty", "pnduduk", "ikan", "penganggur", "pengangguran"}

// Data knows the number of two places, asked for by the words for a number, or as what
// goes on with such a question.
func (known) Data(_ context.Context, q Query) ([]Datum, error) {
	asks := func(text string) bool {
		ws := strings.Fields(word(text))
		return strings.Contains(text, "gantung") && (slices.Contains(ws, "berapa") || slices.Contains(ws, "brp"))
	}
	switch {
	case strings.Contains(q.Text, "lenggang") && asks(q.Before):
		return []Datum{aDatum(1)}, nil
	case asks(q.Text):
		return []Datum{aDatum(0)}, nil
	}
	return nil, nil
}

func aDatum(row int) Datum {
	return Datum{Publication: aPublication.ID, Title: aPublication.Title, Edition: aPublication.Year, Table: aTable,
		Row: row, Column: 1}
}

func (known) DataSeries(_ context.Context, d Datum) ([]Datum, error) {
	before := d
	before.Column = 2
	return []Datum{before, d}, nil
}

func (known) Series(context.Context, string) ([]Edition, error) { return nil, nil }

func (known) Search(_ context.Context, q Query) (Result, error) {
	for _, w := range strings.Fields(word(q.Text)) {
		if slices.Contains(recognisable, w) {
			return Result{Total: 3, Hits: []Hit{{ID: "pub-1", Title: aPublication.Title,
				Pages: []PageHit{{Page: 37, Text: "jumlah *penduduk*"}}}}}, nil
		}
	}
	return Result{}, nil
}

const judgedCode = "482913"

// judgedSession is a chat in the state as somebody comes to it.
func judgedSession(b *bench, state string) Session {
	at := b.at.Add(-time.Minute)
	chapter := b.table[state].chapter
	if chapter != "registration" && state != "menu" && state != "visit_info" && state != "info" && state != "other_needs" {
		s := registered(state)
		s.Data.Draft, s.Data.Complaint = nil, &ComplaintDraft{Category: "Saran"}
		s.Data.Find.Pages = nil
		switch state {
		case "datum", "datum_years":
			ref := refOf(aDatum(0))
			s.Data.Find.Query, s.Data.Find.Hits = "berapa penduduk gantung 2023", []FindHit{{ID: aPublication.ID}}
			s.Data.Find.Datums = &DatumsShown{Code: anAnswer.Code, Cells: []DatumRef{ref}, Series: []DatumRef{ref}, Years: true}
		case "confirm":
			s.Data.Find.Pages = PageSet{12, 13}
		case "complaint_review", "identity":
			s.Data.Complaint.Text = "Mohon jam layanan ditambah"
			if state == "complaint_review" {
				s.Data.Complaint.Identity = Hidden
			}
		case "purpose", "mode":
			s.Data.Visit, s.Data.Mode = "", ""
			s.Data.After = &After{State: "search", Text: "penduduk gantung"}
		case "category":
			s.Data.Complaint = &ComplaintDraft{}
		}
		return s
	}
	d := &Draft{ConsentAt: at}
	switch state {
	case "menu", "visit_info", "info", "other_needs":
		d = nil
	case "consent":
		d = nil
	case "name":
	case "card":
		d.Name = "Siti Aminah"
	default:
		d.Name, d.Card = "Siti Aminah", Card{Kind: KTP}
		if state != "card_number" && state != "card_other" {
			d.Card.Last4, d.Card.Hash = "0001", "h"
		}
		if state == "card_expiry" {
			d.Card.Kind = SIM
		}
		if state != "email" {
			d.Email = "siti@gmial.com"
			if state == "email_typo" {
				d.Typo = "siti@gmail.com"
			}
		}
		d.CodeSent, d.CodeHash = at, ""
		d.Verified = !slices.Contains([]string{"card_number", "card_other", "card_expiry", "email", "email_typo", "code"},
			state)
	}
	s := Session{Chat: siti, State: state, SeenAt: at, Data: Data{Draft: d}}
	if state == "consent" {
		s.Data.After = &After{State: "search", Text: "penduduk gantung"}
	}
	if state == "resume" {
		s.Data.Forms, s.Data.Shown = []Parked{{Kind: "registration", State: "email"}}, &Shown{State: "resume"}
	}
	if d != nil && state == "code" {
		d.CodeHash = b.secret.Hash("code", string(siti)+":"+d.Email+":"+judgedCode)
	}
	return s
}

// facts lists what is stored after the messages.
func facts(s Session, turns []Turn) map[string]string {
	f := map[string]string{"@": s.State}
	put := func(k, v string) {
		if v != "" {
			f[k] = v
		}
	}
	profile := func(p Profile) {
		put("gender", p.Gender)
		put("education", p.Education)
		put("work", p.Occupation)
		put("institution", p.Institution)
		put("origin", p.Origin)
		put("disability", p.Disability)
		if p.BirthYear > 0 {
			put("year", strconv.Itoa(p.BirthYear))
		}
	}
	if d := s.Data.Draft; d != nil {
		put("name", d.Name)
		put("card", d.Card.Kind)
		put("last4", d.Card.Last4)
		put("expires", d.Card.Expires)
		put("email", d.Email)
		put("typo", d.Typo)
		put("verified", map[bool]string{true: "yes"}[d.Verified])
		profile(d.Profile)
	}
	if p := s.Data.Profile; p != nil {
		profile(p.Profile)
	}
	put("mode", s.Data.Mode)
	if s.Data.After != nil {
		put("wish", s.Data.After.Text)
	}
	if s.Data.Find != nil {
		put("query", s.Data.Find.Query)
		put("pub", s.Data.Find.Pub)
		put("pages", s.Data.Find.Pages.String())
		put("inside", s.Data.Find.Inside)
	}
	if c := s.Data.Complaint; c != nil {
		put("category", c.Category)
		put("text", c.Text)
		put("identity", c.Identity)
	}
	if s.Data.Doubt != nil {
		put("doubt", s.Data.Doubt.Text)
	}
	for _, t := range turns {
		for _, e := range t.Effects {
			switch e := e.(type) {
			case Send:
				if e.To == siti {
					f["says"] += e.Text + "\n"
				} else if e.To.Scheme() == Mail {
					put("mailed", string(e.To))
				}
				if e.Excerpt != "" {
					put("sent", "excerpt")
				}
			case SaveVisit:
				put("purpose", e.Visit.Purpose)
				put("mode", e.Visit.Mode)
			case RecordRating:
				put("score", strconv.Itoa(e.Rating.Score))
				put("comment", e.Rating.Comment)
			case CreateReader:
				put("reader", e.Reader.Name)
			case OpenTicket:
				put("ticket", e.Ticket.Kind)
			case UpdateReader:
				profile(e.Reader.Profile)
				put("updated", "yes")
				put("consent", strconv.Itoa(e.Reader.Consent))
			case ReserveExcerpt:
				put("reserved", e.Excerpt.Pages.String())
			case RecordSearch, RecordAnswer, Audit, Tally:
			default:
				put("effect", strings.TrimPrefix(fmt.Sprintf("%T", e), "conversation."))
			}
		}
	}
	return f
}

// holds tells whether a fact is so.
func holds(f map[string]string, fact string) bool {
	if at, ok := strings.CutPrefix(fact, "@"); ok {
		return slices.Contains(strings.Split(at, "|"), f["@"])
	}
	if k, part, ok := strings.Cut(fact, "~"); ok {
		return strings.Contains(strings.ToLower(f[k]), strings.ToLower(part))
	}
	k, v, _ := strings.Cut(fact, "=")
	return slices.Contains(strings.Split(v, "|"), f[k])
}

// stored leaves out of the facts what is no trace of an answer.
func traces(f map[string]string) map[string]string {
	f = maps.Clone(f)
	for _, k := range []string{"says", "wish", "doubt"} {
		delete(f, k)
	}
	return f
}

// TestJudgedAnswers scores the desk by state and class. The bounds are those of
// the project: 97% of what is to be accepted, all of what must be refused.
func TestJudgedAnswers(t *testing.T) {
	right, all := map[string]int{}, map[string]int{}
	states := map[string][2]int{}
	for _, j := range readJudged(t) {
		b := newBench(t)
		b.catalogue = known{}
		start := judgedSession(b, j.state)
		b.stand(t, start)
		before := facts(start, nil)
		for _, m := range strings.Split(j.typed, " / ") {
			m = strings.NewReplacer("{CODE}", judgedCode, "{C1}", judgedCode[:3], "{C2}", judgedCode[3:]).Replace(m)
			if err := b.Take(t.Context(), b.text(m)); err != nil {
				t.Fatal(err)
			}
			b.at = b.at.Add(time.Second)
		}
		var end Session
		if err := json.Unmarshal(b.memory.sessions[siti], &end); err != nil {
			t.Fatal(err)
		}
		f := facts(end, b.memory.turns)
		ok := true
		for _, fact := range j.facts {
			ok = ok && holds(f, fact)
		}
		switch {
		case j.class == "confirm" && !ok:
			ok = f["doubt"] != "" && maps.Equal(traces(f), traces(before))
		case j.class == "refuse":
			ok = ok && maps.Equal(traces(f), traces(before))
		}
		all[j.class]++
		n := states[j.state]
		n[1]++
		if ok {
			right[j.class]++
			n[0]++
		} else {
			t.Logf("judged.tsv:%d: %s %q: want %s %v, got %v", j.line, j.state, j.typed, j.class, j.facts, f)
		}
		states[j.state] = n
		if b.log.Len() > 0 {
			t.Errorf("judged.tsv:%d: %s", j.line, b.log)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(states)) {
		t.Logf("%-18s %3d of %3d", s, states[s][0], states[s][1])
	}
	taken, asked := right["accept"]+right["confirm"], all["accept"]+all["confirm"]
	t.Logf("accepted %d of %d, refused %d of %d", taken, asked, right["refuse"], all["refuse"])
	if taken*100 < asked*97 {
		t.Errorf("%d of %d answers were understood; at least 97%% must be", taken, asked)
	}
	if right["refuse"] != all["refuse"] {
		t.Errorf("%d of %d were rightly refused; all must be", right["refuse"], all["refuse"])
	}
}

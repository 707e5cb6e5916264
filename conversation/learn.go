package conversation

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Missed is the last search of a chat that found nothing.
type Missed struct {
	Query string    `json:"query"`
	At    time.Time `json:"at"`
}

// How long after a miss a search that is opened tells what was meant, and how much of
// either is kept.
const (
	missedFor    = closeAfter
	lessonWords  = 4
	lessonChars  = 40
	lessonsShown = 7
)

// missed remembers a search that found nothing: the next may say it in other words.
func (t *turn) missed(query string) { t.s.Data.Missed = &Missed{impersonal(query), t.at} }

// learned pairs the miss before a search with it, whose hit is being opened.
func (t *turn) learned(query string) {
	m := t.s.Data.Missed
	t.s.Data.Missed = nil
	if m == nil || t.at.Sub(m.At) > missedFor {
		return
	}
	if missed, meant, ok := lesson(m.Query, impersonal(query)); ok {
		t.do(RecordLesson{Missed: missed, Meant: meant, At: t.at})
	}
}

// lesson is in what words two searches differ, without years: of "harga sembako 2023"
// and "harga beras 2023" it is "sembako" and "beras". ok is false where nothing short
// enough is left to be learnt.
func lesson(missed, meant string) (from, to string, ok bool) {
	a, b := lessonOf(missed), lessonOf(meant)
	rest := func(ws, other []string) []string {
		return slices.DeleteFunc(slices.Clone(ws), func(w string) bool { return slices.Contains(other, w) })
	}
	x, y := rest(a, b), rest(b, a)
	from, to = strings.Join(x, " "), strings.Join(y, " ")
	ok = len(x) > 0 && len(y) > 0 && len(x) <= lessonWords && len(y) <= lessonWords &&
		len([]rune(from)) <= lessonChars && len([]rune(to)) <= lessonChars
	return from, to, ok
}

// lessonOf is the words of a search: letters and digits alone, so that they may stand in
// a table, and no years.
func lessonOf(query string) []string {
	ws := strings.FieldsFunc(strings.ToLower(query), func(r rune) bool {
		return !unicode.IsLetter(r) &&
			!unicode.IsDigit(r)
	})
	return slices.DeleteFunc(ws, func(w string) bool { return letters(w) == 0 })
}

// staffWords answers KATA: without more what searches taught; with the words of a miss,
// the pair is accepted and its line joins the office's table; after TOLAK it is not
// proposed again.
func (t *turn) staffWords(rest string) error {
	list, err := t.store.Lessons(t.ctx)
	if err != nil {
		return err
	}
	words, refused := strings.CutPrefix(strings.ToLower(oneLine(rest)), "tolak ")
	words = strings.TrimSpace(words)
	if words == "" {
		t.say("staff.words", D{"Lessons": list[:min(len(list), lessonsShown)]})
		return nil
	}
	i := slices.IndexFunc(list, func(l Lesson) bool { return l.Missed == words })
	if i < 0 {
		t.say("staff.words.unknown", D{"Text": cut(words, lessonChars)})
		return nil
	}
	l := list[i]
	if refused {
		l.Meant = ""
	}
	t.do(Teach{Missed: l.Missed, Meant: l.Meant, At: t.at})
	t.do(Audit{AuditEntry{t.at, t.s.Chat.Masked(), "search words decided", l.Missed}})
	t.say("staff.words.done", D{"Lesson": l})
	return nil
}

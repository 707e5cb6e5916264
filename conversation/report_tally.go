package conversation

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Tally counts by the day something that happened at the desk and has no row of its
// own, without the person: what is "cap", "door " and a key of [Doors], or "missed "
// and a key of [MissedKinds].
type Tally struct {
	Day, What string
}

func (Tally) effect() {}

func (t *turn) tally(what string) { t.do(Tally{t.at.In(t.office.Zone).Format("2006-01-02"), what}) }

// doors are wishes that somebody else fulfils, by the name of their intent, and how the
// report calls them.
var doors = [][2]string{
	{"dtsen", "Bansos dan DTSEN"}, {"microdata", "Data mikro"}, {"consultation", "Konsultasi statistik"},
	{"recommendation", "Rekomendasi kegiatan statistik"}, {"internship", "Magang"}, {"interview", "Wawancara"},
	{"cooperation", "Kerja sama"},
	{"others", "Lainnya (dipilih dari menu)"},
}

// leastWait is from when on a message has waited: platforms tell the second alone.
const leastWait = 2 * time.Second

// kept adds up how long the messages of a visit waited to be answered. Of several that
// waited together only the first has.
func (t *turn) kept() {
	since := t.msg.SentAt
	if t.s.SeenAt.After(since) {
		since = t.s.SeenAt
	}
	if wait := t.at.Sub(since); t.s.Data.Visit != "" && !t.msg.SentAt.IsZero() && wait >= leastWait {
		t.s.Data.Waited += wait
	}
}

// Doors are the keys and names of what is asked at this desk and done by others.
func Doors() [][2]string { return doors }

// wrongDoor counts a wish that others fulfil.
func (t *turn) wrongDoor(intent string) {
	if slices.ContainsFunc(doors, func(d [2]string) bool { return d[0] == intent }) {
		t.tally("door " + intent)
	}
}

// toOthers tells who answers what is chosen in the menu, or named there.
func (t *turn) toOthers() (string, error) {
	intent := t.message().Intent().Value.Intent
	if t.msg.Kind != Text || intent == "" {
		intent = "others"
	}
	t.wrongDoor(intent)
	return "other_needs", nil
}

// missedMedia are the kinds of messages that the desk cannot take.
var missedMedia = [][2]string{{"image", "Foto"}, {"voice", "Pesan suara"}, {"document", "Berkas"},
	{"sticker", "Stiker"},
	{"unsupported", "Jenis pesan lain"}, {"unreadable", "Pesan yang tidak terbaca"}}

// MissedKinds are the keys and names of where, or in what form, something was said that
// the desk did not understand.
func MissedKinds() [][2]string {
	var out [][2]string
	for _, c := range chapters {
		out = append(out, [2]string{c.key, strings.ToUpper(c.about[:1]) + c.about[1:]})
	}
	return append(out, missedMedia...)
}

// notUnderstood counts what was not understood, by the chapter of the question at hand
// or the kind of message.
func (t *turn) notUnderstood() {
	kind := string(t.msg.Kind)
	if !slices.ContainsFunc(missedMedia, func(m [2]string) bool { return m[0] == kind }) {
		now := t.table[t.met]
		if now == nil {
			now = t.table["menu"]
		}
		kind = now.chapter
	}
	t.tally("missed " + kind)
}

var (
	mailLike  = regexp.MustCompile(`\S+@\S+`)
	digitRuns = regexp.MustCompile(`\+?\d[\d .-]{2,}\d`)
	wordLike  = regexp.MustCompile(`[\pL'’]+`)
)

// Faceless takes out of somebody's words what tells who they are: their name and
// institution as they registered with them, addresses, and long numbers.
func Faceless(text string, r Reader) string {
	own := map[string]bool{}
	for _, w := range wordLike.FindAllString(strings.ToLower(r.Name+" "+r.Profile.Institution), -1) {
		own[w] = utf8.RuneCountInString(w) >= 3
	}
	text = mailLike.ReplaceAllString(oneLine(text), "…")
	text = digitRuns.ReplaceAllString(text, "…")
	return wordLike.ReplaceAllStringFunc(text, func(w string) string {
		if own[strings.ToLower(w)] {
			return "…"
		}
		return w
	})
}

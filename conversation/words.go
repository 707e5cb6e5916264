package conversation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the longest message the desk reads, in characters.
const MaxText = 4000

// clean makes any bytes a line of text: valid UTF-8, no control characters
// (newlines stay), no runs of spaces, trimmed.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, " ")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d', r == '\ufffd', unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// disarmed takes the mark of bold out of a person's words, which would make them
// look like the desk's own.
func disarmed(s string) string { return strings.ReplaceAll(s, "*", "∗") }

// marked is a person's words as they stand in a letter of the desk: every line is
// marked as theirs, so that nobody can write a line of the desk.
func marked(s string) string { return "| " + strings.ReplaceAll(disarmed(s), "\n", "\n| ") }

// oneLine is clean text without line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cut shortens to n characters at a word's end, with an ellipsis.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)[:n-1]
	short := string(r)
	if i := strings.LastIndexByte(short, ' '); i > n/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " ,.;:-") + "…"
}

// fillers are words that people add to be polite and that change nothing.
var fillers = []string{"dong", "ya", "yah", "kak", "kakak", "pak", "bapak", "bu", "ibu", "min", "admin", "gan",
	"tolong", "mohon", "mau", "saya", "ingin",
	"deh", "aja", "saja", "sih", "nih", "please", "pilih", "nomor", "no", "nomer", "yang", "bang", "mas", "mbak",
	"permisi", "silakan", "ke"}

// word reduces a short answer to what decides it: lower case, letters and
// digits only, without polite fillers. "Menu dong, Kak 🙏" becomes "menu"; of an
// answer of fillers alone the first counts ("ya").
func word(s string) string {
	if minus.MatchString(s) { // "-1" is not the first option
		return strings.TrimSpace(s)
	}
	fields := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	kept := slices.DeleteFunc(slices.Clone(fields), func(f string) bool { return slices.Contains(fillers, f) })
	if len(kept) == 0 && len(fields) > 0 { // "ya kak" is a yes
		kept = fields[:1]
	}
	return strings.Join(kept, " ")
}

var minus = regexp.MustCompile(`^\s*-\s*\d`)

var numberWords = map[string]string{"nol": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5",
	"enam": "6", "tujuh": "7", "delapan": "8", "sembilan": "9",
	"pertama": "1", "kedua": "2", "ketiga": "3", "keempat": "4", "kelima": "5"}

// Yes and no as people write them.
var (
	yesWords = []string{"ya", "y", "iya", "iyaa", "ok", "oke", "okay", "baik", "setuju", "benar", "betul", "lanjut",
		"kirim", "sudah", "boleh", "siap", "yes", "yup", "yoi", "👍"}
	noWords = []string{"tidak", "tdk", "gak", "ga", "nggak", "enggak", "engga", "no", "bukan", "belum", "jangan",
		"tidak setuju", "salah", "ndak"}
)

// yesNo is "1" for yes, "2" for no, "" for neither; it takes the numbers of a
// yes/no question too.
func yesNo(answer string) string {
	w := word(answer)
	raw := strings.ToLower(strings.TrimSpace(answer))
	switch {
	case w == "1" || w == "satu" || slices.Contains(yesWords, w) || strings.HasPrefix(raw, "👍"):
		return "1"
	case w == "2" || w == "dua" || slices.Contains(noWords, w):
		return "2"
	}
	return ""
}

var (
	skipWords = []string{"lewati", "lewat", "skip", "-", "tidak ada", "kosong"}

	dangerPattern = regexp.MustCompile(`\b((mau|ingin|pengen|akan) (bunuh diri|mati saja|mengakhiri hidup)|(ada|sedang|terjadi) kebakaran di (sini|kantor|rumah)|(saya|kami) (sedang )?(diancam|dipukul|diserang|disandera|dirampok)|tolong darurat|panggil (polisi|ambulans|pemadam))\b`)
	rudePattern   = regexp.MustCompile(`\b(bangsat|goblok|goblog|tolol|bajingan|kontol|memek|ngentot|jancok|jancuk|bego|brengsek|keparat|asu)\b`)
	greetPattern  = regexp.MustCompile(`^(/start|start|mulai|halo+|hallo+|hai+|hi+|hello|hey|p|pagi|siang|sore|malam|selamat (pagi|siang|sore|malam)|ass?alam\w*( (alaikum|alaykum))?( w\w*)*|test?|tes|ping)$`)
)

// skipped tells whether an optional question is being passed over.
func skipped(answer string) bool {
	return slices.Contains(skipWords, word(answer)) || strings.TrimSpace(answer) == "-"
}

// letters counts the letters of a text.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

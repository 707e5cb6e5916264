package conversation

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// garbage is what people, and people with bad intentions, may send.
var garbage = map[string]string{
	"nothing":                   "",
	"only line ends":            "\n\n\n",
	"100 kB":                    strings.Repeat("a", 100_000),
	"4,001 letters":             strings.Repeat("b", MaxText+1),
	"4,000 letters":             strings.Repeat("c", MaxText),
	"2,000 words":               strings.TrimSpace(strings.Repeat("d ", 2000)),
	"1,000 lines":               strings.TrimSpace(strings.Repeat("e\n", 1000)),
	"emoji":                     "🙏😀🔥👨‍👩‍👧",
	"control characters":        "\x00\x01\x1b[31m\x7f",
	"no UTF-8":                  "\xff\xfe\xc3\x28 halaman \xa0\xa1",
	"SQL":                       "'; DROP TABLE readers; --",
	"a digit that is no option": "9",
	"a menu digit":              "1",
	"the last menu digit":       "7",
	"two digits":                "42",
	"a number without an end":   "99999999999999999999999999",
	"a minus":                   "-5",
	"pages":                     "12-18, 25",
	"all pages":                 "hal 1-120",
	"right to left":             "مرحبا بكم في المكتبة",
	"turned direction":          "\u202eabc\u2066",
	"a template":                "{{.}}",
	"a template that calls":     `{{template "menu"}}{{define "menu"}}x{{end}}`,
	"formatting verbs":          "%s%P%d%!n%v",
	"markup":                    "<script>alert(1)</script> [x](http://x) *1* _y_",
	"a question's line":         "*1* Kirim\n*2* Ubah",
	"a header":                  "a@b.id\r\nBcc: c@d.id",
	"a path":                    "../../../etc/passwd",
	"a regular expression":      "(a+)+$ [",
	"half a command":            "status ADU-",
	"a command of staff":        "SELESAI 07K sudah",
	"a stranger's ticket":       "balas ADU-260101-AAA halo halo",
	"an own ticket, no text":    "balas ADU-261123-07K",
	"a link's parameter":        "/start pub_../../x",
	"a code":                    "kode 000000",
	"one letter":                "x",
	"a search that fails":       "pencarian nihil",
	"a catalogue not yet there": "katalog siap",
}

func TestGarbageInEveryState(t *testing.T) {
	for who, session := range map[string]func(string) Session{"a reader in a visit": registered,
		"a person without an account": stranger} {
		for _, state := range stateNames() {
			t.Run(who+" in "+state, func(t *testing.T) {
				b := newBench(t)
				for what, text := range garbage {
					b.stand(t, session(state))
					if err := b.Take(t.Context(), b.text(text)); err != nil {
						t.Errorf("%s: %v", what, err)
						continue
					}
					b.check(t, what)
					turn, said := b.last(t)
					if said == "" && state != "handoff" { // there a person answers
						t.Errorf("%s: no answer", what)
					}
					for _, e := range turn.Effects {
						if r, ok := e.(ReserveExcerpt); ok && (state != "confirm" || text != "1" || r.Excerpt.Pages.String() != "12-13") {
							t.Errorf("%s: pages %s are reserved", what, r.Excerpt.Pages)
						}
					}
				}
			})
		}
	}
}

// TestEveryKindInEveryState sends what is no text, and what the desk sends itself.
func TestEveryKindInEveryState(t *testing.T) {
	kinds := []Kind{Choice, Image, Voice, Document, Sticker, Reaction, Contact, Unsupported, StaffTyped, Away, Back,
		Backlog, Expired, Delivered, Failed, Due, "from a later version"}
	texts := []string{"", "\xff{{.}}%s", "👍", "0812 3456 7890", "excerpt:ABCDEFGHJK", "excerpt:none", "code:terminal:siti",
		"ticket:ADU-261123-07K", "ticket:", "9"}
	b := newBench(t)
	for _, session := range []func(string) Session{registered, stranger} {
		for _, state := range append(stateNames(), "") {
			for _, kind := range kinds {
				for _, text := range texts {
					s := session(state)
					s.Deadline = b.at.Add(-time.Minute)
					b.stand(t, s)
					m := b.text(text)
					m.Kind, m.Menu, m.Media = kind, state, &Media{MIME: "image/jpeg"}
					what := fmt.Sprintf("%s %q in %q", kind, text, state)
					if err := b.Take(t.Context(), m); err != nil {
						t.Errorf("%s: %v", what, err)
						continue
					}
					b.check(t, what)
					turn, _ := b.last(t)
					for _, e := range turn.Effects {
						if r, ok := e.(ReserveExcerpt); ok && (state != "confirm" || text != "👍") {
							t.Errorf("%s: pages %s are reserved", what, r.Excerpt.Pages)
						}
					}
				}
			}
		}
	}
}

// check holds what is true of every turn.
func (b *bench) check(t *testing.T, what string) {
	t.Helper()
	if b.log.Len() > 0 {
		t.Errorf("%s: the step failed: %.300s", what, b.log)
	}
	turn, _ := b.last(t)
	if s := turn.Session.State; s != "" && b.table[s] == nil || len(b.memory.turns) != 1 {
		t.Errorf("%s: %d turns, the chat stands in %q", what, len(b.memory.turns), s)
	}
	if n := len(b.memory.sessions[siti]); n > 8000 {
		t.Errorf("%s: a session of %d bytes", what, n)
	}
	said := 0
	for _, e := range turn.Effects {
		s, ok := e.(Send)
		if !ok {
			continue
		}
		if _, err := ParseAddress(string(s.To)); err != nil {
			t.Errorf("%s: a letter to %q", what, s.To)
		}
		if n := utf8.RuneCountInString(s.Text); n == 0 || n > MaxReply && s.To.Scheme() != Mail || !utf8.ValidString(s.Text) {
			t.Errorf("%s: a text of %d characters: %.100q", what, n, s.Text)
		}
		if strings.Contains(s.Text, "<no value>") || strings.Contains(s.Text, "%!s(") {
			t.Errorf("%s: a text with a hole: %q", what, s.Text)
		}
		if s.To == siti {
			said++
		}
	}
	if said > 3 {
		t.Errorf("%s: answered with %d messages", what, said)
	}
}

package conversation

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
)

// checksMost is how many codes and files a chat may have checked in an hour.
const checksMost = 10

// checkTogether is how long a code and a file, named one after the other, are
// taken to belong together.
const checkTogether = 10 * time.Minute

var (
	checkPattern = regexp.MustCompile(`(?i)^/?(?:cek|periksa)[ _]?kode(?: kutipan)?\b[\s:]*(.*)$`)
	// What people write under a file whose origin they doubt.
	doubtPattern = regexp.MustCompile(`(?i)\b(asli|asliny?a|keaslian|aslikah|palsu|dipalsukan|cek|periksa|diperiksa|verifikasi|sah|kode)\b`)
	codeShape    = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{10}$`)
	notInCode    = regexp.MustCompile(`[^0-9A-Z]+`)
)

// codeMeant reads an excerpt code as people copy it from paper: with blanks or
// hyphens, in small letters, O for 0 and I or L for 1.
func codeMeant(typed string) string {
	return strings.NewReplacer(" ", "", "-", "", ".", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
}

// CheckText is what the square code on a page says: the link that opens the desk's
// chat with the code, or where there is no bot the words to send to it.
func (o *Office) CheckText(code string) string {
	if o.Bot == "" {
		return "CEK KODE " + code
	}
	return "https://t.me/" + o.Bot + "?start=cek_" + code
}

// Checks counts what a chat had checked in an hour, and keeps what may be one half
// of a check whose other half comes next: a file that nobody here knows, or a code
// that was typed and is genuine.
type Checks struct {
	From time.Time `json:"from"`
	Done int       `json:"done"`
	File bool      `json:"file,omitempty"`
	Code string    `json:"code,omitempty"`
	At   time.Time `json:"at,omitzero"` // of File or Code
}

// left is how many more may be checked in this hour.
func (c *Checks) left(at time.Time) int {
	if c == nil || at.Sub(c.From) >= time.Hour {
		return checksMost
	}
	return max(checksMost-c.Done, 0)
}

// checks are those of this chat.
func (t *turn) checks() *Checks {
	if t.s.Data.Checks == nil {
		t.s.Data.Checks = &Checks{}
	}
	return t.s.Data.Checks
}

// mayCheck counts one more check, or says that there were too many.
func (t *turn) mayCheck() bool {
	c := t.checks()
	switch c.left(t.at) {
	case 0:
		t.say("check.spent", D{"Next": c.From.Add(time.Hour)})
		return false
	case checksMost:
		c.From, c.Done = t.at, 0
	}
	c.Done++
	return true
}

// half is what the chat had checked just before.
func (t *turn) half() (file bool, code string) {
	c := t.s.Data.Checks
	if c == nil || t.at.Sub(c.At) > checkTogether {
		return false, ""
	}
	return c.File, c.Code
}

// keepHalf keeps one half of a check, or none.
func (t *turn) keepHalf(file bool, code string) {
	c := t.checks()
	c.File, c.Code, c.At = file, code, t.at
}

// What a file is to the excerpt that was found for it.
const (
	fileNone    = ""         // there is none, only a code
	fileSame    = "sama"     // byte by byte what was handed over
	fileChanged = "berubah"  // it says it is this excerpt, and has other bytes
	fileUnread  = "tak baca" // it could not be fetched
)

// answered tells whether anybody may be told of an excerpt: it has arrived, and
// its reader was not erased since.
func (e Excerpt) answered() bool {
	return !e.DeliveredAt.IsZero() && (e.Reader != 0 || e.Visit == CounterVisit)
}

// checkGenuine tells anybody whether an excerpt is the desk's: publication, pages
// and day, never the reader. A code that was never given, one of an excerpt that
// did not arrive and one whose reader was erased are answered alike.
func (t *turn) checkGenuine(typed string) error {
	t.quiet = true
	code := codeMeant(typed)
	if code == "" {
		if code = t.codeQuoted(); code == "" {
			t.say("check.how", nil)
			return nil
		}
	}
	if !t.mayCheck() {
		return nil
	}
	e, err := t.store.Excerpt(t.ctx, code)
	if err != nil && !isMissing(err) {
		return err
	}
	if err != nil || !e.answered() {
		t.say("check.unknown", nil)
		return nil
	}
	return t.sayGenuine(e, t.fileBefore(e))
}

// fileBefore is what the file sent just before is to the excerpt whose code has
// been typed now.
func (t *turn) fileBefore(e Excerpt) string {
	if file, _ := t.half(); file {
		t.keepHalf(false, "")
		return fileChanged
	}
	t.keepHalf(false, e.Code)
	return fileNone
}

// sayGenuine says what stands behind a code, and what has become of the file.
func (t *turn) sayGenuine(e Excerpt, file string) error {
	p, err := t.store.Publication(t.ctx, e.Publication)
	if errors.Is(err, ErrNotFound) { // withdrawn since, or cut at the counter from a file of its own
		p, err = Publication{}, nil
	}
	if err != nil {
		return err
	}
	t.say("check", D{"Code": e.Code, "Title": cut(p.Title, 200), "Publisher": t.office.Publisher(p.Office),
		"Pages": cut(e.Pages.String(), 120), "At": e.DeliveredAt, "File": file})
	return nil
}

// codeQuoted is the code of the excerpt that the person quotes, if any.
func (t *turn) codeQuoted() string {
	if t.msg.Quoted == "" {
		return ""
	}
	ref, err := t.store.Ref(t.ctx, t.s.Chat, t.msg.Quoted)
	if err != nil {
		if !isMissing(err) {
			t.fault = err
		}
		return ""
	}
	code, _ := strings.CutPrefix(ref, "excerpt:")
	if code == ref {
		return ""
	}
	return code
}

// looksAt tells whether a file is compared with what the desk sent: a PDF, unless
// the question at hand takes files for something else, or the chat is a talk with
// a person. Under CEK KODE it always is.
func (e *core) looksAt(s Session, m Message) bool {
	if m.Kind != Document || !m.Media.PDF() || len(m.Text) > MaxText {
		return false
	}
	if _, ok := e.office.member(m.From); ok && !s.Data.AsReader {
		return true
	}
	row := e.table[s.State]
	return row == nil || !row.form && !row.deaf && !row.photos || checkPattern.MatchString(oneLine(clean(m.Text)))
}

// LooksAt lists which of the messages of one chat, that wait together, came with a
// file whose bytes the desk wants to compare with what it sent: before [Engine.Take]
// their Media.SHA256 and Media.Code should be filled in. A file without them is
// answered as one that could not be read.
func (e *Engine) LooksAt(ctx context.Context, ms ...Message) []int {
	return e.core.Load().LooksAt(ctx, ms...)
}

func (e *core) LooksAt(ctx context.Context, ms ...Message) []int {
	var at []int
	var s Session
	for i, m := range ms {
		if m.Kind != Document || !m.SentAt.IsZero() && e.now().Sub(m.SentAt) > TooLate {
			continue
		}
		if s.Chat == "" {
			var err error
			if s, err = e.store.Session(ctx, m.From); err != nil {
				return nil // the turn itself will say so
			}
			s.Chat = m.From
		}
		if len(at) < s.Data.Checks.left(e.now()) && e.looksAt(s, m) {
			at = append(at, i)
		}
	}
	return at
}

// checkFile answers a file that was sent back. What is written under it goes on to
// be read where the file is none of the desk's and its origin is not in question.
func (t *turn) checkFile() (handled bool, err error) {
	if !t.looksAt(t.s, t.msg) {
		return false, nil
	}
	named, asked := t.codeUnder()
	t.quiet = true
	if t.s.State == "" {
		t.greet()
		t.s.State = "menu"
	}
	if t.in != "" && !asked && t.s.Data.Checks.left(t.at) == 0 { // its words are answered still
		t.quiet = false
		return false, nil
	}
	if !t.mayCheck() {
		return true, nil
	}
	e, file, err := t.matched(named, Excerpt.answered)
	switch {
	case err == nil:
		t.keepHalf(false, "")
		return true, t.sayGenuine(e, file)
	case err != nil && !isMissing(err):
		return true, err
	case t.in != "" && !asked:
		t.quiet = false
		return false, nil
	case named != "":
		t.say("check.unknown", nil)
	case t.msg.Media.SHA256 == "":
		t.say("check.unread", nil)
	default:
		t.keepHalf(true, "")
		t.say("check.file_unknown", nil)
	}
	return true, nil
}

// codeUnder is the code written under a file, and whether the words there ask where
// the file comes from.
func (t *turn) codeUnder() (named string, asks bool) {
	if m := checkPattern.FindStringSubmatch(oneLine(t.in)); m != nil {
		return codeMeant(m[1]), true
	}
	if code := codeMeant(t.in); codeShape.MatchString(code) && digit.MatchString(t.in) {
		return code, true
	}
	return "", doubtPattern.MatchString(t.in)
}

// matched finds the excerpt that the message's file is, byte by byte, or that it
// was made from: by the code that the person names or quotes, the one in the file
// or in its name, or the one that they have just had checked. ErrNotFound stands
// for those, too, that the person may not be told of.
func (t *turn) matched(named string, may func(Excerpt) bool) (e Excerpt, file string, err error) {
	m := t.msg.Media
	if m.SHA256 != "" {
		switch e, err = t.store.ExcerptOf(t.ctx, m.SHA256); {
		case err == nil && !may(e):
			return e, "", ErrNotFound
		case err == nil || !isMissing(err):
			return e, fileSame, err
		}
	}
	file = fileChanged
	if m.SHA256 == "" {
		file = fileUnread
	}
	codes := append([]string{named, t.codeQuoted(), m.Code}, notInCode.Split(m.Name, 16)...)
	if _, before := t.half(); named == "" && (t.in == "" || doubtPattern.MatchString(t.in)) {
		codes = append(codes, before)
	}
	for _, code := range codes {
		if !codeShape.MatchString(code) {
			continue
		}
		if e, err = t.store.Excerpt(t.ctx, code); err == nil && may(e) || err != nil && !isMissing(err) {
			return e, file, err
		}
	}
	return e, file, ErrNotFound
}

// bareCode answers a code alone where a file was just sent that nobody here knows.
func (t *turn) bareCode() (handled bool, err error) {
	code := codeMeant(t.in)
	if file, _ := t.half(); !file || t.msg.Kind != Text || !codeShape.MatchString(code) || !digit.MatchString(t.in) {
		return false, nil
	}
	return true, t.checkGenuine(code)
}

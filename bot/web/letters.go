package web

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"pst/bot"
	"pst/conversation"
)

// Letter is what the desk said to a member of staff at the page.
type Letter struct {
	At      time.Time
	Text    string // *tebal* as in chats
	Menu    string
	Options []conversation.Option
	File    *bot.File
	ID      string // by which its file is fetched
}

// letters keeps what was said until it is shown, and files until they are fetched.
// They are in memory alone: what became of an order stands in the database and is
// shown there; only the sentence about it would be lost.
type letters struct {
	now func() time.Time
	mu  sync.Mutex
	new map[conversation.Address][]Letter
	// shown holds letters with a file, newest last: a page links to them.
	shown map[conversation.Address][]Letter
}

const (
	lettersMost = 30 // of one member, not shown yet
	filesMost   = 8  // of one member
)

func newLetters(now func() time.Time) letters {
	return letters{now: now, new: map[conversation.Address][]Letter{}, shown: map[conversation.Address][]Letter{}}
}

func (l *letters) add(a conversation.Address, one Letter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.new[a] = append(l.new[a], one)
	l.new[a] = l.new[a][max(0, len(l.new[a])-lettersMost):]
}

// take hands out what was not shown yet.
func (l *letters) take(a conversation.Address) []Letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.new[a]
	delete(l.new, a)
	for _, one := range out {
		if one.File != nil {
			l.shown[a] = append(l.shown[a], one)
		}
	}
	l.shown[a] = l.shown[a][max(0, len(l.shown[a])-filesMost):]
	return out
}

// file finds the file of a letter that was shown.
func (l *letters) file(a conversation.Address, id string) (bot.File, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.shown[a], func(one Letter) bool { return one.ID == id })
	if i < 0 {
		return bot.File{}, false
	}
	return *l.shown[a][i].File, true
}

// Send implements [bot.Channel]: the letter is shown with the next page.
func (s *Server) Send(_ context.Context, l bot.Letter) (string, error) {
	one := Letter{At: s.cfg.Now(), Text: l.Send.Text, Menu: l.Send.Menu, Options: l.Send.Options, File: l.File, ID: l.Key}
	s.letters.add(l.Send.To, one)
	return l.Key, nil
}

// newID names a form, so that one that is sent twice is one order.
func newID() string { return uuid.NewString() }

// answersWithin is how long a page waits for what came of an order; what comes later
// is shown with the next page.
const answersWithin = 10 * time.Second

// order puts a command of the member who asks into the inbox, as if they had
// written it in a chat, and waits until it is answered. It tells whether it was
// put; if not, the page has been answered.
func (s *Server) order(w http.ResponseWriter, r *http.Request, text string) bool {
	return s.put(w, r, conversation.Message{Kind: conversation.Text, Text: text})
}

func (s *Server) put(w http.ResponseWriter, r *http.Request, m conversation.Message) bool {
	who := member(r.Context())
	if m.ID = r.PostFormValue("nonce"); len(m.ID) < 16 || len(m.ID) > 64 {
		s.refuse(w, r, http.StatusBadRequest, "Formulir ini tidak lengkap. Muat ulang halamannya, lalu coba lagi.")
		return false
	}
	m.From, m.Name, m.SentAt = who.Web(), who.Name, s.cfg.Now()
	m.Text = strings.ReplaceAll(m.Text, "\r\n", "\n")
	if err := s.inbox.Put(r.Context(), m); err != nil {
		s.fault(w, r, err)
		return false
	}
	ctx, cancel := context.WithTimeout(r.Context(), answersWithin)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		waits, err := s.cfg.Queue.Waits(ctx, m.From)
		if err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("looking at the queues failed", "error", err)
			return true // it is in the inbox all the same
		}
		if err == nil && !waits {
			return true
		}
		select {
		case <-ctx.Done():
			return true
		case <-ticker.C:
		}
	}
}

// answerLetter sends back the pressed answer of a question that a letter asked.
func (s *Server) answerLetter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	m := conversation.Message{Kind: conversation.Choice, Text: r.PostFormValue("kunci"), Menu: r.PostFormValue("menu")}
	if s.put(w, r, m) {
		back(w, r, "/")
	}
}

// back leads to where a form was sent from, if that is a page of ours.
func back(w http.ResponseWriter, r *http.Request, otherwise string) {
	to := r.PostFormValue("dari")
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		to = otherwise
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// file hands out the file of a letter, to whom it was sent alone.
func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	f, ok := s.letters.file(member(r.Context()).Web(), r.PathValue("id"))
	if !ok {
		s.refuse(w, r, http.StatusNotFound, "Berkas itu tidak disimpan lagi di sini. Mintalah sekali lagi.")
		return
	}
	hand(w, f.Name, f.MIME, f.Data)
}

// hand sends a file; only pictures are shown, whatever it says it is.
func hand(w http.ResponseWriter, name, kind string, data []byte) {
	how := "attachment"
	if slices.Contains([]string{"image/jpeg", "image/png", "image/webp"}, kind) {
		how = "inline"
	} else {
		w.Header().Set("Content-Security-Policy", "sandbox")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	w.Write(data) // the browser has gone: nobody to tell
}

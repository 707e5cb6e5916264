package conversation

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// WishName begins the name under which the desk writes to itself about a wish.
const WishName = "wish-"

// Bounds of what a chat may wait for.
const (
	wishFor  = 180 * 24 * time.Hour
	wishMost = 10
)

// Words by which people wait and stop waiting, as whole messages but for the words around them.
var wishWords = map[string]func(*turn) (bool, error){
	"titip": (*turn).leaveWish, "titipkan": (*turn).leaveWish, "kabari": (*turn).leaveWish,
	"kabari saya": (*turn).leaveWish,
	"ikuti":       (*turn).followSeries, "langganan": (*turn).followSeries, "follow": (*turn).followSeries,
	"berhenti": (*turn).stopWishes, "stop": (*turn).stopWishes, "berhenti ikuti": (*turn).stopWishes,
	"batal ikuti":      (*turn).stopWishes,
	"batalkan titipan": (*turn).stopWishes, "hapus titipan": (*turn).stopWishes, "berhenti langganan": (*turn).stopWishes,
	"titipan": (*turn).showWishes, "titipan saya": (*turn).showWishes,
}

// aroundWishes are words that say nothing more: "titip ya kak", "kabari kalau sudah ada".
var aroundWishes = wordSet("ya yah dong deh kak kakak min pak bu mas mbak saya aku tolong mohon minta mau boleh " +
	"kalau bila jika " +
	"nanti sudah udah ada seri serinya buku bukunya publikasi ini itu edisi baru terbaru terus dulu aja saja")

func wordSet(ws string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(ws) {
		out[w] = true
	}
	return out
}

// wishWord is the word of waiting that a message is, if it is one.
func wishWord(text string) string {
	p := plain(text)
	if wishWords[p] != nil {
		return p
	}
	ws := slices.DeleteFunc(strings.Fields(p), func(w string) bool { return aroundWishes[w] })
	return strings.Join(ws, " ")
}

// wishes takes the words of waiting. Where somebody listens or a form is filled in, a
// word may be an answer: only an end is taken there, and only when there is something to
// end.
func (t *turn) wishes() (handled bool, err error) {
	if t.msg.Kind != Text {
		return false, nil
	}
	p := wishWord(t.in)
	do := wishWords[p]
	now := t.table[t.s.State]
	if do == nil || (now.form || now.deaf || now.free && now.name != "search") && !strings.HasPrefix(p, "berhenti") {
		return false, nil
	}
	return do(t)
}

// leaveWish keeps what was searched in vain, or the publication at hand whose file is
// not held, and promises one message.
func (t *turn) leaveWish() (bool, error) {
	w := Wish{At: t.at, Until: t.at.Add(wishFor)}
	m := t.s.Data.Missed
	switch p, here, err := t.atHand(); {
	case err != nil:
		return false, err
	case here && p.Pages == 0:
		w.Publication, w.Title = p.ID, p.Title
	case !here && m != nil:
		w.Words = cut(m.Query, 120)
	default:
		t.say("wish.what", nil)
		t.quiet = true
		return true, nil
	}
	return true, t.keepWish(w)
}

// followSeries promises one message for each new edition of the publication at hand.
func (t *turn) followSeries() (bool, error) {
	p, here, err := t.atHand()
	if err != nil {
		return false, err
	}
	t.quiet = true
	if !here {
		t.say("follow.what", nil)
		return true, nil
	}
	list, err := t.catalogue.Series(t.ctx, p.ID)
	if errors.Is(err, ErrPreparing) {
		t.say("search.preparing", nil)
		return true, nil
	}
	if err != nil {
		return false, err
	}
	w := Wish{Publication: p.ID, Title: p.Title, Follows: true, Newest: p.Year, At: t.at}
	for _, e := range list {
		w.Newest = max(w.Newest, e.Year)
	}
	return true, t.keepWish(w)
}

// keepWish says what is promised, and until when.
func (t *turn) keepWish(w Wish) error {
	t.quiet = true
	list, err := t.store.Wishes(t.ctx, t.s.Chat)
	if err != nil {
		return err
	}
	same := func(o Wish) bool {
		return o.Words == w.Words && o.Publication == w.Publication && o.Follows == w.Follows
	}
	if len(list) >= wishMost && !slices.ContainsFunc(list, same) {
		t.say("wish.full", D{"Last": wishMost})
		return nil
	}
	t.do(SaveWish{w})
	t.say("wish.kept", D{"Wish": w, "What": cut(or(w.Title, w.Words), 120), "Until": w.Until})
	return nil
}

// stopWishes ends all that this chat waits for. Where it waits for nothing the word may
// mean something else.
func (t *turn) stopWishes() (bool, error) {
	list, err := t.store.Wishes(t.ctx, t.s.Chat)
	if err != nil || len(list) == 0 {
		return false, err
	}
	t.do(EndWishes{t.s.Chat})
	t.say("wish.ended", D{"Count": len(list)})
	t.quiet = true
	return true, nil
}

func (t *turn) showWishes() (bool, error) {
	list, err := t.store.Wishes(t.ctx, t.s.Chat)
	if err != nil {
		return false, err
	}
	var lines []string
	for _, w := range list {
		lines = append(lines, t.text("wish.line", D{"Wish": w, "What": cut(or(w.Title, w.Words), 50)}))
	}
	t.say("wish.list", D{"Lines": lines})
	t.quiet = true
	return true, nil
}

// atHand is the publication whose details or pages are on the screen.
func (t *turn) atHand() (p Publication, here bool, err error) {
	now := t.table[t.s.State]
	if !now.book && now.name != "after" || t.found().Pub == "" {
		return p, false, nil
	}
	p, err = t.load(t.found().Pub)
	if errors.Is(err, ErrNotFound) {
		return p, false, nil
	}
	return p, err == nil, err
}

// wishDue looks whether the catalogue, which has changed, has what a chat waits for, and
// tells it. The letter and the end of the wish are one turn, so that it is told once.
func (t *turn) wishDue(name string) error {
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return fmt.Errorf("read wish %q: %w", name, err)
	}
	w, err := t.store.Wish(t.ctx, id)
	if errors.Is(err, ErrNotFound) { // ended, or answered already
		return nil
	}
	if err != nil {
		return err
	}
	s, err := t.store.Session(t.ctx, w.Chat)
	if err != nil || s.Away {
		return err
	}
	switch {
	case w.Follows:
		return t.tellEditions(w)
	case w.Publication != "":
		p, err := t.load(w.Publication)
		if err != nil || p.Pages == 0 {
			return ignoreNotFound(err)
		}
		t.tell(w.Chat, "", "wish.file", D{"Title": cut(p.Title, 160)})
	default:
		r, err := t.catalogue.Search(t.ctx, Query{Text: w.Words, Limit: 1})
		if err != nil || len(r.Hits) == 0 {
			return err
		}
		t.tell(w.Chat, "", "wish.found", D{"Query": w.Words, "Title": cut(r.Hits[0].Title, 160)})
	}
	t.do(EndWish{w.ID})
	return nil
}

// tellEditions tells of each edition newer than those told of, the oldest first.
func (t *turn) tellEditions(w Wish) error {
	list, err := t.catalogue.Series(t.ctx, w.Publication)
	if err != nil {
		return err
	}
	told := w.Newest
	for _, e := range slices.Backward(list) {
		if e.Year <= told {
			continue
		}
		p, err := t.load(e.ID)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		t.tell(w.Chat, "", "follow.edition", D{"Title": cut(p.Title, 160), "Pages": p.Pages})
		told = e.Year
	}
	if told > w.Newest {
		w.Newest = told
		t.do(SaveWish{w})
	}
	return nil
}

func ignoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

package conversation

import "time"

// Wish (titipan) is what a chat waits for: words that found nothing, a record whose file
// is not held, or, followed (ikuti), the next editions of a series.
type Wish struct {
	ID          int64     `json:"-"`
	Chat        Address   `json:"-"`
	Words       string    `json:"words,omitempty"`       // searched, without results
	Publication string    `json:"publication,omitempty"` // whose file, or whose series, is waited for
	Title       string    `json:"title,omitempty"`       // of Publication, when it was wished
	Follows     bool      `json:"follows,omitempty"`     // the series of Publication is followed
	Newest      int       `json:"newest,omitempty"`      // followed: year of the newest edition told of, or known then
	At          time.Time `json:"at"`
	Until       time.Time `json:"-"` // zero: until it is ended
}

// Wanted is one line of the ranked list of wishes: what how many chats wait for. Words
// that fewer than three chats typed are not told.
type Wanted struct {
	What  string `json:"apa"`
	Chats int    `json:"orang"`
}

// Lesson is a pair of words that searches taught: those of one that found nothing, and
// those of the search after it whose hit was opened.
type Lesson struct {
	Missed string `json:"dicari"`
	Meant  string `json:"dimaksud"`
	Chats  int    `json:"orang"` // different ones that did so
}

// LeastVoices is how many different chats must have typed words before staff see them.
const LeastVoices = 3

// SaveWish keeps a wish of the chat that writes; the same wish again is kept once. With
// an ID it saves what has changed of that one, which is nothing when it has been ended.
type SaveWish struct{ Wish Wish }

// EndWish ends one wish, if it is still there.
type EndWish struct{ ID int64 }

// EndWishes ends all that a chat waits for.
type EndWishes struct{ Chat Address }

// RecordLesson keeps what two searches of the chat that writes taught.
type RecordLesson struct {
	Missed, Meant string
	At            time.Time
}

// Teach is the decision of staff about a lesson: its words join the office's table of
// terms. Meant "" refuses it.
type Teach struct {
	Missed, Meant string
	At            time.Time
}

func (SaveWish) effect()     {}
func (EndWish) effect()      {}
func (EndWishes) effect()    {}
func (RecordLesson) effect() {}
func (Teach) effect()        {}

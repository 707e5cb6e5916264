package conversation

import "time"

// Data is what the current question of a chat needs, and no more: what must
// last has its own table. It holds no card number and no code in the clear.
type Data struct {
	Misses int    `json:"misses,omitempty"` // answers in a row that were not understood
	Shown  *Shown `json:"shown,omitempty"`
	Nodded bool   `json:"nodded,omitempty"` // a message without content was answered
	Doubt  *Doubt `json:"doubt,omitempty"`  // said back, and not yet confirmed
	// Same is a keyed hash of the answer refused last, SameTimes how often in a row.
	Same      string `json:"same,omitempty"`
	Refused   string `json:"refused,omitempty"` // digest of what was said to the last refused answer
	SameTimes int    `json:"same_times,omitempty"`
	Album     string `json:"album,omitempty"` // answered last
	Slot      *Slot  `json:"slot,omitempty"`  // answered last
	// Held is what will be said once the chat's waiting messages are read.
	Held     []string `json:"held,omitempty"`
	Unasked  bool     `json:"unasked,omitempty"` // the question at hand was not shown for that
	ListPage int      `json:"list_page,omitempty"`
	Mode     string   `json:"mode,omitempty"`  // of the coming visit, when known
	Visit    string   `json:"visit,omitempty"` // the open visit
	// Waited is how long messages of the open visit waited for an answer, in all.
	Waited time.Duration `json:"waited,omitempty"`
	Habit  *Habit        `json:"habit,omitempty"`  // of the visit opened last
	Before string        `json:"before,omitempty"` // the state to go back to once the open visit is corrected
	After  *After        `json:"after,omitempty"`  // where to go once registered and signed in
	Forms  []Parked      `json:"forms,omitempty"`  // left half filled in, one of each kind, the last one last
	Resume string        `json:"resume,omitempty"` // kind of the form that "resume" asks about
	// Left is the one parked form of sessions from before there was one of each kind.
	Left     string `json:"parked,omitempty"`
	Reminded bool   `json:"reminded,omitempty"`
	// ApologyAt is when the desk last said sorry for having been away.
	ApologyAt time.Time `json:"apology_at,omitzero"`

	SeenAt time.Time `json:"seen_at,omitzero"` // of the session, to the second

	FloodFrom time.Time `json:"flood_from,omitzero"` // when the time of Flood began
	Flood     int       `json:"flood,omitempty"`     // messages since then

	Draft     *Draft          `json:"draft,omitempty"`
	Profile   *Filling        `json:"profile,omitempty"`   // of a reader who has an account
	CodesFrom time.Time       `json:"codes_from,omitzero"` // when the hour of Codes began
	Codes     int             `json:"codes,omitempty"`     // codes asked for in this chat in that hour
	Checks    *Checks         `json:"checks,omitempty"`
	Find      *Find           `json:"find,omitempty"`
	Missed    *Missed         `json:"missed,omitempty"` // until it is said in other words
	Lists     []List          `json:"lists,omitempty"`  // searched before, still on the screen
	Counts    []Count         `json:"counts,omitempty"` // how pages are counted, the last said last
	Field     string          `json:"field,omitempty"`  // key of the profile field being corrected
	Rating    int             `json:"rating,omitempty"`
	Mends     bool            `json:"mends,omitempty"` // the visit is to be rated anew
	Survey    *SurveyDraft    `json:"survey,omitempty"`
	Complaint *ComplaintDraft `json:"complaint,omitempty"`
	Arrival   *Arrival        `json:"arrival,omitempty"`
	Shelf     *ShelfFind      `json:"shelf,omitempty"`
	Loan      *LoanDraft      `json:"loan,omitempty"`
	Ticket    string          `json:"ticket,omitempty"` // open hand-off
	Silent    bool            `json:"silent,omitempty"` // staff write in this chat themselves
	// WaitFrom is since when a message to staff waits for an answer, zero for none.
	WaitFrom time.Time `json:"wait_from,omitzero"`
	HoursAt  time.Time `json:"hours_at,omitzero"` // when it was said last that staff answer in opening hours
	Answered *Answered `json:"answered,omitempty"`
	Reply    *Reply    `json:"reply,omitempty"`
	// NoClosing: they do not want to be asked whether a complaint is settled.
	NoClosing bool `json:"no_closing,omitempty"`

	// Of a member of staff.
	Plan     *Plan   `json:"plan,omitempty"`   // what they wrote, not sent until it is clear to whom
	Toward   *Toward `json:"toward,omitempty"` // where their next words go
	AsReader bool    `json:"as_reader,omitempty"`
	Brief    string  `json:"brief,omitempty"` // last day that the line of the day was told of, "" for who did not ask
}

// Answered is the answer of staff that came last: what follows soon may be meant
// for them.
type Answered struct {
	Ticket string    `json:"ticket"`
	At     time.Time `json:"at"`
	Closed bool      `json:"closed,omitempty"` // with it the ticket was closed: a no is meant for them
}

// Reply is what may be meant for staff, until the person has said whether.
type Reply struct {
	Ticket string `json:"ticket"`
	Text   string `json:"text"`
	Before string `json:"before"` // the state that it was written in
}

// Plan is what a member of staff wrote and has not confirmed.
type Plan struct {
	Steps  []PlanStep `json:"steps"`
	Choose []string   `json:"choose,omitempty"` // tickets, one of which the step is for
	At     time.Time  `json:"at"`
}

// PlanStep is one command, as it would be carried out.
type PlanStep struct {
	Verb   string `json:"verb"`
	Ticket string `json:"ticket,omitempty"`
	Text   string `json:"text,omitempty"`
}

// Toward is the ticket that plain words of a member of staff go to for a while.
type Toward struct {
	Ticket string    `json:"ticket"`
	Verb   string    `json:"verb"`
	Until  time.Time `json:"until"`
}

// Slot is a question that the last message answered: while nothing else has been
// said, an edit of the message corrects the answer, and so does a next message that
// says so and is no answer to the question it led to.
type Slot struct {
	Message string `json:"message"` // its ID
	State   string `json:"state"`   // of the question
	Next    string `json:"next"`    // the question it led to
}

// After is what a person wanted when registration or the guest book came first.
type After struct {
	State string `json:"state"`
	Text  string `json:"text,omitempty"` // the search typed
}

// Draft is a registration in the making.
type Draft struct {
	ConsentAt  time.Time `json:"consent_at"`
	Name       string    `json:"name,omitempty"`
	Card       Card      `json:"card,omitzero"`
	Email      string    `json:"email,omitempty"`
	CodeHash   string    `json:"code_hash,omitempty"`
	CodeSent   time.Time `json:"code_sent,omitzero"`
	CodeTries  int       `json:"code_tries,omitempty"`
	CodeMail   string    `json:"code_mail,omitempty"`  // what is known of the code's letter
	CodeTaken  time.Time `json:"code_taken,omitzero"`  // when a mail server took it
	CodeDoubt  bool      `json:"code_doubt,omitempty"` // asked whether the address is right
	Verified   bool      `json:"verified,omitempty"`
	VerifiedBy string    `json:"verified_by,omitempty"` // "petugas" when no code was mailed
	Ticket     string    `json:"ticket,omitempty"`      // staff were asked to verify
	Typo       string    `json:"typo,omitempty"`        // the address suggested instead
	Filling              // where the profile is asked before the account is made
	Phone      string    `json:"phone,omitempty"`
	Edit       bool      `json:"edit,omitempty"` // one field is being corrected from the summary
}

// Filling is a guest-book profile in the making.
type Filling struct {
	Profile  Profile `json:"profile,omitzero"`
	CardYear int     `json:"card_year,omitempty"` // two digits and 100, to ask once when the birth year disagrees
	Doubted  bool    `json:"doubted,omitempty"`   // asked already
	Minor    bool    `json:"minor,omitempty"`     // a parent or teacher is with them
	Ordering bool    `json:"ordering,omitempty"`  // an excerpt waits to be confirmed behind it
}

// Habit is what a reader signed the guest book with last. Where they were then
// says nothing of where they are now.
type Habit struct {
	Purpose string `json:"purpose"`
}

// Find is a search and what was picked from it.
type Find struct {
	Query     string    `json:"query,omitempty"`
	Before    string    `json:"before,omitempty"` // the query that it followed, whose topic it may share
	Corrected string    `json:"corrected,omitempty"`
	Dropped   string    `json:"dropped,omitempty"`
	LogID     string    `json:"log_id,omitempty"`
	Offset    int       `json:"offset,omitempty"`
	Total     int       `json:"total,omitempty"`
	Hits      []FindHit `json:"hits,omitempty"`
	Pub       string    `json:"pub,omitempty"`
	Editions  []Edition `json:"others,omitempty"` // other editions of the publication picked
	Best      *PageHit  `json:"best,omitempty"`   // the page hit under the title picked
	Inside    string    `json:"inside,omitempty"`
	PageHits  []PageHit `json:"page_hits,omitempty"`
	Pages     PageSet   `json:"pages,omitempty"`
	Asked     PageSet   `json:"asked,omitempty"` // as typed, where it was not said which numbers are meant
	Code      string    `json:"code,omitempty"`  // the excerpt being prepared
	// Datums is the number that answers the search, where one does.
	Datums *DatumsShown `json:"datums,omitempty"`
	Table  string       `json:"table,omitempty"` // key of the table wished as a file, which Pages are of

	away string // places asked for that nothing is held about; said at once, not kept
}

// List is what it takes to page through an earlier result list.
type List struct {
	ID     string `json:"id"`
	Query  string `json:"query"`
	Before string `json:"before,omitempty"`
}

// Count is which numbers of pages a person means in a publication: those printed
// on them, or those counted from the cover.
type Count struct {
	Publication string `json:"publication"`
	Printed     bool   `json:"printed,omitempty"`
}

// FindHit is one line of the result list.
type FindHit struct {
	ID    string   `json:"id"`
	Page  *PageHit `json:"page,omitempty"`
	Holds string   `json:"holds,omitempty"` // year of its data, where that is why it answers
	// Editions are the others of its series, newest first.
	Editions []Edition `json:"others,omitempty"`
}

// ComplaintDraft is a complaint in the making.
type ComplaintDraft struct {
	Category string  `json:"category,omitempty"`
	Text     string  `json:"text,omitempty"`
	Photos   []Media `json:"photos,omitempty"`
	Identity string  `json:"identity,omitempty"`
	Name     string  `json:"name,omitempty"`
}

package conversation

import "time"

// Reader (pembaca) is a person with an account. Several addresses may lead to
// one reader.
type Reader struct {
	ID        int64     `json:"id"`
	Number    string    `json:"number"` // "BT-00123"
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	EmailHash string    `json:"email_hash"` // keyed hash, see [Secret]
	Card      Card      `json:"card"`
	Profile   Profile   `json:"profile"`
	Phone     string    `json:"phone,omitempty"` // E.164
	Verified  string    `json:"verified"`        // "email" or "petugas"
	Consent   int       `json:"consent"`         // version of the consent text agreed to; 0 withdrawn
	ConsentAt time.Time `json:"consent_at"`
	Frozen    bool      `json:"frozen,omitempty"` // processing restricted by staff
	CreatedAt time.Time `json:"created_at"`
	// Quarters such as "2026-4" in which the SKM survey was offered and answered last.
	SurveyOffered string `json:"survey_offered,omitempty"`
	SurveyDone    string `json:"survey_done,omitempty"`
	// SKD is the day on which the person agreed to be contacted for the survey of data
	// needs, such as "2026-11-27", [NoSKD] when that was refused, "" before it was asked.
	SKD string `json:"skd,omitempty"`
}

// Card is what is kept of an identity card: never its number.
type Card struct {
	Kind    string `json:"kind"`              // KTP, SIM, Paspor, or what card it is
	Last4   string `json:"last4"`             // last four characters
	Hash    string `json:"hash"`              // keyed hash of kind and number
	Expires string `json:"expires,omitempty"` // "2027-08"
	Checked string `json:"checked,omitempty"` // "petugas" when staff must look at it
}

// Profile is the guest-book profile, asked once, as a rule after the first
// excerpt. Values are labels of the
// configured option lists; empty means not given.
type Profile struct {
	Gender      string `json:"gender,omitempty"`
	BirthYear   int    `json:"birth_year,omitempty"`
	Education   string `json:"education,omitempty"`
	Occupation  string `json:"occupation,omitempty"`
	Institution string `json:"institution,omitempty"`
	Origin      string `json:"origin,omitempty"`
	Disability  string `json:"disability,omitempty"`
}

// Complete tells whether the profile was filled in: it has everything that
// cannot be passed over.
func (p Profile) Complete() bool {
	return p.Gender != "" && p.Education != "" && p.Occupation != "" && p.Origin != ""
}

// Modes of a visit.
const (
	OnSite = "di tempat" // the reader stands at the desk
	Online = "daring"
)

// Visit (kunjungan) is one guest-book entry and what came of it. The
// five-minute clock of the published standard runs from OpenedAt to DeliveredAt.
type Visit struct {
	ID            string
	Reader        int64
	Chat          Address
	Mode          string // OnSite or Online
	Purpose       string
	OpenedAt      time.Time // the guest-book entry was completed
	FirstResultAt time.Time // zero until a search found something
	DeliveredAt   time.Time // zero until an excerpt arrived
	Excerpt       string    // code of the first that arrived
	// Waited is how long the reader's messages had waited for an answer by then, in all.
	Waited   time.Duration
	ClosedAt time.Time
	Asked    bool // the rating question was asked
}

// Publication is one record of the catalogue. ID is the WebAPI's pub_id, or
// made from the file for a publication that has none.
type Publication struct {
	ID            string `json:"id"`
	Office        string `json:"office"` // four-digit domain, 1906
	Title         string `json:"title"`
	Abstract      string `json:"abstract,omitempty"`
	Year          int    `json:"year,omitempty"`     // year named in the title, else of release; 0 unknown
	Released      string `json:"released,omitempty"` // "2024-02-28"
	CatalogNo     string `json:"catalog_no,omitempty"`
	PublicationNo string `json:"publication_no,omitempty"`
	ISSN          string `json:"issn,omitempty"`
	Link          string `json:"link,omitempty"`  // page on the office's website
	Shelf         string `json:"shelf,omitempty"` // where the printed copy stands; empty: none
	Copies        int    `json:"copies,omitempty"`
	// The rest is known only for publications whose file the library holds.
	File   string `json:"file,omitempty"` // name inside the holdings folder
	SHA256 string `json:"sha256,omitempty"`
	Pages  int    `json:"pages,omitempty"`  // 0: no file held
	Strict bool   `json:"strict,omitempty"` // excerpts only as marked pictures
	// Decided says which of its facts staff set: no import changes these.
	Decided Decided `json:"decided,omitzero"`
}

// Decided are facts of a publication that staff set by hand; the year goes with the
// title.
type Decided struct {
	Title  bool `json:"title,omitempty"`
	Shelf  bool `json:"shelf,omitempty"`
	Copies bool `json:"copies,omitempty"`
}

// Page is the searchable text of one page of a publication.
type Page struct {
	Number  int    `json:"number"`            // PDF page, from 1
	Printed string `json:"printed,omitempty"` // number printed on it ("xii", "45"); empty unknown
	Front   bool   `json:"front,omitempty"`   // cover, colophon, preface, contents: never a hit
	Text    string `json:"text"`
}

// Entry is one line of a publication's "Daftar Tabel", "Daftar Gambar" or "Daftar Isi".
type Entry struct {
	Kind    string `json:"kind"` // "tabel", "gambar", "bab"
	Number  string `json:"number,omitempty"`
	Title   string `json:"title"`
	Printed string `json:"printed,omitempty"`
	Page    int    `json:"page"` // PDF page; 0 unknown
}

// Contents is what was read from a publication's file.
type Contents struct {
	Pages   []Page  `json:"pages"`
	Entries []Entry `json:"entries,omitempty"`
	// Tables are the statistical tables that proved themselves.
	Tables []DataTable `json:"tables,omitempty"`
	// TablesRead is the version of the reading that Tables come from; 0: none was done.
	TablesRead int `json:"-"`
}

// Excerpt (kutipan) is one delivery of pages to one reader.
type Excerpt struct {
	Code        string // printed on every page; staff can look it up
	Reader      int64
	Chat        Address
	Visit       string
	Publication string
	Pages       PageSet // as they were numbered when it was asked for
	Now         PageSet // as they are numbered in the publication's file now, while they are in it
	Mark        Mark
	FileName    string
	Strict      bool       // its pages are marked pictures, as was so when it was asked for
	Picture     bool       // a preview: the one page as a marked picture
	Table       *TableFile // set: a table of its pages as a file, instead of them
	RequestedAt time.Time
	DeliveredAt time.Time
	FailedAt    time.Time
}

// TableFile is a table handed out as a file of its own.
type TableFile struct {
	Key    string   `json:"key"`    // [DataTable.Key]
	Format string   `json:"format"` // "xlsx" or "csv"
	Head   []string `json:"head"`   // lines above it: what it is
	Foot   []string `json:"foot"`   // lines below: where it is from, whose copy it is
}

// CounterVisit stands in the place of the visit of an excerpt that staff cut at
// the counter, which has no reader of the desk.
const CounterVisit = "loket"

// Mark is what is written on every page of an excerpt. It never holds a card
// number or a phone number.
type Mark struct {
	Code   string   `json:"code"`
	Lines  []string `json:"lines"`  // tiled behind the page's content
	Footer string   `json:"footer"` // one dark line at the foot, with the code
	// Check is what a phone reads off the small square beside the code: a link, or
	// words to send, that lead to what the desk says of the code; empty: no square.
	Check string `json:"check,omitempty"`
}

// ExcerptOrder is all that is needed to cut an excerpt; the same order gives
// the same pages and mark again.
type ExcerptOrder struct {
	File     string // name inside the holdings folder
	Pages    PageSet
	Mark     Mark
	Strict   bool
	Picture  bool   // one page, as a marked JPEG
	Title    string // of the publication; empty: not known
	FileName string // how the reader sees it, [A-Za-z0-9._-] and its ending
	// Data, when set, is the table to write as Table says, instead of cutting pages.
	Data  *DataTable
	Table *TableFile
}

// ExcerptFile is an excerpt that was cut and passed its self-check.
type ExcerptFile struct {
	Name    string
	Data    []byte
	MIME    string
	Pages   int
	Mode    string // "vector", "raster" or "table"
	Verdict string // of the self-check: "ok", or why the raster variant was made
	SHA256  string // of Data
}

// Rating is the answer to the one question after a delivery.
type Rating struct {
	Visit   string
	Reader  int64
	Score   int // 4 Sangat puas … 1 Tidak puas
	Comment string
	Mends   bool // the score given before was a slip
	At      time.Time
}

// SearchLog is one search without the person.
type SearchLog struct {
	ID     string
	Query  string // normalised
	Hits   int
	Chosen string // publication picked, if any
	At     time.Time
}

// Ticket states, in the order they are usually passed.
const (
	StateNew      = "BARU"
	StateAccepted = "DITERIMA"
	StateWorking  = "DIPROSES"
	StateDone     = "SELESAI"
	StateRefused  = "DITOLAK"
	StateLent     = "DIPINJAM" // a book, between staff's leave and its return
)

// Ticket kinds: what the first letters of its number stand for.
const (
	KindComplaint = "ADU" // pengaduan
	KindHandoff   = "TNY" // tanya petugas: a person asked for a person
	KindVerify    = "VER" // verifikasi: an e-mail that no code can be mailed to
	KindLoan      = "PJ"  // pinjam: a printed book
)

// How much of the complainant staff may see.
const (
	Named     = "nama"
	Hidden    = "rahasia" // staff see only the ticket
	Anonymous = "anonim"  // as Hidden, and no answers are relayed
)

// Owner names a member of staff whom a ticket is for. When nobody has the name
// any more, whoever has the role is meant.
type Owner struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

// Ticket is a complaint, or a question handed to staff. Its ID is
// KIND-YYMMDD-XXX; staff may use the last three characters alone, of which one
// is a digit, so that no word is taken for them.
type Ticket struct {
	ID         string
	Kind       string
	Category   string
	Text       string
	Identity   string
	Name       string // as typed by a person who is not registered
	Reader     int64  // 0: not registered
	Chat       Address
	Mode       string
	State      string
	Photos     []Media
	OpenedAt   time.Time
	AcceptedAt time.Time
	AnsweredAt time.Time
	ClosedAt   time.Time
	// Owners are whom it was addressed and forwarded to; see [Office.Owners].
	Owners     []Owner
	Staff      Address // who it was forwarded to, of a ticket from before there were owners
	AboutStaff bool    // a complaint about staff: only the second contact may be told of it
	// PIN is the keyed hash of what opens an anonymous ticket with its number;
	// Tries counts wrong ones since then, the last on PINDay.
	PIN     string
	Tries   int
	PINDay  time.Time
	NextDue time.Time
	// Untold are the words of its person, newest last, that staff are told of at
	// NextDue; what was due then otherwise is AfterTold.
	Untold    int
	AfterTold time.Time
	// AskAgain: closed, and at NextDue its person is asked once more whether it is settled.
	AskAgain bool
	Reminded int
	CopiedAt time.Time // when its copy went by e-mail
	// Of a loan.
	Book    string    // the publication
	BackBy  time.Time // the end of the day that the book must be back
	Renew   bool      // the reader asked for more time
	Version int64
}

// Closed tells whether a ticket is done or refused.
func (k Ticket) Closed() bool { return k.State == StateDone || k.State == StateRefused }

// Post is one message of a ticket's thread.
type Post struct {
	Ticket string
	By     string // "pelapor", "petugas" or "sistem"
	Text   string
	At     time.Time
}

// AuditEntry is one line of the append-only audit table.
type AuditEntry struct {
	At      time.Time
	Who     string // masked address or the name of a command
	What    string // what was done, without personal data
	Subject string // reader number, ticket or excerpt code
}

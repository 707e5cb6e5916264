package conversation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Roles of staff.
const (
	Kasubbag = "kasubbag" // answers complaints
	Second   = "kedua"    // told when a limit has passed, or when the complaint is about the Kasubbag
	Officer  = "petugas"  // library desk: hand-offs, verification
)

// Staff is one member of the office's staff known to the desk.
type Staff struct {
	Name      string
	Role      string
	Addresses []Address      // where they are reached, preferred first; commands are taken from all
	Days      []time.Weekday // on duty at the library desk; none: every day
}

// Web is where this member of staff writes from at the desk's page in a browser.
// Nothing is sent there but answers.
func (s Staff) Web() Address {
	return Address(Web + ":" + url.PathEscape(strings.ToLower(s.Name)))
}

// Hours are the opening hours of one weekday, as times of day in the office's zone.
type Hours struct {
	Day      time.Weekday
	From, To time.Duration
}

// Office is everything that names an office; another office edits one file.
type Office struct {
	Facts
	Code     string // four-digit domain
	Zone     *time.Location
	Page     string            // address of the desk's page for staff, "http://127.0.0.1:8484"; empty: there is none
	Bot      string            // user name of its Telegram bot, for links; empty: not known
	Others   map[string]string // names of other offices by code, as their publications name them
	Hours    []Hours
	Holidays []string // "2026-12-25"
	Staff    []Staff

	OpenSearch   bool // title search without registration
	ProfileFirst bool // the guest-book profile is part of the registration, not asked after the first excerpt
	NoMail       bool // no code can be mailed: staff verify instead
	// Strict are the codes of offices all of whose publications are handed out as
	// marked pictures alone.
	Strict []string

	Lists Lists
	Loans Loans
}

// Facts are what an office says of itself; their keys in a configuration stand beside
// them, and so do those of [Lists] and [Loans].
type Facts struct {
	Name      string `toml:"name"` // "BPS Kabupaten Belitung Timur"
	Unit      string `toml:"unit"` // the path of units, as the standard prints it
	Address   string `toml:"address"`
	Telephone string `toml:"telephone"`
	Website   string `toml:"website"` // host and path, without https://
	Email     string `toml:"email"`

	// The published complaint channels.
	ComplaintBox   string `toml:"complaint_box"`
	ComplaintURL   string `toml:"complaint_url"`
	ComplaintEmail string `toml:"complaint_email"`
	ComplaintPhone string `toml:"complaint_phone"`
	ComplaintName  string `toml:"complaint_name"`

	ReaderPrefix string `toml:"reader_prefix"`   // of reader numbers: "BT"
	Place        string `toml:"example_place"`   // of its area, for examples of what to type: "gantung"; empty: none
	Consent      int    `toml:"consent_version"` // of the consent text; a new one asks again
	KeepYears    int    `toml:"keep_years"`      // how long page sets stay after an erasure
}

// Lists are the option lists of the guest book.
type Lists struct {
	Genders      []string `toml:"genders"`
	Educations   []string `toml:"educations"`
	Occupations  []string `toml:"occupations"`
	Origins      []string `toml:"origins"`
	Disabilities []string `toml:"disabilities"`
	Purposes     []string `toml:"purposes"`
	// Categories of a complaint: the nine items of the satisfaction survey
	// (PermenPANRB 14/2017), suggestion, other.
	Categories []string `toml:"categories"`
	// AboutStaff are those of the Categories under which staff are complained
	// about: such complaints reach the second contact alone.
	AboutStaff []string `toml:"about_staff"`
}

// NewOffice is an office of which nothing is known but what holds for every
// office of BPS: periods, option lists, the national way of complaining. It has no
// name, no contact, no hours and no staff.
func NewOffice(zone *time.Location) Office {
	return Office{
		Zone: zone,
		Facts: Facts{ComplaintBox: "kotak saran di unit PST", ComplaintURL: "https://lapor.go.id", ReaderPrefix: "PST",
			Consent: 1, KeepYears: 5},
		Loans: Loans{Days: 7, Most: 2, Staff: Officer},
		Lists: Lists{
			Genders: []string{"Laki-laki", "Perempuan", "Tidak ingin menyebutkan"},
			Educations: []string{"Tidak/belum sekolah", "SD/sederajat", "SMP/sederajat", "SMA/sederajat", "D1-D3", "D4/S1", "S2",
				"S3"},
			Occupations: []string{"Pelajar/mahasiswa", "Peneliti/dosen", "ASN/TNI/Polri", "BUMN/BUMD", "Pegawai swasta",
				"Wiraswasta", "Lainnya"},
			Origins:      []string{"Kabupaten/kota ini", "Lainnya di provinsi ini", "Luar provinsi", "Luar negeri"},
			Disabilities: []string{"Tidak ada", "Penglihatan", "Pendengaran/wicara", "Gerak", "Lainnya"},
			Purposes: []string{"Tugas sekolah/kuliah", "Skripsi/tesis/disertasi", "Penelitian", "Perencanaan", "Evaluasi",
				"Lainnya"},
			Categories: []string{"Persyaratan", "Sistem, mekanisme, prosedur", "Waktu penyelesaian", "Biaya/tarif",
				"Produk layanan",
				"Kompetensi petugas", "Perilaku petugas", "Sarana dan prasarana", "Penanganan pengaduan", "Saran", "Lainnya"},
			AboutStaff: []string{"Kompetensi petugas", "Perilaku petugas"},
		},
	}
}

// DefaultCode is the office whose published facts the program knows.
const DefaultCode = "1906"

// DefaultOffice is BPS Kabupaten Belitung Timur as its service standard
// publishes it, in the time zone given (Asia/Jakarta). It is taken whole or not at
// all: another office begins with [NewOffice].
func DefaultOffice(zone *time.Location) Office {
	o := NewOffice(zone)
	o.Name = "BPS Kabupaten Belitung Timur"
	o.Unit = "Badan Pusat Statistik / Sekretariat Utama / Pelayanan Statistik Terpadu BPS Provinsi Kepulauan Bangka " +
		"Belitung / " +
		"Pelayanan Statistik Terpadu BPS Kabupaten Belitung Timur"
	o.Code = DefaultCode
	o.Address = "Jl. Raya Manggarawan, Desa Padang, Manggar 33512"
	o.Telephone = "07199220090"
	o.Website = "belitungtimurkab.bps.go.id"
	o.Email = "bps1906@bps.go.id"
	o.ComplaintEmail = "bps1906@bps.go.id"
	o.ComplaintPhone = "081278563877"
	o.ComplaintName = "Syahroni, Kasubbag Umum"
	o.ReaderPrefix = "BT"
	o.Place = "gantung"
	o.Lists.Origins = []string{"Belitung Timur", "Belitung", "Kep. Babel lainnya", "Luar Babel", "Luar negeri"}
	for d := time.Monday; d <= time.Thursday; d++ {
		o.Hours = append(o.Hours, Hours{d, 8 * time.Hour, 15*time.Hour + 30*time.Minute})
	}
	o.Hours = append(o.Hours, Hours{time.Friday, 8 * time.Hour, 16 * time.Hour})
	return o
}

// Example is a search as a reader may type it: "penduduk gantung 2023".
func (o *Office) Example() string {
	return strings.Join(strings.Fields("penduduk "+o.Place+" 2023"), " ")
}

// withRole finds the first member of staff with this role who can be reached.
func (o *Office) withRole(role string) (Staff, bool) {
	for _, s := range o.Staff {
		if s.Role == role && len(s.Addresses) > 0 {
			return s, true
		}
	}
	return Staff{}, false
}

// onDuty is who answers at the library desk as it opens next: the officer on duty
// that day, else any officer, else the Kasubbag.
func (o *Office) onDuty(at time.Time) (Staff, bool) {
	day := o.Opening(at).In(o.Zone).Weekday()
	for _, s := range o.Staff {
		if s.Role == Officer && len(s.Addresses) > 0 && (len(s.Days) == 0 || slices.Contains(s.Days, day)) {
			return s, true
		}
	}
	if s, ok := o.withRole(Officer); ok {
		return s, true
	}
	return o.withRole(Kasubbag)
}

// HoursText writes the opening hours for people: "Senin-Kamis 08.00-15.30, Jumat 08.00-16.00 WIB".
func (o *Office) HoursText() string {
	names := [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	clock := func(d time.Duration) string {
		return fmt.Sprintf("%02d.%02d", int(d.Hours()), int(d.Minutes())%60)
	}
	var parts []string
	for i := 0; i < len(o.Hours); {
		j := i
		for j+1 < len(o.Hours) && o.Hours[j+1].Day == o.Hours[j].Day+1 && o.Hours[j+1].From == o.Hours[i].From &&
			o.Hours[j+1].To == o.Hours[i].To {
			j++
		}
		days := names[o.Hours[i].Day]
		if j > i {
			days += "-" + names[o.Hours[j].Day]
		}
		parts = append(parts, days+" "+clock(o.Hours[i].From)+"-"+clock(o.Hours[i].To))
		i = j + 1
	}
	return strings.Join(parts, ", ") + " " + o.zoneName()
}

// zoneName is the short name of the office's zone: WIB in Asia/Jakarta.
func (o *Office) zoneName() string {
	name, _ := time.Date(2026, 1, 1, 0, 0, 0, 0, o.Zone).Zone()
	return name
}

// ReaderNumber is the number printed for a reader id: "BT-00123".
func (o *Office) ReaderNumber(id int64) string { return fmt.Sprintf("%s-%05d", o.ReaderPrefix, id) }

// Secret is the key under which card numbers, e-mail addresses and codes are
// hashed, so that the database alone tells nothing about them. It rests in a
// file or variable, never in the database.
type Secret []byte

// Hash is the hex HMAC-SHA-256 of a value for one purpose; the same value has
// unrelated hashes for two purposes.
func (s Secret) Hash(purpose, value string) string {
	m := hmac.New(sha256.New, s)
	m.Write([]byte(purpose + "\x00" + value))
	return hex.EncodeToString(m.Sum(nil))
}

// Email is the keyed hash that a person's mailbox is known by, however it is written.
func (s Secret) Email(address string) string { return s.Hash("email", Mailbox(address)) }

// equal compares two hashes in constant time.
func equal(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

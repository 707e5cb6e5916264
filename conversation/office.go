package conversation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	Addresses []Address // where they are reached, preferred first; commands are taken from all
}

// Hours are the opening hours of one weekday, as times of day in the office's zone.
type Hours struct {
	Day      time.Weekday
	From, To time.Duration
}

// Office is everything that names an office; another office edits one file.
type Office struct {
	Name      string // "BPS Kabupaten Belitung Timur"
	Unit      string // the path of units, as the standard prints it
	Code      string // four-digit domain
	Address   string
	Telephone string
	Website   string // host and path, without https://
	Email     string
	Zone      *time.Location
	Hours     []Hours
	Holidays  []string // "2026-12-25"
	Staff     []Staff

	// The published complaint channels.
	ComplaintBox   string
	ComplaintURL   string
	ComplaintEmail string
	ComplaintPhone string
	ComplaintName  string

	ReaderPrefix string // of reader numbers: "BT"
	Consent      int    // version of the consent text; a new one asks again
	OpenSearch   bool   // title search without registration
	ProfileFirst bool   // the guest-book profile is part of the registration, not asked after the first excerpt
	NoMail       bool   // no code can be mailed: staff verify instead
	KeepYears    int    // how long page sets stay after an erasure

	Lists Lists
}

// Lists are the option lists of the guest book.
type Lists struct {
	Genders, Educations, Occupations, Origins, Disabilities, Purposes []string
	// Categories of a complaint: the nine items of the satisfaction survey
	// (PermenPANRB 14/2017), suggestion, other.
	Categories []string
}

// DefaultOffice is BPS Kabupaten Belitung Timur as its service standard
// publishes it, in the time zone given (Asia/Jakarta).
func DefaultOffice(zone *time.Location) Office {
	o := Office{
		Name:      "BPS Kabupaten Belitung Timur",
		Unit:      "Badan Pusat Statistik / Sekretariat Utama / Pelayanan Statistik Terpadu BPS Provinsi Kepulauan Bangka Belitung / Pelayanan Statistik Terpadu BPS Kabupaten Belitung Timur",
		Code:      "1906",
		Address:   "Jl. Raya Manggarawan, Desa Padang, Manggar 33512",
		Telephone: "07199220090",
		Website:   "belitungtimurkab.bps.go.id",
		Email:     "bps1906@bps.go.id",
		Zone:      zone,

		ComplaintBox:   "kotak saran di unit PST",
		ComplaintURL:   "https://lapor.go.id",
		ComplaintEmail: "bps1906@bps.go.id",
		ComplaintPhone: "081278563877",
		ComplaintName:  "Syahroni, Kasubbag Umum",

		ReaderPrefix: "BT",
		Consent:      1,
		KeepYears:    5,
		Lists: Lists{
			Genders:      []string{"Laki-laki", "Perempuan", "Tidak ingin menyebutkan"},
			Educations:   []string{"Tidak/belum sekolah", "SD/sederajat", "SMP/sederajat", "SMA/sederajat", "D1-D3", "D4/S1", "S2", "S3"},
			Occupations:  []string{"Pelajar/mahasiswa", "Peneliti/dosen", "ASN/TNI/Polri", "BUMN/BUMD", "Pegawai swasta", "Wiraswasta", "Lainnya"},
			Origins:      []string{"Belitung Timur", "Belitung", "Kep. Babel lainnya", "Luar Babel", "Luar negeri"},
			Disabilities: []string{"Tidak ada", "Penglihatan", "Pendengaran/wicara", "Gerak", "Lainnya"},
			Purposes:     []string{"Tugas sekolah/kuliah", "Skripsi/tesis/disertasi", "Penelitian", "Perencanaan", "Evaluasi", "Lainnya"},
			Categories: []string{"Persyaratan", "Sistem, mekanisme, prosedur", "Waktu penyelesaian", "Biaya/tarif", "Produk layanan", "Kompetensi petugas",
				"Perilaku petugas", "Sarana dan prasarana", "Penanganan pengaduan", "Saran", "Lainnya"},
		},
	}
	for d := time.Monday; d <= time.Thursday; d++ {
		o.Hours = append(o.Hours, Hours{d, 8 * time.Hour, 15*time.Hour + 30*time.Minute})
	}
	o.Hours = append(o.Hours, Hours{time.Friday, 8 * time.Hour, 16 * time.Hour})
	return o
}

// isStaff tells whether a configured member of staff writes from this address.
func (o *Office) isStaff(a Address) bool {
	return slices.ContainsFunc(o.Staff, func(s Staff) bool { return slices.Contains(s.Addresses, a) })
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

// desk is who answers at the library desk: its officer, else the Kasubbag.
func (o *Office) desk() (Staff, bool) {
	if s, ok := o.withRole(Officer); ok {
		return s, true
	}
	return o.withRole(Kasubbag)
}

// Working tells whether the day is a working day: it has opening hours and is
// no holiday.
func (o *Office) Working(day time.Time) bool {
	day = day.In(o.Zone)
	if slices.Contains(o.Holidays, day.Format(time.DateOnly)) {
		return false
	}
	return slices.ContainsFunc(o.Hours, func(h Hours) bool { return h.Day == day.Weekday() })
}

// Open tells whether the desk is staffed at this moment.
func (o *Office) Open(at time.Time) bool {
	if !o.Working(at) {
		return false
	}
	at = at.In(o.Zone)
	since := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return slices.ContainsFunc(o.Hours, func(h Hours) bool {
		return h.Day == at.Weekday() && since >= h.From && since < h.To
	})
}

// timesOn writes the opening hours of one day, "08.00-15.30"; "" when it is closed.
func (o *Office) timesOn(day time.Time) string {
	if !o.Working(day) {
		return ""
	}
	var parts []string
	for _, h := range o.Hours {
		if h.Day == day.In(o.Zone).Weekday() {
			parts = append(parts, fmt.Sprintf("%02d.%02d-%02d.%02d", int(h.From.Hours()), int(h.From.Minutes())%60,
				int(h.To.Hours()), int(h.To.Minutes())%60))
		}
	}
	return strings.Join(parts, " dan ")
}

// AddWorkingDays is the end of the n-th working day after at; the day of at
// itself does not count.
func (o *Office) AddWorkingDays(at time.Time, n int) time.Time {
	day := at.In(o.Zone)
	for counted, walked := 0, 0; counted < n && walked < 400; walked++ {
		day = day.AddDate(0, 0, 1)
		if o.Working(day) {
			counted++
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, o.Zone)
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
		for j+1 < len(o.Hours) && o.Hours[j+1].Day == o.Hours[j].Day+1 && o.Hours[j+1].From == o.Hours[i].From && o.Hours[j+1].To == o.Hours[i].To {
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

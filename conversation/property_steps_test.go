package conversation

import (
	"slices"
	"strings"
	"time"
)

// What people write at random: answers to what they see, words for everywhere, words
// of tickets, and nonsense.
var personWords = []string{"menu", "0", "kembali", "batal", "petugas", "bot", "status", "data saya", "selesai",
	"pengaduan", "info",
	"lanjutkan", "bantuan", "id saya", "ya", "tidak", "kirim", "lewati", "1", "2", "3", "4", "5", "6", "7",
	"Keran di kamar kecil bocor sejak Senin", "Petugasnya membentak saya", "penduduk gantung 2023", "pinjam",
	"pinjam buku dalam angka",
	"boleh pinjam bukunya dibawa pulang kak?", "perpanjang pinjaman", "batal pinjam", "hal 3", "terima kasih",
	"halo", "p", "???",
	"besok jam 9", "rencana datang", "tugas kuliah", "HAPUS", "hapus semua", "perilaku petugas",
	"kompetensi petugas", "saran",
	"Siti Aminah", "KTP 1906014101900003", "siti@example.org", "123456", "setuju", "PST DI TEMPAT", "masih ada orang?",
	"kenapa belum dijawab?", "puas", "bagaimana caranya", "cari buku cetak", "isi profil", "1998", "jam buka"}

var staffWords = []string{"Baik, akan kami bersihkan", "Terima kasih atas laporannya", "Selesai sudah kami perbaiki",
	"Tolak angin sudah tersedia", "Setuju dengan saran Bapak", "Balas dendam itu tidak baik",
	"Kembali lagi besok ya", "#terimakasih",
	"#nihil", "ya", "batal", "1", "2", "jangan", "halo", "ANTREAN", "LIHAT", "TERIMA", "BALAS", "SELESAI", "TOLAK",
	"KEMBALI", "FOTO",
	"TEMPLAT", "BANTUAN", "ID SAYA", "LAPORAN", "BEKUKAN", "BEKUKAN 1", "CAIRKAN 1", "CEK KODE ABCDEFGHJK", "KATA",
	"KETAT", "KETAT pub-1", "LONGGAR pub-1",
	"TERIMA KASIH SEMUANYA",
	"besok", "?", "30/11", "menu", "petugas"}

var ticketVerbs = []string{"LIHAT", "TERIMA", "BALAS", "SELESAI", "TOLAK", "TERUSKAN", "FOTO", "SETUJU", "KEMBALI",
	"terima", "balas", ""}

var ticketTails = []string{"", "", " sudah kami tangani", " rina", " kasubbag", " Mbak Sari", " #maaf", " 30/11",
	" 2 minggu", " 31/02",
	" terima kasih atas sabarnya"}

// flows are what people go through step by step; "a|b" is one of them.
var flows = [][]string{
	{"menu", "pengaduan", "1", "sarana dan prasarana|saran|waktu penyelesaian",
		"Keran di kamar kecil bocor sejak Senin|Antre lama sekali tadi pagi",
		"kirim", "2|3|1", "1|Pak Amat", "1|kirim"},
	{"menu", "pengaduan", "1", "saran", "Mohon jam layanan ditambah|Kursinya patah satu di pojok", "kirim", "2", "1"},
	{"menu", "pengaduan", "1", "perilaku petugas|kompetensi petugas", "2", "Petugas di meja depan membentak saya",
		"kirim", "2|3", "1"},
	{"menu", "petugas", "Apakah ada data tahun 1990?", "halo?|terima kasih|masih ada orang?"},
	{"menu", "pinjam dalam angka", "1", "pinjam", "1|skripsi", "1|kirim", "perpanjang pinjaman|batal pinjam|status"},
	{"menu", "daftar", "1", "Rudi Hartono", "KTP 1906010101900002", "rudi@example.org", "lanjut", "1", "daring, 1"},
	{"menu", "penduduk", "1", "1", "2", "3", "1", "4|1"},
	{"menu", "3", "5", "besok jam 9|senin jam 10", "ya"},
	{"menu", "data saya", "6", "HAPUS"},
}

// personWrites lets somebody write anything, most often an answer to what they see.
func (k *walk) personWrites(chat Address) {
	m := Message{From: chat, Kind: Text, Text: pick(k.r, personWords)}
	if plan := k.plans[chat]; len(plan) > 0 && k.r.IntN(12) > 0 {
		k.plans[chat] = plan[1:]
		m.Text = pick(k.r, strings.Split(plan[0], "|"))
		k.take(m)
		return
	}
	if k.r.IntN(3) == 0 {
		k.plans[chat] = pick(k.r, flows)
	}
	seen := k.shown[chat]
	mine := k.w.listed(func(x Ticket) bool { return x.Chat == chat })
	switch n := k.r.IntN(20); {
	case n < 8 && len(seen) > 0:
		if o := seen[len(seen)-1]; len(o.Options) > 0 {
			x := pick(k.r, o.Options)
			if m.Text = x.Number; x.Number == "" || k.r.IntN(2) == 0 {
				m.Kind, m.Text, m.Menu = Choice, x.Key, o.Menu
			}
		}
	case n < 10 && len(seen) > 0:
		m.Quoted = pick(k.r, seen).id
	case n < 12 && len(mine) > 0:
		m.Text = pick(k.r, []string{"balas ", "belum ", "status ", "perpanjang "}) + pick(k.r, mine).ID +
			pick(k.r, []string{"", " masih sama saja", " terima kasih"})
	case n == 12:
		m.Kind, m.Media = Image, &Media{MIME: "image/jpeg", Ref: "foto"}
	case n == 13:
		m.Kind, m.Text = pick(k.r, []Kind{Voice, Document, Unsupported, Unreadable, Sticker}), ""
	case n == 14:
		m.Kind = pick(k.r, []Kind{Edited, Reaction, Contact})
	}
	k.take(m)
}

// staffWrites lets a member of staff write anything from one of their chats.
func (k *walk) staffWrites() {
	chat := pick(k.r, k.staffChats())
	m := Message{From: chat, Kind: Text, Text: pick(k.r, staffWords)}
	seen := k.shown[chat]
	switch n := k.r.IntN(20); {
	case n < 6 && len(k.w.order) > 0:
		m.Text = pick(k.r, ticketVerbs) + " " + k.number() + pick(k.r, ticketTails)
	case n < 7 && len(k.w.order) > 1:
		m.Text = pick(k.r, ticketVerbs) + " " + k.number() + " beres, " + k.number() + " besok"
	case n < 11 && len(seen) > 0:
		m.Quoted = pick(k.r, seen).id
	case n < 14 && len(seen) > 0:
		if o := pick(k.r, seen[max(0, len(seen)-4):]); len(o.Options) > 0 {
			m.Kind, m.Text, m.Menu = Choice, pick(k.r, o.Options).Key, o.Menu
		}
	case n == 14:
		m.Kind, m.Media = Image, &Media{MIME: "image/jpeg", Ref: "foto"}
		if len(seen) > 0 && k.r.IntN(2) == 0 {
			m.Quoted = pick(k.r, seen).id
		}
	case n == 15:
		m.Kind, m.Text = pick(k.r, []Kind{Voice, Document, Unsupported, Unreadable, Sticker}), ""
	case n == 16:
		m.Kind = Edited
	}
	k.take(m)
}

// number names any ticket, also one that is not theirs.
func (k *walk) number() string {
	id := pick(k.r, k.w.order)
	if open := k.w.listed(func(x Ticket) bool { return !x.Closed() }); len(open) > 0 && k.r.IntN(3) > 0 {
		id = pick(k.r, open).ID
	}
	if k.r.IntN(3) == 0 {
		return id
	}
	return id[len(id)-3:]
}

func (k *walk) staffChats() []Address {
	var out []Address
	for _, s := range k.office.Staff {
		out = append(out, s.Addresses...)
	}
	return out
}

// personIsAnswered: a person hears something, or staff do.
func (k *walk) personIsAnswered(m Message) {
	k.Helper()
	s, _ := k.w.Session(k.Context(), m.From)
	if s.State == "handoff" && s.Deadline.IsZero() {
		k.wrong("%s stands with staff, and nothing brings the bot back", m.From)
	}
	if len(sends(k.w.turn, m.From)) > 0 {
		return
	}
	switch m.Kind {
	case Reaction, Sticker: // nobody waits for an answer to a thumb
		return
	}
	for _, e := range k.w.turn.Effects {
		if p, ok := e.(AddPost); ok && p.Post.By == "pelapor" && s.State == "handoff" {
			return
		}
	}
	if s.State == "handoff" && (m.Kind != Text || m.Text == "") {
		return
	}
	k.wrong("%s wrote %s %q in %s and heard nothing", m.From, m.Kind, m.Text, s.State)
}

// relayed are the letters of a turn to the people of tickets, not to staff.
func (k *walk) relayed() []Send {
	var out []Send
	for _, e := range k.w.turn.Effects {
		if s, ok := e.(Send); ok && s.To.Scheme() != Mail {
			if _, staff := k.office.member(s.To); !staff {
				out = append(out, s)
			}
		}
	}
	return out
}

// staffHasAnOutcome: they hear what came of what they wrote, and it is true.
func (k *walk) staffHasAnOutcome(m Message, before Session) {
	k.Helper()
	said := ""
	for _, s := range sends(k.w.turn, m.From) {
		said += s.Text + "\n"
	}
	if m.Kind == Reaction {
		return
	}
	if said == "" {
		k.wrong("%s of the staff wrote %s %q and heard nothing", m.From, m.Kind, m.Text)
	}
	claims := slices.ContainsFunc([]string{"Dikirim ke pelapor", "Foto dikirim ke pelapor", "Pelapor diberi tahu.",
		"Pembaca diberi tahu."},
		func(words string) bool { return strings.Contains(said, words) })
	meant := m.Kind != Text || m.Quoted != "" || before.Data.Plan != nil || before.Data.Toward != nil ||
		slices.ContainsFunc(k.w.order, func(id string) bool { return strings.Contains(m.Text, id[len(id)-3:]) })
	if len(k.relayed()) > 0 && !meant {
		k.wrong("%s wrote %q, naming no ticket, and it was sent without a yes", m.From, m.Text)
	}
	if sent := len(k.relayed()) > 0; sent != claims {
		k.wrong("%s wrote %q: sent to a person is %v, they read %q", m.From, m.Text, sent, said)
	}
}

// isHandedOn: a ticket goes to an owner or to a mailbox at once, a secret one within
// seconds, or an alarm is raised; one about staff goes to the second contact alone.
func (k *walk) isHandedOn(m Message) {
	k.Helper()
	for _, e := range k.w.turn.Effects {
		switch open, ok := e.(OpenTicket); {
		case !ok:
		case open.Ticket.Untold == 0:
			k.went(open.Ticket)
		case open.Ticket.NextDue.Sub(k.at) > time.Minute:
			k.wrong("%s is told only at %s", open.Ticket.ID, open.Ticket.NextDue)
		default:
			k.soon[open.Ticket.ID] = true
		}
	}
	if x := k.w.tickets[m.From.Rest()]; m.Kind == Due && k.soon[x.ID] {
		delete(k.soon, x.ID)
		k.went(x)
	}
}

// went looks whether the turn sends a ticket to whom it is for.
func (k *walk) went(x Ticket) {
	k.Helper()
	went := x.Text == "" || k.w.alarms[x.ID] // erased meanwhile
	for _, e := range k.w.turn.Effects {
		s, ok := e.(Send)
		if !ok || s.Ref != "ticket:"+x.ID && s.Ref != "copy:"+x.ID || s.To == x.Chat {
			continue
		}
		member, staff := k.office.member(s.To)
		went = went || staff || s.Ref == "copy:"+x.ID
		if x.AboutStaff && (!staff || member.Role != Second) {
			k.wrong("%s is about staff and goes to %s", x.ID, s.To)
		}
	}
	if !went {
		k.wrong("%s was opened and goes to nobody", x.ID)
	}
}

// lossIsNoticed: of a card that cannot arrive a copy goes elsewhere, or an alarm is
// raised; of an answer that cannot the owners are told.
func (k *walk) lossIsNoticed(l letterOut, id string) {
	k.Helper()
	x, ok := k.w.tickets[id]
	if !ok || !strings.HasPrefix(l.Ref, "ticket:") || k.w.alarms[id] || len(k.office.Owners(x)) == 0 {
		return
	}
	if !slices.ContainsFunc(k.w.turn.Effects, func(e Effect) bool { _, sends := e.(Send); return sends }) {
		k.wrong("a letter about %s cannot reach %s, and nobody hears of it", id, l.To)
	}
}

// goesWhereItMay: a letter about a ticket goes to its person, its owners, or the
// mailbox that may have it.
func (k *walk) goesWhereItMay(m Message) {
	k.Helper()
	for _, e := range k.w.turn.Effects {
		s, ok := e.(Send)
		if !ok {
			continue
		}
		what, id, _ := strings.Cut(s.Ref, ":")
		x, known := k.w.tickets[id]
		if !known || what != "ticket" && what != "copy" {
			continue
		}
		owner := slices.ContainsFunc(k.office.Owners(x), func(o Staff) bool { return slices.Contains(o.Addresses, s.To) })
		alarm := len(k.office.Owners(x)) == 0 && !x.AboutStaff
		switch {
		case s.To == x.Chat, owner, alarm, x.Chat == "" && s.To == m.From:
		case s.To.Scheme() == Mail && !x.AboutStaff && s.To.Rest() == k.office.ComplaintEmail:
		default:
			k.wrong("%s has a letter about %s, which is not theirs: %q", s.To, id, cut(s.Text, 100))
		}
	}
}

// ticketsAreHeld: each open ticket has come to an owner or to a mailbox, or an alarm
// was raised; and somebody is reminded of it, when the desk is open.
func (k *walk) ticketsAreHeld() {
	k.Helper()
	for _, x := range k.w.listed(func(x Ticket) bool { return !x.Closed() }) {
		came := k.w.alarms[x.ID] || k.told[Mail+":"+k.office.ComplaintEmail+" "+x.ID]
		for _, o := range k.office.Owners(x) {
			for _, a := range o.Addresses {
				came = came || k.told[string(a)+" "+x.ID]
			}
		}
		if !came {
			k.wrong("%s (%s, about staff %v) came to nobody, and nobody was alarmed", x.ID, x.State, x.AboutStaff)
		}
		switch {
		case x.NextDue.IsZero():
			k.wrong("%s is %s, and nobody will be reminded of it", x.ID, x.State)
		case !k.office.Open(x.NextDue) || x.NextDue.Sub(k.at) > 100*24*time.Hour:
			k.wrong("%s is due at %s", x.ID, x.NextDue)
		}
	}
}

package conversation

// state is one place where a chat can stand: what is asked there, how the
// answer is read, and where it may lead.
type state struct {
	name string
	// about says in a few words what happens here, for the diagram.
	about string
	// ask renders the question. Numbered lines "*1* …" are its options.
	ask func(t *turn) string
	// read takes the answer and names the next state; a *refusal asks again.
	read  func(t *turn) (string, error)
	exits []string // every state that read may lead to, but the state itself
	back  string   // where "kembali" and 0 lead; empty: the menu

	// library: a search typed here is taken through the gates.
	library bool
	// parked: leads back to the form that was left half filled in.
	parked bool
	book   bool     // about the publication that was picked
	form   bool     // part of a form: reminder, parked, batal
	free   bool     // the answer is free text in the person's own words
	yes    bool     // a yes/no question, which a thumbs-up answers
	glow   bool     // after a delivery: the visit closes soon
	own    []string // global words that mean something else here
}

// states is the table, in the order in which a visitor meets them.
func states() []*state {
	return []*state{
		{name: "menu", about: "sapa, menu utama", ask: ask("menu", nil), read: (*turn).readMenu,
			exits: []string{"visit_info", "info", "complain", "handoff", "my_data", "other_needs", "account"}, library: true},
		{name: "other_needs", about: "konsultasi, pembelian, rekomendasi", ask: ask("other_needs", nil), read: (*turn).readOtherNeeds, exits: []string{"handoff"}},

		// Registration: identity (A).
		{name: "consent", about: "izin data pribadi", ask: askConsent, read: (*turn).readConsent, exits: []string{"name", "menu"}, library: true, yes: true},
		{name: "name", about: "A1 nama", ask: ask("name", nil), read: (*turn).readName, exits: []string{"card", "review"}, form: true, free: true},
		{name: "card", about: "A2 jenis kartu", ask: ask("card", nil), read: (*turn).readCard, exits: []string{"card_other", "card_number"}, back: "name", form: true},
		{name: "card_other", about: "A2 kartu lain", ask: ask("card_other", nil), read: (*turn).readCardOther, exits: []string{"card_number"}, back: "card", form: true, free: true},
		{name: "card_number", about: "A3 nomor kartu", ask: askCardNumber, read: (*turn).readCardNumber, exits: []string{"card_doubt", "card_expiry", "email", "birth_year", "review"}, back: "card", form: true, free: true},
		{name: "card_doubt", about: "A3 nomor sudah benar?", ask: ask("card_doubt", nil), read: (*turn).readCardDoubt, exits: []string{"card_number", "email", "birth_year", "review"}, back: "card_number", form: true, yes: true},
		{name: "card_expiry", about: "A3 masa berlaku", ask: ask("card_expiry", nil), read: (*turn).readCardExpiry, exits: []string{"card", "email", "birth_year", "review"}, back: "card_number", form: true},
		{name: "email", about: "A4 email", ask: ask("email", nil), read: (*turn).readEmail, exits: []string{"email_typo", "code", "verify"}, back: "card", form: true, free: true},
		{name: "email_typo", about: "A4 salah ketik?", ask: askEmailTypo, read: (*turn).readEmailTypo, exits: []string{"code", "verify"}, back: "email", form: true, yes: true},
		{name: "code", about: "A5 kode email", ask: askCode, read: (*turn).readCode, exits: []string{"email", "email_typo", "birth_year", "review", "my_data"}, library: true, back: "email", form: true, free: true},

		{name: "verify", about: "A5 petugas memverifikasi", ask: ask("verify", nil), read: (*turn).readVerify, exits: []string{"email", "birth_year", "review", "my_data"}, library: true, back: "email", form: true},

		// Registration: guest-book profile (B), asked once.
		{name: "birth_year", about: "B1 tahun lahir", ask: ask("birth_year", nil), read: (*turn).readBirthYear, exits: []string{"minor", "gender"}, form: true},
		{name: "minor", about: "B1 didampingi?", ask: ask("minor", nil), read: (*turn).readMinor, exits: []string{"gender", "menu"}, back: "birth_year", form: true, yes: true},
		{name: "gender", about: "B2 jenis kelamin", ask: ask("gender", genders), read: (*turn).readGender, exits: []string{"education"}, back: "birth_year", form: true},
		{name: "education", about: "B3 pendidikan", ask: ask("education", educations), read: (*turn).readEducation, exits: []string{"work"}, back: "gender", form: true},
		{name: "work", about: "B4 pekerjaan", ask: ask("work", occupations), read: (*turn).readWork, exits: []string{"institution"}, back: "education", form: true},
		{name: "institution", about: "B5 instansi", ask: ask("institution", nil), read: (*turn).readInstitution, exits: []string{"origin"}, back: "work", form: true, free: true},
		{name: "origin", about: "B6 asal", ask: ask("origin", origins), read: (*turn).readOrigin, exits: []string{"disability"}, back: "institution", form: true},
		{name: "disability", about: "B7 disabilitas", ask: ask("disability", disabilities), read: (*turn).readDisability, exits: []string{"review"}, back: "origin", form: true},
		{name: "review", about: "periksa, akun aktif", ask: askReview, read: (*turn).readReview, exits: []string{"name", "card", "email", "birth_year"}, library: true, form: true, yes: true},
		{name: "resume", about: "lanjutkan formulir?", ask: askResume, read: (*turn).readResume, exits: []string{"consent", "category"}, parked: true},

		// A visit: guest book, then the library.
		{name: "mode", about: "di tempat atau daring", ask: ask("mode", nil), read: (*turn).readMode, exits: []string{"purpose"}},
		{name: "purpose", about: "buku tamu: tujuan", ask: ask("purpose", purposes), read: (*turn).readPurpose, library: true},
		{name: "search", about: "cari", ask: ask("search", nil), read: (*turn).readSearch, library: true, free: true},
		{name: "results", about: "hasil", ask: askResults, read: (*turn).readResults, library: true, back: "search"},
		{name: "details", about: "rincian publikasi", ask: askDetails, read: (*turn).readDetails, exits: []string{"inside", "pages", "confirm"}, library: true, back: "results", book: true},
		{name: "inside", about: "cari di dalam buku", ask: askInside, read: (*turn).readInside, exits: []string{"confirm"}, back: "details", free: true, book: true},
		{name: "pages", about: "pilih halaman", ask: askPages, read: (*turn).readPages, exits: []string{"confirm", "inside"}, back: "details", book: true},
		{name: "confirm", about: "konfirmasi kutipan", ask: askConfirm, read: (*turn).readConfirm, exits: []string{"delivery", "pages"}, back: "pages", yes: true, book: true},
		{name: "delivery", about: "kutipan disiapkan", read: (*turn).readDelivery, library: true},
		{name: "rating", about: "penilaian", ask: ask("rating", nil), read: (*turn).readRating, exits: []string{"rating_comment", "after"}, library: true, glow: true},
		{name: "rating_comment", about: "apa yang perlu diperbaiki", ask: ask("rating_comment", nil), read: (*turn).readRatingComment, exits: []string{"after"}, glow: true, free: true},
		{name: "after", about: "selesai atau cari lagi", ask: ask("after", nil), read: (*turn).readAfter, exits: []string{"complain", "menu", "confirm"}, library: true, glow: true},

		// Information.
		{name: "visit_info", about: "koleksi cetak dan kunjungan", ask: ask("visit_info", nil), read: (*turn).readVisitInfo, exits: []string{"handoff"}},
		{name: "info", about: "info standar layanan", ask: ask("info", nil), read: (*turn).readInfo},

		// Complaints.
		{name: "complain", about: "pengaduan", ask: ask("complain", nil), read: (*turn).readComplain, exits: []string{"category", "menu"}},
		{name: "category", about: "kategori", ask: ask("category", categories), read: (*turn).readCategory, exits: []string{"complaint_text", "about_staff"}, back: "complain", form: true},
		{name: "about_staff", about: "pengaduan tentang petugas", ask: ask("about_staff", nil), read: (*turn).readAboutStaff, exits: []string{"complaint_text", "menu"}, back: "category", form: true},
		{name: "complaint_text", about: "isi pengaduan", ask: ask("complaint_text", nil), read: (*turn).readComplaintText, exits: []string{"identity"}, back: "category", form: true, free: true,
			own: []string{"selesai", "kirim", "sudah selesai"}},
		{name: "identity", about: "identitas pelapor", ask: ask("identity", nil), read: (*turn).readIdentity, exits: []string{"complaint_review", "complaint_name"}, back: "complaint_text", form: true},
		{name: "complaint_name", about: "nama pelapor", ask: ask("complaint_name", nil), read: (*turn).readComplaintName, exits: []string{"complaint_review"}, back: "identity", form: true, free: true},
		{name: "complaint_review", about: "periksa, tiket", ask: askComplaintReview, read: (*turn).readComplaintReview, exits: []string{"menu", "category", "complaint_text", "identity"}, back: "identity", form: true, yes: true},

		{name: "handoff", about: "petugas menjawab, bot diam", read: (*turn).readHandoff, exits: []string{"menu"}, free: true},
		{name: "account", about: "akun sudah ada", ask: askAccount, read: (*turn).readAccount, exits: []string{"my_data"}, library: true},

		// Personal data.
		{name: "my_data", about: "data saya", ask: ask("my_data", nil), read: (*turn).readMyData, exits: []string{"change", "withdraw", "erase"}},
		{name: "change", about: "ubah profil", ask: ask("change", nil), read: (*turn).readChange, exits: []string{"change_value", "email"}, back: "my_data"},
		{name: "change_value", about: "isi baru", ask: askChangeValue, read: (*turn).readChangeValue, exits: []string{"my_data"}, back: "change", free: true},
		{name: "withdraw", about: "cabut izin", ask: ask("withdraw", nil), read: (*turn).readWithdraw, exits: []string{"my_data"}, back: "my_data", yes: true},
		{name: "erase", about: "hapus semua", ask: ask("erase", nil), read: (*turn).readErase, exits: []string{"menu"}, back: "my_data", free: true},
	}
}

// gates are where a person who wants the library is led first: registration, the
// guest book of this visit, or straight to what was wanted.
var gates = []string{"consent", "resume", "mode", "purpose", "search", "results", "details"}

// ask makes the question function of a text that needs no more than a list.
func ask(key string, list func(*Lists) []string) func(*turn) string {
	return func(t *turn) string {
		if list == nil {
			return t.text(key, nil)
		}
		return t.text(key, D{"List": t.listLines(list(&t.office.Lists))})
	}
}

func genders(l *Lists) []string      { return l.Genders }
func educations(l *Lists) []string   { return l.Educations }
func occupations(l *Lists) []string  { return l.Occupations }
func origins(l *Lists) []string      { return l.Origins }
func disabilities(l *Lists) []string { return l.Disabilities }
func purposes(l *Lists) []string     { return l.Purposes }
func categories(l *Lists) []string   { return l.Categories }

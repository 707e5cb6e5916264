package conversation

import (
	"strings"

	"pst/conversation/nlu"
)

// Chapters of the dialogue, in the order in which a visitor meets them.
var chapters = []struct{ key, about string }{
	{"welcome", "sapa, menu, info layanan"},
	{"registration", "pendaftaran"},
	{"visit", "buku tamu, penilaian, selesai"},
	{"library", "cari, baca, kutipan"},
	{"arrival", "buku cetak, rencana datang"},
	{"loan", "pinjam buku"},
	{"profile", "profil buku tamu"},
	{"complaint", "pengaduan dan saran"},
	{"staff", "petugas menjawab"},
	{"my_data", "data saya"},
}

// states is the table, in the order in which a visitor meets them. Read from
// top to bottom it tells the dialogue and its answers.
func states() []*state {
	return []*state{
		{name: "menu", chapter: "welcome", seeks: true, about: "menu utama", lives: true, options: []option{
			{key: "search", do: (*turn).toSearch, leads: []string{"consent", "resume", "purpose", "search"},
				words: "cari, baca, buku, publikasi, data, search"},
			{key: "register", do: (*turn).toRegister, leads: []string{"account", "consent", "resume"},
				words: "daftar, registrasi, register, buku tamu, pendaftaran, login"},
			{key: "visit_info", to: "visit_info",
				words: "kunjungan, cetak, pinjam, perpustakaan, alamat, jam buka, jam layanan"},
			{key: "info", to: "info", words: "syarat, biaya, standar"},
			{key: "complain", do: (*turn).toComplain, leads: []string{"complain", "category"}, means: "complain",
				words: "adu, saran, complain"},
			{key: "staff", do: (*turn).askStaffNow, leads: []string{"handoff"}, words: "orang"},
			{key: "my_data", to: "my_data", words: "akun"},
			{key: "other_needs", do: (*turn).toOthers, leads: []string{"other_needs"}, typed: true,
				words: "konsultasi, konsultasi statistik, beli data, " +
					"pembelian, rekomendasi, romantik, dtsen, mikrodata, data mikro"},
		}, take: (*turn).readMenu, exits: []string{"consent", "resume", "purpose", "search", "results", "datum"},
			misread: "choose.menu"},
		{name: "other_needs", chapter: "welcome", about: "konsultasi, pembelian, rekomendasi", lives: true, yes: "staff",
			options: []option{
				{key: "staff", do: (*turn).askStaffNow, leads: []string{"handoff"},
					words: "petugas, ya, sambungkan, hubungkan, sambungin, hubungin, disambungkan, dihubungkan, panggilkan"},
				{key: "leave", to: "menu", typed: true},
			}, no: "leave"},
		{name: "visit_info", chapter: "welcome", about: "koleksi cetak dan kunjungan", lives: true, options: []option{
			{key: "rules", say: "house_rules", means: "rules, locker", words: "tata tertib, aturan"},
			{key: "address", say: "address", words: "alamat, jam"},
			{key: "borrow", do: (*turn).howToBorrow, leads: []string{"shelf_search"}, means: "borrow", words: "pinjam"},
			{key: "printed", to: "shelf_search", means: "printed", words: "cari, buku cetak"},
			{key: "plan", do: (*turn).planVisit, means: "visit plan", leads: []string{"plan_when", "resume"}, words: "datang"},
		}},
		{name: "info", chapter: "welcome", about: "info standar layanan", lives: true, options: []option{
			{key: "requirements", say: "info.requirements", words: "syarat"},
			{key: "procedure", say: "info.procedure", words: "prosedur"},
			{key: "time", say: "info.time", words: "waktu"},
			{key: "cost", say: "info.cost", words: "biaya, gratis"},
			{key: "product", say: "info.product", words: "produk"},
			{key: "complaints", say: "info.complaints", words: "pengaduan"},
			{key: "address", say: "info.address", words: "alamat, telepon"},
		}},

		// Registration: identity (A).
		{name: "consent", chapter: "registration", about: "izin data pribadi", data: consentData,
			yes: "agree", no: "refuse", options: []option{
				{key: "agree", do: (*turn).consentGiven,
					leads: []string{"name", "purpose", "search", "results", "datum", "details", "loan_reason"}},
				{key: "refuse", do: (*turn).consentRefused, leads: []string{"menu"}},
			}},
		{name: "name", chapter: "registration", about: "A1 nama", form: true, free: true, cancel: (*turn).dropDraft,
			take: (*turn).readName, mends: true, exits: []string{"card", "review"}},
		{name: "card", chapter: "registration", about: "A2 kartu dan nomornya", back: "name", form: true, concept: nlu.Cards,
			cancel: (*turn).dropDraft, options: []option{
				{key: "ktp", do: cardOf(KTP), leads: withNumber, words: "nik, identitas"},
				{key: "sim", do: cardOf(SIM), leads: []string{"card_number", "card_expiry"}},
				{key: "paspor", do: cardOf(Paspor), leads: []string{"card_number", "card_expiry"}, words: "passport, pasport"},
				{key: "other", do: (*turn).otherKind, leads: []string{"card_other", "card_number", "email", "review"},
					words: "kartu pelajar, kia, kitas, kartu mahasiswa"},
			}, take: (*turn).readCard, mends: true, exits: withNumber},
		{name: "card_other", chapter: "registration", about: "A2 kartu lain", back: "card", form: true, free: true,
			cancel: (*turn).dropDraft, take: (*turn).readCardOther, mends: true, exits: []string{"card_number"}},
		{name: "card_number", chapter: "registration", about: "A3 nomor kartu", data: cardData, back: "card",
			form: true, free: true, cancel: (*turn).dropDraft, take: (*turn).readCardNumber, mends: true,
			exits: []string{"card", "card_other", "card_doubt", "card_expiry", "email", "birth_year", "review"}},
		{name: "card_doubt", chapter: "registration", about: "A3 nomor sudah benar?", back: "card_number",
			form: true, cancel: (*turn).dropDraft, yes: "right", no: "wrong", options: []option{
				{key: "right", do: (*turn).cardRight, leads: []string{"email", "birth_year", "review"}},
				{key: "wrong", to: "card_number"},
			}},
		{name: "card_expiry", chapter: "registration", about: "A3 masa berlaku", back: "card_number", form: true,
			cancel: (*turn).dropDraft, take: (*turn).readCardExpiry,
			exits: []string{"card", "email", "birth_year", "review"}},
		{name: "email", chapter: "registration", about: "A4 email", backTo: (*turn).beforeEmail, back: "card",
			form: true, free: true, cancel: (*turn).dropDraft, take: (*turn).readEmail,
			exits: []string{"email_typo", "code", "verify"}},
		{name: "email_typo", chapter: "registration", about: "A4 salah ketik?", data: typoData, back: "email",
			form: true, cancel: (*turn).dropDraft, concept: nlu.Typo, yes: "meant", no: "typed", slot: domainNamed,
			before: func(t *turn) bool { return t.message().Email().Heard() }, options: []option{
				{key: "meant", do: (*turn).typoMended, leads: []string{"code", "verify"}},
				{key: "typed", do: (*turn).typoKept, leads: []string{"code", "verify"}},
			}, take: (*turn).readEmailAgain, exits: []string{"code", "verify"}},
		{name: "code", chapter: "registration", about: "A5 kode email", data: codeData, back: "email", form: true,
			cancel: (*turn).dropDraft, options: []option{
				{key: "resend", do: (*turn).resendCode, typed: true, leads: []string{"verify"}, means: "resend",
					words: "kirim ulang, ulang, resend, kirim lagi, kode baru"},
				{key: "change", do: (*turn).otherEmail, means: "change data", typed: true, leads: []string{"email"},
					words: "ganti email, ganti, ubah email, email salah, email tadi salah, email yang tadi salah, emailnya salah, " +
						"salah email, email lain, ke email lain, alamat lain, salah ketik, salah tulis, typo"},
				{key: "missing", do: (*turn).codeMissing, typed: true, words: "belum, belum masuk, belum ada, belum sampai, " +
					"belum dapat, tidak masuk, tidak ada"},
				{key: "staff", do: (*turn).codeByStaff, typed: true, leads: []string{"verify"}, when: codeTroubled,
					words: "verifikasi petugas, verifikasi oleh petugas, verifikasi lewat petugas, diverifikasi petugas, " +
						"petugas verifikasi, verifikasi staf, verifikasi manual"},
				{key: "right", do: (*turn).emailRight, typed: true, when: codeDoubted, words: "sudah benar, alamat benar"},
				{key: "wrong", do: (*turn).otherEmail, typed: true, when: codeDoubted, leads: []string{"email"},
					words: "alamat salah, salah alamat"},
			}, yes: "right", no: "wrong", slot: codeSlot, take: (*turn).readCode,
			wake: (*turn).wakeCode, woken: (*turn).codeWoken,
			exits: []string{"email", "email_typo", "birth_year", "review", "my_data", "purpose"}},
		{name: "verify", chapter: "registration", about: "A5 petugas memverifikasi", back: "email", form: true,
			cancel: (*turn).dropDraft, options: []option{
				{key: "change", to: "email", typed: true, words: "ganti email, ganti, ubah email"},
			}, take: (*turn).readVerify,
			exits: []string{"email", "birth_year", "review", "my_data", "purpose"}},

		{name: "review", chapter: "registration", about: "periksa, akun aktif", data: reviewData, form: true,
			cancel: (*turn).dropDraft, yes: "right", affirm: []string{"daftar", "daftarkan", "kirim"}, misread: "review.bad",
			options: []option{
				{key: "right", do: (*turn).register, leads: []string{"purpose"}},
				{key: "name", do: correct("name"), leads: []string{"name"}, words: "nama"},
				{key: "card", do: correct("card"), leads: []string{"card"},
					words: "kartu, nomor kartu, ktp, nomor ktp, nik, sim, paspor, kartu identitas"},
				{key: "email", do: correct("email"), leads: []string{"email"}, words: "email, alamat email"},
				{key: "profile", to: "birth_year", when: profileHere, words: "profil"},
			}},
		{name: "resume", chapter: "registration", about: "lanjutkan formulir?", concept: nlu.Resume, data: resumeData,
			of: resumed, parked: true, options: []option{
				{key: "go_on", do: (*turn).resumeForm, leads: []string{"consent"}, words: "ya, lanjut"},
				{key: "anew", do: (*turn).formAnew, leads: []string{"consent", "category", "birth_year", "plan_when"},
					words: "baru, ulang"},
			}},
		{name: "account", chapter: "registration", about: "akun sudah ada", data: accountData, options: []option{
			{key: "library", do: (*turn).toSearch, leads: []string{"consent", "purpose", "search"},
				words: "buku tamu, cari"},
			{key: "my_data", to: "my_data", words: "data"},
		}},

		// A visit begins: the guest book.
		{name: "purpose", chapter: "visit", about: "buku tamu: cara dan tujuan", text: purposeText, list: purposes,
			concept: nlu.Purpose, returns: true, take: (*turn).readMode,
			options: lines((*turn).signVisit, "search", "results", "datum", "details", "loan_reason")},

		// The library.
		{name: "search", chapter: "library", seeks: true, about: "cari", free: true, options: []option{
			{key: "list", to: "results", typed: true, when: hasResults, means: "back to results",
				words: "hasil, hasil tadi, daftar tadi, kembali hasil tadi"},
		}, take: (*turn).readSearch, mends: true, exits: []string{"consent", "results", "datum"}},
		{name: "results", chapter: "library", seeks: true, about: "hasil", data: resultsData, items: resultItems,
			back: "search", lives: true, options: []option{
				{key: "hit", do: (*turn).openHit, typed: true, leads: []string{"consent", "resume", "details"}},
				{key: "more", do: (*turn).nextResults, typed: true, means: "more results",
					words: "lanjut, lagi, berikutnya, next"},
				{key: "previous", do: (*turn).previousResults, typed: true, words: "sebelumnya, mundur, prev"},
				{key: "first", do: (*turn).firstResults, typed: true, words: "awal, dari awal, paling awal"},
			}, take: (*turn).readResults, exits: []string{"consent", "search", "datum"}},
		{name: "datum", chapter: "library", seeks: true, about: "angka dan sumbernya", text: datumText, data: datumData,
			backTo: (*turn).beforeDatum, back: "results", book: true, of: datumOf, slot: datumSlot, options: append([]option{
				{key: "page", do: (*turn).takeDatumPage, leads: []string{"confirm"}, when: hasDatum,
					words: "halaman ini, ambil halaman, ambil halamannya, halamannya, minta halamannya, kirim halamannya"},
				{key: "table", do: (*turn).takeDatumTable, leads: []string{"confirm"}, when: hasDatum, listed: mayHaveTable,
					words: "tabel, minta tabelnya, unduh tabel, kirim tabelnya"},
				{key: "years", do: (*turn).showYears, leads: []string{"datum_years"}, when: hasDatum, listed: hasYears,
					means: "editions"},
			}, datumAsides...), take: (*turn).readDatum, exits: []string{"confirm", "inside", "consent", "results", "search"}},
		{name: "datum_years", chapter: "library", seeks: true, about: "angka dari tahun ke tahun", text: yearsText,
			data: yearsData, back: "datum", book: true, of: yearsOf, slot: yearsSlot, options: append([]option{
				{key: "chart", do: (*turn).drawYears, listed: mayDraw, words: "gambar, gambarkan, diagram, chart"},
			}, datumAsides...), take: (*turn).readDatum,
			exits: []string{"confirm", "inside", "consent", "results", "datum", "search"}},
		{name: "details", chapter: "library", seeks: true, about: "rincian publikasi", data: detailsData,
			labels: detailsLabels, back: "results", book: true, lives: true, of: picked, recall: (*turn).pickAgain,
			options: []option{
				{key: "inside", do: (*turn).toInside, leads: []string{"inside"}, listed: hasFile, means: "contents",
					words: "cari, dalam, isi, isinya, lihat isi, cari di dalam, daftar isi, baca isi"},
				{key: "excerpt", do: (*turn).toPages, leads: []string{"pages"}, listed: mayBeCut,
					words: "kutipan, kutip, halaman, unduh, download, baca, kirim, kirimkan, " +
						"ambil kutipan, ambil halaman, minta kutipan, buat kutipan"},
				{key: "shelf", do: (*turn).showShelf, means: "printed", words: "rak, cetak"},
				{key: "borrow", do: (*turn).borrowPicked, typed: true, leads: []string{"loan_reason"}, means: "borrow",
					when: printedHere, words: "pinjam, pinjem, minjam"},
				{key: "link", do: (*turn).showLink, means: "website", words: "website, tautan, link, link nya, linknya"},
				{key: "best", do: (*turn).takeBest, leads: []string{"confirm"}, when: hasBest, words: "ambil"},
				{key: "editions", to: "editions", when: hasEditions, means: "editions",
					words: "edisi, edisi lain, tahun lain, edisi lainnya"},
				{key: "list", to: "results", typed: true, when: hasResults, means: "back to results",
					words: "hasil, hasil tadi, daftar tadi, kembali hasil tadi"},
			}, before: notThisBook, take: (*turn).readDetails,
			exits: []string{"confirm", "consent", "results", "datum", "search"}},
		{name: "editions", chapter: "library", seeks: true, about: "edisi lain", data: editionsData, items: editionItems,
			back: "details", book: true, lives: true, options: []option{
				{key: "edition", do: (*turn).openEdition, typed: true, leads: []string{"details"}},
			}, take: (*turn).readEditions, exits: []string{"consent", "details", "results", "datum", "search"}},
		{name: "inside", chapter: "library", about: "cari di dalam buku", text: insideText, data: insideData,
			items: insideItems, back: "details", free: true, book: true, lives: true, options: []option{
				{key: "hit", do: (*turn).takeHit, typed: true, leads: []string{"confirm"}},
			}, take: (*turn).readInside, exits: []string{"confirm", "datum"}},
		{name: "pages", chapter: "library", about: "pilih halaman", data: pagesData, back: "details", book: true,
			cancel: (*turn).dropPages, take: (*turn).readPages, exits: []string{"confirm", "inside", "datum"}},
		{name: "confirm", chapter: "library", about: "konfirmasi kutipan", data: confirmData, labels: confirmLabels,
			back: "pages", backTo: (*turn).beforeConfirm, book: true, cancel: (*turn).dropPages, of: pagesPicked,
			yes: "send", no: "change",
			grave: true, own: []string{"lanjutkan"}, misread: "choose",
			affirm: []string{"kirim", "kirimkan", "kirimin", "dikirim", "dikirimkan", "lanjut", "lanjutkan",
				"send", "send it", "send them"},
			options: []option{
				{key: "send", do: (*turn).order, leads: []string{"delivery", "pages", "after", "birth_year", "resume"},
					words: "excel, xlsx"},
				{key: "csv", do: (*turn).orderCSV, leads: []string{"delivery", "pages", "birth_year", "resume"},
					when: ofTable, words: "csv"},
				{key: "change", do: (*turn).changePages, leads: []string{"pages", "datum"},
					words: "ubah, ganti, diubah, diganti, ubah halaman, " +
						"ganti halaman, halamannya, halaman lain"},
				{key: "preview", do: (*turn).preview, leads: []string{"pages", "birth_year", "resume"}, when: ofPages,
					words: "pratinjau, lihat dulu, gambar"},
				{key: "printed", do: (*turn).readPrinted, when: meansPrinted,
					words: "tercetak, cetak, yang tercetak, nomor tercetak"},
			}, take: (*turn).readConfirm, exits: []string{"inside"}},
		{name: "delivery", chapter: "library", seeks: true, about: "kutipan disiapkan", silent: true,
			take: (*turn).readDelivery, exits: []string{"consent", "results", "datum", "search"}},

		// A visit ends: the rating, the good-bye.
		{name: "rating", chapter: "visit", seeks: true, about: "penilaian", glow: true, of: visited,
			slot: verdict, misread: "rating.bad",
			options: []option{
				{key: "very_good", digit: "4", do: rate(4), leads: afterRating},
				{key: "good", digit: "3", do: rate(3), leads: afterRating, words: "puas"},
				{key: "poor", digit: "2", do: rate(2), leads: []string{"rating_comment"}, words: "kurang"},
				{key: "bad", digit: "1", do: rate(1), leads: []string{"rating_comment"}},
				{key: "finish", do: (*turn).leave, leads: []string{"menu", "survey_offer"}, typed: true},
				skipRating("tidak", "gak", "ga", "nggak", "enggak", "ndak", "nanti", "nanti dulu", "tidak usah"),
			}, take: (*turn).readRating, exits: []string{"consent", "results", "datum", "search"}},
		{name: "rating_comment", chapter: "visit", about: "apa yang perlu diperbaiki", glow: true, free: true,
			options: []option{skipRating()}, take: (*turn).readRatingComment, exits: afterRating},
		{name: "after", chapter: "visit", seeks: true, about: "selesai atau cari lagi", glow: true,
			slot: ending, options: []option{
				{key: "search", do: (*turn).searchOn, leads: []string{"consent", "search"}, words: "cari, cari lagi"},
				{key: "pages", do: (*turn).samePublication, leads: []string{"details", "search"},
					words: "halaman, kutipan, halaman lain, buku tadi, publikasi tadi, buku yang tadi"},
				{key: "complain", to: "complain", words: "pengaduan"},
				{key: "verdict", do: (*turn).lateVerdict, typed: true, leads: []string{"rating_comment"}},
				{key: "finish", do: (*turn).leave, leads: []string{"rating", "menu", "survey_offer"},
					words: "selesai, lewati, lewat, skip, tidak, gak, ga, nggak, " +
						"enggak, sudah, udah, cukup, sudah cukup, itu, tidak ada, gak ada, ga ada, nggak ada"},
			}, take: (*turn).readAfter, exits: []string{"confirm", "inside", "consent", "results", "datum", "search"}},
		{name: "survey_offer", chapter: "visit", seeks: true, about: "isi survei kepuasan?", yes: "now", no: "later",
			options: []option{
				{key: "now", to: "survey", words: "isi, isi sekarang, sekarang, mulai, mau"},
				{key: "later", do: (*turn).surveyLater, leads: []string{"menu"},
					words: "nanti, nanti saja, nanti dulu, lain kali, lewati, tidak usah"},
			}, take: (*turn).readMenu, exits: []string{"consent", "purpose", "search", "results", "datum"},
			misread: "choose.menu"},
		{name: "survey", chapter: "visit", seeks: true, about: "survei kepuasan (SKM), sembilan unsur", data: surveyData,
			labels: surveyLabels, of: surveyItem, slot: opinion, concept: nlu.Survey, misread: "survey.bad",
			own: []string{"selesai", "kembali"},
			options: []option{
				{key: "worst", do: answerItem(1), leads: []string{"menu", "skd"}},
				{key: "poor", do: answerItem(2), leads: []string{"menu", "skd"}},
				{key: "good", do: answerItem(3), leads: []string{"menu", "skd"}},
				{key: "best", do: answerItem(4), leads: []string{"menu", "skd"}},
				{key: "skip", do: answerItem(0), leads: []string{"menu", "skd"}, typed: true,
					words: "lewati, lewat, skip, -, tidak tahu, gak tahu, kurang tahu"},
				{key: "before", do: (*turn).itemBefore, leads: []string{"menu"}, typed: true, words: "kembali, sebelumnya, mundur"},
				{key: "finish", do: (*turn).endSurvey, leads: []string{"menu", "skd"}, typed: true,
					words: "selesai, berhenti, cukup, sudah, sudah cukup, stop"},
			}, take: (*turn).readSurvey, exits: []string{"consent", "purpose", "search", "results", "datum"}},

		{name: "skd", chapter: "visit", about: "boleh dihubungi untuk SKD?", yes: "agree", no: "decline", options: []option{
			{key: "agree", do: keepSKD(true), leads: []string{"menu"}, words: "boleh, bersedia, hubungi"},
			{key: "decline", do: keepSKD(false), leads: []string{"menu"}, words: "tidak, jangan, lewati"},
		}},

		// The reading room: books on the shelf, a plan to come.
		{name: "shelf_search", chapter: "arrival", about: "cari buku cetak", back: "visit_info", free: true,
			take: (*turn).readShelf, exits: []string{"shelf_books"}},
		{name: "shelf_books", chapter: "arrival", about: "buku cetak dan raknya", data: shelfData, items: shelfItems,
			back: "shelf_search", options: []option{
				{key: "book", do: (*turn).openShelfBook, typed: true, leads: []string{"shelf_book", "shelf_search"}},
			}, take: (*turn).readShelf, exits: []string{"shelf_search"}},
		{name: "shelf_book", chapter: "arrival", about: "buku di rak", data: shelfBookData, back: "shelf_books",
			of: shelfPicked, options: []option{
				{key: "plan", do: (*turn).planVisit, leads: []string{"plan_when", "resume"}, means: "visit plan", words: "datang"},
				{key: "borrow", do: (*turn).borrowShelfBook, leads: []string{"loan_reason", "consent", "resume"}, means: "borrow",
					words: "pinjam, pinjem, minjam"},
				{key: "search", to: "shelf_search", words: "cari, buku lain"},
			}, before: notThisBook, take: (*turn).readShelf, exits: []string{"shelf_books"}},
		{name: "loan_reason", chapter: "loan", about: "untuk apa bukunya", data: loanData, list: purposes,
			concept: nlu.Purpose, back: "shelf_book", free: true, cancel: (*turn).dropLoan,
			options: lines((*turn).pickReason, "loan_review"), take: (*turn).readReason},
		{name: "loan_review", chapter: "loan", about: "periksa permintaan", data: loanData, back: "loan_reason",
			cancel: (*turn).dropLoan, of: loanPicked, yes: "send", affirm: []string{"kirim", "kirimkan"},
			options: []option{
				{key: "send", do: (*turn).openLoan, leads: []string{"menu"}, words: "kirim, benar"},
				{key: "reason", to: "loan_reason", words: "ubah, ganti, keperluan"},
			}},
		{name: "plan_when", chapter: "arrival", about: "kapan datang", form: true, free: true, back: "visit_info",
			cancel: (*turn).cancelPlan, take: (*turn).readPlanWhen, exits: []string{"plan_review"}},
		{name: "plan_review", chapter: "arrival", about: "periksa rencana", data: planData, form: true, back: "plan_when",
			cancel: (*turn).cancelPlan, of: planned, yes: "send", no: "change", options: []option{
				{key: "send", do: (*turn).confirmPlan, leads: []string{"menu", "plan_when"}, words: "benar, kirim"},
				{key: "change", do: (*turn).planAnew, leads: []string{"plan_when"}, words: "ubah, ganti"},
			}, take: (*turn).readPlanWhen},

		// The guest-book profile, asked once: of a reader, or before the summary.
		{name: "profile", chapter: "profile", seeks: true, about: "isi profil sekarang?", glow: true, of: visited,
			yes: "now", no: "later",
			options: []option{
				{key: "now", do: (*turn).toProfile, leads: []string{"birth_year", "resume"}, words: "isi, isi sekarang, sekarang"},
				{key: "later", do: (*turn).profileLater, leads: []string{"after"}, words: "nanti, nanti saja, nanti dulu, lewati"},
			}, take: (*turn).readAfter, exits: []string{"confirm", "inside", "consent", "results", "datum", "search"}},
		{name: "birth_year", chapter: "profile", about: "tahun lahir", form: true, cancel: (*turn).dropProfile,
			take: (*turn).readBirthYear, mends: true, exits: []string{"minor", "gender"}},
		{name: "minor", chapter: "profile", about: "didampingi?", back: "birth_year", form: true,
			cancel: (*turn).dropProfile, concept: nlu.Companion, yes: "with", no: "alone",
			options: []option{
				{key: "with", do: (*turn).accompanied, leads: []string{"gender"}},
				{key: "alone", do: (*turn).notAccompanied, leads: []string{"menu"}},
			}},
		{name: "gender", chapter: "profile", about: "jenis kelamin", back: "birth_year", form: true,
			cancel: (*turn).dropProfile, list: listOf("gender"), concept: nlu.Gender,
			options: fieldLines("gender", "education")},
		{name: "education", chapter: "profile", about: "pendidikan", back: "gender", form: true,
			cancel: (*turn).dropProfile, list: listOf("education"), concept: nlu.Education,
			options: fieldLines("education", "work")},
		{name: "work", chapter: "profile", about: "pekerjaan", back: "education", form: true,
			cancel: (*turn).dropProfile, list: listOf("work"), concept: nlu.Work,
			options: fieldLines("work", "institution")},
		{name: "institution", chapter: "profile", about: "instansi", back: "work", form: true, free: true,
			cancel: (*turn).dropProfile, options: []option{skipField("institution", "origin", ", tidak ada")},
			take: (*turn).readInstitution, mends: true, exits: []string{"origin"}},
		{name: "origin", chapter: "profile", about: "asal", back: "institution", form: true,
			cancel: (*turn).dropProfile, list: listOf("origin"), concept: nlu.Origin,
			options: fieldLines("origin", "disability")},
		{name: "disability", chapter: "profile", about: "disabilitas", back: "origin", form: true,
			cancel: (*turn).dropProfile, list: listOf("disability"), concept: nlu.Disability,
			options: append(fieldLines("disability", ""), skipField("disability", "", ""))},
		// Complaints.
		{name: "complain", chapter: "complaint", about: "pengaduan", lives: true, options: []option{
			{key: "here", do: (*turn).beginComplaint, leads: []string{"category", "menu", "resume"},
				means: "complain, suggest",
				words: "bot, tulis, chat, chat ini, lewat chat, di sini, lewat sini, percakapan, buat laporan"},
			{key: "box", say: "complain.box", words: "kotak saran, kotak, kotak sarannya"},
			{key: "lapor", say: "complain.lapor", words: "lapor"},
			{key: "email", say: "complain.email", words: "email"},
			{key: "person", say: "complain.person", words: "kasubbag"},
			{key: "status", do: (*turn).statusHere, words: "status, cek"},
		}, before: (*turn).tellsGrievance, take: (*turn).readGrievance, exits: []string{"category", "menu", "resume"}},
		{name: "category", chapter: "complaint", about: "kategori", list: categories, concept: nlu.Category,
			back: "complain", form: true, cancel: (*turn).dropComplaint,
			options: lines((*turn).pickCategory, "complaint_text", "about_staff")},
		{name: "about_staff", chapter: "complaint", about: "pengaduan tentang petugas", data: aboutStaffData,
			back: "category", form: true, own: []string{"lapor"}, cancel: (*turn).dropComplaint, options: []option{
				{key: "lapor", do: (*turn).goToLapor, leads: []string{"menu"}, words: "lapor"},
				{key: "here", to: "complaint_text", words: "lanjut, bot", when: (*turn).hasSecond},
			}},
		{name: "complaint_text", chapter: "complaint", about: "isi pengaduan", text: complaintTextText,
			data: complaintTextData, back: "category", form: true, free: true, photos: true,
			cancel: (*turn).dropComplaint, own: textEnds, take: (*turn).readComplaintText, exits: []string{"identity"}},
		{name: "identity", chapter: "complaint", about: "identitas pelapor", concept: nlu.Identity, slot: unnamed,
			back: "complaint_text", form: true, cancel: (*turn).dropComplaint, options: []option{
				{key: "named", do: (*turn).withName, leads: []string{"complaint_review", "complaint_name"}, words: "nama"},
				{key: "hidden", do: identityOf(Hidden), leads: []string{"complaint_review"}, words: "rahasia, rahasiakan"},
				{key: "anonymous", do: identityOf(Anonymous), leads: []string{"complaint_review"}, words: "anonim",
					when: (*turn).mayAnonymous},
			}},
		{name: "complaint_name", chapter: "complaint", about: "nama pelapor", back: "identity", form: true, free: true,
			cancel: (*turn).dropComplaint, take: (*turn).readComplaintName, mends: true, exits: []string{"complaint_review"}},
		{name: "complaint_review", chapter: "complaint", about: "periksa, tiket", data: complaintData, back: "identity",
			form: true, cancel: (*turn).dropComplaint, of: complaintWritten, yes: "send", grave: true,
			affirm: []string{"kirim", "kirimkan", "dikirim", "send", "send it", "submit"}, misread: "choose",
			options: []option{
				{key: "send", do: (*turn).openComplaint, leads: []string{"menu"}},
				{key: "category", to: "category", words: "kategori"},
				{key: "text", do: (*turn).textAnew, leads: []string{"complaint_text"}, words: "ubah, isi"},
				{key: "identity", to: "identity", words: "identitas"},
				{key: "append", do: (*turn).appendText, leads: []string{"complaint_text"},
					words: "tambah, tambah isi, tambahkan, lanjutkan isi"},
			}},

		{name: "handoff", chapter: "staff", about: "petugas menjawab, bot diam", silent: true, deaf: true, free: true,
			photos: true, take: (*turn).readHandoff, exits: []string{"menu"},
			wake: (*turn).wakeHandoff, woken: (*turn).handoffExpired},

		{name: "reply", chapter: "staff", about: "teruskan ke petugas?", data: replyData, returns: true, yes: "send",
			no: "bot",
			options: []option{
				{key: "send", do: (*turn).sendReply, words: "kirim, teruskan, petugas"},
				{key: "bot", do: (*turn).noReply, words: "asisten, bot"},
			}, take: (*turn).moreReply},

		{name: "closing", chapter: "staff", about: "sudah beres?", returns: true, lives: true, of: closingOf,
			recall: recallClosing,
			options: []option{
				{key: "done", do: (*turn).settled, words: "ya, sudah, beres"},
				{key: "open", do: (*turn).notSettled, words: "belum, tidak"},
				{key: "never", do: (*turn).neverAsked, words: "jangan tanya lagi"},
			}},

		// Personal data.
		{name: "my_data", chapter: "my_data", about: "data saya", lives: true, options: []option{
			{key: "show", do: mine((*turn).showData), means: "see data", words: "lihat"},
			{key: "change", do: mine(lead("change")), leads: []string{"change"}, means: "change data", words: "ubah"},
			{key: "download", do: mine((*turn).exportData), means: "download data", words: "unduh, download"},
			{key: "history", do: mine((*turn).history), words: "riwayat"},
			{key: "withdraw", do: mine(lead("withdraw")), leads: []string{"withdraw"}, means: "withdraw", words: "cabut"},
			{key: "erase", do: mine(lead("erase")), leads: []string{"erase"}, means: "delete data, stop", words: "hapus"},
			{key: "unlink", do: mine((*turn).unlink), words: "putuskan perangkat, putuskan"},
			{key: "skd", do: mine(lead("skd")), leads: []string{"skd"}, typed: true,
				words: "skd, survei kebutuhan data, izin skd"},
		}},
		{name: "change", chapter: "my_data", about: "ubah profil", items: changeItems, back: "my_data", options: []option{
			{key: "pick", do: (*turn).changeField, typed: true, leads: []string{"change_value"}},
			{key: "email", do: (*turn).changeEmail, leads: []string{"email"}},
		}},
		{name: "change_value", chapter: "my_data", about: "isi baru", data: changeData, list: changeList, back: "change",
			free: true, options: lines((*turn).changeTo, "my_data"), take: (*turn).readChangeValue,
			exits: []string{"my_data"}},
		{name: "withdraw", chapter: "my_data", about: "cabut izin", back: "my_data", yes: "yes", no: "no", grave: true,
			affirm: []string{"cabut", "withdraw"},
			options: []option{
				{key: "yes", do: (*turn).withdrawConsent, leads: []string{"my_data"}},
				{key: "no", to: "my_data"},
			}},
		{name: "erase", chapter: "my_data", about: "hapus semua", back: "my_data", free: true,
			take: (*turn).readErase, exits: []string{"menu", "my_data"}},
	}
}

// datumAsides are what may be wanted of a number, and of the years around it.
var datumAsides = []option{
	{key: "list", to: "results", when: hasResults, means: "back to results",
		words: "hasil, hasil tadi, daftar tadi, hasil pencarian, pencarian, lihat hasil"},
	{key: "source", do: (*turn).sourceOfDatum, typed: true, when: hasDatum},
	{key: "doubt", do: (*turn).doubtDatum, typed: true, when: hasDatum},
	{key: "check", do: (*turn).checkDatum, typed: true, when: hasDatum,
		words: "periksa, cek lagi, laporkan, periksa angkanya"},
	{key: "book", do: (*turn).openDatumBook, leads: []string{"details"}, typed: true,
		words: "buku, bukunya, buka buku, buka bukunya, publikasi, publikasinya, rincian, lihat bukunya"},
}

// withNumber is where a card may lead whose number was written beside its kind.
var withNumber = []string{"card_number", "card_doubt", "email", "birth_year", "review"}

// lines are the answers of a row whose list is configured: a line of it, which
// do finds in turn.subject, and the rest of a list that is too long.
func lines(do func(*turn) (string, error), leads ...string) []option {
	return []option{
		{key: "pick", do: do, typed: true, leads: leads},
		{key: "more", do: (*turn).restOfList, typed: true, words: "lanjut"},
	}
}

// afterRating is where a rating leads.
var afterRating = []string{"after", "profile"}

// skipRating passes a question about the service over, with further words for that.
func skipRating(more ...string) option {
	words := append([]string{"lewati, lewat, skip, -, tidak ada, kosong"}, more...)
	return option{key: "skip", do: (*turn).reviewed, leads: afterRating, typed: true, words: strings.Join(words, ", ")}
}

// lead is an answer that only leads on.
func lead(next string) func(*turn) (string, error) {
	return func(*turn) (string, error) { return next, nil }
}

func purposes(t *turn) []string   { return t.office.Lists.Purposes }
func categories(t *turn) []string { return t.office.Lists.Categories }

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
			{key: "complain", to: "complain", means: "complain", words: "adu, saran, complain"},
			{key: "staff", do: (*turn).askStaffNow, leads: []string{"handoff"}, words: "orang"},
			{key: "my_data", to: "my_data", words: "akun"},
			{key: "other_needs", to: "other_needs", typed: true, words: "konsultasi, konsultasi statistik, beli data, " +
				"pembelian, rekomendasi, romantik, dtsen, mikrodata, data mikro"},
		}, take: (*turn).readMenu, exits: []string{"consent", "resume", "purpose", "search", "results"},
			misread: "choose.menu"},
		{name: "other_needs", chapter: "welcome", about: "konsultasi, pembelian, rekomendasi", lives: true, yes: "staff",
			options: []option{
				{key: "staff", do: (*turn).askStaffNow, leads: []string{"handoff"}, words: "petugas, ya"},
			}},
		{name: "visit_info", chapter: "welcome", about: "koleksi cetak dan kunjungan", lives: true, options: []option{
			{key: "rules", say: "house_rules", means: "rules, locker", words: "tata tertib, aturan"},
			{key: "address", say: "address", words: "alamat, jam"},
			{key: "borrow", say: "borrowing", means: "borrow", words: "pinjam"},
			{key: "printed", say: "printed", words: "cari"},
			{key: "plan", do: (*turn).planVisit, means: "visit plan", leads: []string{"handoff"}},
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
				{key: "agree", do: (*turn).consentGiven, leads: []string{"name", "purpose", "search", "results", "details"}},
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
			form: true, cancel: (*turn).dropDraft, yes: "meant", no: "typed", options: []option{
				{key: "meant", do: (*turn).typoMended, leads: []string{"code", "verify"}},
				{key: "typed", do: (*turn).typoKept, leads: []string{"code", "verify"}},
			}, take: (*turn).readEmailAgain, exits: []string{"code", "verify"}},
		{name: "code", chapter: "registration", about: "A5 kode email", data: codeData, back: "email", form: true,
			cancel: (*turn).dropDraft, options: []option{
				{key: "resend", do: (*turn).resendCode, typed: true, leads: []string{"verify"}, means: "resend",
					words: "kirim ulang, ulang, resend, kirim lagi, kode baru"},
				{key: "change", do: (*turn).otherEmail, means: "change data", typed: true, leads: []string{"email"},
					words: "ganti email, ganti, ubah email, email salah, salah email"},
			}, take: (*turn).readCode,
			exits: []string{"email", "email_typo", "birth_year", "review", "my_data", "purpose"}},
		{name: "verify", chapter: "registration", about: "A5 petugas memverifikasi", back: "email", form: true,
			cancel: (*turn).dropDraft, options: []option{
				{key: "change", to: "email", typed: true, words: "ganti email, ganti, ubah email"},
			}, take: (*turn).readVerify,
			exits: []string{"email", "birth_year", "review", "my_data", "purpose"}},

		{name: "review", chapter: "registration", about: "periksa, akun aktif", data: reviewData, form: true,
			cancel: (*turn).dropDraft, yes: "right", misread: "review.bad", options: []option{
				{key: "right", do: (*turn).register, leads: []string{"purpose"}},
				{key: "name", do: correct("name"), leads: []string{"name"}, words: "nama"},
				{key: "card", do: correct("card"), leads: []string{"card"}, words: "kartu"},
				{key: "email", do: correct("email"), leads: []string{"email"}},
				{key: "profile", to: "birth_year", when: profileHere, words: "profil"},
			}},
		{name: "resume", chapter: "registration", about: "lanjutkan formulir?", concept: nlu.Resume, data: resumeData,
			of:     resumed,
			parked: true,
			options: []option{
				{key: "go_on", do: (*turn).resumeForm, leads: []string{"consent"}, words: "ya, lanjut"},
				{key: "anew", do: (*turn).formAnew, leads: []string{"consent", "category", "birth_year"}, words: "baru, ulang"},
			}},
		{name: "account", chapter: "registration", about: "akun sudah ada", data: accountData, options: []option{
			{key: "library", do: (*turn).toSearch, leads: []string{"consent", "purpose", "search"},
				words: "buku tamu, cari"},
			{key: "my_data", to: "my_data", words: "data"},
		}},

		// A visit begins: the guest book.
		{name: "purpose", chapter: "visit", about: "buku tamu: cara dan tujuan", text: purposeText, list: purposes,
			concept: nlu.Purpose, returns: true, options: lines((*turn).signVisit, "search", "results", "details"),
			take: (*turn).readMode},

		// The library.
		{name: "search", chapter: "library", seeks: true, about: "cari", free: true, options: []option{
			{key: "list", to: "results", typed: true, when: hasResults, means: "back to results",
				words: "hasil, hasil tadi, daftar tadi, kembali hasil tadi"},
		}, take: (*turn).readSearch, mends: true, exits: []string{"consent", "results"}},
		{name: "results", chapter: "library", seeks: true, about: "hasil", data: resultsData, items: resultItems,
			back:  "search",
			lives: true, options: []option{
				{key: "hit", do: (*turn).openHit, typed: true, leads: []string{"consent", "resume", "details"}},
				{key: "more", do: (*turn).nextResults, typed: true, means: "more results",
					words: "lanjut, lagi, berikutnya, next"},
				{key: "previous", do: (*turn).previousResults, typed: true, words: "sebelumnya, mundur, prev"},
				{key: "first", do: (*turn).firstResults, typed: true, words: "awal, dari awal, paling awal"},
			}, take: (*turn).readResults, exits: []string{"consent", "search"}},
		{name: "details", chapter: "library", seeks: true, about: "rincian publikasi", data: detailsData,
			labels: detailsLabels,
			back:   "results", book: true, lives: true, of: picked, recall: (*turn).pickAgain, options: []option{
				{key: "inside", do: (*turn).toInside, leads: []string{"inside"}, listed: hasFile,
					words: "cari, dalam, isi, isinya, lihat isi, cari di dalam"},
				{key: "excerpt", do: (*turn).toPages, leads: []string{"pages"}, listed: mayBeCut,
					words: "kutipan, kutip, halaman, unduh, download"},
				{key: "shelf", do: (*turn).showShelf, means: "printed", words: "rak, cetak"},
				{key: "link", do: (*turn).showLink, means: "website", words: "website, tautan, link"},
				{key: "best", do: (*turn).takeBest, leads: []string{"confirm"}, when: hasBest, words: "ambil"},
				{key: "editions", to: "editions", when: hasEditions, means: "editions",
					words: "edisi, edisi lain, tahun lain, edisi lainnya"},
				{key: "list", to: "results", typed: true, when: hasResults, means: "back to results",
					words: "hasil, hasil tadi, daftar tadi, kembali hasil tadi"},
			}, take: (*turn).readDetails, exits: []string{"confirm", "consent", "results", "search"}},
		{name: "editions", chapter: "library", seeks: true, about: "edisi lain", data: editionsData, items: editionItems,
			back: "details", book: true, lives: true, options: []option{
				{key: "edition", do: (*turn).openEdition, typed: true, leads: []string{"details"}},
			}, take: (*turn).readEditions, exits: []string{"consent", "details", "results", "search"}},
		{name: "inside", chapter: "library", about: "cari di dalam buku", text: insideText, data: insideData,
			items: insideItems, back: "details", free: true, book: true, lives: true, options: []option{
				{key: "hit", do: (*turn).takeHit, typed: true, leads: []string{"confirm"}},
			}, take: (*turn).readInside, exits: []string{"confirm"}},
		{name: "pages", chapter: "library", about: "pilih halaman", data: pagesData, back: "details", book: true,
			cancel: (*turn).dropPages, take: (*turn).readPages, exits: []string{"confirm", "inside"}},
		{name: "confirm", chapter: "library", about: "konfirmasi kutipan", data: confirmData, labels: confirmLabels,
			back: "pages",
			book: true, cancel: (*turn).dropPages, of: pagesPicked, yes: "send", no: "change",
			grave: true, affirm: []string{"kirim", "kirimkan", "kirimin", "dikirim", "dikirimkan", "lanjut", "lanjutkan"},
			own: []string{"lanjutkan"}, misread: "choose",
			options: []option{
				{key: "send", do: (*turn).order, leads: []string{"delivery", "pages", "after", "birth_year", "resume"}},
				{key: "change", to: "pages", words: "ubah, ganti, diubah, diganti, ubah halaman, " +
					"ganti halaman, halamannya, halaman lain"},
				{key: "preview", do: (*turn).preview, leads: []string{"pages", "birth_year", "resume"},
					words: "pratinjau, lihat dulu, gambar"},
				{key: "printed", do: (*turn).readPrinted, when: meansPrinted,
					words: "tercetak, cetak, yang tercetak, nomor tercetak"},
			}, take: (*turn).readConfirm, exits: []string{"inside"}},
		{name: "delivery", chapter: "library", seeks: true, about: "kutipan disiapkan", silent: true,
			take:  (*turn).readDelivery,
			exits: []string{"consent", "results", "search"}},

		// A visit ends: the rating, the good-bye.
		{name: "rating", chapter: "visit", seeks: true, about: "penilaian", glow: true, of: visited,
			slot: verdict, misread: "rating.bad",
			options: []option{
				{key: "very_good", digit: "4", do: rate(4), leads: afterRating},
				{key: "good", digit: "3", do: rate(3), leads: afterRating, words: "puas"},
				{key: "poor", digit: "2", do: rate(2), leads: []string{"rating_comment"}, words: "kurang"},
				{key: "bad", digit: "1", do: rate(1), leads: []string{"rating_comment"}},
				{key: "finish", do: (*turn).leave, leads: []string{"menu"}, typed: true},
				skipRating("tidak", "gak", "ga", "nggak", "enggak", "ndak", "nanti", "nanti dulu", "tidak usah"),
			}, take: (*turn).readRating, exits: []string{"consent", "results", "search"}},
		{name: "rating_comment", chapter: "visit", about: "apa yang perlu diperbaiki", glow: true, free: true,
			options: []option{skipRating()}, take: (*turn).readRatingComment, exits: afterRating},
		{name: "after", chapter: "visit", seeks: true, about: "selesai atau cari lagi", glow: true,
			slot: ending, options: []option{
				{key: "search", do: (*turn).searchOn, leads: []string{"consent", "search"}, words: "cari, cari lagi"},
				{key: "pages", do: (*turn).samePublication, leads: []string{"details", "search"}, words: "halaman, kutipan"},
				{key: "complain", to: "complain", words: "pengaduan"},
				{key: "verdict", do: (*turn).lateVerdict, typed: true, leads: []string{"rating_comment"}},
				{key: "finish", do: (*turn).leave, leads: []string{"rating", "menu"},
					words: "selesai, lewati, lewat, skip, tidak, gak, ga, nggak, " +
						"enggak, sudah, udah, cukup, sudah cukup, itu, tidak ada, gak ada, ga ada, nggak ada"},
			}, take: (*turn).readAfter, exits: []string{"confirm", "inside", "consent", "results", "search"}},

		// The guest-book profile, asked once: of a reader, or before the summary.
		{name: "profile", chapter: "profile", seeks: true, about: "isi profil sekarang?", glow: true, of: visited,
			yes: "now", no: "later",
			options: []option{
				{key: "now", do: (*turn).toProfile, leads: []string{"birth_year", "resume"}, words: "isi, isi sekarang, sekarang"},
				{key: "later", do: (*turn).profileLater, leads: []string{"after"}, words: "nanti, nanti saja, nanti dulu, lewati"},
			}, take: (*turn).readAfter, exits: []string{"confirm", "inside", "consent", "results", "search"}},
		{name: "birth_year", chapter: "profile", about: "tahun lahir", form: true, cancel: (*turn).dropProfile,
			take: (*turn).readBirthYear, mends: true, exits: []string{"minor", "gender"}},
		{name: "minor", chapter: "profile", about: "didampingi?", back: "birth_year", form: true,
			cancel: (*turn).dropProfile, yes: "with", no: "alone", options: []option{
				{key: "with", do: (*turn).accompanied, leads: []string{"gender"}, words: "sama ibu, sama bapak, " +
					"sama ayah, sama orang tua, sama guru, dengan guru, dengan orang tua, didampingi, ditemani, bersama"},
				{key: "alone", do: (*turn).notAccompanied, leads: []string{"menu"}, words: "sendiri, sendirian"},
			}},
		{name: "gender", chapter: "profile", about: "jenis kelamin", back: "birth_year", form: true,
			cancel: (*turn).dropProfile, list: listOf("gender"), concept: nlu.Gender, options: fieldLines("gender",
				"education")},
		{name: "education", chapter: "profile", about: "pendidikan", back: "gender", form: true,
			cancel: (*turn).dropProfile, list: listOf("education"), concept: nlu.Education, options: fieldLines("education",
				"work")},
		{name: "work", chapter: "profile", about: "pekerjaan", back: "education", form: true,
			cancel: (*turn).dropProfile, list: listOf("work"), concept: nlu.Work, options: fieldLines("work", "institution")},
		{name: "institution", chapter: "profile", about: "instansi", back: "work", form: true, free: true,
			cancel: (*turn).dropProfile, options: []option{skipField("institution", "origin", ", tidak ada")},
			take: (*turn).readInstitution, mends: true, exits: []string{"origin"}},
		{name: "origin", chapter: "profile", about: "asal", back: "institution", form: true,
			cancel: (*turn).dropProfile, list: listOf("origin"), concept: nlu.Origin, options: fieldLines("origin",
				"disability")},
		{name: "disability", chapter: "profile", about: "disabilitas", back: "origin", form: true,
			cancel: (*turn).dropProfile, list: listOf("disability"), concept: nlu.Disability,
			options: append(fieldLines("disability", ""), skipField("disability", "", ""))},
		// Complaints.
		{name: "complain", chapter: "complaint", about: "pengaduan", lives: true, options: []option{
			{key: "here", do: (*turn).beginComplaint, leads: []string{"category", "menu", "resume"},
				means: "complain, suggest", words: "bot, tulis, chat, chat ini, lewat chat, di sini, lewat sini, percakapan, buat laporan"},
			{key: "box", say: "complain.box", words: "kotak saran"},
			{key: "lapor", say: "complain.lapor", words: "lapor"},
			{key: "email", say: "complain.email", words: "email"},
			{key: "person", say: "complain.person", words: "kasubbag"},
			{key: "status", do: (*turn).statusHere, words: "status, cek"},
		}},
		{name: "category", chapter: "complaint", about: "kategori", list: categories, concept: nlu.Category,
			back: "complain", form: true,
			cancel: (*turn).dropComplaint, options: lines((*turn).pickCategory, "complaint_text", "about_staff")},
		{name: "about_staff", chapter: "complaint", about: "pengaduan tentang petugas", back: "category", form: true,
			own: []string{"lapor"}, cancel: (*turn).dropComplaint, options: []option{
				{key: "lapor", do: (*turn).goToLapor, leads: []string{"menu"}, words: "lapor"},
				{key: "here", to: "complaint_text", words: "lanjut, bot"},
			}},
		{name: "complaint_text", chapter: "complaint", about: "isi pengaduan", back: "category", form: true, free: true,
			photos: true, cancel: (*turn).dropComplaint, own: textEnds,
			take: (*turn).readComplaintText, exits: []string{"identity"}},
		{name: "identity", chapter: "complaint", about: "identitas pelapor", concept: nlu.Identity,
			back: "complaint_text", form: true,
			cancel: (*turn).dropComplaint, options: []option{
				{key: "named", do: (*turn).withName, leads: []string{"complaint_review", "complaint_name"}, words: "nama"},
				{key: "hidden", do: identityOf(Hidden), leads: []string{"complaint_review"}, words: "rahasia, rahasiakan"},
				{key: "anonymous", do: identityOf(Anonymous), leads: []string{"complaint_review"}, words: "anonim"},
			}},
		{name: "complaint_name", chapter: "complaint", about: "nama pelapor", back: "identity", form: true, free: true,
			cancel: (*turn).dropComplaint, take: (*turn).readComplaintName, mends: true, exits: []string{"complaint_review"}},
		{name: "complaint_review", chapter: "complaint", about: "periksa, tiket", data: complaintData, back: "identity",
			form: true, cancel: (*turn).dropComplaint, of: complaintWritten, yes: "send", grave: true,
			affirm: []string{"kirim", "kirimkan", "dikirim"}, misread: "choose",
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

		// Personal data.
		{name: "my_data", chapter: "my_data", about: "data saya", lives: true, options: []option{
			{key: "show", do: mine((*turn).showData), means: "see data", words: "lihat"},
			{key: "change", do: mine(lead("change")), leads: []string{"change"}, means: "change data", words: "ubah"},
			{key: "download", do: mine((*turn).exportData), means: "download data", words: "unduh, download"},
			{key: "history", do: mine((*turn).history), words: "riwayat"},
			{key: "withdraw", do: mine(lead("withdraw")), leads: []string{"withdraw"}, means: "withdraw", words: "cabut"},
			{key: "erase", do: mine(lead("erase")), leads: []string{"erase"}, means: "delete data, stop", words: "hapus"},
			{key: "unlink", do: mine((*turn).unlink), words: "putuskan perangkat, putuskan"},
		}},
		{name: "change", chapter: "my_data", about: "ubah profil", items: changeItems, back: "my_data", options: []option{
			{key: "pick", do: (*turn).changeField, typed: true, leads: []string{"change_value"}},
			{key: "email", do: (*turn).changeEmail, leads: []string{"email"}},
		}},
		{name: "change_value", chapter: "my_data", about: "isi baru", data: changeData, list: changeList, back: "change",
			free: true, options: lines((*turn).changeTo, "my_data"), take: (*turn).readChangeValue,
			exits: []string{"my_data"}},
		{name: "withdraw", chapter: "my_data", about: "cabut izin", back: "my_data", yes: "yes", no: "no", grave: true,
			affirm: []string{"cabut"},
			options: []option{
				{key: "yes", do: (*turn).withdrawConsent, leads: []string{"my_data"}},
				{key: "no", to: "my_data"},
			}},
		{name: "erase", chapter: "my_data", about: "hapus semua", back: "my_data", free: true,
			take: (*turn).readErase, exits: []string{"menu"}},
	}
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

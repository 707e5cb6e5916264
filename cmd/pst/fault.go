package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"pst/bot/telegram"
	"pst/conversation"
	"pst/search"
	"pst/store"
	"pst/store/holdings"
	"pst/store/intake"
)

// usageError is a wrong use of a command: exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// forPeople is an error that also says in Indonesian what is wrong, for who fills in a
// form or stands at a terminal.
type forPeople struct {
	error
	people string
}

func (f forPeople) Unwrap() error { return f.error }

// saying is an error whose own words are for people: what is wrong and, behind a
// semicolon, what to do.
func saying(format string, more ...any) error {
	err := fmt.Errorf(format, more...)
	return forPeople{err, err.Error()}
}

// people is what an error says to who fills in a form; what nobody foresaw is told as
// engineers read it.
func people(err error) string {
	var f forPeople
	if errors.As(err, &f) {
		return f.people
	}
	return "Pengaturan ini tidak dapat dipakai; beri tahu pengelola sistem: " + err.Error()
}

// Kinds of errors of the program itself.
var (
	// errSettings: pst.toml, another file that an office writes, or a variable.
	errSettings = errors.New("configuration")
	// errVanished: a database is missed.
	errVanished = errors.New("the database has gone")
	// errKey: the key is missing, or is none.
	errKey = errors.New("no key")
	// errBackupKey: the key of a backup is not there.
	errBackupKey = errors.New("the key of the backup is missing")
)

// ofSettings makes an error one of errSettings, which tells what a person can mend.
func ofSettings(err *error) {
	if *err != nil && !errors.Is(*err, errSettings) {
		*err = fmt.Errorf("%w: %w", errSettings, *err)
	}
}

// remedy is what people are told of a kind of error.
type remedy struct {
	is         error
	text, todo string // what is wrong; what to do
}

const (
	copyOfKey  = "kembalikan secret.key yang benar dari salinan yang disimpan terpisah dari cadangan"
	bringBack  = "pulihkan cadangan terakhir dengan pst restore BERKAS; yang ada sekarang disisihkan, tidak dihapus"
	mendFile   = "perbaiki yang disebut di dalam kurung, lalu jalankan pst check"
	makeRoom   = "kosongkan disk, lalu ulangi; yang sudah masuk tetap ada"
	sendThis   = "ulangi; bila tetap begini, kirim baris ini kepada pengelola sistem"
	unforeseen = "tidak berhasil"
)

// faults are the kinds of errors that people at a terminal can do something about. The
// first that an error is of tells: the deeper the cause, the earlier it stands here.
var faults = []remedy{
	{conversation.ErrFull, "disk penuh", makeRoom},
	{errFull, "disk hampir penuh", makeRoom},
	{syscall.ENOSPC, "disk penuh", makeRoom},
	{syscall.EROFS, "disk ini hanya dapat dibaca", "pilih folder lain yang dapat ditulis, dengan -data"},
	{errBackupKey, "kunci cadangan ini tidak ada di folder data",
		"taruh salinan secret.key milik cadangan itu di tempat yang disebut, lalu pulihkan lagi"},
	{store.ErrSecret, "kunci secret.key bukan milik basis data ini", copyOfKey},
	{errKey, "kunci secret.key hilang atau rusak", copyOfKey},
	{errVanished, "basis data hilang atau kosong, padahal sisanya ada", bringBack +
		"; untuk mulai dari awal tanpa satu pun data pembaca, pindahkan dahulu berkas yang disebut"},
	{errBackup, "berkas itu bukan cadangan PST yang utuh",
		"pilih cadangan lain, dan uji dengan pst backup -verify BERKAS"},
	{store.ErrDamaged, "basis data rusak", bringBack},
	{store.ErrForeign, "berkas itu bukan basis data PST", bringBack},
	{store.ErrNewer, "basis data ini dari program yang lebih baru",
		"pakai lagi program yang lebih baru, atau pulihkan cadangan program ini dengan pst restore BERKAS"},
	{store.ErrInUse, "basis data sedang dipakai program lain",
		"hentikan pst serve atau perintah pst yang lain, lalu ulangi"},
	{errServed, "pst serve sedang berjalan di folder data ini", "hentikan dahulu pst serve, lalu ulangi"},
	{search.ErrBusy, "indeks pencarian sedang ditulis program lain", "tunggu sampai selesai, lalu ulangi"},
	{conversation.ErrPreparing, "katalog sedang disiapkan", "tunggu sebentar, lalu ulangi"},
	{telegram.ErrToken, "token Telegram tidak berbentuk token",
		"salin lagi token dari @BotFather ke telegram.token di pst.toml"},
	{telegram.ErrBotName, "telegram.name bukan nama bot",
		"tulis nama bot seperti pada @BotFather, tanpa https://t.me/"},
	{conversation.ErrPagesSyntax, "-pages tidak terbaca", "tulis halaman seperti 12-18,25"},
	{conversation.ErrEmailSyntax, "itu bukan alamat email", "tulis seperti nama@bps.go.id"},
	{conversation.ErrEmailDomain, "itu bukan alamat email", "tulis seperti nama@bps.go.id"},
	{syscall.EADDRINUSE, "alamat itu sudah dipakai program lain",
		"hentikan program itu, atau ubah desk.listen atau telegram.listen di pst.toml"},
	{errSettings, "pengaturan tidak dapat dipakai", mendFile},
	{fs.ErrPermission, "tidak diizinkan",
		"jalankan sebagai pengguna yang memiliki folder data, atau minta pengelola memberi izin"},
	{syscall.ENOTDIR, "bukan folder", "periksa tulisannya"},
	{syscall.EISDIR, "itu folder, bukan berkas", "tulis juga nama berkasnya"},
	{fs.ErrExist, "berkas itu sudah ada dan tidak ditimpa", "pilih nama lain"},
	{fs.ErrNotExist, "berkas atau folder itu tidak ada", "periksa tulisannya"},
	{io.ErrUnexpectedEOF, "masukannya berakhir sebelum selesai", "ulangi dari awal"},
	{context.DeadlineExceeded, "terlalu lama dikerjakan", sendThis},
	{context.Canceled, "dihentikan", "ulangi bila masih perlu"},
}

// inWords says in Indonesian, in one line, why something did not succeed and what to do;
// behind it, in brackets, the cause as engineers read it, where it says more.
func inWords(err error) string {
	cause := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' }), "; ")
	text := ""
	var f forPeople
	switch {
	case errors.As(err, &f):
		text = clause(f.people)
		if f.people == f.error.Error() {
			return text
		}
	default:
		text = toldByKind(err)
	}
	return text + " (" + cause + ")"
}

// toldByKind is what an error is by its kind.
func toldByKind(err error) string {
	for _, f := range faults {
		if errors.Is(err, f.is) {
			return f.text + "; " + f.todo
		}
	}
	for _, f := range pairFaults {
		if errors.Is(err, f.is) {
			return f.text + "; " + f.terminal
		}
	}
	for _, reason := range []func(error) string{holdings.Reason, intake.Reason} {
		if said := reason(err); said != reason(errNone) {
			return said
		}
	}
	return unforeseen + "; " + sendThis
}

// errNone is of no kind.
var errNone = errors.New("")

// clause makes one line of a sentence that is to follow a colon.
func clause(s string) string {
	s = strings.TrimSuffix(strings.Join(strings.Fields(s), " "), ".")
	first, n := utf8.DecodeRuneInString(s)
	if second, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsLower(second) || second == ' ' {
		return string(unicode.ToLower(first)) + s[n:]
	}
	return s
}

package intake

import (
	"errors"
	"fmt"
)

// Reason says in Bahasa Indonesia, in a clause fit to follow "ditolak:", why a source or
// a place of it was refused.
func Reason(err error) string {
	for _, r := range []struct {
		err  error
		text string
	}{
		{ErrHeader, `baris pertama harus menamai kolom, salah satunya "judul"`},
		{ErrLine, "tanda kutipnya tidak berpasangan"},
		{ErrJSON, "bukan jawaban WebAPI untuk publikasi"},
		{ErrAnswer, "WebAPI menjawab dengan galat; unduh ulang daftarnya"},
		{ErrTitle, "tanpa judul"},
		{ErrID, "ID hanya boleh huruf, angka, titik, garis, dan garis bawah, paling panjang 64"},
		{ErrYear, "tahun harus antara 1900 dan 2100"},
		{ErrCopies, "jumlah eksemplar harus bilangan dari 0 sampai 9999"},
		{ErrStrict, "kolom ketat harus ya atau tidak"},
		{ErrOffice, "kode kantor harus empat angka"},
	} {
		if errors.Is(err, r.err) {
			return r.text
		}
	}
	return "tidak dapat dibaca"
}

// Reason names the place and says what is wrong there; places are lines of a CSV file,
// and items of a WebAPI answer.
func (b Bad) Reason() string { return fmt.Sprintf("baris %d: %s", b.Place, Reason(b.Err)) }

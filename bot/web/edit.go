package web

import "errors"

// ErrStale is what a change gives whose form was filled from what is no longer there:
// somebody else was faster.
var ErrStale = errors.New("changed by somebody else meanwhile")

// Wrong is input that cannot be used; nothing was changed.
type Wrong struct {
	Fields map[string]string // what is wrong, for people, by field; "" is of the whole
}

func (w *Wrong) Error() string { return "input cannot be used" }

// staleText is what is said of [ErrStale].
const staleText = "Sementara Anda mengisi, perubahan lain sudah tersimpan di sini, oleh petugas lain atau karena " +
	"tombol tertekan dua kali. " +
	"Isian Anda belum disimpan dan masih tertulis di bawah. " +
	"Bandingkan dengan yang berlaku sekarang, lalu simpan lagi bila tetap ingin menggantinya."

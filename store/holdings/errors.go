package holdings

import (
	"context"
	"errors"
)

// Why a file is refused. The errors of this package wrap one of these, ctx's
// error, or conversation.ErrNotFound.
var (
	ErrNotPDF       = errors.New("not a PDF file")
	ErrEncrypted    = errors.New("file is locked with a password")
	ErrDamaged      = errors.New("file is damaged or cut short")
	ErrTooLarge     = errors.New("file is larger than 500 MB")
	ErrNoPages      = errors.New("file has no pages")
	ErrTooManyPages = errors.New("file has more than 5,000 pages")
	ErrTimeout      = errors.New("file took too long to read")
	ErrMemory       = errors.New("file needs too much memory to read")
	ErrBomb         = errors.New("file unpacks to far more than a publication holds")
	// ErrPages: the pages asked for are none, or not in the file.
	ErrPages = errors.New("no such pages in the file")
	// ErrNoExecution: no file is to blame, but the machine.
	ErrNoExecution = errors.New("this machine lets the program make no memory executable, which the page reader needs: " +
		"take MemoryDenyWriteExecute= out of the service's unit, or allow execmem where SELinux refuses it")
	// ErrLost: a page asked for has lost its content.
	ErrLost = errors.New("page has lost its content")
	// ErrExcerptTooLarge: the excerpt would be larger than channels carry.
	ErrExcerptTooLarge = errors.New("excerpt is too large to send")
)

// Reason says in Bahasa Indonesia, in a clause fit to follow "berkas ini
// ditolak:", why a file was refused.
func Reason(err error) string {
	for _, r := range []struct {
		err  error
		text string
	}{
		{ErrNotPDF, "bukan berkas PDF"},
		{ErrEncrypted, "terkunci kata sandi; simpan ulang tanpa kata sandi lalu coba lagi"},
		{ErrTooLarge, "lebih besar dari 500 MB"},
		{ErrNoPages, "tidak berisi halaman"},
		{ErrTooManyPages, "lebih dari 5.000 halaman"},
		{ErrTimeout, "terlalu lama dibaca; berkas mungkin rusak"},
		{ErrMemory, "perlu terlalu banyak memori untuk dibaca; berkas mungkin rusak"},
		{ErrNoExecution, "pembaca PDF tidak diizinkan berjalan di komputer ini; beri tahu pengelola sistem"},
		{ErrBomb, "isinya mengembang jauh melebihi publikasi biasa; berkas mungkin rusak"},
		{ErrDamaged, "rusak atau terpotong; unduh ulang lalu coba lagi"},
		{ErrLost, "isi halamannya hilang dari berkas; unduh ulang lalu coba lagi"},
		{ErrPages, "halaman yang diminta tidak ada"},
		{ErrExcerptTooLarge, "kutipan terlalu besar untuk dikirim; pilih lebih sedikit halaman"},
		{context.DeadlineExceeded, "terlalu lama dikerjakan"},
	} {
		if errors.Is(err, r.err) {
			return r.text
		}
	}
	return "tidak dapat dibaca"
}

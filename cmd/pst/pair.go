package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"pst/bot/whatsapp"
	"pst/conversation"
)

// pair is `pst pair` over a platform. It speaks Indonesian: who links the desk's phone
// is no engineer.
func pair(ctx context.Context, h *house, d *desk, o whatsapp.PairOptions, p platform) error {
	quiet := *h
	quiet.log = slog.New(slog.DiscardHandler) // in English, and between the steps: what goes wrong is said in the end
	w, err := d.whatsapp(&quiet, p)
	if err != nil {
		return err
	}
	dropPictures(h, time.Now())
	// Under a name of its own: two who pair at once must not take each other's
	// picture away.
	picture, err := os.CreateTemp(h.data, pictures) // made 0600
	if err != nil {
		return fmt.Errorf("make picture of the code: %w", err)
	}
	file := picture.Name()
	defer os.Remove(file)
	if err := picture.Close(); err != nil {
		return fmt.Errorf("make picture of the code: %w", err)
	}
	answers := bufio.NewReader(h.std.in)
	o.Show = func(prompt whatsapp.Prompt) { showPrompt(h.std.out, prompt, file) }
	o.Passkey = func(context.Context) ([]byte, error) {
		line, err := answers.ReadBytes('\n')
		if err != nil && len(line) == 0 {
			return nil, fmt.Errorf("read passkey answer: %w", err)
		}
		return line, nil
	}
	if err := w.Pair(ctx, o); err != nil {
		return err
	}
	return nil
}

// pairFaults say why linking did not succeed, and what to do at a terminal and at the
// page.
var pairFaults = []struct {
	is                   error
	text, terminal, page string
}{
	{whatsapp.ErrLinked, "bot ini sudah tertaut", "bila HP-nya masih ada, keluarkan dahulu perangkat lama di HP itu " +
		"(Setelan > Perangkat tertaut); bila hilang, jalankan: pst pair -baru",
		"bila HP-nya hilang atau diganti, mulai lagi dengan Ganti HP"},
	{whatsapp.ErrPairing, "penautan lain sedang berjalan", "tunggu sampai selesai, atau hentikan yang lain",
		"tunggu sampai selesai, atau hentikan yang lain"},
	{whatsapp.ErrInUse, "perangkat sedang dipakai program lain", "tautkan dari halaman petugas (Kanal), " +
		"atau hentikan dahulu pst serve atau pst pair yang lain, lalu ulangi",
		"hentikan dahulu pst pair yang berjalan di komputer PST, lalu ulangi"},
	{whatsapp.ErrNumber, "itu bukan nomor telepon yang berlaku", "tulis seperti 0812-3456-7890 atau +62 812 3456 7890",
		"tulis seperti 0812-3456-7890 atau +62 812 3456 7890"},
	{whatsapp.ErrPairTimeout, "tidak ada HP yang memindai atau mengetik kode sampai waktunya habis",
		"jalankan lagi pst pair", "mulai lagi"},
	{whatsapp.ErrPasskey, "jawaban kunci sandi tidak terbaca",
		"jalankan lagi pst pair dan salin seluruh baris, mulai { sampai }",
		"mulai lagi dan salin seluruh baris, mulai { sampai }"},
	{whatsapp.ErrPairRefused, "WhatsApp tidak menerima penautan ini", "tunggu beberapa menit, lalu ulangi",
		"tunggu beberapa menit, lalu ulangi"},
	{whatsapp.ErrRefused, "WhatsApp menolak sambungan", "perbarui program, atau tunggu bila akun sedang dibatasi",
		"tunggu bila akun sedang dibatasi; bila tetap, minta pengelola memperbarui program"},
	{context.Canceled, "dihentikan", "tidak ada yang berubah", "tidak ada yang berubah"},
}

// atTerminal is what a terminal adds to a step.
var atTerminal = map[whatsapp.Step]string{
	whatsapp.StepWait:    "Untuk berhenti tekan Ctrl-C.",
	whatsapp.StepType:    "Untuk kode QR jalankan lagi tanpa -phone.",
	whatsapp.StepPasskey: "Tempelkan jawabannya di sini, lalu tekan Enter.",
	whatsapp.StepCompare: "Untuk berhenti tekan Ctrl-C.",
	whatsapp.StepDone:    "Jalankan `pst serve` (atau biarkan, bila sudah berjalan).",
}

// showPrompt shows one step on a terminal; a QR code also as a picture.
func showPrompt(out io.Writer, prompt whatsapp.Prompt, picture string) {
	fmt.Fprintln(out, prompt.Text)
	if prompt.QR != "" {
		png, err := qrPicture(prompt.QR, 512)
		if err != nil || os.WriteFile(picture, png, 0o600) != nil {
			picture = ""
		}
		code, err := qrText(prompt.QR)
		if err != nil {
			code = err.Error() + "\n"
		}
		width, height := windowSize(out)
		showCode(out, code, picture, width, height)
	}
	if prompt.Code != "" {
		fmt.Fprintf(out, "\n    %s\n\n", prompt.Code)
	}
	if prompt.Snippet != "" {
		fmt.Fprintf(out, "\n%s\n\n", prompt.Snippet)
	}
	if more := atTerminal[prompt.Step]; more != "" {
		fmt.Fprintln(out, more)
	}
}

// showCode draws a QR code where it fits into the window of so many columns and rows,
// 0 for one that is not known; cut off it cannot be scanned.
func showCode(out io.Writer, code, picture string, width, height int) {
	lines := strings.Split(strings.TrimRight(code, "\n"), "\n")
	wide, high := utf8.RuneCountInString(lines[0]), len(lines)+1
	if width > 0 && (width < wide || height < high) {
		fmt.Fprintf(out, "Jendela ini terlalu kecil untuk kode QR: perlu %d kolom dan %d baris, ada %d dan %d. "+
			"Perbesar jendelanya (kode berikutnya tampil dalam satu menit), ", wide, high, width, height)
		if picture != "" {
			fmt.Fprintf(out, "pindai dari gambar %s, ", picture)
		}
		fmt.Fprintln(out, "atau hentikan (Ctrl-C) dan jalankan: pst pair -phone NOMOR")
		return
	}
	fmt.Fprint(out, code)
	if picture != "" {
		fmt.Fprintf(out, "Gambar kodenya ada juga di %s\n", picture)
	}
}

// windowSize is the size of the terminal behind out, 0 when there is none.
func windowSize(out io.Writer) (columns, rows int) {
	f, ok := out.(*os.File)
	if !ok {
		return 0, 0
	}
	columns, rows, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0, 0
	}
	return columns, rows
}

// pictures is the pattern of the names of QR codes.
const pictures = "whatsapp-qr-*.png"

// dropPictures removes what a pairing left that was killed: a code is of no use after
// minutes, and one that runs writes its picture again and again.
func dropPictures(h *house, now time.Time) {
	left, _ := filepath.Glob(h.path(pictures)) // the pattern is good
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && now.Sub(info.ModTime()) > time.Hour {
			os.Remove(name)
		}
	}
}

// phoneOf is the number of a WhatsApp address that is a phone number.
func phoneOf(a conversation.Address) (string, bool) {
	number, ok := strings.CutSuffix(a.Rest(), "@s.whatsapp.net")
	return number, ok && a.Scheme() == conversation.WhatsApp
}

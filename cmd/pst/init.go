package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pst/conversation"
)

// initCmd asks for what names an office and writes a pst.toml with remarks.
// It speaks Indonesian: a clerk answers it.
type initCmd struct {
	Contoh bool `help:"Tidak bertanya dan tidak menulis: cetak contoh pst.toml yang menjelaskan setiap kunci."`
}

func (c initCmd) Run(_ context.Context, h *house) error {
	if c.Contoh {
		_, err := io.WriteString(h.std.out, configFile(nil, nil))
		return err
	}
	path := or(h.config, h.path("pst.toml"))
	if _, err := os.Stat(path); err == nil {
		return saying("%s sudah ada; ubah dengan editor teks, atau lihat apa yang kurang dengan pst check%s",
			path, h.here())
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	q := &asking{in: bufio.NewScanner(h.std.in), out: h.std.out}
	text, err := q.file()
	if err != nil {
		return saying("pertanyaannya belum selesai dijawab; tidak ada yang tertulis, jalankan lagi pst init")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	fmt.Fprintf(h.std.out, "\nTertulis: %s\n"+nextSteps, path, path, h.here(), h.here(), h.here())
	return nil
}

// nextSteps are the three that lead from a new pst.toml to an open desk.
const nextSteps = `
Tiga langkah berikutnya:

1. Isi token Telegram, nomor WhatsApp, dan server email di %s
   (buang tanda # di depan barisnya), lalu periksa:
   pst check%s

2. Masukkan publikasi, ganti FOLDER dengan tempat berkas PDF atau daftarnya:
   pst import%s FOLDER

3. Jalankan layanan, dan biarkan berjalan:
   pst serve%s
`

// asking is a conversation at a terminal, one line an answer.
type asking struct {
	in  *bufio.Scanner
	out io.Writer
}

// ask asks until the answer is one that right takes; an empty line is the preset,
// where there is one. It returns an error when the input ends.
func (q *asking) ask(what, like, preset string, right func(string) error) (string, error) {
	for {
		fmt.Fprint(q.out, what)
		if like != "" {
			fmt.Fprintf(q.out, " (contoh: %s)", like)
		}
		if preset != "" {
			fmt.Fprintf(q.out, " [%s]", preset)
		}
		fmt.Fprint(q.out, ": ")
		if !q.in.Scan() {
			return "", errors.Join(q.in.Err(), io.ErrUnexpectedEOF)
		}
		answer := strings.TrimSpace(strings.ToValidUTF8(q.in.Text(), ""))
		if answer == "" {
			answer = preset
		}
		if err := right(answer); err != nil {
			fmt.Fprintf(q.out, "  %v\n", err)
			continue
		}
		return answer, nil
	}
}

// file asks for everything and gives the text of pst.toml.
func (q *asking) file() (string, error) {
	set := map[string]any{}
	code, err := q.ask("Kode kantor, empat angka pada alamat email kantor", "1234", "", officeCode)
	if err != nil {
		return "", err
	}
	set["office.code"] = code
	if code == conversation.DefaultCode {
		fmt.Fprintln(q.out, "Alamat, telepon, jam layanan, dan saluran pengaduan kantor ini sudah dikenal; pst check "+
			"menampilkannya.")
	} else if err := q.office(set); err != nil {
		return "", err
	}
	staff, err := q.staff()
	if err != nil {
		return "", err
	}
	return configFile(set, staff), nil
}

// office asks for the facts of an office that the program does not know.
func (q *asking) office(set map[string]any) error {
	preset := conversation.NewOffice(time.UTC)
	for _, f := range facts {
		answer, err := q.ask(f.ask, f.like, *f.in(&preset.Facts), f.right())
		if err != nil {
			return err
		}
		if answer != "" {
			set["office."+f.key] = answer
		}
	}
	zone, err := q.ask("Zona waktu: 1 WIB, 2 WITA, 3 WIT", "", "", oneOf("1", "2", "3"))
	if err != nil {
		return err
	}
	set["office.zone"] = map[string]string{"1": "Asia/Jakarta", "2": "Asia/Makassar", "3": "Asia/Jayapura"}[zone]
	var hours []string
	for {
		answer, err := q.ask("Jam layanan satu hari, Enter bila sudah semua", "senin 08:00-15:30", "", func(s string) error {
			if s == "" && len(hours) > 0 {
				return nil
			}
			if _, err := parseHours(s); err != nil {
				return errors.New(people(err))
			}
			return nil
		})
		if err != nil {
			return err
		}
		if answer == "" {
			break
		}
		hours = append(hours, answer)
	}
	set["office.hours"] = hours
	return nil
}

// staff asks who answers: at least one Kasubbag.
func (q *asking) staff() ([]staffConfig, error) {
	var out []staffConfig
	for {
		ask, right := "Nama petugas lain, Enter bila sudah semua", func(string) error { return nil }
		if len(out) == 0 {
			ask, right = "Nama Kasubbag yang menjawab pengaduan", filled
		}
		name, err := q.ask(ask, "", "", right)
		if err != nil || name == "" {
			return out, err
		}
		role := conversation.Kasubbag
		if len(out) > 0 {
			if role, err = q.ask("Perannya: kasubbag, kedua, atau petugas", "", "", oneOf(roles...)); err != nil {
				return nil, err
			}
		}
		to, err := q.ask("Nomor WhatsApp, atau telegram: dan ID angkanya", "0812..., telegram:123456789", "",
			func(s string) error {
				if _, err := staffAddress(addressTyped(s)); err != nil {
					return errors.New(people(err))
				}
				return nil
			})
		if err != nil {
			return nil, err
		}
		out = append(out, staffConfig{Name: name, Role: role, Addresses: []string{addressTyped(to)}})
	}
}

// addressTyped gives a bare number the scheme of WhatsApp.
func addressTyped(s string) string {
	if strings.Contains(s, ":") {
		return s
	}
	return conversation.WhatsApp + ":" + s
}

// right is what an answer to the fact's question must be.
func (f fact) right() func(string) error {
	return func(s string) error {
		switch {
		case s == "" && !f.need:
			return nil
		case strings.HasSuffix(f.key, "email"):
			if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
				return fmt.Errorf("harus berbentuk alamat email, contoh: %s", f.like)
			}
		case f.key == "complaint_phone":
			if _, ok := conversation.NormalPhone(s); !ok {
				return errors.New("bukan nomor HP Indonesia")
			}
		case f.key == "website" && (strings.Contains(s, "://") || !strings.Contains(s, ".")):
			return fmt.Errorf("tulis tanpa https://, contoh: %s", f.like)
		}
		return filled(s)
	}
}

func filled(s string) error {
	if s == "" {
		return errors.New("harus diisi")
	}
	return nil
}

func oneOf(words ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(words, s) {
			return fmt.Errorf("jawab salah satu: %s", strings.Join(words, ", "))
		}
		return nil
	}
}

func officeCode(s string) error {
	if len(s) != 4 || strings.Trim(s, "0123456789") != "" {
		return errors.New("kode kantor terdiri atas empat angka")
	}
	return nil
}

package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"pst/conversation"
)

// fleetWide is how many columns a line takes at most.
const fleetWide = 120

// shortSchemes are the channels in two letters.
var shortSchemes = map[string]string{conversation.WhatsApp: "WA", conversation.Telegram: "TG", conversation.Mail: "EM"}

var shortNames = strings.NewReplacer(
	"BPS ", "", "Badan Pusat Statistik ", "", "Kabupaten ", "Kab. ", "Provinsi ", "Prov. ",
)

// title is the office's code and short name, or the folder's where that is not known.
func (o officeLine) title() string {
	if o.Name == "" {
		return filepath.Base(o.Folder)
	}
	return strings.TrimSpace(o.Code + " " + shortNames.Replace(o.Name))
}

// age is a length of time in a word: "<1m", "5m", "3j", "12h" (menit, jam, hari).
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "<1m"
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dj", d/time.Hour)
	}
	return fmt.Sprintf("%dh", d/(24*time.Hour))
}

// cells are what stands in an office's line, without its title.
func (o officeLine) cells(now time.Time) []string {
	channels := "tidak berjalan"
	if o.Serving {
		var list []string
		for _, c := range o.Channels {
			sign := map[bool]string{true: "+", false: "-"}[c.Up]
			word := or(shortSchemes[c.Scheme], c.Scheme) + sign
			if !c.Since.IsZero() {
				word += age(now.Sub(c.Since))
			}
			list = append(list, word)
		}
		channels = or(strings.Join(list, " "), "tanpa kanal")
	}
	queue, tickets, backup, disk, month := "?", "?", "-", "?", []string{"?", "?", "?", "?"}
	if q := o.Queue; q != nil {
		queue = fmt.Sprintf("%d/%d", q.Messages, q.Letters)
		if !q.Oldest.IsZero() {
			queue += " " + age(now.Sub(q.Oldest))
		}
	}
	if t := o.Tickets; t != nil {
		tickets = fmt.Sprint(t.Open)
		if t.Open > 0 {
			tickets += " " + age(now.Sub(t.Oldest))
		}
		if t.Overdue > 0 {
			tickets += fmt.Sprintf(" lewat %d", t.Overdue)
		}
	}
	if b := o.Backup; b != nil && b.Nightly {
		backup = "belum"
		if !b.Last.IsZero() {
			backup = age(now.Sub(b.Last))
		}
	}
	if d := o.Disk; d != nil {
		disk = fmt.Sprintf("%d MB", d.FreeMB)
		if d.FreeMB >= 10<<10 {
			disk = fmt.Sprintf("%d GB", d.FreeMB>>10)
		}
	}
	if o.Month != nil {
		month = o.Month.told[:]
	}
	return append([]string{channels, queue, tickets, backup, disk}, month...)
}

// writeFleet writes a line an office, then what is wrong with those that are ill.
func writeFleet(w io.Writer, offices []officeLine, now time.Time) error {
	lines := [][]string{{
		"KANTOR", "KANAL", "ANTREAN", "TIKET", "CADANGAN", "DISK", "KUNJUNGAN", "KUTIPAN", "PENGADUAN", "NILAI",
	}}
	for _, o := range offices {
		line := []string{o.title()}
		if o.broken {
			line = append(line, o.Ill[len(o.Ill)-1].What)
		} else {
			line = append(line, o.cells(now)...)
		}
		lines = append(lines, line)
	}
	var b strings.Builder
	widths := widthsOf(lines)
	for _, line := range lines {
		text := ""
		for i, c := range line {
			switch {
			case i == len(line)-1:
				text += c
			default:
				text += padded(cut(c, widths[i]), widths[i]) + "  "
			}
		}
		b.WriteString(strings.TrimRight(cut(text, fleetWide), " ") + "\n")
	}
	b.WriteString("\nKanal: + melayani, - putus, sejak; antrean: pesan/surat dan yang tertua; " +
		"tiket: terbuka, yang tertua, lewat batas;\n" +
		"m menit, j jam, h hari. Angka layanan: bulan ini; yang menyangkut kurang dari 3 orang ditutup.\n")
	first := true
	for _, o := range offices {
		if len(o.Ill) == 0 {
			continue
		}
		if first {
			b.WriteString("\nPerlu perhatian:\n")
			first = false
		}
		fmt.Fprintf(&b, "%s (%s)\n", o.title(), o.Folder)
		for _, i := range o.Ill {
			b.WriteString(wrapped("  - ", i.What))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// widthsOf are the widths of the columns; the first gives way to the others.
func widthsOf(lines [][]string) []int {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, c := range line {
			if i == 0 || len(line) == len(widths) { // a fault's sentence is no cell
				widths[i] = max(widths[i], utf8.RuneCountInString(c))
			}
		}
	}
	rest := fleetWide
	for _, w := range widths[1:] {
		rest -= w + 2
	}
	widths[0] = max(min(widths[0], rest), 12)
	return widths
}

func padded(s string, wide int) string {
	return s + strings.Repeat(" ", max(0, wide-utf8.RuneCountInString(s)))
}

// cut ends what is too long with three dots.
func cut(s string, wide int) string {
	if utf8.RuneCountInString(s) <= wide {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:wide-1]), " ") + "…"
}

// wrapped writes a text under a sign, in lines that fit.
func wrapped(sign, text string) string {
	indent := strings.Repeat(" ", len(sign))
	var b strings.Builder
	line := sign
	for i, word := range strings.Fields(text) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > fleetWide {
			b.WriteString(line + "\n")
			line = indent + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

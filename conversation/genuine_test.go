package conversation

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A file that answers a quote of the excerpt is compared with that one, whatever it is
// called now.
func TestAFileUnderAQuoteOfTheExcerptIsComparedWithIt(t *testing.T) {
	whole := anExcerpt
	defer func() { anExcerpt = whole }()
	anExcerpt.DeliveredAt = time.Date(2026, 11, 22, 9, 0, 0, 0, jakarta)
	for name, c := range map[string]struct {
		m    Message
		says string
	}{
		"under a quote":        {Message{Quoted: "excerpt-1"}, "*berubah sesudah kami kirim*"},
		"under another quote":  {Message{Quoted: "another"}, "bukan berkas yang kami kenal"},
		"a code alone, quoted": {Message{Kind: Text, Text: "cek kode", Quoted: "excerpt-1"}, "Kode *ABCDEFGHJK* asli"},
		"it could not be read": {Message{Quoted: "excerpt-1", Media: &Media{MIME: "application/pdf"}},
			"belum kami bandingkan"},
		"no PDF, under a quote": {Message{Quoted: "excerpt-1", Media: &Media{MIME: "application/zip"}},
			"belum bisa menerima berkas"},
		"other words beneath it": {Message{Text: "menu"}, "Apa yang Bapak/Ibu perlukan"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.memory.unknown = true
			b.stand(t, registered("menu"))
			m := c.m
			m.ID, m.From, m.SentAt = "1", siti, b.at
			if m.Kind == "" {
				m.Kind = Document
			}
			if m.Media == nil && m.Kind == Document {
				m.Media = &Media{MIME: "application/pdf", Name: "dokumen.pdf", SHA256: "of another"}
			}
			if err := b.Take(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			if _, said := b.last(t); !strings.Contains(said, c.says) {
				t.Errorf("said %q, want %q", said, c.says)
			}
		})
	}
}

// Files are fetched only where their bytes decide what is said, and no more of them
// than may be checked.
func TestFilesAreFetchedOnlyWhereTheyMatter(t *testing.T) {
	pdf := &Media{MIME: "application/pdf"}
	for name, c := range map[string]struct {
		state string
		done  int // checks of this hour
		from  Address
		sent  []Message
		want  []int
	}{
		"in the menu": {"menu", 0, siti, []Message{{Media: pdf}}, []int{0}},
		"among other messages": {"menu", 0, siti, []Message{{Kind: Text, Text: "halo"}, {Media: pdf},
			{Media: &Media{MIME: "image/png"}}}, []int{1}},
		"in a form":      {"name", 0, siti, []Message{{Media: pdf}}, nil},
		"in a complaint": {"complaint_text", 0, siti, []Message{{Media: pdf}}, nil},
		"in a form, under CEK KODE": {"name", 0, siti,
			[]Message{{Media: pdf, Text: "cek kode"}}, []int{0}},
		"to a person":              {"handoff", 0, siti, []Message{{Media: pdf}}, nil},
		"after ten checks":         {"menu", 10, siti, []Message{{Media: pdf}}, nil},
		"more than may be checked": {"menu", 8, siti, []Message{{Media: pdf}, {Media: pdf}, {Media: pdf}}, []int{0, 1}},
		"too late to be answered": {"menu", 0, siti,
			[]Message{{Media: pdf, SentAt: time.Date(2026, 11, 22, 9, 0, 0, 0, jakarta)}}, nil},
		"from staff":                {"menu", 0, kasubbag, []Message{{Media: pdf}}, []int{0}},
		"by the name of the file":   {"menu", 0, siti, []Message{{Media: &Media{Name: "a.PDF"}}}, []int{0}},
		"a film, which has no name": {"menu", 0, siti, []Message{{Media: &Media{MIME: "video/mp4"}}, {Media: nil}}, nil},
	} {
		b := newBench(t)
		s := registered(c.state)
		s.Chat = c.from
		s.Data.Checks = &Checks{From: b.at, Done: c.done}
		b.stand(t, s)
		for i := range c.sent {
			m := &c.sent[i]
			m.From = c.from
			if m.Kind == "" {
				m.Kind = Document
			}
			if m.SentAt.IsZero() {
				m.SentAt = b.at
			}
		}
		if got := b.LooksAt(t.Context(), c.sent...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

package conversation

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A card is read on a small screen: it has at most cardMost characters, its
// answers with it, however long the title.
func TestACardIsShort(t *testing.T) {
	whole := aPublication
	defer func() { aPublication = whole }()
	aPublication.Title, aPublication.Abstract = filler(220), filler(900)
	aPublication.Strict = true
	for _, state := range []string{"menu", "consent", "name", "card", "email", "code", "review", "purpose", "details",
		"confirm",
		"rating", "profile", "gender", "after", "complain", "my_data"} {
		b := newBench(t)
		b.shelf = sized(3_400_000)
		s := registered(state)
		s.Data.Mode = ""
		s.Data.Visit = map[bool]string{true: "visit-1"}[state != "purpose"]
		s.Data.Find.Best.Table = filler(100)
		s.Data.Find.Pages = NewPageSet(12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46)
		b.stand(t, s)
		if err := b.Take(t.Context(), Message{ID: "1", From: siti, Kind: Choice, Menu: "another question", Text: "1",
			SentAt: b.at}); err != nil {
			t.Fatal(err)
		}
		_, said := b.last(t)
		_, card, ok := strings.Cut(strings.TrimSpace(said), "\n\n")
		if n := utf8.RuneCountInString(card); !ok || n > cardMost {
			t.Errorf("%s has %d characters:\n%s", state, n, card)
		}
	}
}

// The wish behind a purpose is read with the mode beside it, in either order.
func TestModeAndPurposeTogether(t *testing.T) {
	for text, want := range map[string]struct{ mode, purpose string }{
		"daring, skripsi":                      {Online, "Skripsi/tesis/disertasi"},
		"skripsi, daring":                      {Online, "Skripsi/tesis/disertasi"},
		"di ruang pst, penelitian":             {OnSite, "Penelitian"},
		"saya di ruang PST untuk tugas kuliah": {OnSite, "Tugas sekolah/kuliah"},
		"online buat skripsi kak":              {Online, "Skripsi/tesis/disertasi"},
		"di tempat, 4":                         {OnSite, "Perencanaan"},
		"daring 2":                             {Online, "Skripsi/tesis/disertasi"},
		"2":                                    {Online, "Skripsi/tesis/disertasi"},
		"1":                                    {Online, "Tugas sekolah/kuliah"},
		"nomor dua":                            {Online, "Skripsi/tesis/disertasi"},
		"yang pertama":                         {Online, "Tugas sekolah/kuliah"},
		"penelitian":                           {Online, "Penelitian"},
		"dari rumah, evaluasi program":         {Online, "Evaluasi"},
		"skripsi, saya di kantor bps":          {OnSite, "Skripsi/tesis/disertasi"},
	} {
		b := newBench(t)
		s := registered("purpose")
		s.Data.Visit, s.Data.Mode = "", ""
		b.stand(t, s)
		if err := b.Take(t.Context(), b.text(text)); err != nil {
			t.Fatal(err)
		}
		turn, said := b.last(t)
		if d := turn.Session.Data; d.Habit == nil || d.Mode != want.mode || d.Habit.Purpose != want.purpose {
			t.Errorf("%q signs as %s %v, want %v; said %q", text, d.Mode, d.Habit, want, said)
		}
	}
	b := newBench(t)
	s := registered("purpose")
	s.Data.Visit, s.Data.Mode = "", ""
	b.stand(t, s)
	if err := b.Take(t.Context(), b.text("di ruang pst")); err != nil {
		t.Fatal(err)
	}
	if turn, _ := b.last(t); turn.Session.State != "purpose" || turn.Session.Data.Mode != OnSite ||
		turn.Session.Data.Visit != "" {
		t.Errorf("the mode alone: %+v", turn.Session)
	}
}

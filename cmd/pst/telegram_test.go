package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
	"pst/store/holdings"
)

// Chats of the journey on Telegram; the staff's is in the configuration.
const (
	sitiID     = 3527065
	kasubbagID = 88001
)

// The whole journey of the transcript, typed and pressed, ends in the same
// states, the same answers to whom, and the same records as in a terminal.
func TestTelegramJourneyIsTheTerminals(t *testing.T) {
	// To a person who never wrote first, Telegram lets no bot write.
	steps := append([]said{{staff: true, text: "/start"}}, journey(t)...)
	want := inTerminal(t, steps)
	for _, pressing := range []bool{false, true} {
		t.Run(map[bool]string{false: "numbers typed", true: "buttons pressed"}[pressing], func(t *testing.T) {
			t.Parallel()
			got := onTelegram(t, steps, pressing)
			if got != want {
				t.Errorf("Telegram differs from the terminal: %s", firstDifference(want, got))
			}
		})
	}
}

// said is one line of a transcript's people.
type said struct {
	staff, quoting bool
	text           string
}

// journey reads what people say in the transcript of the whole journey.
func journey(t *testing.T) []said {
	t.Helper()
	text, err := os.ReadFile("../../conversation/testdata/journey.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []said
	staff := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(line, "@ "); ok {
			staff = rest == "terminal:kasubbag"
		} else if rest, ok := strings.CutPrefix(line, ">> "); ok {
			out = append(out, said{staff, true, rest})
		} else if rest, ok := strings.CutPrefix(line, "> "); ok {
			out = append(out, said{staff, false, rest})
		}
	}
	if len(out) < 30 {
		t.Fatalf("the journey has only %d lines", len(out))
	}
	return out
}

// outcome is what a run of the journey leaves, in lines that can be compared.
type outcome struct{ lines bytes.Buffer }

// step notes where both chats are after a line, and how many answers each got.
func (o *outcome) step(t *testing.T, db conversation.Store, s said, siti, kasubbag conversation.Address,
	answers [2]int) {
	t.Helper()
	fmt.Fprintf(&o.lines, "> %s\n", s.text)
	for i, a := range []conversation.Address{siti, kasubbag} {
		session, err := db.Session(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&o.lines, "  %s: %d answers, then in state %q\n", [2]string{"reader", "staff"}[i], answers[i],
			session.State)
	}
}

// records adds what rests in the database in the end, without what is another
// at every run: times, codes, hashes.
func (o *outcome) records(t *testing.T, db conversation.Store, siti conversation.Address, at time.Time) string {
	t.Helper()
	ctx := t.Context()
	r, err := db.ReaderByNumber(ctx, "BT-00001")
	if err != nil {
		t.Fatal(err)
	}
	next, err := db.NextReaderID(ctx)
	if err != nil {
		t.Fatal(err)
	}
	o.add(t, "reader", map[string]any{"name": r.Name, "email": r.Email, "card": []string{r.Card.Kind, r.Card.Last4},
		"profile":  r.Profile,
		"verified": r.Verified, "consent": r.Consent, "readers": next - 1})
	excerpts, err := db.Excerpts(ctx, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range excerpts {
		visit, err := db.Visit(ctx, e.Visit)
		if err != nil {
			t.Fatal(err)
		}
		owned, err := db.Owned(ctx, r.ID, e.Publication)
		if err != nil {
			t.Fatal(err)
		}
		o.add(t, "excerpt", map[string]any{"publication": e.Publication, "pages": e.Pages.String(), "owned": owned.String(),
			"delivered": !e.DeliveredAt.IsZero(),
			"mode":      visit.Mode, "purpose": visit.Purpose, "asked": visit.Asked, "closed": !visit.ClosedAt.IsZero()})
	}
	tickets, err := db.Tickets(ctx, siti, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range tickets {
		posts, err := db.Posts(ctx, k.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i := range posts {
			posts[i].Ticket, posts[i].At = "", time.Time{}
			posts[i].Text = strings.ReplaceAll(posts[i].Text, k.ID, "(tiket)")
		}
		o.add(t, "ticket", map[string]any{"kind": k.Kind, "category": k.Category, "text": k.Text, "identity": k.Identity,
			"reader": k.Reader, "mode": k.Mode,
			"state": k.State, "accepted": !k.AcceptedAt.IsZero(), "answered": !k.AnsweredAt.IsZero(),
			"closed": !k.ClosedAt.IsZero(), "posts": posts})
	}
	m, err := db.Report(ctx, officeForReport(), conversation.Days(at.AddDate(0, -1, 0), at.AddDate(0, 1, 0)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Sections {
		for _, n := range s.Numbers {
			if n.Unit == conversation.Counted {
				o.add(t, n.Key, n.Value.N)
			}
		}
	}
	return o.lines.String()
}

func (o *outcome) add(t *testing.T, what string, v any) {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&o.lines, "%s %s\n", what, b)
}

// inTerminal is the journey as the transcript's runner plays it.
func inTerminal(t *testing.T, steps []said) string {
	t.Helper()
	r := newRunner(t)
	var o outcome
	chats := [2]conversation.Address{"terminal:siti", "terminal:kasubbag"}
	for _, s := range steps {
		from, mark := chats[0], "> "
		if s.staff {
			from = chats[1]
		}
		if s.quoting {
			mark = ">> "
		}
		before := r.out.Len()
		r.play("@ " + string(from) + "\n" + mark + s.text + "\n")
		var answers [2]int
		to := from
		for line := range strings.Lines(r.out.String()[before:]) {
			if a, ok := strings.CutPrefix(line, "@ "); ok {
				to = conversation.Address(strings.TrimSpace(a))
			} else if strings.HasPrefix(line, "< ") && !strings.HasPrefix(line, "< [email") {
				answers[map[bool]int{to == chats[1]: 1}[true]]++
			}
		}
		o.step(t, r.db, s, chats[0], chats[1], answers)
	}
	return o.records(t, r.db, chats[0], r.clock)
}

// onTelegram is the journey on the test server, over the program's own parts.
func onTelegram(t *testing.T, steps []said, pressing bool) string {
	t.Helper()
	srv, letters := telegramtest.Start(t, telegramtest.Options{}), startPost(t)
	h := telegramHouse(t, srv, letters)
	d, loops := startUnpaced(t, h)
	siti, kasubbag := srv.User(sitiID), srv.User(kasubbagID)
	addresses := [2]conversation.Address{conversation.Address(fmt.Sprint("telegram:", sitiID)),
		conversation.Address(fmt.Sprint("telegram:", kasubbagID))}
	var o outcome
	pressed := 0
	for _, s := range steps {
		from := siti
		if s.staff {
			from = kasubbag
		}
		before := [2]int{len(siti.FromBot()), len(kasubbag.FromBot())}
		text := fillIn(s.text, siti, letters)
		switch messages := from.FromBot(); {
		case s.quoting:
			from.Reply(messages[len(messages)-1].ID, text)
		case pressing && len(messages) > 0 && press(t, d.db, from, messages[len(messages)-1], text):
			pressed++
		default:
			from.Say(text)
		}
		settle(t, srv, loops)
		o.step(t, d.db, s, addresses[0], addresses[1], [2]int{len(siti.FromBot()) - before[0],
			len(kasubbag.FromBot()) - before[1]})
	}
	if pressing && pressed < 15 {
		t.Errorf("only %d buttons were there to press", pressed)
	}
	if v := srv.Violations(); len(v) > 0 {
		t.Errorf("Telegram would not like: %q", v)
	}
	assertDelivered(t, d, siti)
	assertTidy(t, siti, kasubbag)
	told := o.records(t, d.db, addresses[0], time.Now())
	assertSentBack(t, srv, loops, siti)
	return told
}

// assertSentBack sends the file that arrived back, as it is and changed: the platform
// hands its bytes on as they are.
func assertSentBack(t *testing.T, srv *telegramtest.Server, loops *bot.Loops, from *telegramtest.User) {
	t.Helper()
	i := slices.IndexFunc(from.FromBot(), func(m telegramtest.Message) bool { return m.File != nil })
	data := from.FromBot()[i].File.Data
	for _, c := range []struct {
		data []byte
		says string
	}{
		{data, "sama dengan yang kami kirim"},
		{append(bytes.Clone(data), '\n'), "berubah sesudah kami kirim"},
		{[]byte("%PDF-1.7 surat"), "bukan berkas yang kami kenal"},
	} {
		from.Document("berkas.pdf", "", c.data)
		settle(t, srv, loops)
		said := from.FromBot()
		if last := said[len(said)-1].Text; !strings.Contains(last, c.says) {
			t.Errorf("a file sent back: %q, want %q", last, c.says)
		}
	}
}

// assertTidy looks at both chats as a person with a small phone does.
func assertTidy(t *testing.T, siti, kasubbag *telegramtest.User) {
	t.Helper()
	seen := map[string]int{}
	messages := append(siti.FromBot(), kasubbag.FromBot()...)
	for _, m := range messages {
		if strings.Contains(m.Text, "sedang disiapkan") {
			t.Errorf("the excerpt arrived, and the chat still says %q", m.Text)
		}
		if strings.Contains(m.Text, "Kutipan sudah dikirim.") {
			seen["said to be sent"]++
		}
		if m.ReplyTo != 0 {
			seen["quotes"]++
		}
		for _, row := range m.Keyboard {
			for _, b := range row {
				switch {
				case b.Copy != nil:
					if !strings.Contains(m.Text, b.Copy.Text) {
						t.Errorf("%q offers to copy %q", m.Text, b.Copy.Text)
					}
					seen["copy "+b.Copy.Text[:2]]++
				case strings.Trim(b.Text, "0123456789") == "":
					if !strings.Contains(m.Text, "Hasil ") {
						t.Errorf("a button %q that is no hit's, under %q", b.Text, m.Text)
					}
				case strings.Contains(m.Text+"\n", " "+b.Text+"\n"):
					t.Errorf("%q says what its button %q does", m.Text, b.Text)
				}
				if len([]rune(b.Text)) > 36 || strings.HasSuffix(b.Text, "…") {
					t.Errorf("a button that is cut: %q", b.Text)
				}
			}
		}
		if m.File != nil {
			seen["files"]++
			if len(m.Keyboard) != 1 || m.Keyboard[0][0].Copy == nil {
				t.Errorf("the excerpt's number cannot be copied: %+v", m.Keyboard)
			}
		}
	}
	for _, what := range []string{"said to be sent", "quotes", "files", "copy BT", "copy AD"} {
		if seen[what] == 0 {
			t.Errorf("nothing of: %s (%v)", what, seen)
		}
	}
}

// press presses the button under a message that means what was typed, a number
// or a word, when there is one.
func press(t *testing.T, db conversation.Store, u *telegramtest.User, m telegramtest.Message, typed string) bool {
	t.Helper()
	s, err := db.Session(t.Context(), conversation.Address(fmt.Sprint("telegram:", u.ID())))
	if err != nil {
		t.Fatal(err)
	}
	key := "|"
	if s.Data.Shown != nil && s.Data.Shown.Keys[typed] != "" {
		key += s.Data.Shown.Keys[typed]
	}
	for _, row := range m.Keyboard {
		for _, b := range row {
			if strings.EqualFold(b.Text, typed) || strings.HasSuffix(b.Data, key) {
				u.PressData(m.ID, b.Data)
				return true
			}
		}
	}
	return false
}

// fillIn puts the numbers that the desk gave in place of a transcript's braces.
func fillIn(text string, reader *telegramtest.User, letters *post) string {
	if strings.Contains(text, "{kode}") {
		text = strings.ReplaceAll(text, "{kode}", letters.code("siti.aminah@gmail.com"))
	}
	ticket, excerpt := "ADU-000000-000", ""
	for _, m := range reader.FromBot() {
		if found := ticketIn.FindString(m.Text); found != "" {
			ticket = found
		}
		if found := excerptIn.FindStringSubmatch(m.Text); found != nil {
			excerpt = found[1]
		}
	}
	return strings.NewReplacer("{tiket}", ticket, "{akhir}", ticket[len(ticket)-3:], "{kutipan}", excerpt).Replace(text)
}

// assertDelivered looks into the PDF that arrived: the pages chosen, in their
// order, each with its own text, and no other.
func assertDelivered(t *testing.T, d *desk, reader *telegramtest.User) {
	t.Helper()
	var files []*telegramtest.File
	for _, m := range reader.FromBot() {
		if m.File != nil {
			files = append(files, m.File)
		}
	}
	if len(files) != 1 {
		t.Fatalf("%d files arrived", len(files))
	}
	file := filepath.Join(t.TempDir(), files[0].Name)
	if err := os.WriteFile(file, files[0].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := holdings.Open(t.TempDir(), holdings.Options{Cache: filepath.Join(os.TempDir(), "pst-test-cache")})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	added, err := in.Add(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.db.Excerpt(t.Context(), excerptIn.FindStringSubmatch(fmt.Sprint(reader.FromBot()))[1])
	if err != nil {
		t.Fatal(err)
	}
	if added.Pages != 3 || !bytes.Contains(files[0].Data, []byte(e.Code)) {
		t.Fatalf("%d pages arrived; their code: %v", added.Pages, bytes.Contains(files[0].Data, []byte(e.Code)))
	}
	for i, n := range []int{12, 13, 14} {
		source, err := d.db.Page(t.Context(), e.Publication, n)
		if err != nil {
			t.Fatal(err)
		}
		line := firstLong(source.Text)
		if line == "" || !strings.Contains(strings.Join(strings.Fields(added.Contents.Pages[i].Text), " "), line) {
			t.Errorf("page %d of the file does not read %q of page %d: %q", i+1, line, n, added.Contents.Pages[i].Text)
		}
	}
}

// firstLong is the first line of a page's text that tells it from others.
func firstLong(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); len(line) > 20 {
			return line
		}
	}
	return ""
}

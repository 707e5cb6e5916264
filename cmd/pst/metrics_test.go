package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pst/bot/telegram/telegramtest"
	"pst/bot/whatsapp/whatsapptest"
	"pst/cmd/pst/watch"
	"pst/conversation"
)

// scrape reads /metrics, by series as it stands there: pst_turns_total{outcome="ok"}.
func scrape(at string) map[string]float64 {
	status, body := fetch("http://" + at + "/metrics")
	if status != 200 {
		return nil
	}
	out := map[string]float64{}
	for s := bufio.NewScanner(strings.NewReader(body)); s.Scan(); {
		if i := strings.LastIndexByte(s.Text(), ' '); i > 0 && s.Text()[0] != '#' {
			if v, err := strconv.ParseFloat(s.Text()[i+1:], 64); err == nil {
				out[s.Text()[:i]] = v
			}
		}
	}
	return out
}

// labelValues are what the labels of the desk's own numbers may say.
var labelValues = []string{"telegram", "whatsapp", "mail", "web", "desk", "understood", "not_understood", "ok",
	"failed", "stopped", "sent",
	"later", "bounced", "catalogue", "tables", "excerpt", "preview", "cap", "door", "ordered", "delivered", "complaint",
	"handoff",
	"verification", "loan", "other", "registration", "erasure", "rating", "survey", "search", "search_in_vain", "answer",
	"inbox",
	"outbox", "database", "loops", "reader", "office", version()}

var labelIn = regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)

// The whole journey over both platforms, scraped: every number moves as the journey
// says, and no label says more than it may.
func TestEveryNumberMovesAsTheJourneySays(t *testing.T) {
	t.Parallel()
	wa, tg, letters := whatsapptest.New(t), telegramtest.Start(t, telegramtest.Options{}), startPost(t)
	h := whatsappHouse(t, wa, letters, tg)
	at := freePort(t)
	configure(t, h, fmt.Sprintf("[watch]\nlisten = %q\n[desk]\nlisten = \"off\"\n[backup]\nfolder = %q\nhour = 0\n", at,
		t.TempDir()))
	h.std = streams{out: io.Discard, err: io.Discard}
	h.log = slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, h, platform{whatsapp: wa.HTTPClient()}) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
	}()
	var last map[string]float64
	until := func(series string, want float64) {
		t.Helper()
		soon(t, fmt.Sprintf("%s is %v", series, want), func() bool {
			last = scrape(at)
			return last[series] == want
		})
	}
	until(`pst_channel_up{channel="telegram"}`, 1)
	until(`pst_channel_up{channel="whatsapp"}`, 1)

	budi := wa.Person(kasubbagPhone, "Pak Budi")
	budi.Say(deskPhone, "/start")
	budi.Next()
	until(`pst_messages_total{channel="whatsapp",heard="understood"}`, 1)

	siti, email := &walker{user: tg.User(sitiID), letters: letters}, "siti.aminah@example.org"
	amat := tg.User(sitiID + 1) // for a chat gets twenty letters in a minute
	said := 0
	for n, line := range []string{"jumlah penduduk gantung 2023", "1", "Siti Aminah", "1", siti.card(), email, "{kode}",
		"1", "daring, 1", "1", "2", "5-12", "10, 12-13", "1", "3",
		"pengaduan", "1", "3", "Saya menunggu satu jam di ruang PST", "kirim", "2", "1", "wkwk zxqv blrg"} {
		if line == "{kode}" {
			if line = letters.code(email); line == "" {
				t.Fatal("no code was mailed")
			}
		}
		if n < 15 {
			siti.user.Say(line)
		} else {
			amat.Say(line)
		}
		said++
		soon(t, fmt.Sprintf("%q is answered", line), func() bool {
			last = scrape(at)
			return last[`pst_messages_total{channel="telegram",heard="understood"}`]+
				last[`pst_messages_total{channel="telegram",heard="not_understood"}`] == float64(said)
		})
		if n == 13 { // the order, of which a scrape may tell later than of the message
			until(`pst_excerpts_total{step="delivered"}`, 1)
		}
	}
	card := budi.Next()
	for !strings.Contains(whatsapptest.Text(card), "*PENGADUAN ADU-") {
		card = budi.Next()
	}
	until(`pst_tickets_open{kind="complaint"}`, 1)
	budi.Quote(deskPhone, card, "Mulai besok selalu ada yang berjaga.")
	amat.Say("saya mau magang di BPS")
	for series, want := range map[string]float64{
		`pst_events_total{what="registration"}`:                               1,
		`pst_events_total{what="search"}` /* before and after she came in */ : 2,
		`pst_events_total{what="rating"}`:                                     1,
		`pst_events_total{what="answer"}`:                                     1,
		`pst_excerpts_total{step="ordered"}`:                                  1,
		`pst_excerpts_total{step="delivered"}`:                                1,
		`pst_tickets_total{kind="complaint"}`:                                 1,
		`pst_refusals_total{why="cap"}`:                                       1,
		`pst_refusals_total{why="door"}`:                                      1,
		`pst_messages_total{channel="telegram",heard="not_understood"}`:       1,
		`pst_messages_total{channel="telegram",heard="understood"}`:           float64(said),
		`pst_messages_total{channel="whatsapp",heard="understood"}`:           2,
		`pst_file_seconds_count{kind="excerpt",outcome="ok"}`:                 1,
		`pst_queue_waiting{channel="telegram",queue="inbox"}`:                 0,
		`pst_queue_waiting{channel="telegram",queue="outbox"}`:                0,
		`pst_queue_oldest_seconds{channel="whatsapp",queue="inbox"}`:          0,
		`pst_tickets_overdue`:                                                 0,
		`pst_well{check="database"}`:                                          1,
		`pst_well{check="inbox"}`:                                             1,
		`pst_events_total{what="survey"}` /* nobody was asked */ :             0,
		`pst_letters_total{channel="telegram",outcome="failed"}` /* none */ :  0,
	} {
		until(series, want)
	}
	until(`pst_letters_total{channel="mail",outcome="sent"}`, float64(len(letters.taken())))
	soon(t, "each letter of Telegram is counted", func() bool {
		last = scrape(at)
		return last[`pst_delivery_seconds_count{channel="telegram",outcome="sent"}`] == float64(len(siti.user.FromBot())+len(amat.FromBot()))
	})
	for _, series := range []string{`pst_turn_seconds_count{outcome="ok"}`, `pst_search_seconds_count{of="catalogue"}`,
		`pst_disk_free_bytes`,
		`go_goroutines`, `process_open_fds`, `pst_letters_total{channel="whatsapp",outcome="sent"}`,
		fmt.Sprintf(`pst_build_info{version=%q}`, version())} {
		if last[series] < 1 {
			t.Errorf("%s is %v", series, last[series])
		}
	}
	soon(t, "the nightly backup has an age", func() bool {
		_,
			there := scrape(at)["pst_backup_age_seconds"]
		return there
	})
	for series := range last {
		if !strings.HasPrefix(series, "pst_") {
			continue
		}
		for _, label := range labelIn.FindAllStringSubmatch(series, -1) {
			if label[1] != "le" && !slices.Contains(labelValues, label[2]) {
				t.Errorf("a label of %s says %q", series, label[2])
			}
		}
	}
	if _, body := fetch("http://" + at + "/healthz"); strings.Contains(body, "Siti") ||
		!strings.HasPrefix(body, "well\n") {
		t.Errorf("health is told as %s", body)
	}
}

// A person's message is counted whatever else of the desk's own its turn takes; what
// nobody wrote is not.
func TestAMessageIsCountedBesideWhatTheDeskTellsItself(t *testing.T) {
	t.Parallel()
	m := watch.NewMetrics()
	srv := httptest.NewServer(m.Handler(slog.New(slog.DiscardHandler)))
	defer srv.Close()
	said := func(kind conversation.Kind) conversation.Message {
		return conversation.Message{From: "telegram:1", Kind: kind}
	}
	missed := []conversation.Effect{conversation.Tally{What: "missed x"}}
	for _, turn := range []conversation.Turn{
		{Message: said(conversation.Text)},
		{Message: said(conversation.Delivered)},
		{Message: said(conversation.Away)},
		{Message: said(conversation.Delivered), Earlier: []conversation.Message{said(conversation.Text)}},
		{Message: said(conversation.Text), Earlier: []conversation.Message{said(conversation.Away), said(conversation.Text)},
			Effects: missed},
	} {
		count(m, turn)
	}
	got := scrape(strings.TrimPrefix(srv.URL, "http://"))
	for heard, want := range map[string]float64{"understood": 3, "not_understood": 1} {
		if n := got[fmt.Sprintf(`pst_messages_total{channel="telegram",heard=%q}`, heard)]; n != want {
			t.Errorf("%v messages %s, want %v", n, heard, want)
		}
	}
}

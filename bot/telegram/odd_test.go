package telegram

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

// answerWith is a fault that gives one answer, whatever was asked.
func answerWith(code int, body string) telegramtest.Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

// Answers of all sorts to a poll, from Telegram or from what stands before it:
// whatever comes, the message behind it arrives and nothing is lost.
func TestWhateverAPollIsAnsweredTheChannelHearsAgain(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]telegramtest.Fault{
		"401 in HTML":    answerWith(401, "<html>login</html>"),
		"403":            answerWith(403, `{"ok":false,"error_code":403,"description":"Forbidden"}`),
		"404 of a proxy": answerWith(404, "not here"),
		"409": answerWith(409,
			`{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`),
		"200 and nothing":         answerWith(200, ""),
		"200 and a portal":        answerWith(200, "<html>Selamat datang di WiFi</html>"),
		"200 without a result":    answerWith(200, `{"ok":true}`),
		"a result that is null":   answerWith(200, `{"ok":true,"result":null}`),
		"a result that is a map":  answerWith(200, `{"ok":true,"result":{"a":1}}`),
		"a result of other sorts": answerWith(200, `{"ok":true,"result":[7]}`),
		"500 without words":       answerWith(500, `{"ok":false,"error_code":500}`),
		"429 in words": answerWith(429,
			`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1"}`),
		"a cut answer": answerWith(200, `{"ok":true,"result":[{"update_id":`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := telegramtest.Start(t, telegramtest.Options{})
			in := newInbox()
			u := srv.User(reader)
			u.Say("sebelum")
			srv.Fail("getUpdates", 2, f)
			c := mustNew(t, srv, nil)
			c.slow = 10 * time.Millisecond
			run(t, c, in)
			in.wait(t, 1)
			u.Say("sesudah")
			if m := in.last(t, 2); m.Text != "sesudah" {
				t.Errorf("got %+v", m)
			}
		})
	}
}

// An answer without an update in it is no reason to pass one over, though it come as
// often as that of a poison update.
func TestNoUpdateIsPassedOverForAnAnswerWithoutOne(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a map":       `{"ok":true,"result":{"a":1}}`,
		"words":       `{"ok":true,"result":"pemeliharaan"}`,
		"broken":      `{"ok":true,"result":[`,
		"broken text": `{"ok":true,"maintenance`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, _, in, u := desk(t, nil)
			halvings := 0
			for b := (batch{limit: mostUpdates}); b.halve(); {
				halvings++
			}
			srv.Fail("getUpdates", halvings+aloneTries+1, answerWith(200, body)) // one more than an update gets
			u.Say("satu")
			u.Say("dua")
			if got := in.wait(t, 3); got[1].Text != "satu" || got[2].Text != "dua" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// A server that does not hold polls is not asked without a pause.
func TestAPollThatIsNotHeldIsNotRepeatedAtOnce(t *testing.T) {
	t.Parallel()
	srv := telegramtest.Start(t, telegramtest.Options{})
	in := newInbox()
	var polls atomic.Int32
	srv.Fail("getUpdates", 1_000_000, func(w http.ResponseWriter, r *http.Request, h http.Handler) {
		polls.Add(1)
		answerWith(200, `{"ok":true,"result":[]}`)(w, r, h)
	})
	run(t, mustNew(t, srv, nil), in)
	begin := time.Now()
	await(t, "some polls", func() bool { return polls.Load() >= 4 })
	if took := time.Since(begin); took < 2*hurried {
		t.Errorf("four polls in %v", took)
	}
}

// A wait is kept however it is told, and a number of it that cannot be meant is bounded.
func TestAWaitIsKeptHoweverItIsTold(t *testing.T) {
	const month = 30 * 24 * time.Hour
	for name, test := range map[string]struct {
		code       int
		head, body string
		want       time.Duration
	}{
		"in words": {429, "", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35"}`,
			35 * time.Second},
		"in quotes":              {429, "", `{"ok":false,"error_code":429,"description":"Flood","parameters":{"retry_after":"35"}}`, 35 * time.Second},
		"with a fraction":        {429, "", `{"ok":false,"error_code":429,"description":"Flood","parameters":{"retry_after":34.5}}`, 34500 * time.Millisecond},
		"in the head":            {429, "35", `{"ok":false,"error_code":429,"description":"Flood"}`, 35 * time.Second},
		"by a proxy":             {429, "35", `<html>slow down</html>`, 35 * time.Second},
		"by a proxy that is ill": {503, "35", `<html>later</html>`, 35 * time.Second},
		"beyond all measure":     {429, "", `{"ok":false,"error_code":429,"description":"Flood","parameters":{"retry_after":99999999999}}`, month},
		"not at all":             {429, "", `{"ok":false,"error_code":429}`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			srv, c, _, _ := desk(t, nil)
			srv.Fail("sendMessage", 1, func(w http.ResponseWriter, r *http.Request, h http.Handler) {
				if test.head != "" {
					w.Header().Set("Retry-After", test.head)
				}
				answerWith(test.code, test.body)(w, r, h)
			})
			_, err := c.Send(testContext(t), letter("x"))
			var fault *bot.SendError
			if !errors.As(err, &fault) || !fault.Kept || fault.After != test.want || !fault.Retry {
				t.Errorf("got %+v", err)
			}
		})
	}
}

// Refusals that leave out their words or their number mean what they always mean.
func TestARefusalIsUnderstoodWithoutItsWordsOrItsNumber(t *testing.T) {
	for name, body := range map[string]string{
		"no words":        `{"ok":false,"error_code":400}`,
		"empty words":     `{"ok":false,"error_code":400,"description":""}`,
		"words alone":     `{"ok":false,"description":"Bad Request: can't parse entities"}`,
		"number in words": `{"ok":false,"error_code":"400","description":"Bad Request"}`,
	} {
		srv, c, _, u := desk(t, nil)
		code := 400
		if name == "words alone" {
			code = 200
		}
		srv.Fail("sendMessage", 1, answerWith(code, body))
		if _, err := c.Send(testContext(t), menu("Ketik *1*\n*1* Cari", search)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := u.FromBot(); len(got) != 1 || got[0].Text != "Ketik 1\n\n1 Cari" {
			t.Errorf("%s: the person got %+v", name, got)
		}
	}
	srv, c, _, _ := desk(t, nil)
	srv.Fail("sendDocument", 1, answerWith(413, "<html>413 Request Entity Too Large</html>"))
	l := letter("x")
	l.File = pdf(1000)
	var fault *bot.SendError
	if _, err := c.Send(testContext(t), l); !errors.As(err, &fault) || fault.Retry {
		t.Errorf("a file too large for a proxy: %+v", err)
	}
}

// A message that is out is not sent again for an odd word beside it.
func TestADoneAnswerWithAnOddWordIsDone(t *testing.T) {
	srv, c, _, _ := desk(t, nil)
	srv.Fail("sendMessage", 1, answerWith(200, `{"ok":true,"description":7,"result":{"message_id":12}}`))
	if id, err := c.Send(testContext(t), letter("x")); err != nil || id != "12" {
		t.Errorf("got %q, %v", id, err)
	}
}

// A description, an HTML page or a redirect that names the token in any form.
func TestNoFormOfTheTokenIsRepeated(t *testing.T) {
	token := telegramtest.DefaultToken
	secret := token[strings.IndexByte(token, ':')+1:]
	for _, echo := range []string{token, strings.Replace(token, ":", "%3A", 1), strings.Replace(token, ":", "%3a", 1),
		"bot" + token + "/sendMessage", secret} {
		srv, c, _, _ := desk(t, nil)
		for _, code := range []int{400, 401, 403, 404, 429, 500} {
			srv.Fail("sendMessage", 4, answerWith(code, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":"Bad: /bot%s/x"}`,
				code, echo)))
			_, err := c.Send(testContext(t), letter("x"))
			srv.Heal()
			if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
				t.Errorf("%d with %q: %v", code, echo, err)
			}
		}
	}
}

// What is for another bot is nobody's here: as text, as a caption, as an edit.
func TestNothingForAnotherBotIsAnswered(t *testing.T) {
	srv, _, in, u := desk(t, nil)
	u.Say("/start@other_bot pub_x")
	u.Photo("/cari@other_bot", []byte("jpg"))
	u.Edit(u.Say("/menu@Another_Bot"), "/menu@Another_Bot lagi")
	u.Say("/START@PstUjiBot")
	await(t, "all confirmed", func() bool { return srv.Pending() == 0 })
	var texts []string
	for _, m := range in.wait(t, 2) {
		texts = append(texts, m.Text)
	}
	if fmt.Sprint(texts) != "[/start /START]" {
		t.Errorf("got %q", texts)
	}
}

// A film, a song or a place with words under it says the words.
func TestACaptionIsReadWhateverItStandsUnder(t *testing.T) {
	srv, _, in, _ := desk(t, nil)
	const from = `"message_id":$ID,"date":4102444800,"from":{"id":3527065,"first_name":"S"},"chat":{"id":3527065,"type":"private"},"caption":"jumlah penduduk"`
	kinds := []string{`"video":{"file_id":"a","duration":1}`, `"animation":{"file_id":"a"},"document":{"file_id":"a"}`,
		`"audio":{"file_id":"a"}`,
		`"voice":{"file_id":"a"}`, `"paid_media":{}`, `"live_photo":{}`}
	for _, k := range kinds {
		srv.Raw(`{"update_id":$ID,"message":{` + from + `,` + k + `}}`)
	}
	for _, m := range in.wait(t, 1+len(kinds))[1:] {
		if m.Text != "jumlah penduduk" || m.Kind == conversation.Text {
			t.Errorf("got %+v", m)
		}
	}
}

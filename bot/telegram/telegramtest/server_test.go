package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const person = 3527065

// patience is how long a test waits at most for what surely comes.
const patience = 5 * time.Minute

// polls waits until a getUpdates is held.
func polls(t *testing.T, s *Server) {
	t.Helper()
	for end := time.Now().Add(patience); !s.Polling(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no poll is held")
		}
	}
}

type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// call speaks to the server as a bot does.
func call(t *testing.T, s *Server, method string, pairs ...string) reply {
	t.Helper()
	return callAs(t, s, s.Token(), method, pairs...)
}

func callAs(t *testing.T, s *Server, token, method string, pairs ...string) reply {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.PostForm(s.Endpoint()+"/bot"+token+"/"+method, form)
	if err != nil {
		t.Error(err)
		return reply{}
	}
	return read(t, resp)
}

// begin makes a call aside, which ends before the test does.
func begin(t *testing.T, s *Server, method string, pairs ...string) <-chan reply {
	t.Helper()
	got, done := make(chan reply, 1), make(chan struct{})
	go func() {
		defer close(done)
		got <- call(t, s, method, pairs...)
	}()
	t.Cleanup(func() {
		if t.Failed() {
			s.Close() // a poll that is held for long
		}
		<-done
	})
	return got
}

func read(t *testing.T, resp *http.Response) reply {
	t.Helper()
	defer resp.Body.Close()
	var r reply
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		t.Error(err)
	}
	if want := max(r.Code, 200); resp.StatusCode != want {
		t.Errorf("HTTP %d with error_code %d", resp.StatusCode, r.Code)
	}
	return r
}

func started(t *testing.T, o Options) (*Server, *User) {
	t.Helper()
	o.Still = true
	s := Start(t, o)
	u := s.User(person)
	u.Say("/start")
	return s, u
}

func TestRefusalsAreTelegramsOwn(t *testing.T) {
	keys := func(data string) string {
		return fmt.Sprintf(`{"inline_keyboard":[[{"text":"a","callback_data":%q}]]}`, data)
	}
	chat := fmt.Sprint(person)
	tests := map[string]struct {
		method string
		pairs  []string
		code   int // 0: accepted
		says   string
	}{
		"a text":     {"sendMessage", []string{"chat_id", chat, "text", "halo"}, 0, ""},
		"4096 units": {"sendMessage", []string{"chat_id", chat, "text", strings.Repeat("😀", 2048)}, 0, ""},
		"4097 units": {"sendMessage", []string{"chat_id", chat, "text", strings.Repeat("😀", 2048) + "a"}, 400,
			"message is too long"},
		"marks do not count": {"sendMessage", []string{"chat_id", chat, "parse_mode", "HTML", "text", "<b>" +
			strings.Repeat("a", 4096) + "</b>"}, 0, ""},
		"no text":         {"sendMessage", []string{"chat_id", chat, "text", " \n"}, 400, "message text is empty"},
		"an unknown chat": {"sendMessage", []string{"chat_id", "5", "text", "a"}, 400, "chat not found"},
		"an open mark": {"sendMessage", []string{"chat_id", chat, "parse_mode", "HTML", "text", "<b>a"}, 400,
			"Can't find end tag corresponding to start tag \"b\""},
		"a stray end": {"sendMessage", []string{"chat_id", chat, "parse_mode", "HTML", "text", "a</b>"}, 400,
			"Unexpected end tag at byte offset 1"},
		"crossed marks": {"sendMessage", []string{"chat_id", chat, "parse_mode", "HTML", "text", "<b><i>a</b></i>"},
			400, "Unmatched end tag"},
		"an unknown mark": {"sendMessage", []string{"chat_id", chat, "parse_mode", "HTML", "text", "<h1>a</h1>"}, 400,
			"Unsupported start tag"},
		"a bare less-than": {"sendMessage", []string{"chat_id", chat, "parse_mode", "HTML", "text", "1 < 2"}, 400,
			"can't parse entities"},
		"not UTF-8": {"sendMessage", []string{"chat_id", chat, "text", "a\xff"}, 400,
			"strings must be encoded in UTF-8"},
		"64 bytes of data": {"sendMessage", []string{"chat_id", chat, "text", "a", "reply_markup",
			keys(strings.Repeat("x", 64))}, 0, ""},
		"65 bytes of data": {"sendMessage", []string{"chat_id", chat, "text", "a", "reply_markup",
			keys(strings.Repeat("x", 65))}, 400, "BUTTON_DATA_INVALID"},
		"no data": {"sendMessage", []string{"chat_id", chat, "text", "a", "reply_markup", keys("")}, 400,
			"BUTTON_DATA_INVALID"},
		"a null keyboard": {"sendMessage", []string{"chat_id", chat, "text", "a", "reply_markup",
			`{"inline_keyboard":null}`}, 400, "inline_keyboard"},
		"a method of old": {"sendTelegram", nil, 404, "method not found"},
		"an edit of nothing": {"editMessageText", []string{"chat_id", chat, "message_id", "99", "text", "a"}, 400,
			"message to edit not found"},
		"an edit of another's": {"editMessageText", []string{"chat_id", chat, "message_id", "1", "text", "a"}, 400,
			"message can't be edited"},
		"an answer to nothing": {"answerCallbackQuery", []string{"callback_query_id", "1"}, 400,
			"query is too old and response timeout expired or query ID is invalid"},
		"a file nobody sent":   {"getFile", []string{"file_id", "x"}, 400, "invalid file_id"},
		"a document by its id": {"sendDocument", []string{"chat_id", chat, "document", "x"}, 400, "wrong file identifier"},
		"a command in capitals": {"setMyCommands", []string{"commands", `[{"command":"Menu","description":"x"}]`}, 400,
			"BOT_COMMAND_INVALID"},
		"an unknown chat action": {"sendChatAction", []string{"chat_id", chat, "action", "dancing"}, 400,
			"wrong parameter action"},
		"a plain webhook": {"setWebhook", []string{"url", "http://example.org"}, 400, "HTTPS"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := started(t, Options{})
			r := call(t, s, test.method, test.pairs...)
			if r.OK != (test.code == 0) || r.Code != test.code || !strings.Contains(r.Description, test.says) {
				t.Errorf("got %d %q, want %d %q", r.Code, r.Description, test.code, test.says)
			}
		})
	}
}

func TestTheTokenIsAsked(t *testing.T) {
	s, _ := started(t, Options{})
	if r := callAs(t, s, "1:x", "getMe"); r.Code != 401 || r.Description != "Unauthorized" {
		t.Errorf("%+v", r)
	}
}

func updateIDs(t *testing.T, r reply) (ids []int64) {
	t.Helper()
	var list []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(r.Result, &list); err != nil {
		t.Fatalf("%v in %s", err, r.Result)
	}
	for _, u := range list {
		ids = append(ids, u.ID)
	}
	return ids
}

func TestAnOffsetConfirmsWhatIsBelowIt(t *testing.T) {
	s, u := started(t, Options{})
	u.Say("dua")
	u.Say("tiga")
	all := updateIDs(t, call(t, s, "getUpdates"))
	if len(all) != 3 || s.Pending() != 3 {
		t.Fatalf("%v, %d pending: reading alone must not confirm", all, s.Pending())
	}
	if got := updateIDs(t, call(t, s, "getUpdates")); len(got) != 1 {
		t.Errorf("asked again at once, the same offset brings %v, want one", got)
	}
	if got := updateIDs(t, call(t, s, "getUpdates", "offset", fmt.Sprint(all[1]), "limit", "1")); len(got) != 1 ||
		got[0] != all[1] {
		t.Errorf("got %v", got)
	}
	if s.Pending() != 2 {
		t.Errorf("%d pending, want 2", s.Pending())
	}
	if got := updateIDs(t, call(t, s, "getUpdates", "offset", "-1")); len(got) != 1 || got[0] != all[2] ||
		s.Pending() != 1 {
		t.Errorf("a negative offset brings %v, %d pending", got, s.Pending())
	}
	s.Advance(25 * time.Hour)
	if s.Pending() != 0 {
		t.Error("an update waits longer than a day")
	}
}

func TestAPollIsHeldAndReleasedByAnUpdate(t *testing.T) {
	s, u := started(t, Options{})
	first := updateIDs(t, call(t, s, "getUpdates"))[0]
	got := begin(t, s, "getUpdates", "offset", fmt.Sprint(first+1), "timeout", "50")
	polls(t, s)
	select {
	case r := <-got:
		t.Fatalf("not held: %+v", r)
	default:
	}
	u.Say("halo")
	if ids := updateIDs(t, <-got); len(ids) != 1 {
		t.Errorf("released with %v", ids)
	}
}

func TestASecondPollerEndsTheFirst(t *testing.T) {
	s := Start(t, Options{})
	got := begin(t, s, "getUpdates", "timeout", "50")
	polls(t, s)
	call(t, s, "getUpdates")
	if r := <-got; r.Code != 409 || !strings.Contains(r.Description, "terminated by other getUpdates request") {
		t.Errorf("%+v", r)
	}
	call(t, s, "setWebhook", "url", "https://example.org/")
	if r := call(t, s, "getUpdates"); r.Code != 409 || !strings.Contains(r.Description, "webhook is active") {
		t.Errorf("%+v", r)
	}
}

func TestAllowedUpdatesAreRemembered(t *testing.T) {
	s, u := started(t, Options{})
	call(t, s, "getUpdates", "offset", "-1", "allowed_updates", `["message"]`)
	call(t, s, "getUpdates", "offset", "999999999")
	u.Block()
	u.Unblock()
	u.Say("a")
	if n := s.Pending(); n != 1 {
		t.Errorf("%d updates, want the message only", n)
	}
}

func TestACallbackIsAnsweredOnceAndInTime(t *testing.T) {
	s, u := started(t, Options{})
	call(t, s, "sendMessage", "chat_id", fmt.Sprint(person), "text", "a", "reply_markup",
		`{"inline_keyboard":[[{"text":"1. Cari","callback_data":"x"}]]}`)
	id, err := u.Press("1")
	if err != nil {
		t.Fatal(err)
	}
	if r := call(t, s, "answerCallbackQuery", "callback_query_id", id); !r.OK {
		t.Errorf("%+v", r)
	}
	if r := call(t, s, "answerCallbackQuery", "callback_query_id", id); r.Code != 400 {
		t.Error("answered twice")
	}
	id, _ = u.Press("1. Cari")
	s.Advance(3 * time.Minute)
	if r := call(t, s, "answerCallbackQuery", "callback_query_id", id); r.Code != 400 {
		t.Error("answered after three minutes")
	}
	if _, err := u.Press("2"); err == nil {
		t.Error("pressed a button that is not there")
	}
}

func TestEditsThatChangeNothingAreRefused(t *testing.T) {
	s, u := started(t, Options{})
	chat := fmt.Sprint(person)
	call(t, s, "sendMessage", "chat_id", chat, "text", "satu")
	m := u.FromBot()[0]
	id := fmt.Sprint(m.ID)
	if r := call(t, s, "editMessageText", "chat_id", chat, "message_id", id, "text",
		"satu "); !strings.Contains(r.Description, "message is not modified") {
		t.Errorf("%+v", r)
	}
	if r := call(t, s, "editMessageText", "chat_id", chat, "message_id", id, "parse_mode", "HTML", "text",
		"<b>satu</b>"); !r.OK {
		t.Errorf("%+v", r)
	}
	if m := u.FromBot()[0]; m.Edits != 1 || len(m.Bold()) != 1 {
		t.Errorf("%+v", m)
	}
}

func TestLimitsAreRealBuckets(t *testing.T) {
	s, _ := started(t, Options{Limited: true})
	send := func(chat int64) reply { return call(t, s, "sendMessage", "chat_id", fmt.Sprint(chat), "text", "a") }
	for i := range 3 {
		if r := send(person); !r.OK {
			t.Fatalf("message %d: %+v", i, r)
		}
	}
	if r := send(person); r.Code != 429 || r.Parameters.RetryAfter != 1 {
		t.Errorf("the fourth at once: %+v", r)
	}
	s.Advance(time.Second)
	if r := send(person); !r.OK {
		t.Errorf("after the wait: %+v", r)
	}
	refused := 0
	for i := range int64(60) {
		s.User(100 + i).Say("a")
		if r := send(100 + i); r.Code == 429 {
			refused++
		}
	}
	if refused != 31 {
		t.Errorf("of 60 messages to 60 chats at once, after one of the thirty, %d were refused", refused)
	}
}

func sendUpload(t *testing.T, s *Server, field string, size int) (reply, error) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	m.WriteField("chat_id", fmt.Sprint(person))
	w, err := m.CreateFormFile(field, "a.pdf")
	if err != nil {
		t.Fatal(err)
	}
	io.CopyN(w, zeros{}, int64(size))
	m.Close()
	resp, err := http.Post(s.Endpoint()+"/bot"+s.Token()+"/sendDocument", m.FormDataContentType(), &b)
	if err != nil {
		return reply{}, err
	}
	return read(t, resp), nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestDocumentsHaveASize(t *testing.T) {
	s, u := started(t, Options{})
	if r, err := sendUpload(t, s, "document", 5); err != nil || !r.OK || len(u.FromBot()[0].File.Data) != 5 {
		t.Errorf("%+v %v", r, err)
	}
	if r, err := sendUpload(t, s, "document", 0); err != nil || !strings.Contains(r.Description,
		"file must be non-empty") {
		t.Errorf("%+v %v", r, err)
	}
	if r, err := sendUpload(t, s, "document", 50<<20+1); err == nil && r.Code != 413 {
		t.Errorf("%+v", r)
	}
	if r, err := sendUpload(t, s, "berkas", 5); err != nil || r.OK || len(s.Violations()) == 0 {
		t.Errorf("%+v %v %v", r, err, s.Violations())
	}
}

func TestWhatTelegramIgnoresIsAViolation(t *testing.T) {
	s, _ := started(t, Options{})
	if r := call(t, s, "sendMessage", "chat_id", fmt.Sprint(person), "text", "a", "txet", "b", "entities", "null"); !r.OK {
		t.Errorf("%+v", r)
	}
	if v := s.Violations(); len(v) != 2 {
		t.Errorf("%q", v)
	}
}

func TestNextGivesEachMessageAndEditOnce(t *testing.T) {
	s, u := started(t, Options{})
	chat := fmt.Sprint(person)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	call(t, s, "sendMessage", "chat_id", chat, "text", "satu")
	call(t, s, "editMessageText", "chat_id", chat, "message_id", "2", "text", "dua")
	begin(t, s, "sendMessage", "chat_id", chat, "text", "tiga")
	for _, want := range []string{"dua", "dua", "tiga"} { // a message is seen as it is now
		if m, err := u.Next(ctx); err != nil || m.Text != want {
			t.Errorf("got %q, %v", m.Text, err)
		}
	}
}

// A message can be seen before the call that sent it has its answer, and that call is
// counted all the same.
func TestACallIsCountedOnceItsWorkIsSeen(t *testing.T) {
	s, u := started(t, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for n := range 50 {
		begin(t, s, "sendMessage", "chat_id", fmt.Sprint(person), "text", fmt.Sprint(n))
		if m, err := u.Next(ctx); err != nil || m.Text != fmt.Sprint(n) {
			t.Fatalf("got %q, %v", m.Text, err)
		}
		if counted := s.Count("sendMessage", 0); counted != n+1 || len(s.Calls("sendMessage")) != n+1 {
			t.Fatalf("%d seen, %d counted", n+1, counted)
		}
	}
}

func TestFaultsComeInOrderAndPass(t *testing.T) {
	s, u := started(t, Options{})
	s.Fail("sendMessage", 1, TooMany(7))
	s.Fail("sendMessage", 1, CutAfter)
	chat := fmt.Sprint(person)
	if r := call(t, s, "sendMessage", "chat_id", chat, "text", "a"); r.Parameters.RetryAfter != 7 {
		t.Errorf("%+v", r)
	}
	if _, err := http.PostForm(s.Endpoint()+"/bot"+s.Token()+"/sendMessage",
		url.Values{"chat_id": {chat}, "text": {"b"}}); err == nil {
		t.Error("the connection was not cut")
	}
	if got := u.FromBot(); len(got) != 1 || got[0].Text != "b" {
		t.Errorf("cut after the work: %+v", got)
	}
	s.Fail("", 5, BadGateway)
	s.Heal()
	if r := call(t, s, "sendMessage", "chat_id", chat, "text", "c"); !r.OK {
		t.Errorf("%+v", r)
	}
}

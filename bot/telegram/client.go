package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pst/bot"
)

const (
	pollSeconds   = 25 // behind NAT; Telegram allows up to 50
	callTimeout   = 20 * time.Second
	uploadTimeout = 5 * time.Minute
	maxAnswer     = 16 << 20 // a hundred updates are far below
	maxDownload   = 20 << 20 // Telegram gives bots no larger files
)

// client makes calls. It keeps the token in a function, so that no print of
// the channel, however deep, shows it.
type client struct {
	endpoint string // without a slash at the end
	token    func() string
	polls    *http.Client
	calls    *http.Client
	uploads  *http.Client
	clock    *bot.Comparison // Telegram tells the time with every answer
	now      func() time.Time
	most     int64 // bytes of an answer that are read
}

func newClient(token, endpoint string, transport http.RoundTripper, now func() time.Time) *client {
	with := func(timeout time.Duration) *http.Client {
		rt := transport
		if rt == nil {
			// Each its own connections: a slow upload must not hold up a poll.
			rt = http.DefaultTransport.(*http.Transport).Clone()
		}
		return &http.Client{
			Timeout:   timeout,
			Transport: rt,
			// A redirect would carry the token to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return &client{
		endpoint: endpoint,
		clock:    &bot.Comparison{},
		now:      now,
		token:    func() string { return token },
		polls:    with((pollSeconds + 15) * time.Second),
		calls:    with(callTimeout),
		uploads:  with(uploadTimeout),
		most:     maxAnswer,
	}
}

func (c *client) close() {
	for _, h := range []*http.Client{c.polls, c.calls, c.uploads} {
		h.CloseIdleConnections()
	}
}

// courier carries one request of the library: with a context, and with errors
// and answers that tell what happened.
type courier struct {
	ctx    context.Context
	http   *http.Client
	method string
	token  string
	most   int64 // bytes of the answer that are read
	status int
	date   time.Time     // of the answer, by Telegram's clock
	wait   time.Duration // what the answer's head asks for
	body   []byte        // an answer in JSON
	failed *Error        // what the library could not tell
}

// Do reads the answer whole, so that one that is not Telegram's is recognised.
func (c *courier) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.http.Do(req.WithContext(c.ctx))
	if err != nil {
		c.failed = &Error{Method: c.method, Err: clean(err, c.token)}
		return nil, c.failed
	}
	c.status = resp.StatusCode
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		c.wait = waitOf(float64(seconds))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.most))
	resp.Body.Close()
	if err == nil && json.Valid(body) && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		resp.Body, c.body = io.NopCloser(bytes.NewReader(body)), body
		c.date, _ = http.ParseTime(resp.Header.Get("Date"))
		return resp, nil
	}
	c.failed = &Error{Method: c.method, Code: resp.StatusCode}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		c.failed.RetryAfter = c.wait
	}
	switch {
	case resp.StatusCode == http.StatusOK && bytes.HasPrefix(body, []byte(`{"ok":true`)):
		c.failed.Accepted = true
		if err == nil {
			c.failed.unread = body
		}
	case err != nil:
		c.failed.Code, c.failed.Err = 0, clean(err, c.token)
	}
	return nil, c.failed
}

// do makes one call and returns its result. Errors are *Error.
func (c *client) do(ctx context.Context, h *http.Client, method string, params tgbotapi.Params,
	files ...tgbotapi.RequestFile) (json.RawMessage, error) {
	way := &courier{ctx: ctx, http: h, method: method, token: c.token(), most: c.most}
	// A fresh value per call: it carries the call's own context.
	api := &tgbotapi.BotAPI{Token: way.token, Client: way}
	api.SetAPIEndpoint(c.endpoint + "/bot%s/%s")
	var resp *tgbotapi.APIResponse
	var err error
	if len(files) > 0 {
		resp, err = api.UploadFiles(method, params, files)
	} else {
		resp, err = api.MakeRequest(method, params)
	}
	c.clock.Told(way.date, c.now())
	switch {
	case way.failed != nil:
		return nil, way.failed
	case err == nil, resp != nil && resp.Ok: // done, whatever the library says of the rest
		return resp.Result, nil
	case resp == nil:
		return nil, &Error{Method: method, Code: way.status, Err: clean(err, way.token)}
	}
	return nil, way.refusal()
}

// refusal reads an answer that says no. It may leave out its own number or its
// words, and write numbers as words.
func (c *courier) refusal() *Error {
	var said struct {
		Code        looseNumber `json:"error_code"`
		Description string      `json:"description"`
		Parameters  struct {
			RetryAfter looseNumber `json:"retry_after"`
		} `json:"parameters"`
	}
	_ = json.Unmarshal(c.body, &said) // what is of another type is left out
	e := &Error{Method: c.method, Code: int(said.Code), Description: brief(blot(said.Description, c.token))}
	if e.Code == 0 {
		e.Code = c.status
	}
	for _, code := range []int{400, 401, 403, 404, 409, 429} { // told in words alone
		if e.Code < 400 && strings.HasPrefix(e.Description, http.StatusText(code)) {
			e.Code = code
		}
	}
	if e.Description == "" && said.Code > 0 && e.Code < 500 {
		e.Description = http.StatusText(e.Code)
	}
	e.RetryAfter = waitOf(float64(said.Parameters.RetryAfter))
	if e.Code == http.StatusTooManyRequests && e.RetryAfter == 0 {
		e.RetryAfter = c.wait
		if m := retryWords.FindStringSubmatch(e.Description); m != nil {
			seconds, _ := strconv.Atoi(m[1]) // digits, by the shape
			e.RetryAfter = waitOf(float64(seconds))
		}
	}
	return e
}

// looseNumber is a number that may be written in quotes; 0 when it is none.
type looseNumber float64

func (n *looseNumber) UnmarshalJSON(raw []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if err == nil && v == v && v >= 0 {
		*n = looseNumber(min(v, 1e9))
	}
	return nil
}

// waitOf is a wait that was asked for in seconds, a month at most.
func waitOf(seconds float64) time.Duration {
	return time.Duration(max(0, min(seconds, 30*24*3600)) * float64(time.Second))
}

// retryWords is a wait that is told in words alone, as some proxies leave it.
var retryWords = regexp.MustCompile(`retry after ([0-9]{1,6})\b`)

// call is do for everything but polls and uploads.
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	return c.do(ctx, c.calls, method, params)
}

// ask is call with the result decoded into v.
func (c *client) ask(ctx context.Context, method string, params tgbotapi.Params, v any) error {
	raw, err := c.call(ctx, method, params)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return &Error{Method: method, Err: errors.New("answer not understood")}
	}
	return nil
}

// download writes a file that a person sent to w. It fails for more than 20 MiB.
func (c *client) download(ctx context.Context, ref string, w io.Writer) (int64, error) {
	var file struct {
		Path string `json:"file_path"`
	}
	if err := c.ask(ctx, "getFile", tgbotapi.Params{"file_id": ref}, &file); err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.endpoint+"/file/bot"+c.token()+"/"+file.Path, nil)
	if err != nil {
		return 0, &Error{Method: "download", Err: clean(err, c.token())}
	}
	resp, err := c.uploads.Do(req)
	if err != nil {
		return 0, &Error{Method: "download", Err: clean(err, c.token())}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return 0, &Error{Method: "download", Code: resp.StatusCode}
	}
	n, err := io.Copy(w, io.LimitReader(resp.Body, maxDownload+1))
	switch {
	case err != nil:
		return n, &Error{Method: "download", Err: clean(err, c.token())}
	case n > maxDownload:
		return n, &Error{Method: "download", Err: fmt.Errorf("file is larger than %d MiB", maxDownload>>20)}
	}
	return n, nil
}

// brief keeps an error's description to one short line.
func brief(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return s
}

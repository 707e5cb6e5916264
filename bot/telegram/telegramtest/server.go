package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// DefaultToken is the bot's token when Options name none. It has the shape of
// a real one and opens nothing.
const DefaultToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"

// Options of a server. The zero value is a server without rate limits.
type Options struct {
	Token    string // DefaultToken when empty
	Username string // the bot's, "PstUjiBot" when empty
	// JoinGroups and ReadGroups are the flags that getMe tells.
	JoinGroups, ReadGroups bool
	// Limited switches the token buckets on: one message a second to a chat with
	// a burst of three, thirty a second to all.
	Limited bool
	// HookHost is the HOST:PORT of the test's own TLS server, to which the names
	// of webhooks lead.
	HookHost string
	// Still lets the server's clock stand but for [Server.Advance], so that no count
	// depends on how fast the machine is.
	Still bool
	// Forget leaves the parameters of calls out of [Server.Calls], to keep long
	// runs small.
	Forget bool
}

// Server is one bot's view of Telegram.
type Server struct {
	opts Options
	http *http.Server
	addr string

	atWork sync.RWMutex // read-locked by a call from its work to its record

	mu         sync.Mutex
	began      time.Time
	skew       time.Duration
	wake       chan struct{} // closed and replaced when there are updates or the webhook changes
	updates    []update
	nextUpdate int64
	poll       chan struct{} // closed to end the getUpdates that waits
	lastOffset int64
	lastPoll   time.Time
	allowed    []string
	hook       webhook
	chats      map[int64]*chat
	users      map[int64]*User
	nextFile   int
	files      map[string]File
	queries    map[string]*callback
	nextQuery  int64
	profile    map[string]json.RawMessage
	limits     limits
	faults     map[string][]Fault
	calls      []Call
	counts     map[string]int
	violations []string
	open       context.Context // ends with Close
	close      context.CancelFunc
	hooking    sync.WaitGroup
}

// Call is one request that the bot made.
type Call struct {
	Method string
	Params map[string]string // without files
	At     time.Time
	Code   int // error_code answered, 0 for success
}

// Testing is what Start needs of *testing.T.
type Testing interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Start runs a server until the test ends.
func Start(tb Testing, o Options) *Server {
	tb.Helper()
	s, err := New(o)
	if err != nil {
		tb.Fatalf("start the Telegram test server: %v", err)
	}
	tb.Cleanup(s.Close)
	return s
}

// New listens on a free port of 127.0.0.1 and serves until Close.
func New(o Options) (*Server, error) {
	if o.Token == "" {
		o.Token = DefaultToken
	}
	if o.Username == "" {
		o.Username = "PstUjiBot"
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the bot: %w", err)
	}
	s := &Server{
		addr: l.Addr().String(), began: time.Now(),
		opts: o, wake: make(chan struct{}), nextUpdate: 500_000_001, nextQuery: 7_000_000_000_000_001,
		chats: map[int64]*chat{}, users: map[int64]*User{}, files: map[string]File{}, queries: map[string]*callback{},
		profile: map[string]json.RawMessage{}, faults: map[string][]Fault{}, counts: map[string]int{},
	}
	s.open, s.close = context.WithCancel(context.Background())
	s.limits.init()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Minute}
	go s.http.Serve(l) // returns when the server is closed
	return s, nil
}

// Close ends every connection. A second Close does nothing.
func (s *Server) Close() {
	s.close()
	s.http.Close()
	s.hooking.Wait()
}

// Down ends every connection and refuses new ones, as a host that is off does.
func (s *Server) Down() { s.http.Close() }

// Endpoint stands in for https://api.telegram.org.
func (s *Server) Endpoint() string { return "http://" + s.addr }

// Token is the bot's.
func (s *Server) Token() string { return s.opts.Token }

// BotName is the bot's user name, without @.
func (s *Server) BotName() string { return s.opts.Username }

// Advance moves the server's clock on: callbacks age, buckets fill, updates expire.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	s.skew += d
	s.mu.Unlock()
}

// Now is the server's clock.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time {
	if s.opts.Still {
		return s.began.Add(s.skew)
	}
	return time.Now().Add(s.skew)
}

// Calls lists the requests of one method, or of all for "", in order. A call whose
// work can be seen already is among them.
func (s *Server) Calls(method string) []Call {
	s.recorded()
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// Count is how many requests of a method were answered with this error_code, 0
// for success, those included whose work can be seen already. It goes on counting
// when Options.Forget is set.
func (s *Server) Count(method string, code int) int {
	s.recorded()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[fmt.Sprint(method, code)]
}

// recorded waits for the calls that have begun their work.
func (s *Server) recorded() {
	s.atWork.Lock()
	defer s.atWork.Unlock()
}

// Violations lists what the bot did that Telegram would let pass silently and
// that is wrong all the same, such as a parameter that does not exist.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// note is violation for who does not hold the lock.
func (s *Server) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violation(format, args...)
}

func (s *Server) violation(format string, args ...any) {
	if len(s.violations) < 100 {
		s.violations = append(s.violations, fmt.Sprintf(format, args...))
	}
}

// apiError is an answer that is not ok.
type apiError struct {
	code       int
	text       string
	retryAfter int
}

func (e *apiError) Error() string { return e.text }

func refuse(code int, text string) *apiError { return &apiError{code: code, text: text} }

func badRequest(format string, args ...any) *apiError {
	return refuse(400, "Bad Request: "+fmt.Sprintf(format, args...))
}

type envelope struct {
	OK          bool        `json:"ok"`
	Result      any         `json:"result,omitempty"`
	ErrorCode   int         `json:"error_code,omitempty"`
	Description string      `json:"description,omitempty"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

type parameters struct {
	RetryAfter int `json:"retry_after,omitempty"`
}

// ServeHTTP answers a call of the Bot API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if rest, ok := strings.CutPrefix(path, "/file/bot"); ok {
		s.serveFile(w, rest)
		return
	}
	rest, ok := strings.CutPrefix(path, "/bot")
	token, name, found := strings.Cut(rest, "/")
	if !ok || !found {
		answer(w, nil, refuse(404, "Not Found"))
		return
	}
	if token != s.opts.Token {
		answer(w, nil, refuse(401, "Unauthorized"))
		return
	}
	handle := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.call(w, r, name) })
	if f := s.takeFault(name); f != nil {
		f(w, r, handle)
		return
	}
	handle(w, r)
}

func (s *Server) call(w http.ResponseWriter, r *http.Request, name string) {
	req, bad := readRequest(r)
	var result any
	done := func() {}
	m, known := methods[name]
	switch {
	case bad != nil:
	case !known:
		bad = refuse(404, "Not Found: method not found")
	default:
		req.ctx = r.Context()
		s.checkNames(name, m, req)
		if name != "getUpdates" { // which is held for as long as nothing comes
			s.atWork.RLock()
			done = s.atWork.RUnlock
		}
		result, bad = m.do(s, req)
	}
	s.record(name, req, bad)
	done()
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	answer(w, result, bad)
}

// checkNames notes parameters that the method does not have.
func (s *Server) checkNames(name string, m method, req *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p := range req.params {
		if !slices.Contains(m.params, p) {
			s.violation("%s has no parameter %s", name, p)
		}
	}
	for p := range req.files {
		if !slices.Contains(m.params, p) {
			s.violation("%s takes no file %s", name, p)
		}
	}
}

func (s *Server) record(name string, req *request, bad *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := 0
	if bad != nil {
		code = bad.code
	}
	s.counts[fmt.Sprint(name, code)]++
	if !s.opts.Forget && req != nil {
		s.calls = append(s.calls, Call{Method: name, Params: req.params, At: s.now(), Code: code})
	}
}

func answer(w http.ResponseWriter, result any, bad *apiError) {
	if list, ok := result.([]json.RawMessage); ok && bad == nil {
		answerList(w, list)
		return
	}
	e := envelope{OK: bad == nil, Result: result}
	status := http.StatusOK
	if bad != nil {
		status = bad.code
		e.ErrorCode, e.Description = bad.code, bad.text
		if bad.retryAfter > 0 {
			e.Parameters = &parameters{RetryAfter: bad.retryAfter}
		}
	}
	body, err := json.Marshal(e)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body) // the bot may have gone; nothing to do about it
}

// answerList writes updates as they are: an encoder would refuse what no decoder
// reads, and Telegram does not.
func answerList(w http.ResponseWriter, list []json.RawMessage) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"ok":true,"result":[%s]}`, bytes.Join(raw(list), []byte(",")))
}

func raw(list []json.RawMessage) [][]byte {
	out := make([][]byte, len(list))
	for i, m := range list {
		out[i] = m
	}
	return out
}

// method is one Bot API method as this server knows it.
type method struct {
	do     func(*Server, *request) (any, *apiError)
	params []string
}

// methods is filled once and never changed.
var methods = map[string]method{
	"getMe":      {(*Server).getMe, nil},
	"getUpdates": {(*Server).getUpdates, []string{"offset", "limit", "timeout", "allowed_updates"}},
	"setWebhook": {(*Server).setWebhook, []string{"url", "secret_token", "allowed_updates", "max_connections",
		"drop_pending_updates", "ip_address"}},
	"deleteWebhook":  {(*Server).deleteWebhook, []string{"drop_pending_updates"}},
	"getWebhookInfo": {(*Server).getWebhookInfo, nil},
	"sendMessage": {(*Server).sendMessage, append([]string{"text", "entities", "link_preview_options"},
		sendParams...)},
	"sendDocument": {(*Server).sendDocument,
		append([]string{"document", "caption", "disable_content_type_detection", "thumbnail"}, sendParams...)},
	"sendPhoto": {(*Server).sendPhoto, append([]string{"photo", "caption", "has_spoiler"}, sendParams...)},
	"editMessageText": {(*Server).editMessageText, []string{"chat_id", "message_id", "text", "parse_mode",
		"link_preview_options", "reply_markup"}},
	"editMessageReplyMarkup": {(*Server).editMessageReplyMarkup, []string{"chat_id", "message_id", "reply_markup"}},
	"answerCallbackQuery": {(*Server).answerCallbackQuery, []string{"callback_query_id", "text", "show_alert", "url",
		"cache_time"}},
	"sendChatAction":        {(*Server).sendChatAction, []string{"chat_id", "action", "message_thread_id"}},
	"getFile":               {(*Server).getFile, []string{"file_id"}},
	"setMyCommands":         {(*Server).setMyCommands, []string{"commands", "scope", "language_code"}},
	"getMyCommands":         {(*Server).getMyCommands, []string{"scope", "language_code"}},
	"setMyDescription":      {setText("description", 512), []string{"description", "language_code"}},
	"getMyDescription":      {getText("description"), []string{"language_code"}},
	"setMyShortDescription": {setText("short_description", 120), []string{"short_description", "language_code"}},
	"getMyShortDescription": {getText("short_description"), []string{"language_code"}},
	"setChatMenuButton":     {(*Server).setChatMenuButton, []string{"menu_button"}},
	"getChatMenuButton":     {(*Server).getChatMenuButton, nil},
}

var sendParams = []string{"chat_id", "parse_mode", "reply_markup", "protect_content", "disable_notification",
	"reply_parameters",
	"message_thread_id"}

package telegramtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	updateLife   = 24 * time.Hour
	callbackLife = 150 * time.Second
	longestPoll  = 50 * time.Second
)

// usual are the kinds of update sent when a bot never named any: everything
// but what must be asked for.
var usual = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// update is one thing the bot has not confirmed yet.
type update struct {
	id      int64
	kind    string
	body    json.RawMessage // the whole update object
	expires time.Time
}

// push queues an update of a kind; it is dropped when the bot did not ask for it.
func (s *Server) push(kind string, payload any) {
	allowed := s.allowed
	if len(allowed) == 0 {
		allowed = usual
	}
	if !slices.Contains(allowed, kind) {
		return
	}
	body, err := json.Marshal(payload)
	if err != nil {
		panic(fmt.Sprintf("telegramtest: encode %s: %v", kind, err)) // our own types always encode
	}
	s.pushRaw(kind, fmt.Sprintf(`{"update_id":%d,%q:%s}`, s.nextUpdate, kind, body))
}

func (s *Server) pushRaw(kind, body string) {
	life := updateLife
	if kind == "callback_query" {
		life = callbackLife
	}
	s.updates = append(s.updates, update{id: s.nextUpdate, kind: kind, body: json.RawMessage(body),
		expires: s.now().Add(life)})
	s.nextUpdate++
	s.wakeUp()
}

func (s *Server) wakeUp() {
	close(s.wake)
	s.wake = make(chan struct{})
}

// Raw queues an update of exactly this JSON text, in which $ID is replaced by
// its update_id. It is for updates that cannot be decoded.
func (s *Server) Raw(text string) (updateID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextUpdate
	s.pushRaw("raw", strings.ReplaceAll(text, "$ID", fmt.Sprint(id)))
	return id
}

// Pending is how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.updates)
}

// Polling tells whether a getUpdates waits now.
func (s *Server) Polling() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.poll != nil
}

// SkipTo sets the id of the next update, which Telegram may choose at random
// after a week without any.
func (s *Server) SkipTo(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextUpdate = id
}

func (s *Server) expire() {
	now := s.now()
	s.updates = slices.DeleteFunc(s.updates, func(u update) bool { return now.After(u.expires) })
}

func (s *Server) getUpdates(req *request) (any, *apiError) {
	offset, bad1 := req.int64("offset", 0)
	limit, bad2 := req.int64("limit", 100)
	seconds, bad3 := req.int64("timeout", 0)
	for _, bad := range []*apiError{bad1, bad2, bad3} {
		if bad != nil {
			return nil, bad
		}
	}
	limit = min(max(limit, 1), 100)
	wait := min(max(time.Duration(seconds)*time.Second, 0), longestPoll)

	s.mu.Lock()
	if s.hook.URL != "" {
		s.mu.Unlock()
		return nil, refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "+
			"delete the webhook first")
	}
	if text, given := req.params["allowed_updates"]; given {
		var kinds []string
		if err := json.Unmarshal([]byte(text), &kinds); err != nil {
			s.mu.Unlock()
			return nil, badRequest("can't parse allowed updates")
		}
		s.allowed = kinds
	}
	if s.poll != nil {
		close(s.poll) // the older poller is told that it lost
	}
	mine := make(chan struct{})
	s.poll = mine
	s.confirm(offset)
	if offset == s.lastOffset && s.now().Sub(s.lastPoll) < 500*time.Millisecond {
		limit = 1
	}
	s.lastOffset, s.lastPoll = offset, s.now()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		if s.poll == mine {
			s.poll = nil
		}
		s.mu.Unlock()
	}()

	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		s.mu.Lock()
		s.expire()
		out := []json.RawMessage{}
		for _, u := range s.updates {
			if u.id >= offset && int64(len(out)) < limit {
				out = append(out, u.body)
			}
		}
		wake := s.wake
		s.mu.Unlock()
		if len(out) > 0 {
			return out, nil
		}
		select {
		case <-wake:
		case <-timer.C:
			return out, nil
		case <-mine:
			return nil, refuse(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance "+
				"is running")
		case <-req.ctx.Done():
			return out, nil // nobody listens any more
		case <-s.open.Done():
			return out, nil
		}
	}
}

// confirm forgets what an offset says the bot has. A negative one keeps only
// that many from the end.
func (s *Server) confirm(offset int64) {
	if offset < 0 {
		s.updates = s.updates[max(0, len(s.updates)+int(offset)):]
		return
	}
	s.updates = slices.DeleteFunc(s.updates, func(u update) bool { return u.id < offset })
}

// webhook is where updates are carried to instead.
type webhook struct {
	URL       string
	secret    string
	lastError string
	stop      chan struct{}
}

func (s *Server) setWebhook(req *request) (any, *apiError) {
	address := req.params["url"]
	secret := req.params["secret_token"]
	if strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" ||
		len(secret) > 256 {
		return nil, badRequest("secret token contains unallowed characters")
	}
	if bad := checkHook(address); bad != nil {
		return nil, bad
	}
	if address != "" && len(secret) < 32 {
		s.note("setWebhook: a secret of %d characters can be guessed", len(secret))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, given := req.params["allowed_updates"]; given {
		if err := json.Unmarshal([]byte(text), &s.allowed); err != nil {
			return nil, badRequest("can't parse allowed updates")
		}
	}
	s.unhook(req.bool("drop_pending_updates"))
	if address == "" {
		return true, nil
	}
	s.hook = webhook{URL: address, secret: secret, stop: make(chan struct{})}
	if s.poll != nil {
		close(s.poll)
		s.poll = nil
	}
	s.hooking.Add(1)
	go s.carry(s.hook)
	return true, nil
}

// checkHook refuses the addresses that Telegram does not call.
func checkHook(address string) *apiError {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "":
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case u.Port() != "" && !slices.Contains([]string{"443", "80", "88", "8443"}, u.Port()):
		return badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	return nil
}

func (s *Server) deleteWebhook(req *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unhook(req.bool("drop_pending_updates"))
	return true, nil
}

func (s *Server) unhook(drop bool) {
	if s.hook.stop != nil {
		close(s.hook.stop)
	}
	s.hook = webhook{}
	if drop {
		s.updates = nil
	}
}

func (s *Server) getWebhookInfo(*request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{"url": s.hook.URL, "has_custom_certificate": false, "pending_update_count": len(s.updates),
		"last_error_message": s.hook.lastError}, nil
}

// carry posts one update after another to the webhook, each again until it is
// taken with a 2xx.
func (s *Server) carry(h webhook) {
	defer s.hooking.Done()
	client := &http.Client{}
	if s.opts.HookHost != "" {
		client.Transport = &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, s.opts.HookHost)
			},
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // a test's own proxy
		}
	}
	defer client.CloseIdleConnections()
	for {
		s.mu.Lock()
		s.expire()
		var u *update
		if len(s.updates) > 0 {
			u = &s.updates[0]
		}
		wake := s.wake
		var id int64
		var body []byte
		if u != nil {
			id, body = u.id, u.body
		}
		s.mu.Unlock()
		pause := time.NewTimer(20 * time.Millisecond) // Telegram's own grows to minutes
		if u == nil {
			select {
			case <-wake:
			case <-h.stop:
				return
			case <-s.open.Done():
				return
			}
			continue
		}
		err := post(s.open, client, h, body)
		s.mu.Lock()
		if err == nil {
			s.confirm(id + 1)
		} else if s.hook.stop == h.stop {
			s.hook.lastError = err.Error()
		}
		s.mu.Unlock()
		if err == nil {
			continue
		}
		select {
		case <-pause.C:
		case <-h.stop:
			return
		case <-s.open.Done():
			return
		}
	}
}

func post(ctx context.Context, client *http.Client, h webhook, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("wrong response from the webhook: %s", resp.Status)
	}
	return nil
}

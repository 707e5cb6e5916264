package telegramtest

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
)

// Fault stands in the way of one request. It may hand it on to real, which
// answers as the server would.
type Fault func(w http.ResponseWriter, r *http.Request, real http.Handler)

// Fail puts a fault in the way of the next n requests of a method; "" is any
// method. Faults of one method are met in the order they were given.
func (s *Server) Fail(method string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.faults[method] = append(s.faults[method], f)
	}
}

// Heal forgets all faults that were not met.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

func (s *Server) takeFault(method string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range []string{method, ""} {
		if q := s.faults[key]; len(q) > 0 {
			s.faults[key] = q[1:]
			return q[0]
		}
	}
	return nil
}

// BadGateway answers as a proxy before Telegram does: HTTP 502 with a page.
func BadGateway(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	io.WriteString(w, "<html><head><title>502 Bad Gateway</title></head></html>")
}

// Portal answers HTTP 200 with a page, as the login page of a guest network does.
func Portal(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<html><body>Please log in</body></html>")
}

// Hang says nothing until the bot gives up.
func Hang(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// Reset cuts the connection after at most 1 KiB of the request was read: with a
// file, in the middle of its upload.
func Reset(w http.ResponseWriter, r *http.Request, _ http.Handler) {
	io.CopyN(io.Discard, r.Body, 1<<10)
	cut(w)
}

// CutAfter does what was asked and cuts the connection before the answer.
func CutAfter(w http.ResponseWriter, r *http.Request, real http.Handler) {
	real.ServeHTTP(httptest.NewRecorder(), r)
	cut(w)
}

// HalfAnswer does what was asked and breaks off inside the answer.
func HalfAnswer(w http.ResponseWriter, r *http.Request, real http.Handler) {
	rec := httptest.NewRecorder()
	real.ServeHTTP(rec, r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(rec.Code)
	w.Write(rec.Body.Bytes()[:min(30, rec.Body.Len()/2)])
}

// TooMany answers 429 with retry_after in seconds.
func TooMany(seconds int) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		io.Copy(io.Discard, r.Body)
		answer(w, nil, tooMany(seconds))
	}
}

func tooMany(seconds int) *apiError {
	return &apiError{code: 429, text: "Too Many Requests: retry after " + strconv.Itoa(seconds), retryAfter: seconds}
}

// Refusal answers with an error_code and a description.
func Refusal(code int, description string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		io.Copy(io.Discard, r.Body)
		answer(w, nil, refuse(code, description))
	}
}

// cut ends the connection with a reset instead of a farewell.
func cut(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

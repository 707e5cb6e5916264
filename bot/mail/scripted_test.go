package mail

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// scripted is a mail server that answers as it is told: by verb ("banner", "EHLO",
// "MAIL", "RCPT postmaster@example.org", "." for the letter's end), a reply; where it is told
// nothing, as a well one does.
type scripted struct {
	says map[string]string
	// endless verbs are answered with lines without end.
	endless map[string]bool
	// entered is told each verb that is in it, and the answer waits for release.
	hold    string
	entered chan struct{}
	release chan struct{}
	tls     bool // offers STARTTLS

	ended       chan struct{} // the test is over
	port        int
	roots       *x509.CertPool
	mu          sync.Mutex
	heard       []string
	copies      []string
	certificate tls.Certificate
}

func (s *scripted) start(t *testing.T) *scripted {
	t.Helper()
	s.certificate, s.roots = makeCertificate(t)
	s.ended = make(chan struct{})
	s.port = answering(t, s.serve)
	t.Cleanup(func() { close(s.ended) })
	return s
}

func (s *scripted) commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.heard...)
}

func (s *scripted) letters() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.copies...)
}

func (s *scripted) said(verb string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, ok := s.says[verb]
	return text, ok
}

// answer writes the reply to a verb; false when the connection is over.
func (s *scripted) answer(w io.Writer, verb, line, well string) bool {
	if s.hold == verb {
		select {
		case s.entered <- struct{}{}:
		case <-s.ended:
		}
		select {
		case <-s.release:
		case <-s.ended:
		}
	}
	if s.endless[verb] {
		part := []byte(strings.Repeat(well[:3]+"-"+strings.Repeat("x", 400)+"\r\n", 100))
		for {
			if _, err := w.Write(part); err != nil {
				return false
			}
		}
	}
	text := well
	for _, key := range []string{line, verb} {
		if said, ok := s.said(key); ok {
			text = said
			break
		}
	}
	if text == "" { // hangs up
		return false
	}
	_, err := io.WriteString(w, text+"\r\n")
	return err == nil
}

func (s *scripted) serve(conn net.Conn) {
	r := bufio.NewReader(conn)
	if !s.answer(conn, "banner", "", "220 localhost") {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.heard = append(s.heard, line)
		s.mu.Unlock()
		verb, _, _ := strings.Cut(line, " ")
		verb = strings.ToUpper(verb)
		key := line
		if _, rest, ok := strings.Cut(line, ":<"); ok {
			rest, _, _ = strings.Cut(rest, ">")
			key = verb + " " + rest
		}
		well := "250 ok"
		switch verb {
		case "EHLO":
			well = "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"
			if _, secured := conn.(*tls.Conn); s.tls && !secured {
				well = "250-localhost\r\n250 STARTTLS"
			}
		case "STARTTLS":
			well = "220 go ahead"
		case "AUTH":
			well = "235 2.7.0 welcome"
		case "DATA":
			well = "354 go on"
		case "QUIT":
			well = "221 bye"
		}
		if !s.answer(conn, verb, key, well) {
			return
		}
		refused := ""
		if verb == "STARTTLS" || verb == "DATA" {
			refused, _ = s.said(verb)
		}
		switch {
		case verb == "STARTTLS" && refused == "":
			secured := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.certificate},
				MinVersion: tls.VersionTLS12})
			conn, r = secured, bufio.NewReader(secured)
		case verb == "DATA" && refused == "":
			if !s.letter(conn, r) {
				return
			}
		case verb == "QUIT":
			return
		}
	}
}

// letter reads a letter to its end and answers it.
func (s *scripted) letter(conn net.Conn, r *bufio.Reader) bool {
	var all strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		all.WriteString(line)
	}
	if said, ok := s.said("."); !ok || strings.HasPrefix(said, "250") || said == "" {
		s.mu.Lock()
		s.copies = append(s.copies, all.String())
		s.mu.Unlock()
	}
	return s.answer(conn, ".", ".", "250 queued")
}

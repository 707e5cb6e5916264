package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a mail server in this process. What it does to a letter is set
// before it starts.
type server struct {
	user, password string
	mail, rcpt     error // what it answers
	data           func(c net.Conn, r io.Reader) error

	mu      sync.Mutex
	letters []letter
	port    int
	roots   *x509.CertPool

	certificate tls.Certificate
	shut        atomic.Bool // hangs up at once
}

// patience is how long a test waits at most for what surely comes.
const patience = 5 * time.Minute

type letter struct {
	From, To, Data string
	Encrypted      bool
	User           string
}

// start serves on 127.0.0.1. TLS is one of the channel's modes.
func (s *server) start(t *testing.T, mode string) {
	t.Helper()
	certificate, roots := makeCertificate(t)
	s.roots, s.certificate = roots, certificate
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		session := &session{server: s, conn: c}
		if s.user != "" {
			return &loginSession{session}, nil
		}
		return session, nil
	}))
	srv.Domain = "localhost"
	srv.ErrorLog = log.New(io.Discard, "", 0)
	srv.AllowInsecureAuth = mode == None
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	if mode == StartTLS {
		srv.TLSConfig = config
	}
	var listener net.Listener = gate{listen(t), &s.shut}
	s.port = portOf(listener)
	if mode == TLS {
		listener = tls.NewListener(listener, config)
	}
	go func() { _ = srv.Serve(listener) }()
	t.Cleanup(func() { _ = srv.Close() })
}

// gate is a listener that can be shut: a test that closed its port and opened it
// again might find it taken.
type gate struct {
	net.Listener
	shut *atomic.Bool
}

func (g gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil || !g.shut.Load() {
			return conn, err
		}
		_ = conn.Close()
	}
}

// answering serves every connection to a port of its own. At the end of the test those
// that are open are cut, and awaited.
func answering(t *testing.T, serve func(net.Conn)) (port int) {
	t.Helper()
	listener := listen(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			all.Go(func() { defer conn.Close(); serve(conn) })
		}
	})
	cut := func() {
		mu.Lock()
		defer mu.Unlock()
		for _, conn := range open {
			_ = conn.Close()
		}
	}
	t.Cleanup(func() {
		_ = listener.Close()
		ended := make(chan struct{})
		go func() { all.Wait(); close(ended) }()
		for {
			cut()
			select {
			case <-ended:
				return
			case <-time.After(time.Millisecond): // one may have come in just now
			}
		}
	})
	return portOf(listener)
}

// nobody is a port on which nobody listens.
const nobody = 1

// listen opens a free port of this machine.
func listen(t *testing.T) *net.TCPListener {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

func (s *server) received() []letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]letter(nil), s.letters...)
}

type session struct {
	server *server
	conn   *smtp.Conn
	now    letter
}

func (s *session) Reset()        { s.now = letter{User: s.now.User} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.user != "" && s.now.User == "" {
		return smtp.ErrAuthRequired
	}
	s.now.From = from
	return s.server.mail
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.now.To = to
	return s.server.rcpt
}

func (s *session) Data(r io.Reader) error {
	if s.server.data != nil {
		if err := s.server.data(s.conn.Conn(), r); err != nil {
			return err
		}
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.now.Data = string(data)
	_, s.now.Encrypted = s.conn.TLSConnectionState()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.letters = append(s.server.letters, s.now)
	return nil
}

type loginSession struct{ *session }

func (s *loginSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *loginSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.user || password != s.server.password {
			return smtp.ErrAuthFailed
		}
		s.now.User = user
		return nil
	}), nil
}

// makeCertificate makes a certificate for 127.0.0.1 that only the pool trusts.
func makeCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: parsed}, roots
}

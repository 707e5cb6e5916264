package whatsapptest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// Addressing is how an account's messages name their sender to others.
type Addressing int

// The forms that real messages come in.
const (
	AsLID       Addressing = iota // from the LID, with the phone number beside it
	AsPhone                       // from the phone number, with the LID beside it
	AsLIDOnly                     // from the LID; the phone number stays unknown
	AsPhoneOnly                   // from the phone number; the LID stays unknown
)

// Server is one WhatsApp. Its methods may be called at any time, from any goroutine.
type Server struct {
	tb     testing.TB
	http   *httptest.Server
	ctx    context.Context
	static *keys.KeyPair
	cert   []byte
	wait   sync.WaitGroup

	mu       sync.Mutex
	closing  bool
	down     bool
	away     int  // clients turned away for that
	media    bool // the media host answers
	shift    time.Duration
	accounts map[string]*account // by phone number and by LID number
	conns    map[*conn]bool
	blobs    map[string][]byte
	refs     map[string]*pairing
	asked    map[string]int // hosts dialled
	uploads  int
	revision int // of the web client, as its page says
	oldest   int // revision let in
	logins   int // tried
	tap      func(phone string, n *binary.Node)
	serial   int
	refused  []string // what clients did that no server takes
	failing  int      // uploads that fail next
	fetched  int      // downloads
}

// account is one WhatsApp user.
type account struct {
	phone, lid string
	name       string
	primary    *keys.KeyPair // signs the identities of its devices
	devices    map[uint16]*device
	mode       Addressing

	refuse  *refusal
	ackCode int           // error in the next acknowledgements of what it sends
	ackLeft int           // how many
	ackKind string        // of this mediatype only; empty: of any
	hold    chan struct{} // acknowledgements of what is sent TO it wait for this
	deaf    bool          // its receipts go nowhere
	held    *[]func()     // what it asks to be sent again, when that is held back
	garble  int           // how many of the next messages it sends arrive damaged
}

type refusal struct{ reason, code, expire int }

// device is one phone or companion of an account.
type device struct {
	account  *account
	id       uint16
	noise    [32]byte
	reg      []byte
	identity []byte
	skey     *keyNode
	prekeys  []keyNode
	conn     *conn
	pending  []pending // sent or to be sent, and not acknowledged
}

// New starts a server that ends with the test. At its end the test fails when
// a client asked for any host but WhatsApp's.
func New(tb testing.TB) *Server {
	tb.Helper()
	trust()
	s := &Server{tb: tb, static: keys.NewKeyPair(), media: true,
		accounts: map[string]*account{}, conns: map[*conn]bool{}, blobs: map[string][]byte{},
		refs: map[string]*pairing{}, asked: map[string]int{}, oldest: firstVersion}
	var err error
	if s.cert, err = certificate(s.static); err != nil {
		tb.Fatalf("whatsapptest: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.ctx = ctx
	mux := http.NewServeMux()
	mux.HandleFunc("/ws/chat", s.serveSocket)
	mux.HandleFunc("POST /mms/{kind}/{token}", s.serveUpload)
	mux.HandleFunc("GET /v/", s.serveDownload)
	mux.HandleFunc("GET /{$}", s.servePage)
	s.http = httptest.NewServer(mux)
	tb.Cleanup(func() {
		s.mu.Lock()
		s.closing = true
		open := slices.Collect(maps.Keys(s.conns))
		s.mu.Unlock()
		cancel()
		for _, c := range open {
			c.close()
		}
		s.wait.Wait()
		s.http.CloseClientConnections()
		s.http.Close()
		for _, why := range s.Refused() {
			tb.Errorf("whatsapptest: no server would take a %s", why)
		}
		for _, host := range s.Asked() {
			if !allowed(host) {
				tb.Errorf("whatsapptest: %s was dialled", host)
			}
		}
	})
	return s
}

// The hosts that a client may ask for.
const (
	chatHost  = "web.whatsapp.com:443"
	mediaHost = "mmg.whatsapp.net"
)

func allowed(host string) bool { return host == chatHost || host == mediaHost+":443" }

// Addr is where the server listens, for [Join].
func (s *Server) Addr() string { return s.http.Listener.Addr().String() }

// HTTPClient is what the program under test uses for everything it does over
// HTTP with WhatsApp.
func (s *Server) HTTPClient() *http.Client {
	return client(s.Addr(), func(host string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked[host]++
		if !allowed(host) {
			return fmt.Errorf("whatsapptest: %s is no host of WhatsApp's", host)
		}
		return nil
	})
}

// Asked lists the hosts that clients dialled so far.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.asked))
}

func isEOF(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "connection reset") || strings.Contains(err.Error(), "broken pipe")
}

// isDown turns a client away, when the server is down.
func (s *Server) isDown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		s.away++
	}
	return s.down
}

func (s *Server) enter(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.conns[c] = true
	s.wait.Add(1)
	return true
}

func (s *Server) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	if c.device != nil && c.device.conn == c {
		c.device.conn = nil
	}
	s.wait.Done()
}

// now is the server's clock. Callers hold mu.
func (s *Server) now() time.Time { return time.Now().Add(s.shift) }

// account finds or makes the account of a phone number. Callers hold mu.
func (s *Server) account(phone string) *account {
	if a := s.accounts[phone]; a != nil {
		return a
	}
	lid := []byte("77" + phone)
	slices.Reverse(lid[2:])
	a := &account{phone: phone, lid: string(lid), primary: keys.NewKeyPair(), devices: map[uint16]*device{}}
	s.accounts[phone], s.accounts[a.lid] = a, a
	return a
}

// find returns the account of either form of address, nil for nobody. Callers hold mu.
func (s *Server) find(j types.JID) *account {
	a := s.accounts[j.User]
	if a == nil || (j.Server == types.HiddenUserServer) != (j.User == a.lid) {
		return nil
	}
	return a
}

func (a *account) jid(id uint16) types.JID {
	return types.JID{User: a.phone, Device: id, Server: types.DefaultUserServer}
}

func (a *account) lidJID(id uint16) types.JID {
	return types.JID{User: a.lid, Device: id, Server: types.HiddenUserServer}
}

// sender is the address that others see in "from", and the other form with the
// attribute it goes by, when it is shown.
func (a *account) sender(id uint16) (from, alt types.JID, attr string) {
	switch a.mode {
	case AsPhone:
		return a.jid(id), a.lidJID(0), "sender_lid"
	case AsPhoneOnly:
		return a.jid(id), types.JID{}, ""
	case AsLIDOnly:
		return a.lidJID(id), types.JID{}, ""
	}
	return a.lidJID(id), a.jid(0), "sender_pn"
}

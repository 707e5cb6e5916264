package web

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"pst/bot"
	"pst/conversation"
)

// Config is what the page is made of; all is needed.
type Config struct {
	Listener net.Listener
	// URL is how browsers name the page, without a slash at the end: that of the
	// listener, or of the reverse proxy before it.
	URL    string
	Office func() *conversation.Office // as it is known now
	Log    *slog.Logger
	Now    func() time.Time
	Doors  Doors
	// Sessions keeps what a browser is known by, under a hash.
	Sessions  scs.CtxStore
	Queue     Queue
	Tickets   Tickets
	Readers   Readers
	Trail     Trail
	House     House
	Sentences Sentences
	Channels  Channels
	Linker    Linker
	Reports   bot.Reports
	Settings  Settings
	Books     Books
	// Guide is the operator's guide, with one heading of the first order.
	Guide  func() (template.HTML, error)
	Intake Intake
}

// Doors lets staff in.
type Doors interface {
	// Enter uses up a code as it was typed and returns the name of whom it lets in;
	// conversation.ErrNotFound, wrapped, for one that is wrong, used or too old.
	Enter(ctx context.Context, code string) (staff string, err error)
	// Shut is since when what a member of staff opened before is void; zero for never.
	Shut(ctx context.Context, staff string) (time.Time, error)
}

// Queue tells how far the desk is with what was put into it.
type Queue interface {
	// Waits tells whether a message or a letter of this address waits still.
	Waits(ctx context.Context, a conversation.Address) (bool, error)
}

// Sessions last so long without a visit, and so long in all.
const (
	idleMost  = 2 * time.Hour
	lastsMost = 12 * time.Hour
)

// Server is the page, and its channel.
type Server struct {
	cfg      Config
	pages    pages
	sessions *scs.SessionManager
	letters  letters
	gate     gate
	presence presence
	hosts    []string
	secure   bool
	inbox    bot.Inbox // set by Run
	ready    chan struct{}
	http     *http.Server
	// reporting is held by who gathers a report: one at a time.
	reporting chan struct{}
}

var _ bot.Channel = (*Server)(nil)

//go:embed assets
var assets embed.FS

// New makes the page; Run serves it.
func New(cfg Config) (*Server, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.TrimRight(u.Path, "/") != "" {
		return nil, fmt.Errorf("make the page: its address must be http(s)://HOST[:PORT] without a path, not %q", cfg.URL)
	}
	s := &Server{cfg: cfg, letters: newLetters(cfg.Now), gate: newGate(cfg.Now), presence: newPresence(cfg.Now),
		secure: u.Scheme == "https", ready: make(chan struct{}),
		reporting: make(chan struct{}, 1)}
	s.hosts = hosts(u.Host, cfg.Listener.Addr())
	if s.pages, err = loadPages(cfg.Office); err != nil {
		return nil, err
	}
	s.sessions = scs.New()
	s.sessions.Store, s.sessions.HashTokenInStore = cfg.Sessions, true
	s.sessions.IdleTimeout, s.sessions.Lifetime = idleMost, lastsMost
	// Browsers share the cookies of all ports of a host: each desk has its own.
	s.sessions.Cookie.Name = "pst-" + cfg.Office().Code
	s.sessions.Cookie.HttpOnly, s.sessions.Cookie.Secure, s.sessions.Cookie.Persist = true, s.secure, false
	s.sessions.Cookie.SameSite = http.SameSiteStrictMode
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.fault(w, r, err) }
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		MaxHeaderBytes: 1 << 16, ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug)}
	return s, nil
}

// hosts are the names under which the page may be asked for: a browser that was led
// here by somebody else's name (DNS rebinding) is refused.
func hosts(public string, listener net.Addr) []string {
	out := []string{strings.ToLower(public)}
	host, port, err := net.SplitHostPort(listener.String())
	if err != nil {
		return out
	}
	out = append(out, net.JoinHostPort(host, port))
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		out = append(out, "localhost:"+port)
	}
	return out
}

// URL is where browsers find the page.
func (s *Server) URL() string { return s.cfg.URL }

// Scheme implements [bot.Channel].
func (s *Server) Scheme() string { return conversation.Web }

// Run implements [bot.Channel]: it serves the page until ctx ends.
func (s *Server) Run(ctx context.Context, in bot.Inbox) error {
	s.inbox = in
	close(s.ready)
	var closing sync.WaitGroup
	defer closing.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	closing.Go(func() {
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if s.http.Shutdown(patience) != nil {
			s.http.Close() // a long upload is cut; it is begun again
		}
	})
	if err := s.http.Serve(s.cfg.Listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the page: %w", err)
	}
	return nil
}

// handler puts the pages behind what all of them need.
func (s *Server) handler() http.Handler {
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	open := http.NewServeMux()
	open.HandleFunc("GET /masuk", s.door)
	open.HandleFunc("POST /masuk", s.enter)
	inside := http.NewServeMux()
	s.routes(inside)
	open.Handle("/", s.known(inside))

	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, http.StatusForbidden, "Permintaan ini datang dari situs lain dan ditolak. Buka halaman petugas "+
			"langsung dari tautannya.")
	}))
	all := http.NewServeMux()
	all.Handle("/", s.sessions.LoadAndSave(cross.Handler(open)))
	// Of no session: looking for one writes when it was last used.
	all.Handle("GET /assets/", http.StripPrefix("/assets/", cached(http.FileServerFS(files))))
	return s.guarded(all)
}

// routes are the pages for who is known.
func (s *Server) routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /keluar", s.leave)
	mux.HandleFunc("POST /jawab", s.answerLetter)
	mux.HandleFunc("GET /berkas/{id}", s.file)
	s.routesToday(mux)
	s.routesTickets(mux)
	s.routesReaders(mux)
	s.routesTrail(mux)
	s.routesTexts(mux)
	s.routesChannels(mux)
	s.routesReports(mux)
	s.routesOffice(mux)
	s.routesCatalogue(mux)
	s.routesUpload(mux)
	mux.HandleFunc("GET /panduan", s.guide)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, http.StatusNotFound, "Halaman itu tidak ada.")
	})
}

// guide shows the operator's guide.
func (s *Server) guide(w http.ResponseWriter, r *http.Request) {
	text, err := s.cfg.Guide()
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "guide", map[string]any{"Guide": text})
}

// policy allows what the program itself serves, and nothing written into a page.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// guarded refuses foreign names, and sends along what browsers must keep to.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !slices.Contains(s.hosts, strings.ToLower(r.Host)) {
			http.Error(w, "Halaman ini tidak dilayani dengan nama itu. Tulis MASUK dari chat Anda, lalu buka tautan yang "+
				"diberikan.", http.StatusMisdirectedRequest)
			return
		}
		select {
		case <-s.ready:
		case <-r.Context().Done():
			return
		}
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				s.fault(w, r, fmt.Errorf("panic of type %T at %s", v, r.Pattern))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, max-age=3600")
		next.ServeHTTP(w, r)
	})
}

// member is who of the staff asks; every page inside is for one.
type memberKey struct{}

func member(ctx context.Context) conversation.Staff {
	m, _ := ctx.Value(memberKey{}).(conversation.Staff)
	return m
}

// known lets through who came in by a door, is staff still, and was not shut out.
func (s *Server) known(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m, ok, err := s.who(r.Context())
		switch {
		case err != nil:
			s.fault(w, r, err)
		case !ok && r.Method == http.MethodGet:
			http.Redirect(w, r, "/masuk", http.StatusSeeOther)
		case !ok:
			s.refuse(w, r, http.StatusUnauthorized, "Sesi Anda sudah berakhir. Tulis MASUK dari chat Anda untuk mendapat kode "+
				"baru.")
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), memberKey{}, m)))
		}
	})
}

func (s *Server) who(ctx context.Context) (conversation.Staff, bool, error) {
	name := s.sessions.GetString(ctx, "staff")
	if name == "" {
		return conversation.Staff{}, false, nil
	}
	staff := s.cfg.Office().Staff
	i := slices.IndexFunc(staff, func(m conversation.Staff) bool { return m.Name == name })
	shut, err := s.cfg.Doors.Shut(ctx, name)
	if err != nil {
		return conversation.Staff{}, false, err
	}
	if i < 0 || s.sessions.GetInt64(ctx, "since") <= shut.UnixMilli() {
		return conversation.Staff{}, false, s.sessions.Destroy(ctx)
	}
	return staff[i], true, nil
}

// refuse answers with a page that says what is wrong and what to do.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.show(w, r, status, "refused", map[string]any{"Title": "Tidak dapat dilakukan", "Text": text})
}

// fault answers with one sentence; the cause goes to the log.
func (s *Server) fault(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		s.cfg.Log.Error("page failed", "page", r.Pattern, "error", err)
	}
	s.show(w, r, http.StatusInternalServerError, "refused", map[string]any{"Title": "Ada gangguan",
		"Text": "Permintaan tidak dapat diselesaikan dan tidak mengubah apa pun. Coba lagi sebentar; bila berulang, beri " +
			"tahu pengelola."})
}

// show renders a page. Data that every page has is put beside its own.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, page string, data map[string]any) {
	var out bytes.Buffer
	data["Office"], data["Path"], data["Nonce"] = s.cfg.Office(), r.URL.Path, newID()
	if m := member(r.Context()); m.Name != "" {
		data["Member"], data["Letters"] = m, s.letters.take(m.Web())
	}
	if err := s.pages.render(&out, page, data); err != nil {
		s.cfg.Log.Error("page could not be shown", "page", page, "error", err)
		http.Error(w, "Halaman ini tidak dapat ditampilkan; beri tahu pengelola.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(out.Bytes()) // the browser has gone: nobody to tell
}

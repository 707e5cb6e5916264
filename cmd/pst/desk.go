package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"pst/bot"
	"pst/cmd/pst/watch"
	"pst/conversation"
	"pst/conversation/nlu"
	"pst/search"
	"pst/store"
	"pst/store/holdings"
)

// desk is the program's parts over one data folder.
type desk struct {
	data      string // the data folder
	cfg       config
	known     atomic.Pointer[known]
	secret    conversation.Secret
	db        *store.DB
	holdings  *holdings.Holdings
	catalogue *search.Catalogue
	talks     *conversation.Engine // once made
	loops     *bot.Loops           // once made
	linking   *linking             // of the page; nil without one
	uploads   *uploads             // of the page; nil without one
	metrics   *watch.Metrics       // nil where they are not served
}

// known is what the desk knows of its office, what it says and what it understands.
// It is not changed, but replaced as a whole.
type known struct {
	office  *conversation.Office
	texts   *conversation.Texts
	lexicon *nlu.Lexicon
	// complete tells whether the office can be served; see [config.complete].
	complete bool
}

// office is the office as it is known now.
func (d *desk) office() *conversation.Office { return d.known.Load().office }

// texts are what the desk says now.
func (d *desk) texts() *conversation.Texts { return d.known.Load().texts }

// text is one of the texts as they are now.
func (d *desk) text(key string, data conversation.D) (string, error) {
	return d.texts().Text(key, data)
}

// places inside the data folder.
func (h *house) path(parts ...string) string {
	return filepath.Join(append([]string{h.data}, parts...)...)
}

// settings reads the configuration with what only needs reading: office and texts.
// Its errors are of errSettings.
func (h *house) settings() (_ config, _ *conversation.Office, _ *conversation.Texts, err error) {
	defer ofSettings(&err)
	cfg, err := loadConfig(h, lookup)
	if err != nil {
		return cfg, &conversation.Office{}, nil, err
	}
	made, err := cfg.office()
	office := &made // the one that texts and engine share
	if err != nil {
		return cfg, office, nil, cfg.wrong(err)
	}
	days, err := h.holidays()
	if err != nil {
		return cfg, office, nil, err
	}
	for _, d := range days {
		office.Holidays = append(office.Holidays, d.date)
	}
	if office.Others, err = search.Offices(os.DirFS(h.path("tables"))); err != nil {
		office.Others = nil // pst check and the catalogue say what is wrong with the tables
	}
	own, err := h.read(textsFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return cfg, office, nil, fmt.Errorf("read own texts: %w", err)
	}
	texts, err := conversation.NewTexts(office, string(own))
	if err != nil {
		return cfg, office, nil, fmt.Errorf("%s: %w", h.path(textsFile), err)
	}
	return cfg, office, texts, nil
}

// open opens the whole desk; the caller closes it.
func (h *house) open(ctx context.Context) (*desk, error) {
	cfg, office, texts, err := h.settings()
	if err != nil {
		return nil, err
	}
	d := &desk{data: h.data, cfg: cfg}
	if cfg.Watch.Listen != "" {
		d.metrics = watch.NewMetrics()
	}
	now := &known{office: office, texts: texts}
	d.known.Store(now)
	if d.db, d.secret, err = h.openStore(ctx, cfg); err != nil {
		return nil, err
	}
	if d.holdings, err = holdings.Open(h.path("holdings"), holdings.Options{Cache: h.path("cache")}); err != nil {
		d.close()
		return nil, fmt.Errorf("open holdings: %w", err)
	}
	if d.catalogue, err = search.Open(ctx, h.path("index"), d.db, search.Options{Office: office.Code,
		Tables: os.DirFS(h.path("tables"))}); err != nil {
		d.close()
		return nil, fmt.Errorf("open search index: %w", err)
	}
	if now.lexicon, err = nlu.Load(os.DirFS(h.path("tables"))); err != nil {
		d.close()
		return nil, fmt.Errorf("read tables of what people write: %w", err)
	}
	return d, nil
}

// openStore opens the database of the data folder, and reads its key.
func (h *house) openStore(ctx context.Context, cfg config) (*store.DB, conversation.Secret, error) {
	if err := os.MkdirAll(h.data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("make data folder: %w", err)
	}
	if err := h.missed(); err != nil {
		return nil, nil, err
	}
	secret, err := h.secret(cfg)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(ctx, h.path("pst.db"), store.Options{Secret: secret})
	if err != nil {
		return nil, nil, fmt.Errorf("open database: %w", err)
	}
	return db, secret, nil
}

// missed refuses a folder whose database has gone: made anew, it would know no
// reader, no page that was given away and no complaint, and nobody would notice.
func (h *house) missed() error {
	if info, err := os.Stat(h.path("pst.db")); err == nil && info.Size() > 0 {
		return nil
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for database: %w", err)
	}
	var left []string
	for _, name := range []string{"secret.key", "pst.db-wal"} {
		if _, err := os.Stat(h.path(name)); err == nil {
			left = append(left, h.path(name))
		}
	}
	if files, err := os.ReadDir(h.path("holdings")); err == nil && len(files) > 0 {
		left = append(left, h.path("holdings"))
	}
	if len(left) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s is missing or empty, but %s is there",
		errVanished, h.path("pst.db"), strings.Join(left, " and "))
}

// close closes what is open.
func (d *desk) close() error {
	var errs []error
	if d.linking != nil {
		d.linking.close()
	}
	if d.catalogue != nil {
		errs = append(errs, d.catalogue.Close())
	}
	if d.holdings != nil {
		errs = append(errs, d.holdings.Close())
	}
	return errors.Join(append(errs, d.db.Close())...)
}

// engine is the conversation's engine over the desk's parts, made at the first call.
func (d *desk) engine(h *house) *conversation.Engine {
	if d.talks != nil {
		return d.talks
	}
	var kept conversation.Store = d.db
	var found conversation.Catalogue = d.catalogue
	if d.metrics != nil {
		kept, found = counted{kept, d.metrics}, timedCatalogue{found, d.metrics}
	}
	d.talks = conversation.NewEngine(conversation.Config{Store: kept, Catalogue: found, Texts: d.texts(),
		Office: d.office(), Secret: d.secret,
		Now: time.Now, Random: rand.Reader, Log: h.log, Shelf: shelf{d.holdings, d.room}, Lexicon: d.known.Load().lexicon})
	return d.talks
}

// presentSecret is the desk's key as it is there; os.ErrNotExist, wrapped, when it is
// not. None is ever made.
func (h *house) presentSecret() (conversation.Secret, error) {
	cfg, err := loadConfig(h, lookup)
	if err != nil {
		return nil, err
	}
	if cfg.Secret == "" {
		if _, err := os.Stat(h.path("secret.key")); err != nil {
			return nil, fmt.Errorf("read key: %w", err)
		}
	}
	return h.secret(cfg)
}

// secret is the desk's key: from the configuration, or from its file, which is
// made at the first start and never again while there is a database.
func (h *house) secret(cfg config) (conversation.Secret, error) {
	text, path := cfg.Secret, h.path("secret.key")
	if text == "" {
		b, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			b, err = h.makeSecret(path)
		}
		if err != nil {
			return nil, fmt.Errorf("read key: %w", err)
		}
		text = string(b)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(secret) < 32 {
		return nil, fmt.Errorf("read key: %w: must be 64 hexadecimal digits", errKey)
	}
	return secret, nil
}

func (h *house) makeSecret(path string) ([]byte, error) {
	if info, err := os.Stat(h.path("pst.db")); err == nil && info.Size() > 0 {
		return nil, fmt.Errorf("%w: %s is missing but the database is there, whose data cannot be read without it",
			errKey, path)
	}
	key := make([]byte, 32)
	rand.Read(key)
	text := []byte(hex.EncodeToString(key) + "\n")
	// Written aside and linked into place, so that of two first starts at once
	// both read the whole key of one.
	f, err := os.CreateTemp(h.data, "key-*") // made 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); errors.Is(err, os.ErrExist) {
		return os.ReadFile(path)
	} else if err != nil {
		return nil, err
	}
	return text, nil
}

// version names the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v, revision := info.Main.Version, ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return v + revision + " " + info.GoVersion
}

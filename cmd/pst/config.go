package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"pst/conversation"
)

// config is pst.toml; [remarks] explains each key. Every single value can be overridden by a variable named
// PST_SECTION_KEY; secrets also by PST_SECTION_KEY_FILE, a file that holds them.
type config struct {
	Office       officeConfig       `toml:"office"`
	Staff        []staffConfig      `toml:"staff"`
	Search       searchConfig       `toml:"search"`
	Registration registrationConfig `toml:"registration"`
	Loans        conversation.Loans `toml:"loans"`
	Excerpts     excerptsConfig     `toml:"excerpts"`
	Telegram     telegramConfig     `toml:"telegram"`
	WhatsApp     whatsappConfig     `toml:"whatsapp"`
	SMTP         smtpConfig         `toml:"smtp"`
	IMAP         imapConfig         `toml:"imap"`
	Page         pageConfig         `toml:"desk"`
	Disk         diskConfig         `toml:"disk"`
	Report       reportConfig       `toml:"report"`
	Watch        watchConfig        `toml:"watch"`
	Backup       backupConfig       `toml:"backup"`
	// Retention is how many days things are kept; 0 keeps them for good.
	Retention retentionConfig `toml:"retention"`
	// Secret is the key under which personal data is hashed and sealed, 64
	// hexadecimal digits; empty: the file secret.key in the data folder, made at
	// the first start.
	Secret string `toml:"secret" secret:"true"`

	from origins // of what is set elsewhere than in pst.toml
}

// officeConfig is of an office what pst.toml says of it; what it does not say stays as
// it is in the office that the program knows.
type officeConfig struct {
	Code string `toml:"code"`
	conversation.Facts
	Zone     string   `toml:"zone"`
	Hours    []string `toml:"hours"` // "senin 08:00-15:30"
	Holidays []string `toml:"holidays"`
	conversation.Lists
}

type registrationConfig struct {
	// ProfileFirst asks the guest-book profile before the account is made, not
	// after the first excerpt.
	ProfileFirst bool `toml:"profile_first"`
}

// excerptsConfig is how excerpts are handed out.
type excerptsConfig struct {
	// Strict are the codes of offices all of whose publications are handed out as
	// marked pictures alone.
	Strict []string `toml:"strict_offices"`
}

type staffConfig struct {
	Name      string   `toml:"name"`
	Role      string   `toml:"role"`           // kasubbag, kedua, petugas
	Addresses []string `toml:"addresses"`      // "whatsapp:0812…", "telegram:123"
	Days      []string `toml:"days,omitempty"` // on duty at the desk: "senin"; none: every day
}

type searchConfig struct {
	Open bool `toml:"open_to_unregistered"`
}

type telegramConfig struct {
	Token    string `toml:"token" secret:"true"`
	Endpoint string `toml:"endpoint"`
	Protect  bool   `toml:"protect_content"`
	Name     string `toml:"name"` // the bot's user name, for QR codes
	// Webhook, when set, is the https address whose path /telegram a reverse proxy
	// hands to Listen; else we poll. Without a Secret one is made.
	Webhook string `toml:"webhook"`
	Secret  string `toml:"webhook_secret" secret:"true"`
	Listen  string `toml:"listen"` // "127.0.0.1:8080"
}

type whatsappConfig struct {
	Enabled bool   `toml:"enabled"`
	Number  string `toml:"number"` // the desk's own number, for QR codes
	Version string `toml:"wa_version"`
	Proxy   string `toml:"proxy"`
}

type retentionConfig struct {
	Queues   int `toml:"queues"`   // handled messages, by which a repeat is known
	Quotes   int `toml:"quotes"`   // what may still be quoted
	Letters  int `toml:"letters"`  // letters that could not be delivered
	Chats    int `toml:"chats"`    // chats without a reader, since the last message
	Readers  int `toml:"readers"`  // accounts, since the last message; then erased
	Tickets  int `toml:"tickets"`  // texts of closed tickets
	Searches int `toml:"searches"` // queries, which name no person
}

// backupConfig is the nightly backup; without a folder there is none.
type backupConfig struct {
	Folder   string `toml:"folder"` // best on another disk
	Hour     int    `toml:"hour"`   // from which hour of the day on, in the office's zone
	Keep     int    `toml:"keep"`   // how many nights
	Holdings bool   `toml:"holdings"`
	WhatsApp bool   `toml:"whatsapp"`
}

type diskConfig struct {
	// Floor is how many MB must be free for new excerpts and imports; 0 is no floor.
	Floor int `toml:"floor_mb"`
}

type smtpConfig struct {
	Host     string `toml:"host"`
	Port     int    `toml:"port"` // 0: 587, 465 or 25 by TLS
	TLS      string `toml:"tls"`  // starttls, tls, none
	User     string `toml:"user"`
	Password string `toml:"password" secret:"true"`
	From     string `toml:"from"`    // empty: the office's name and e-mail address
	Helo     string `toml:"helo"`    // how we name this machine; empty: the domain of From
	CAFile   string `toml:"ca_file"` // PEM certificates of the office's own authority
}

// imapConfig is the mailbox that letters come back to, the one of smtp.from.
type imapConfig struct {
	Host     string `toml:"host"`
	Port     int    `toml:"port"` // 0: 993 or 143 by TLS
	TLS      string `toml:"tls"`  // tls, starttls, none
	User     string `toml:"user"`
	Password string `toml:"password" secret:"true"`
	Folder   string `toml:"folder"` // INBOX when empty
}

// defaultZone is the time zone of an office that names none.
const defaultZone = "Asia/Jakarta"

// defaults is the configuration before anything is read.
func defaults() config {
	return config{
		Retention: retentionConfig{Queues: 7, Quotes: 180, Letters: 7, Chats: 365, Readers: 5 * 365,
			Tickets: 2 * 365, Searches: 2 * 365},
		Disk:     diskConfig{Floor: 500},
		Backup:   backupConfig{Hour: 1, Keep: 14},
		SMTP:     smtpConfig{TLS: "starttls"},
		Telegram: telegramConfig{Endpoint: "https://api.telegram.org"},
	}
}

// loadConfig reads the file (a missing default one is an empty one), then the
// variables. Errors name the key, and are of errSettings.
func loadConfig(h *house, lookup func(string) (string, bool)) (_ config, err error) {
	defer ofSettings(&err)
	c := defaults()
	path := h.config
	if path == "" {
		path = filepath.Join(h.data, "pst.toml")
	}
	b, err := os.ReadFile(path)
	if err != nil && (h.config != "" || !errors.Is(err, os.ErrNotExist)) {
		return c, fmt.Errorf("read file: %w", err)
	}
	if err := decode(b, &c); err != nil {
		return c, fmt.Errorf("read %s: %w", path, err)
	}
	c.from = origins{}
	own, err := h.read(kantorFile)
	if err == nil {
		err = c.over(own, c.from)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return c, fmt.Errorf("read %s: %w", h.path(kantorFile), err)
	}
	if err := override(reflect.ValueOf(&c).Elem(), "PST", "", lookup, c.from); err != nil {
		return c, err
	}
	return c, nil
}

// keysOf are the fields of a section that are its keys.
func keysOf(section reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(section), func(f reflect.StructField) bool {
		return f.Anonymous || !f.IsExported()
	})
}

// override sets every scalar field that has a variable, and notes which.
func override(v reflect.Value, prefix, key string, lookup func(string) (string, bool), from origins) error {
	for _, f := range keysOf(v.Type()) {
		field := v.FieldByIndex(f.Index)
		name, at := prefix+"_"+strings.ToUpper(f.Tag.Get("toml")), key+f.Tag.Get("toml")
		if field.Kind() == reflect.Struct {
			if err := override(field, name, at+".", lookup, from); err != nil {
				return err
			}
			continue
		}
		text, ok := lookup(name)
		if file, has := lookup(name + "_FILE"); has && f.Tag.Get("secret") != "" {
			b, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("read %s_FILE: %w", name, err)
			}
			text, ok = strings.TrimSpace(string(b)), true
		}
		if !ok {
			continue
		}
		switch field.Kind() {
		case reflect.String:
			field.SetString(text)
		case reflect.Bool:
			b, err := strconv.ParseBool(text)
			if err != nil {
				return fmt.Errorf("read %s: must be true or false", name)
			}
			field.SetBool(b)
		case reflect.Int:
			n, err := strconv.Atoi(text)
			if err != nil {
				return fmt.Errorf("read %s: must be a number", name)
			}
			field.SetInt(int64(n))
		default:
			continue // lists have no variable
		}
		from[at] = name
	}
	return nil
}

// redacted is the configuration with secrets hidden, for printing.
func (c config) redacted() config {
	hide(reflect.ValueOf(&c).Elem())
	return c
}

func hide(v reflect.Value) {
	for i := range v.NumField() {
		switch field := v.Field(i); {
		case field.Kind() == reflect.Struct:
			hide(field)
		case v.Type().Field(i).Tag.Get("secret") != "" && field.String() != "":
			field.SetString("(hidden)")
		}
	}
}

// lookup is where the variables come from.
var lookup = os.LookupEnv

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

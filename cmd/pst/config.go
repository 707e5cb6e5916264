package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"pst/conversation"
)

// config is pst.toml. Every single value can be overridden by a variable named
// PST_SECTION_KEY; secrets also by PST_SECTION_KEY_FILE, a file that holds them.
type config struct {
	Office       officeConfig       `toml:"office"`
	Staff        []staffConfig      `toml:"staff"`
	Search       searchConfig       `toml:"search"`
	Registration registrationConfig `toml:"registration"`
	Telegram     telegramConfig     `toml:"telegram"`
	WhatsApp     whatsappConfig     `toml:"whatsapp"`
	SMTP         smtpConfig         `toml:"smtp"`
	Disk         diskConfig         `toml:"disk"`
	Backup       backupConfig       `toml:"backup"`
	// Retention is how many days things are kept; 0 keeps them for good.
	Retention retentionConfig `toml:"retention"`
	// Secret is the key under which personal data is hashed and sealed, 64
	// hexadecimal digits; empty: the file secret.key in the data folder, made at
	// the first start.
	Secret string `toml:"secret" secret:"true"`
}

type officeConfig struct {
	Name      string   `toml:"name"`
	Unit      string   `toml:"unit"`
	Code      string   `toml:"code"`
	Address   string   `toml:"address"`
	Telephone string   `toml:"telephone"`
	Website   string   `toml:"website"`
	Email     string   `toml:"email"`
	Zone      string   `toml:"zone"`
	Hours     []string `toml:"hours"` // "senin 08:00-15:30"
	Holidays  []string `toml:"holidays"`
	Prefix    string   `toml:"reader_prefix"`
	Consent   int      `toml:"consent_version"`
	KeepYears int      `toml:"keep_years"`

	ComplaintBox   string `toml:"complaint_box"`
	ComplaintURL   string `toml:"complaint_url"`
	ComplaintEmail string `toml:"complaint_email"`
	ComplaintPhone string `toml:"complaint_phone"`
	ComplaintName  string `toml:"complaint_name"`

	Genders      []string `toml:"genders"`
	Educations   []string `toml:"educations"`
	Occupations  []string `toml:"occupations"`
	Origins      []string `toml:"origins"`
	Disabilities []string `toml:"disabilities"`
	Purposes     []string `toml:"purposes"`
	Categories   []string `toml:"categories"`
}

type registrationConfig struct {
	// ProfileFirst asks the guest-book profile before the account is made, not
	// after the first excerpt.
	ProfileFirst bool `toml:"profile_first"`
}

type staffConfig struct {
	Name      string   `toml:"name"`
	Role      string   `toml:"role"`      // kasubbag, kedua, petugas
	Addresses []string `toml:"addresses"` // "whatsapp:0812…", "telegram:123"
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
	Port     int    `toml:"port"`
	TLS      string `toml:"tls"` // starttls, tls, none
	User     string `toml:"user"`
	Password string `toml:"password" secret:"true"`
	From     string `toml:"from"`
}

// loadConfig reads the file (a missing default one is an empty one), then the
// variables. Errors name the key.
func loadConfig(h *house, lookup func(string) (string, bool)) (config, error) {
	c := config{Retention: retentionConfig{Queues: 7, Quotes: 180, Letters: 7, Chats: 365, Readers: 5 * 365, Tickets: 2 * 365, Searches: 2 * 365}, Disk: diskConfig{Floor: 500}, Backup: backupConfig{Hour: 1, Keep: 14}, SMTP: smtpConfig{Port: 587, TLS: "starttls"}, Telegram: telegramConfig{Endpoint: "https://api.telegram.org"}}
	path := h.config
	if path == "" {
		path = filepath.Join(h.data, "pst.toml")
	}
	b, err := os.ReadFile(path)
	if err != nil && (h.config != "" || !errors.Is(err, os.ErrNotExist)) {
		return c, fmt.Errorf("read configuration: %w", err)
	}
	d := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return c, fmt.Errorf("read %s: unknown key: %s", path, strings.TrimSpace(strict.String()))
		}
		return c, fmt.Errorf("read %s: %w", path, err)
	}
	if err := override(reflect.ValueOf(&c).Elem(), "PST", lookup); err != nil {
		return c, err
	}
	return c, nil
}

// override sets every scalar field that has a variable.
func override(v reflect.Value, prefix string, lookup func(string) (string, bool)) error {
	for i := range v.NumField() {
		f, field := v.Type().Field(i), v.Field(i)
		name := prefix + "_" + strings.ToUpper(f.Tag.Get("toml"))
		if field.Kind() == reflect.Struct {
			if err := override(field, name, lookup); err != nil {
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
		}
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

// office makes the desk's office: the published defaults, changed by whatever
// the configuration says.
func (c config) office() (conversation.Office, error) {
	zone, err := time.LoadLocation(or(c.Office.Zone, "Asia/Jakarta"))
	if err != nil {
		return conversation.Office{}, fmt.Errorf("office.zone: %w", err)
	}
	o := conversation.DefaultOffice(zone)
	for _, x := range []struct {
		to   *string
		from string
	}{{&o.Name, c.Office.Name}, {&o.Unit, c.Office.Unit}, {&o.Code, c.Office.Code}, {&o.Address, c.Office.Address}, {&o.Telephone, c.Office.Telephone},
		{&o.Website, c.Office.Website}, {&o.Email, c.Office.Email}, {&o.ReaderPrefix, c.Office.Prefix}, {&o.ComplaintBox, c.Office.ComplaintBox},
		{&o.ComplaintURL, c.Office.ComplaintURL}, {&o.ComplaintEmail, c.Office.ComplaintEmail}, {&o.ComplaintPhone, c.Office.ComplaintPhone},
		{&o.ComplaintName, c.Office.ComplaintName}} {
		*x.to = or(x.from, *x.to)
	}
	for _, x := range []struct {
		to   *[]string
		from []string
		name string
	}{{&o.Lists.Genders, c.Office.Genders, "genders"}, {&o.Lists.Educations, c.Office.Educations, "educations"}, {&o.Lists.Occupations, c.Office.Occupations, "occupations"},
		{&o.Lists.Origins, c.Office.Origins, "origins"}, {&o.Lists.Disabilities, c.Office.Disabilities, "disabilities"}, {&o.Lists.Purposes, c.Office.Purposes, "purposes"},
		{&o.Lists.Categories, c.Office.Categories, "categories"}} {
		if len(x.from) > 12 || slices.Contains(x.from, "") {
			return o, fmt.Errorf("office.%s: 1 to 12 entries, none empty", x.name)
		}
		if len(x.from) > 0 {
			*x.to = x.from
		}
	}
	if len(o.Code) != 4 || strings.Trim(o.Code, "0123456789") != "" {
		return o, fmt.Errorf("office.code: must be four digits, such as 1906")
	}
	if c.Office.Consent > 0 {
		o.Consent = c.Office.Consent
	}
	if c.Office.KeepYears > 0 {
		o.KeepYears = c.Office.KeepYears
	}
	o.OpenSearch, o.ProfileFirst = c.Search.Open, c.Registration.ProfileFirst
	for _, h := range c.Office.Holidays {
		if _, err := time.Parse(time.DateOnly, h); err != nil {
			return o, fmt.Errorf("office.holidays: %q must be a date such as 2026-12-25", h)
		}
		o.Holidays = append(o.Holidays, h)
	}
	if len(c.Office.Hours) > 0 {
		o.Hours = nil
		for _, line := range c.Office.Hours {
			h, err := parseHours(line)
			if err != nil {
				return o, fmt.Errorf("office.hours: %w", err)
			}
			o.Hours = append(o.Hours, h)
		}
	}
	return o, nil
}

var dayNames = []string{"minggu", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu"}

// parseHours reads "senin 08:00-15:30".
func parseHours(line string) (conversation.Hours, error) {
	day, times, _ := strings.Cut(strings.ToLower(strings.TrimSpace(line)), " ")
	from, to, _ := strings.Cut(strings.ReplaceAll(times, ".", ":"), "-")
	d := slices.Index(dayNames, day)
	a, errA := time.Parse("15:04", strings.TrimSpace(from))
	b, errB := time.Parse("15:04", strings.TrimSpace(to))
	if d < 0 || errA != nil || errB != nil || !a.Before(b) {
		return conversation.Hours{}, fmt.Errorf("%q must be like \"senin 08:00-15:30\"", line)
	}
	since := func(t time.Time) time.Duration {
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	return conversation.Hours{Day: time.Weekday(d), From: since(a), To: since(b)}, nil
}

// lookup is where the variables come from.
var lookup = os.LookupEnv

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

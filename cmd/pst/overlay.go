package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"pst/conversation"
)

// kantorFile is what staff set at the page, in the data folder. It lies over pst.toml
// and under the variables.
const kantorFile = "kantor.toml"

// overlay is what kantor.toml may say.
type overlay struct {
	Office *officeConfig       `toml:"office"`
	Staff  []staffConfig       `toml:"staff"`
	Loans  *conversation.Loans `toml:"loans"`
}

// origins tells of each key, as in "office.hours", where its value comes from when it
// is not pst.toml: kantor.toml, or the name of a variable.
type origins map[string]string

// over lays kantor.toml over the configuration: what it says counts, also where it is
// empty.
func (c *config) over(text []byte, from origins) error {
	top := overlay{Office: &c.Office, Loans: &c.Loans}
	if err := decode(text, &top); err != nil {
		return err
	}
	var has struct {
		Office, Loans map[string]any
		Staff         []any
	}
	if err := toml.Unmarshal(text, &has); err != nil {
		return err
	}
	if _, ok := has.Office["code"]; ok {
		return errors.New("office.code: it tells one desk from another and belongs into pst.toml")
	}
	for section, keys := range map[string]map[string]any{"office": has.Office, "loans": has.Loans} {
		for key := range keys {
			from[section+"."+key] = kantorFile
		}
	}
	if has.Staff != nil {
		c.Staff, from["staff"] = top.Staff, kantorFile
	}
	return nil
}

// decode reads TOML whose every key is known; an error names line and key.
func decode(text []byte, into any) error {
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(into)
	var strict *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		return fmt.Errorf("unknown key: %s", strings.TrimSpace(strict.String()))
	case errors.As(err, &wrong):
		row, _ := wrong.Position()
		return fmt.Errorf("line %d: %w", row, err)
	}
	return err
}

// read reads a file of the data folder; a draft in its place where there is one.
func (h *house) read(name string) ([]byte, error) {
	if text, ok := h.drafts[name]; ok {
		return text, nil
	}
	return os.ReadFile(h.path(name))
}

// wrong tells that the configuration cannot be used, and from which files it is.
func (c config) wrong(err error) error {
	for _, from := range c.from {
		if from == kantorFile {
			return fmt.Errorf("%w with %s: %w", errSettings, kantorFile, err)
		}
	}
	return fmt.Errorf("%w: %w", errSettings, err)
}

// lines lists the origins for people.
func (o origins) lines() []string {
	var out []string
	for key, from := range o {
		out = append(out, key+": "+from)
	}
	slices.Sort(out)
	return out
}

// put writes one section's key into kantor.toml's text, or takes it out where value is
// nil. Comments of an engineer are not kept: the file is the page's.
func (o overlayText) put(section, key string, value any) {
	part, _ := o[section].(map[string]any)
	if part == nil {
		part = map[string]any{}
	}
	if part[key] = value; value == nil {
		delete(part, key)
	}
	if o[section] = part; len(part) == 0 {
		delete(o, section)
	}
}

// overlayText is kantor.toml as it is written.
type overlayText map[string]any

const overlayHead = "# Ditulis oleh halaman petugas (menu Kantor). Isinya berlaku di atas pst.toml.\n"

func (h *house) overlayText() (overlayText, error) {
	out := overlayText{}
	text, err := h.read(kantorFile)
	if err == nil {
		err = toml.Unmarshal(text, (*map[string]any)(&out))
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", h.path(kantorFile), err)
	}
	return out, nil
}

func (o overlayText) bytes() ([]byte, error) {
	text, err := toml.Marshal(map[string]any(o))
	return append([]byte(overlayHead), text...), err
}

// putUnlike puts a value that differs from what holds without kantor.toml, and takes
// the key out where it is the same or empty.
func (o overlayText) putUnlike(section, key string, value, without any) {
	if value == "" || reflect.DeepEqual(value, without) {
		value = nil
	}
	o.put(section, key, value)
}

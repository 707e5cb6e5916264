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
)

// kantorFile is what staff set at the page, in the data folder. It lies over pst.toml
// and under the variables.
const kantorFile = "kantor.toml"

// overlay is kantor.toml: what it says counts, and of the rest pst.toml.
type overlay struct {
	Office officeConfig  `toml:"office"`
	Staff  []staffConfig `toml:"staff"`
	Loans  loansConfig   `toml:"loans"`
}

// origins tells of each key, as in "office.hours", where its value comes from when it
// is not pst.toml: kantor.toml, or the name of a variable.
type origins map[string]string

// over lays kantor.toml over the configuration.
func (c *config) over(text []byte, from origins) error {
	var top overlay
	if err := decode(text, &top); err != nil {
		return err
	}
	var has map[string]any
	if err := toml.Unmarshal(text, &has); err != nil {
		return err
	}
	for section, to := range map[string]reflect.Value{"office": reflect.ValueOf(&c.Office).Elem(), "loans": reflect.ValueOf(&c.Loans).Elem()} {
		keys, _ := has[section].(map[string]any)
		new := reflect.ValueOf(top.Office)
		if section == "loans" {
			new = reflect.ValueOf(top.Loans)
		}
		for i := range to.NumField() {
			key := to.Type().Field(i).Tag.Get("toml")
			if _, ok := keys[key]; !ok {
				continue
			}
			if section == "office" && key == "code" {
				return errors.New("office.code: it tells one desk from another and belongs into pst.toml")
			}
			to.Field(i).Set(new.Field(i))
			from[section+"."+key] = kantorFile
		}
	}
	if _, ok := has["staff"]; ok {
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

// lines lists the origins for people.
func (o origins) lines() []string {
	var out []string
	for key, from := range o {
		out = append(out, key+": "+from)
	}
	slices.Sort(out)
	return out
}

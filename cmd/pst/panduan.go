package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"pst/cmd/pst/guide"
	"pst/conversation"
)

// guideCmd prints the operator's guide, with the office's facts in it.
type guideCmd struct {
	HTML bool   `name:"html" help:"Sebagai satu halaman HTML, untuk dibaca di HP dan dicetak."`
	Out  string `help:"Simpan sebagai berkas ini; tanpa ini dicetak di sini." short:"o" type:"path"`
}

// guideWidth is how many characters stand in a line of the guide on a terminal.
const guideWidth = 78

func (c guideCmd) Run(h *house) error {
	facts, err := h.guideFacts()
	if err != nil {
		return err
	}
	var text []byte
	if c.HTML {
		text, err = guide.Page(facts)
	} else {
		var lines string
		lines, err = guide.Text(facts, guideWidth)
		text = []byte(lines)
	}
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = h.std.out.Write(text)
		return err
	}
	if err := writeNew(c.Out, text); err != nil {
		return fmt.Errorf("write guide: %w", err)
	}
	fmt.Fprintf(h.std.out, "Panduan ditulis ke %s.\n", c.Out)
	return nil
}

// guideFacts are those of the office as it is set; who reads the guide because the
// configuration cannot be used reads it with the facts that the program knows.
func (h *house) guideFacts() (guide.Facts, error) {
	_, office, texts, err := h.settings()
	if err != nil {
		usual := conversation.DefaultOffice(time.UTC)
		office = &usual
		if texts, err = conversation.NewTexts(office, ""); err != nil {
			return guide.Facts{}, err
		}
	}
	at, _ := os.ReadFile(h.path(pageFile)) // there while the page is served
	return guideOf(office, texts, strings.TrimSpace(string(at)))
}

// guideOf are the facts of an office whose page is at an address.
func guideOf(o *conversation.Office, texts *conversation.Texts, page string) (guide.Facts, error) {
	f := guide.Facts{Office: o.Name, Page: page}
	orders, err := conversation.StaffOrders(texts)
	for _, c := range orders {
		if c.What != "" {
			f.Commands = append(f.Commands, guide.Command{Usage: c.Usage, What: c.What})
		}
	}
	return f, err
}

package main

import (
	"fmt"

	"pst/conversation"
)

// graphCmd prints the dialogue: its chapters, or one of them.
type graphCmd struct {
	Chapter string `arg:"" optional:"" help:"The states of one chapter instead of the overview."`
	Answers bool   `help:"The whole dialogue as text: each question with its answers and where they lead."`
}

func (c graphCmd) Run(h *house) error {
	text, err := conversation.Graph(c.Chapter)
	if c.Answers && err == nil {
		var texts *conversation.Texts
		if _, _, texts, err = h.settings(); err == nil {
			text, err = conversation.Dialogue(texts)
		}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(h.std.out, text)
	return err
}

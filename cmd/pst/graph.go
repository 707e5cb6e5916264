package main

import (
	"fmt"

	"pst/conversation"
)

// graphCmd prints the dialogue: its chapters, or one of them.
type graphCmd struct {
	Chapter string `arg:"" optional:"" help:"Keadaan satu bab saja, bukan semuanya."`
	Answers bool   `help:"Seluruh percakapan sebagai teks: setiap pertanyaan dengan jawabannya dan kelanjutannya."`
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

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pst/conversation"
	"pst/store"
)

// asideNames are the kinds of rows that are set aside, as staff are told of them.
var asideNames = map[string]string{"message": "pesan masuk", "send": "pesan keluar", "session": "percakapan",
	"reader": "data pembaca",
	"ticket": "tiket", "post": "balasan tiket", "visit": "kunjungan", "publication": "publikasi",
	"page": "halaman publikasi"}

// keepAside tells, once, of rows that could not be read and were set aside: the
// person whose message it was, that it must be sent again, and staff.
func keepAside(ctx context.Context, h *house, d *desk) {
	told := ""
	every(ctx, 2*time.Second, func() {
		if err := tellAside(ctx, h, d); err != nil && ctx.Err() == nil && err.Error() != told {
			told = err.Error()
			h.log.Error("telling of rows set aside failed", "error", err)
		}
	})
}

func tellAside(ctx context.Context, h *house, d *desk) error {
	rows, err := d.db.Untold(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	apology, err := d.texts().Text("fault", nil)
	if err != nil {
		return err
	}
	return d.db.Told(ctx, rows, asideLetters(h, d.office(), apology, rows)...)
}

func asideLetters(h *house, o *conversation.Office, apology string, rows []store.Aside) []conversation.Send {
	var out []conversation.Send
	var kinds []string
	count := map[string]int{}
	sorry := map[conversation.Address]bool{}
	for _, r := range rows {
		h.log.Error("a row cannot be read and was set aside", "kind", r.Kind, "number", r.ID, "why", r.Why)
		if count[r.Kind]++; count[r.Kind] == 1 {
			kinds = append(kinds, r.Kind)
		}
		if r.Kind == "message" && r.Chat != "" && !sorry[r.Chat] {
			sorry[r.Chat] = true
			out = append(out, conversation.Send{To: r.Chat, Text: apology})
		}
	}
	var named []string
	for _, k := range kinds {
		named = append(named, fmt.Sprintf("%d %s", count[k], asideNames[k]))
	}
	text := "Ada catatan yang tidak dapat dibaca lagi dan disisihkan: " + strings.Join(named, ", ") +
		". Yang lain berjalan seperti biasa. Mohon pengelola sistem menjalankan pst check -deep."
	return append(out, toStaff(o, "Catatan disisihkan "+o.Name, text)...)
}

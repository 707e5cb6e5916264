package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"pst/conversation"
)

// exported is everything kept of one reader, in the form they download. Its keys
// are for people, so they are in their language.
type exported struct {
	Reader   conversation.Reader             `json:"pembaca"`
	Chats    []conversation.Address          `json:"alamat"`
	Visits   []exportedVisit                 `json:"kunjungan"`
	Excerpts []exportedExcerpt               `json:"kutipan"`
	Pages    map[string]conversation.PageSet `json:"halaman_terpakai"`
	Tickets  []exportedTicket                `json:"tiket"`
	Wishes   []conversation.Wish             `json:"titipan,omitempty"`
}

type exportedVisit struct {
	Mode      string    `json:"cara"`
	Purpose   string    `json:"tujuan"`
	OpenedAt  time.Time `json:"mulai"`
	Delivered time.Time `json:"kutipan_diterima,omitzero"`
	Score     int       `json:"nilai,omitempty"`
	Comment   string    `json:"komentar,omitempty"`
}

type exportedExcerpt struct {
	Code        string               `json:"kode"`
	Publication string               `json:"publikasi"`
	Pages       conversation.PageSet `json:"halaman"`
	Mark        conversation.Mark    `json:"tanda"`
	Requested   time.Time            `json:"diminta"`
	Delivered   time.Time            `json:"diterima,omitzero"`
	Failed      time.Time            `json:"gagal,omitzero"`
}

type exportedTicket struct {
	ID       string               `json:"nomor"`
	Category string               `json:"kategori"`
	State    string               `json:"status"`
	OpenedAt time.Time            `json:"dibuat"`
	Text     string               `json:"isi"`
	Photos   []conversation.Media `json:"foto,omitempty"`
	Thread   []exportedPost       `json:"percakapan,omitempty"`
}

type exportedPost struct {
	By   string    `json:"dari"`
	At   time.Time `json:"waktu"`
	Text string    `json:"isi"`
}

// Export returns all that is kept of a reader as indented JSON, for the reader's
// own download; conversation.ErrNotFound for an unknown id. The keyed hashes are
// left out: they are of use only inside this database.
func (db *DB) Export(ctx context.Context, reader int64) ([]byte, error) {
	text, err := db.export(ctx, reader)
	return text, doing("export reader", err)
}

func (db *DB) export(ctx context.Context, reader int64) ([]byte, error) {
	out := exported{Pages: map[string]conversation.PageSet{}}
	var err error
	if out.Reader, err = db.Reader(ctx, reader); err != nil {
		return nil, err
	}
	out.Reader.EmailHash, out.Reader.Card.Hash = "", ""
	if out.Chats, err = db.Chats(ctx, reader); err != nil {
		return nil, err
	}
	if out.Visits, err = db.exportVisits(ctx, reader); err != nil {
		return nil, err
	}
	excerpts, err := db.Excerpts(ctx, reader)
	if err != nil {
		return nil, err
	}
	for _, e := range excerpts {
		out.Excerpts = append(out.Excerpts, exportedExcerpt{
			e.Code, e.Publication, e.Pages, e.Mark, e.RequestedAt, e.DeliveredAt, e.FailedAt,
		})
	}
	err = db.each(ctx, `SELECT publication, page FROM ledger WHERE page > 0 AND person = (SELECT person FROM readers WHERE id = ?)`, []any{reader}, func(row scanner) error {
		var id string
		var page int
		err := row.Scan(&id, &page)
		out.Pages[id] = out.Pages[id].Union(conversation.PageSet{page})
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, chat := range out.Chats {
		list, err := db.Wishes(ctx, chat)
		if err != nil {
			return nil, err
		}
		out.Wishes = append(out.Wishes, list...)
	}
	tickets, err := db.Tickets(ctx, "", reader)
	if err != nil {
		return nil, err
	}
	for _, t := range slices.Backward(tickets) {
		posts, err := db.Posts(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		e := exportedTicket{ID: t.ID, Category: t.Category, State: t.State, OpenedAt: t.OpenedAt, Text: t.Text,
			Photos: t.Photos}
		for _, p := range posts {
			e.Thread = append(e.Thread, exportedPost{p.By, p.At, p.Text})
		}
		out.Tickets = append(out.Tickets, e)
	}
	return json.MarshalIndent(out, "", "  ")
}

func (db *DB) exportVisits(ctx context.Context, reader int64) ([]exportedVisit, error) {
	var out []exportedVisit
	err := db.each(ctx, `SELECT v.id, v.mode, v.purpose, v.opened, v.delivered, coalesce(r.score, 0), r.comment
		FROM visits v LEFT JOIN ratings r ON r.visit = v.id WHERE v.reader = ? ORDER BY v.opened`, []any{reader}, func(row scanner) error {
		var v exportedVisit
		var opened, delivered int64
		var comment []byte
		var visit string
		if err := row.Scan(&visit, &v.Mode, &v.Purpose, &opened, &delivered, &v.Score, &comment); err != nil {
			return err
		}
		text, err := db.seal.open("comment", visit, comment)
		if err != nil {
			text = nil // pst check -deep names it; the rest is the reader's all the same
		}
		v.OpenedAt, v.Delivered, v.Comment = at(opened), at(delivered), string(text)
		out = append(out, v)
		return nil
	})
	return out, err
}

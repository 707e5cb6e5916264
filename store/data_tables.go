package store

import (
	"context"
	"encoding/json"
	"fmt"

	"pst/conversation"
)

// DataTables returns the trusted tables of a publication that staff have not silenced, in
// order of page; none for an unknown one. A row that cannot be read is set aside.
func (db *DB) DataTables(ctx context.Context, publication string) ([]conversation.DataTable, error) {
	return db.dataTables(ctx, publication, "")
}

// DataTable implements [conversation.Store].
func (db *DB) DataTable(ctx context.Context, publication, key string) (conversation.DataTable, error) {
	list, err := db.dataTables(ctx, publication, key)
	if err == nil && (key == "" || len(list) == 0) {
		err = fmt.Errorf("load table: %w", conversation.ErrNotFound)
	}
	if err != nil {
		return conversation.DataTable{}, err
	}
	return list[0], nil
}

// dataTables are the tables of a publication, or the one with a key.
func (db *DB) dataTables(ctx context.Context, publication, key string) (out []conversation.DataTable, err error) {
	var bad []asideRow
	err = db.each(ctx, `SELECT key, data FROM data_tables WHERE publication = ?1 AND `+offered+` AND (?2 = '' OR key = ?2)
		AND key NOT IN (SELECT key FROM silent_tables WHERE publication = ?1) ORDER BY page, key`, []any{publication, key},
		func(row scanner) error {
			var key string
			var packed []byte
			if err := row.Scan(&key, &packed); err != nil {
				return err
			}
			var t conversation.DataTable
			text, unreadable := inflate(packed)
			if unreadable == nil {
				unreadable = json.Unmarshal(text, &t)
			}
			if unreadable != nil {
				bad = append(bad, asideRow{kind: "data table", row: fmt.Sprint(publication, "/", key), why: unreadable})
				return nil
			}
			out = append(out, t)
			return nil
		})
	if err == nil {
		err = db.setAside(ctx, bad...)
	}
	return out, doing("load tables", err)
}

// StaleTables are the publications whose files another version of the reading of tables
// than this one has read, or none.
func (db *DB) StaleTables(ctx context.Context, version int) ([]conversation.Publication, error) {
	read := map[string]int{}
	err := db.each(ctx, `SELECT substr(name, length(?1) + 1), value FROM meta WHERE substr(name, 1, length(?1)) = ?1`,
		[]any{tablesReadOf}, func(row scanner) error {
			var id string
			var v int
			err := row.Scan(&id, &v)
			read[id] = v
			return err
		})
	if err != nil {
		return nil, doing("list tables read", err)
	}
	var out []conversation.Publication
	for p, err := range db.Publications(ctx) {
		if err != nil {
			return nil, err
		}
		if p.File != "" && read[p.ID] != version {
			out = append(out, p)
		}
	}
	return out, nil
}

// SaveDataTables replaces the tables of a publication by those read from its file by
// this version of the reading, if it still has that file.
func (db *DB) SaveDataTables(
	ctx context.Context, p conversation.Publication, tables []conversation.DataTable, version int,
) error {
	return doing("save tables", db.update(ctx, func(t *tx) error {
		r, err := t.resting(p.ID)
		if err != nil || r.stored.SHA256 != p.SHA256 {
			return err
		}
		if err := t.saveDataTables(p.ID, tables, version); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE publications SET version = `+nextVersion+` WHERE id = ?`, p.ID)
		return err
	}))
}

// tablesReadOf begins the names under which meta keeps what version of the reading a
// publication's tables come from.
const tablesReadOf = "tables read of "

// saveDataTables replaces the tables of a publication. Of two with one key none is kept:
// nobody could tell which of them an answer came from.
func (t *tx) saveDataTables(publication string, tables []conversation.DataTable, version int) error {
	if _, err := t.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)`, tablesReadOf+publication, version); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM data_tables WHERE publication = ?`, publication); err != nil {
		return err
	}
	times := map[string]int{}
	for _, d := range tables {
		times[d.Key()]++
	}
	for _, d := range tables {
		if times[d.Key()] > 1 {
			continue
		}
		text, err := json.Marshal(d)
		if err != nil {
			return fmt.Errorf("write table %s: %w", d.Key(), err)
		}
		if _, err := t.exec(`INSERT INTO data_tables (publication, key, page, data) VALUES (?, ?, ?, ?)`,
			publication, d.Key(), d.Page, deflate(text)); err != nil {
			return fmt.Errorf("table %s: %w", d.Key(), err)
		}
	}
	return nil
}

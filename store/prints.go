package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"pst/conversation"
)

// print tells what stands on a page, so that the page is known again under
// another number, in another file and in another record.
type print struct {
	page  int
	print string // 16 bytes
	blank bool
}

// leastWords is how many letters and digits make a page one to be known by.
const leastWords = 12

// printOf takes the letters and digits of a page. A page without them is known
// only in the very same file, by its number.
func printOf(sha string, number int, text string) print {
	words := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
	blank := len(words) < leastWords
	if blank {
		words = fmt.Sprintf("%s\x00%d", sha, number)
	}
	sum := sha256.Sum256([]byte(words))
	return print{number, string(sum[:16]), blank}
}

func printsOf(sha string, pages []conversation.Page) []print {
	out := make([]print, 0, len(pages))
	for _, p := range pages {
		out = append(out, printOf(sha, p.Number, p.Text))
	}
	return out
}

// prints are the pages of a publication that are known, in order; those of an
// earlier file come last. What an older program kept has them only as text.
func (t *tx) prints(publication string) (out []print, err error) {
	err = t.each(`SELECT page, print, blank FROM prints WHERE publication = ? ORDER BY page < 0, abs(page)`,
		[]any{publication},
		func(row scanner) error {
			var p print
			var b []byte
			err := row.Scan(&p.page, &b, &p.blank)
			p.print = string(b)
			out = append(out, p)
			return err
		})
	if err != nil || len(out) > 0 {
		return out, err
	}
	var record []byte
	if err = t.row(`SELECT record FROM publications WHERE id = ?`, publication).Scan(&record); errors.Is(err,
		sql.ErrNoRows) {
		return nil, nil
	}
	var p conversation.Publication
	if err != nil || json.Unmarshal(record, &p) != nil { // a record that cannot be read names no file
		return nil, err
	}
	err = t.each(pageColumns+`WHERE publication = ? ORDER BY number`, []any{publication}, func(row scanner) error {
		page, _, err := scanPage(row)
		out = append(out, printOf(p.SHA256, page.Number, page.Text))
		return err
	})
	return out, err
}

func (t *tx) savePrints(publication string, prints []print) error {
	for _, p := range prints {
		if _, err := t.exec(`INSERT OR REPLACE INTO prints (publication, page, print, blank) VALUES (?, ?, ?, ?)`,
			publication, p.page, []byte(p.print), flag(p.blank)); err != nil {
			return err
		}
	}
	return nil
}

// pair says for each page known before which page it is now. Pages with the same
// words follow one another in the order they had. Those without words keep their
// numbers where the files are otherwise page by page the same.
func pair(before, now []print) map[int]int {
	places := map[string][]int{}
	for _, p := range now {
		places[p.print] = append(places[p.print], p.page)
	}
	out := map[int]int{}
	still := true // every page with words has kept its number
	worded := 0
	for _, p := range before {
		at := places[p.print]
		if len(at) > 0 {
			out[p.page], places[p.print] = at[0], at[1:]
		}
		if p.page > 0 && !p.blank {
			worded++
			still = still && out[p.page] == p.page
		}
	}
	if !still || worded == 0 || standing(before) != standing(now) {
		return out
	}
	for _, p := range now {
		if _, there := out[p.page]; p.blank && p.page > 0 && !there {
			out[p.page] = p.page
		}
	}
	return out
}

// standing counts the pages of the present file.
func standing(prints []print) int {
	n := 0
	for _, p := range prints {
		if p.page > 0 {
			n++
		}
	}
	return n
}

// far is more than any page's number: a page on its way to its new one.
const far = 10_000_000

// renumber has the ledger follow the pages of a publication into a new file, or
// into another record when that turns out to be the same publication. Pages that
// are no longer there get a number below 0: they are counted, and known again
// when they come back. It returns the prints to keep of what is gone.
func (t *tx) renumber(from, into string, before, now []print) (gone []print, err error) {
	held, err := column[int](t, `SELECT DISTINCT page FROM ledger WHERE publication = ?`, from)
	if err != nil || len(held) == 0 {
		return nil, err
	}
	least := 0
	for _, p := range append(before, now...) {
		least = min(least, p.page)
	}
	known := map[int]print{}
	for _, p := range before {
		known[p.page] = p
	}
	to := pair(before, now)
	for _, page := range held {
		if _, there := to[page]; there {
			continue
		}
		p, there := known[page]
		if !there { // of a file whose pages nobody read
			p = printOf(from, page, "")
		}
		least--
		to[page], p.page = least, least
		gone = append(gone, p)
	}
	var moves [][2]int
	for _, page := range held {
		moves = append(moves, [2]int{page, to[page]})
	}
	if _, err := t.exec(`UPDATE ledger SET page = page + ? WHERE publication = ?`, far, from); err != nil {
		return nil, err
	}
	_, err = t.exec(`UPDATE ledger SET publication = ?1, page = m.new
		FROM (SELECT json_extract(value, '$[0]') AS old, json_extract(value, '$[1]') AS new FROM json_each(?2)) AS m
		WHERE ledger.publication = ?3 AND ledger.page = m.old + ?4`, into, list(moves), from, far)
	return gone, err
}

// newFile puts the pages of a publication's new file in the place of those it
// had.
func (t *tx) newFile(publication, sha string, before []print, pages []conversation.Page) error {
	now := printsOf(sha, pages)
	gone, err := t.renumber(publication, publication, before, now)
	if err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM prints WHERE publication = ?`, publication); err != nil {
		return err
	}
	return t.savePrints(publication, append(now, gone...))
}

// SameBook finds the publication that has these pages: the same file under
// another name, downloaded anew, or an edition corrected on some pages. It may
// be one that was withdrawn. "" when there is none.
func (db *DB) SameBook(ctx context.Context, sha string, pages []conversation.Page) (id string, err error) {
	asked := map[string]bool{}
	worded := 0
	for _, p := range printsOf(sha, pages) {
		if !p.blank && !asked[p.print] {
			worded++
		}
		asked[p.print] = true
	}
	err = db.update(ctx, func(t *tx) error {
		if err := t.printAll(); err != nil {
			return err
		}
		var hex []string
		for p := range asked {
			hex = append(hex, fmt.Sprintf("%X", p))
		}
		best := 0
		return t.each(`SELECT a.publication, count(DISTINCT a.print), (SELECT count(DISTINCT print) FROM prints b
			WHERE b.publication = a.publication AND b.page > 0 AND b.blank = 0) FROM prints a
			WHERE a.print IN (SELECT unhex(value) FROM json_each(?)) AND a.page > 0 GROUP BY a.publication ORDER BY a.publication`,
			[]any{list(hex)}, func(row scanner) error {
				var found string
				var common, theirs int
				if err := row.Scan(&found, &common, &theirs); err != nil {
					return err
				}
				if common > best && 2*common >= max(worded, theirs) {
					id, best = found, common
				}
				return nil
			})
	})
	return id, doing("look for the same publication", err)
}

// printAll takes the prints of publications that an older program took in.
func (t *tx) printAll() error {
	ids, err := column[string](t, `SELECT id FROM publications p WHERE contents IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM prints WHERE publication = p.id)`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		prints, err := t.prints(id)
		if err == nil {
			err = t.savePrints(id, prints)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// MergePublications makes one record of two that are the same publication: what
// readers have of one counts for the other from here on, and so do its excerpts. The
// file of the one that goes is kept where the other has none. If one of them was
// withdrawn, so is what they become. The id of the one that goes stands for the other's
// in later imports. Told again, or of a record that is not there, it changes nothing.
func (db *DB) MergePublications(ctx context.Context, from, into string) (changed bool, err error) {
	err = db.update(ctx, func(t *tx) (err error) {
		changed, err = t.mergePublications(from, into)
		return err
	})
	return changed && err == nil, doing("merge publications", err)
}

func (t *tx) mergePublications(from, into string) (bool, error) {
	var gone, kept conversation.Publication
	withdrawn := false
	for id, p := range map[string]*conversation.Publication{from: &gone, into: &kept} {
		var record []byte
		var deleted bool
		err := t.row(`SELECT record, deleted FROM publications WHERE id = ? AND same = ''`, id).Scan(&record, &deleted)
		if errors.Is(err, sql.ErrNoRows) || err == nil && json.Unmarshal(record, p) != nil {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		withdrawn = withdrawn || deleted
	}
	if from == into {
		return false, nil
	}
	if err := t.joinPages(from, into, kept.File == "" && gone.File != ""); err != nil {
		return false, err
	}
	record, err := json.Marshal(keep(kept, gone))
	if err != nil {
		return false, err
	}
	if _, err := t.exec(`UPDATE publications SET record = ?, deleted = ?, version = `+nextVersion+` WHERE id = ?`,
		string(record),
		flag(withdrawn), into); err != nil {
		return false, err
	}
	for _, end := range []string{
		`UPDATE excerpts SET publication = ?2 WHERE publication = ?1`,
		`UPDATE publications SET same = ?2 WHERE same = ?1`,
		`UPDATE publications SET deleted = 1, pages = 0, contents = NULL, entries = NULL, same = ?2, version = ` +
			nextVersion + ` WHERE id = ?1`,
	} {
		if _, err := t.exec(end, from, into); err != nil {
			return false, err
		}
	}
	return true, nil
}

// joinPages brings the ledger of two records under one of them. moves says that
// the file of the one that goes is the one to keep.
func (t *tx) joinPages(from, into string, moves bool) error {
	before, err := t.prints(from)
	if err != nil {
		return err
	}
	now, err := t.prints(into)
	if err != nil {
		return err
	}
	for _, query := range []string{
		`INSERT OR IGNORE INTO silent_tables (publication, key, since) SELECT ?2, key, since FROM silent_tables WHERE publication = ?1`,
		`DELETE FROM silent_tables WHERE publication = ?1 AND ?2 <> ''`,
		`UPDATE answers SET publication = ?2 WHERE publication = ?1`,
	} {
		if _, err := t.exec(query, from, into); err != nil {
			return err
		}
	}
	last := []string{`DELETE FROM pages WHERE publication = ?1 AND ?2 <> ''`,
		`DELETE FROM prints WHERE publication = ?1 AND ?2 <> ''`,
		`DELETE FROM data_tables WHERE publication = ?1 AND ?2 <> ''`}
	var lost []print
	if moves {
		lost, err = t.renumber(into, into, now, before)
		now = before
		last = []string{
			`UPDATE ledger SET publication = ?2 WHERE publication = ?1`,
			`UPDATE pages SET publication = ?2 WHERE publication = ?1`,
			`DELETE FROM data_tables WHERE publication = ?2 AND ?1 <> ''`,
			`UPDATE data_tables SET publication = ?2 WHERE publication = ?1`,
			`DELETE FROM prints WHERE publication = ?1 AND ?2 <> ''`,
			`UPDATE publications SET (pages, contents, entries) =
				(SELECT pages, contents, entries FROM publications WHERE id = ?1) WHERE id = ?2`,
		}
	} else {
		lost, err = t.renumber(from, into, before, now)
	}
	if err != nil {
		return err
	}
	for _, query := range last {
		if _, err := t.exec(query, from, into); err != nil {
			return err
		}
	}
	if _, err := t.exec(`DELETE FROM prints WHERE publication = ?`, into); err != nil {
		return err
	}
	return t.savePrints(into, append(now, lost...))
}

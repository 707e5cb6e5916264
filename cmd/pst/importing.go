package main

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"pst/bot/web"
	"pst/conversation"
	"pst/store/holdings"
	"pst/store/intake"
)

// importing brings publications into a library, for pst import and for the page alike.
type importing struct {
	desk   *desk
	office string            // code of records that name none
	strict bool              // all of them become strict
	say    func(line string) // what a person should know of a record

	// Of files, once learn has been called.
	held    map[string]string                   // ids by the digests of files
	known   map[string]conversation.Publication // by id
	out     map[string]bool                     // ids of those withdrawn
	matcher *intake.Matcher
}

// records yields all that the library has, what was withdrawn last.
func (d *desk) records(ctx context.Context) iter.Seq2[conversation.Publication, error] {
	return func(yield func(conversation.Publication, error) bool) {
		for p, err := range d.db.Publications(ctx) {
			if !yield(p, err) || err != nil {
				return
			}
		}
		withdrawn, err := d.db.Withdrawn(ctx)
		if err != nil {
			yield(conversation.Publication{}, err)
			return
		}
		for _, p := range withdrawn {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// readList reads a CSV file, or a WebAPI answer by its name. What was read before an
// error is returned with it; one of the system is an *fs.PathError.
func readList(path, office string) (intake.Result, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return intake.Result{}, err
	}
	if strings.EqualFold(filepath.Ext(path), ".json") {
		return intake.WebAPI(b, office)
	}
	return intake.CSV(b, office)
}

// records saves the records of a list, and returns how many of them it has changed.
func (i *importing) records(ctx context.Context, r intake.Result) (int, error) {
	changed, err := i.desk.db.SavePublications(ctx, r.Publications)
	if err != nil {
		return 0, err
	}
	loose, err := i.desk.db.SetStrict(ctx, false, r.Loose...)
	if err != nil {
		return 0, err
	}
	changed = min(changed+loose, len(r.Publications))
	if i.strict {
		var ids []string
		for _, p := range r.Publications {
			ids = append(ids, p.ID)
		}
		strict, err := i.desk.db.SetStrict(ctx, true, ids...)
		if err != nil {
			return 0, err
		}
		changed = min(changed+strict, len(ids))
	}
	return changed, i.join(ctx, r.Publications)
}

// join makes one of records that are the same publication as one of a list: what a
// spreadsheet or a file was taken in as before the website's record was known.
func (i *importing) join(ctx context.Context, listed []conversation.Publication) error {
	var all []conversation.Publication
	for p, err := range i.desk.records(ctx) {
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	for _, pair := range intake.Doubles(all, listed) {
		changed, err := i.desk.db.MergePublications(ctx, pair.From.ID, pair.Into.ID)
		if err != nil {
			return err
		}
		if changed {
			i.say(fmt.Sprintf("%s: menjadi satu dengan %s (%s)", pair.From.ID, pair.Into.ID, pair.Into.Title))
		}
	}
	return nil
}

// learn reads what the library has, so that files find their records.
func (i *importing) learn(ctx context.Context) error {
	i.held, i.known, i.out = map[string]string{}, map[string]conversation.Publication{}, map[string]bool{}
	var records []conversation.Publication
	for p, err := range i.desk.records(ctx) {
		if err != nil {
			return err
		}
		if p.SHA256 != "" {
			i.held[p.SHA256] = p.ID
		}
		i.known[p.ID] = p
		if p.Office == i.office {
			records = append(records, p)
		}
	}
	withdrawn, err := i.desk.db.Withdrawn(ctx)
	for _, p := range withdrawn {
		i.out[p.ID] = true
	}
	i.matcher = intake.NewMatcher(records)
	return err
}

// fresh, in the place of a record's id, makes a publication of its own of a file.
const fresh = web.NewBook

// place is where a file belongs.
type place struct {
	to conversation.Publication // with what is known of the file
	// merged is the id of the record that becomes one with it: the same book.
	merged string
	// same says that the library has the book already, so that it can belong nowhere else.
	same bool
	new  bool
}

// file adds a file to the publication with the id returned: the one that matches, or
// the one chosen. Known bytes are passed over without reading them.
func (i *importing) file(ctx context.Context, path, chosen string) (id string, changed bool, err error) {
	name := filepath.Base(path)
	sha, there, err := i.desk.holdings.Sum(path)
	if err != nil {
		return "", false, err
	}
	if id = i.held[sha]; !there || id == "" {
		added, err := i.desk.holdings.Add(ctx, path)
		if err != nil {
			return "", false, err
		}
		at, err := i.place(ctx, name, added, chosen)
		if err != nil {
			return "", false, err
		}
		id = at.to.ID
		if at.merged != "" {
			if _, err := i.desk.db.MergePublications(ctx, at.merged, id); err != nil {
				return "", false, err
			}
			i.say(fmt.Sprintf("%s: isinya sudah pernah masuk (%s); kini milik “%s” (%s)", name, at.merged, at.to.Title, id))
		} else if at.same {
			i.say(fmt.Sprintf("%s: isinya sudah ada sebagai “%s” (%s)", name, at.to.Title, id))
		}
		if changed, err = i.desk.db.SavePublication(ctx, at.to, &added.Contents); err != nil {
			return "", false, err
		}
		i.held[added.SHA256], i.known[id] = id, at.to
	}
	if i.out[id] {
		i.say(fmt.Sprintf("%s: publikasinya (%s) ditarik petugas dan tetap ditarik", name, id))
	}
	if i.strict {
		marked, err := i.desk.db.SetStrict(ctx, true, id)
		if err != nil {
			return "", false, err
		}
		changed = changed || marked > 0
	}
	return id, changed, nil
}

// place finds where a file belongs. One that is a book of the library already, under
// another name or downloaded anew, goes to that book's record, whatever was chosen:
// two records of one book would be two rights to its pages. Where its name, its title
// or the choice leads to a record that waits for its file, the book gets that record.
func (i *importing) place(ctx context.Context, name string, a holdings.Added, chosen string) (place, error) {
	at := place{to: conversation.Publication{Office: i.office, File: a.File, SHA256: a.SHA256, Pages: a.Pages}}
	id, ok := i.matcher.Match(name, a.Title)
	if chosen != "" {
		id, ok = chosen, chosen != fresh
	}
	if ok {
		at.to.ID = id
	} else {
		at.to.Title = intake.Title(or(a.Title, strings.TrimSuffix(name, filepath.Ext(name))))
		at.to.ID = intake.FileID(i.office, at.to.Title, a.SHA256)
		if _, taken := i.known[at.to.ID]; taken && chosen == fresh {
			at.to.ID = intake.FileID(i.office, "", a.SHA256)
		}
		if at.to.Year = intake.Year(at.to.Title, ""); at.to.Year == 0 {
			at.to.Year = a.Year
		}
	}
	record, there := i.known[at.to.ID]
	at.new = !there
	book, err := i.desk.db.SameBook(ctx, a.SHA256, a.Contents.Pages)
	if book == "" || book == at.to.ID || err != nil {
		at.same = book != ""
		at.described(record)
		return at, err
	}
	at.same = true
	if there && record.File == "" && intake.OwnID(book) && !i.out[book] {
		at.merged = book
		at.described(record)
		return at, nil
	}
	at.new = false
	p := i.known[book]
	at.to.ID = book
	at.described(p)
	return at, nil
}

// described fills in what the record that a file goes to says of itself.
func (p *place) described(record conversation.Publication) {
	if record.ID != "" {
		p.to.Office, p.to.Title, p.to.Year = record.Office, record.Title, record.Year
	}
}

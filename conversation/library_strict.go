package conversation

import (
	"errors"
	"slices"
	"strings"
)

// StrictOf tells whether excerpts of a publication are marked pictures and nothing
// else: because it was said of it, or of all that its office publishes.
func (o *Office) StrictOf(p Publication) bool { return p.Strict || slices.Contains(o.Strict, p.Office) }

// strictly changes how excerpts of a publication are handed out from now on, once
// it is clear which is meant; without words it lists the strict ones.
func (t *turn) strictly(o order) error {
	if plain(o.text) == "" {
		return t.listStrict()
	}
	p, err := t.publicationTyped(o.text)
	if errors.Is(err, ErrPreparing) || isMissing(err) {
		t.say("staff.strict_unknown", D{"Verb": o.verb, "Preparing": !isMissing(err)})
		return nil
	}
	if err != nil {
		return err
	}
	if p.Strict == (o.verb == strictVerb) {
		t.sayStrict(p)
		return nil
	}
	return t.askFirst(&Plan{Steps: []PlanStep{{Verb: o.verb, Text: p.ID + " " + oneLine(p.Title)}}})
}

const (
	strictVerb = "KETAT"
	looseVerb  = "LONGGAR"
)

// publicationTyped finds a publication by its id or, the best that answers, by words
// of its title.
func (t *turn) publicationTyped(typed string) (Publication, error) {
	typed = oneLine(typed)
	if !strings.Contains(typed, " ") {
		if p, err := t.store.Publication(t.ctx, typed); err == nil || !isMissing(err) {
			return p, err
		}
	}
	found, err := t.catalogue.Search(t.ctx, Query{Text: typed, Limit: 1, TitlesOnly: true})
	if err != nil {
		return Publication{}, err
	}
	if len(found.Hits) == 0 {
		return Publication{}, ErrNotFound
	}
	return t.store.Publication(t.ctx, found.Hits[0].ID)
}

// setStrict carries out what was confirmed; step is the id and the title.
func (t *turn) setStrict(strict bool, step string) error {
	id, _, _ := strings.Cut(step, " ")
	p, err := t.store.Publication(t.ctx, id)
	if isMissing(err) {
		t.say("staff.strict_unknown", D{"Verb": strictVerb, "Preparing": false})
		return nil
	}
	if err != nil {
		return err
	}
	p.Strict = strict
	t.do(SetStrict{p.ID, strict})
	t.audit("strictness changed", p.ID)
	t.sayStrict(p)
	return nil
}

func (t *turn) sayStrict(p Publication) {
	t.say("staff.strict", D{"Title": cut(oneLine(p.Title), 160), "ID": p.ID, "Strict": p.Strict,
		"Wholly": t.office.StrictOf(p) && !p.Strict, "Publisher": t.office.Publisher(p.Office)})
}

// strictShown is how many strict publications staff are listed.
const strictShown = 8

func (t *turn) listStrict() error {
	list, err := t.store.StrictPublications(t.ctx)
	if err != nil {
		return err
	}
	var lines, offices []string
	for _, p := range list[:min(len(list), strictShown)] {
		lines = append(lines, disarmed(cut(oneLine(p.Title), 40))+" ("+p.ID+")")
	}
	for _, code := range t.office.Strict {
		offices = append(offices, t.office.Publisher(code))
	}
	t.say("staff.strict_list", D{"Lines": lines, "Total": len(list), "Offices": cut(strings.Join(offices, ", "), 200)})
	return nil
}

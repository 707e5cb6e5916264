package conversation

// listPart is the part of a configured list on show, and whether there is
// another: a list that is too long is shown in two parts.
func (t *turn) listPart(list []string) ([]string, bool) {
	const part = menuLines - 1
	if len(list) <= menuLines {
		return list, false
	}
	from := t.s.Data.ListPage * part
	if from >= len(list) {
		from = 0
	}
	return list[from:min(from+part, len(list))], true
}

// restOfList shows the other part of a list; after the last the first comes again.
func (t *turn) restOfList() (string, error) {
	t.s.Data.ListPage++
	if t.s.Data.ListPage*(menuLines-1) >= len(t.table[t.s.State].list(t)) {
		t.s.Data.ListPage = 0
	}
	return t.s.State, nil
}

package conversation

import "slices"

// listPart is the part of a configured list on show: a list that is too long is
// shown in parts. more is the key of what leads on to part next, "" where there
// is but one.
func (t *turn) listPart(list []string) (part []string, first int, more string, next int) {
	const most = menuLines - 1
	if len(list) <= menuLines {
		return list, 1, "", 0
	}
	at := t.s.Data.ListPage
	if at < 0 || at*most >= len(list) {
		at = 0
	}
	part = list[at*most : min((at+1)*most, len(list))]
	if (at+1)*most >= len(list) { // after the last the first comes again
		return part, at*menuLines + 1, "list:first", 0
	}
	return part, at*menuLines + 1, "list:more", at + 1
}

// restOfList shows another part of a list: the one that the button names, so that
// a second tap shows the same, or the one that follows.
func (t *turn) restOfList() (string, error) {
	_, _, _, next := t.listPart(t.table[t.s.State].list(t))
	t.s.Data.ListPage = atoiOr(t.subject, next)
	t.paging = true
	return t.s.State, nil
}

// lineKey names a line of a configured list for a button, whose data is short.
func lineKey(line string) string {
	if len(line) <= len(digest(line)) {
		return line
	}
	return digest(line)
}

// lineOf is the line that a key names: the key itself, where it names none.
func lineOf(list []string, key string) string {
	if i := slices.IndexFunc(list, func(l string) bool { return lineKey(l) == key }); i >= 0 {
		return list[i]
	}
	return key
}

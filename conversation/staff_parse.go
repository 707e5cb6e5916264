package conversation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// How staff are understood. A quote is an answer, whatever its first word. A
// command is a bare verb, alone or with the number of a ticket, or the verb in
// capitals as it is printed, unless it and what follows it are a sentence of their own
// ("TOLAK angin …"). Everything else is an answer in their own words, of
// which nothing is cut off.

var (
	tailShape = regexp.MustCompile(`^[0-9A-Za-z]{3}$`)
	digit     = regexp.MustCompile(`[0-9]`)
	// besideNumber is what people write beside a number and between two.
	besideNumber = []string{
		"no", "nomor", "nomer", "tiket", "nomortiket", "dan", "sama", "serta", "&", "+", "/", "-", ":", "#",
	}
)

// piece is a word of a line with where it begins and ends.
type piece struct {
	from, to int
	bare     string // without the punctuation around it
}

func pieces(line string) []piece {
	var out []piece
	at := -1
	end := func(to int) {
		if at >= 0 {
			out = append(out, piece{at, to, strings.Trim(line[at:to], " .,;:!?()*#\"'")})
			at = -1
		}
	}
	for i, r := range line {
		switch {
		case unicode.IsSpace(r) || r == ',' || r == '/' || r == '&' || r == '+':
			end(i)
		case at < 0:
			at = i
		}
	}
	end(len(line))
	return out
}

// capitals tells whether a text has letters and no small one.
func capitals(s string) bool { return strings.ToUpper(s) == s && strings.ToLower(s) != s }

// ticketNamed is the ticket that a word names, among those of the member of staff;
// shaped tells whether it looks like a number at all. A word without a digit is
// one only in capitals and when there is such a ticket.
func (t *turn) ticketNamed(word string) (k Ticket, found, shaped bool, err error) {
	if id, ok := ticketID(word); ok {
		k, found, err = t.ticketOf(id)
		return k, found, true, err
	}
	if !tailShape.MatchString(word) || !digit.MatchString(word) && !capitals(word) {
		return Ticket{}, false, false, nil
	}
	list, err := t.store.TicketsByTail(t.ctx, strings.ToUpper(word))
	if err != nil {
		return Ticket{}, false, false, err
	}
	list = slices.DeleteFunc(list, func(k Ticket) bool { return !t.office.Owns(t.member, k) })
	if i := slices.IndexFunc(list, func(k Ticket) bool { return k.ID == t.quoting }); i >= 0 {
		return list[i], true, true, nil
	}
	if len(list) == 0 {
		return Ticket{}, false, digit.MatchString(word), nil
	}
	if len(list) > 1 && !list[1].Closed() { // from before tails were unique
		t.twins = list
	}
	return list[0], true, true, nil
}

// leadingNumbers takes the numbers of tickets at the beginning of a text off it,
// with what joins them. unknown is the first that is no ticket of this member.
func (t *turn) leadingNumbers(text string) (list []Ticket, rest, unknown string, err error) {
	rest = text
	ps := pieces(text)
	for i, p := range ps {
		if p.bare == "" || slices.Contains(besideNumber, strings.ToLower(p.bare)) {
			continue
		}
		k, found, shaped, err := t.ticketNamed(p.bare)
		if err != nil {
			return nil, "", "", err
		}
		if !found {
			if shaped && len(list) == 0 && i <= 2 {
				unknown = p.bare
			}
			break
		}
		if !slices.ContainsFunc(list, func(x Ticket) bool { return x.ID == k.ID }) {
			list = append(list, k)
		}
		rest = strings.TrimLeft(text[p.to:], " \n,:;-")
	}
	return list, rest, unknown, nil
}

// verbOf finds the command whose verb a line begins with, and what follows it.
// printed tells whether it stands there in capitals, while the rest does not.
func (t *turn) verbOf(line string) (c *command, rest string, printed bool) {
	for i := range t.commands {
		c := &t.commands[i]
		for _, verb := range append([]string{c.verb}, c.also...) {
			if len(line) < len(verb) || !strings.EqualFold(line[:len(verb)], verb) {
				continue
			}
			rest := line[len(verb):]
			if rest != "" && (unicode.IsLetter([]rune(rest)[0]) || unicode.IsDigit([]rune(rest)[0])) {
				continue
			}
			typed := line[:len(verb)]
			rest = strings.Trim(rest, " \n")
			return c, strings.TrimLeft(rest, " \n:,;-.!?"), capitals(typed) && !capitals(rest)
		}
	}
	return nil, line, false
}

// orderIn reads a command out of a line; nil when it is none. With a quote only
// the ticket quoted counts as named by the last characters of its number.
func (t *turn) orderIn(line string, quoted *Ticket) (*order, error) {
	c, rest, printed := t.verbOf(line)
	if c == nil {
		return t.numberFirst(line)
	}
	o := &order{command: c, text: rest}
	bare := plain(rest) == "" || word(rest) == "" || slices.Contains(fillers, plain(rest))
	switch c.takes {
	case nothing:
		if !bare {
			return nil, nil
		}
		return o, nil
	case answerCode: // "Salah kirim, Pak" and "Percaya saja" are answers
		if code, _ := answerCodeIn(rest); code != "" ||
			bare && (printed || !c.phrase && strings.HasPrefix(strings.ToUpper(line), c.verb)) {
			return o, nil
		}
		if s, err := t.silentNamed(rest); err != nil || s != nil && c.verb == rightVerb {
			return o, err
		}
		return nil, nil
	case period:
		if _, files, err := t.reportAsked(rest); err == nil || files && len(strings.Fields(rest)) <= 3 {
			return o, nil
		}
		fallthrough
	case excerptCode, readerNumber, readerAndReason, searchWords, publication, onOrOff:
		if shape := argumentShapes[c.takes]; bare || printed || shape != nil && shape.MatchString(rest) {
			return o, nil
		}
		return nil, nil
	}
	list, text, unknown, err := t.leadingNumbers(rest)
	if err != nil {
		return nil, err
	}
	if quoted != nil {
		list = slices.DeleteFunc(list, func(k Ticket) bool {
			return k.ID != quoted.ID && !strings.Contains(strings.ToUpper(rest), k.ID)
		})
		if len(list) == 0 {
			text, unknown = rest, ""
		}
	}
	switch {
	case len(list) > 0:
		o.tickets, o.text = list, text
	case unknown != "" && quoted == nil:
		t.say("staff.unknown", D{"Number": unknown})
		t.answered = true
		return o, nil
	case quoted == nil && capitals(line) && tailShape.MatchString(rest): // "TERIMA ZZZ"
		t.say("staff.unknown", D{"Number": rest})
		t.answered = true
		return o, nil
	case bare:
		o.text = ""
	case !printed || c.words == none || c.idiom(rest):
		return nil, nil
	case c.phrase: // "TERIMA kasih atas …"
		o.text = line
	}
	if quoted != nil && len(o.tickets) == 0 {
		if !c.fits(*quoted) {
			return nil, nil
		}
		o.tickets = []Ticket{*quoted}
	}
	return o, nil
}

// formOrder reads an order that leaves nothing to be guessed, as a form of the desk's
// page writes it: its first line is a verb with the whole number of a ticket, and
// whatever stands in the lines behind is the text, also what would be an order or the
// number of another ticket by itself. nil when it is none.
func (t *turn) formOrder(in string) (*order, error) {
	first, text, _ := strings.Cut(in, "\n")
	c, number, _ := t.verbOf(first)
	id, whole := ticketID(number)
	if c == nil || c.takes != ticketNumber || !whole {
		return nil, nil
	}
	k, found, err := t.ticketOf(id)
	if err == nil && !found {
		t.say("staff.unknown", D{"Number": id})
		t.answered = true
	}
	if err != nil || !found {
		return nil, err
	}
	return &order{command: c, tickets: []Ticket{k}, text: text}, nil
}

// argumentShapes are how an argument looks that is no ticket.
var argumentShapes = map[argument]*regexp.Regexp{
	excerptCode:     regexp.MustCompile(`(?i)^[0-9a-z]{5}-?[0-9a-z]{4,10}$|^[a-z]{0,5}[0-9][0-9a-z]{0,5}$`),
	readerAndReason: eraseShape,
	readerNumber:    regexp.MustCompile(`(?i)^(no(mor)?\.? )?([a-z]{1,8}[- ]?)?\d{1,9}$`),
	searchWords:     regexp.MustCompile(`(?i)^tolak \S+( \S+)?$`),
	publication:     regexp.MustCompile(`(?i)\b(19|20)\d\d$|^[0-9a-f]{24}$|^[0-9a-z]+(-[0-9a-z]+)+$`),
	onOrOff:         regexp.MustCompile(`(?i)^[a-z]+$`),
	period:          regexp.MustCompile(`(?i)^((\d{1,2}|[a-z]+)[ /.-]+)?\d{4}$|^[a-z]+$`),
}

// numberFirst reads "205 selesai", and a number alone, which shows its ticket.
func (t *turn) numberFirst(line string) (*order, error) {
	list, rest, _, err := t.leadingNumbers(line)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if rest == "" {
		return &order{command: t.commandNamed("LIHAT"), tickets: list}, nil
	}
	if c, after, _ := t.verbOf(rest); c != nil && c.takes == ticketNumber && after == "" {
		return &order{command: c, tickets: list}, nil
	}
	return &order{command: t.commandNamed("BALAS"), tickets: list, text: rest}, nil
}

func (t *turn) commandNamed(verb string) *command {
	i := slices.IndexFunc(t.commands, func(c command) bool { return c.verb == verb })
	return &t.commands[i]
}

// ticketOf finds a ticket of this member of staff by its whole number.
func (t *turn) ticketOf(id string) (Ticket, bool, error) {
	k, err := t.store.Ticket(t.ctx, id)
	if isMissing(err) {
		return Ticket{}, false, nil
	}
	if err != nil || !t.office.Owns(t.member, k) {
		return Ticket{}, false, err
	}
	return k, true, nil
}

package conversation

import (
	"slices"
	"strings"
)

// What follows the verb of a command.
type argument int

const (
	nothing argument = iota
	ticketNumber
	readerNumber // may be left out: the list is meant
	readerAndReason
	excerptCode
	period
	searchWords // may be left out
	publication // by id or words of its title; may be left out: the list is meant
	onOrOff     // may be left out
	answerCode  // with words behind; may be left out: the list is meant
)

// command is one line of the table of what staff may order. Help, parsing and
// tests follow from it. None lifts the 20% cap.
type command struct {
	verb  string // in capitals, as it is printed
	also  []string
	takes argument
	words need // after the number
	// phrase: the verb begins many a sentence, in capitals too; without a number
	// nothing of it is taken off.
	phrase bool
	rare   bool // help does not list it
	// idioms begin the words with which the verb, in capitals too, is no order: "TOLAK
	// angin", "SELESAI rapat".
	idioms []string
	kinds  []string // of tickets it is for; nil: all
	do     func(*turn, order) error
}

// need is whether a command takes words after its number.
type need int

const (
	none need = iota
	some
	must
)

// order is a command as it was given.
type order struct {
	*command
	tickets []Ticket
	text    string // words, or what the argument says
}

// commands are the commands of staff, in the order in which help lists them.
func commands() []command {
	asked := []string{KindComplaint, KindHandoff}
	return []command{
		{verb: "ANTREAN", also: []string{"antrian", "daftar tiket"}, do: (*turn).queue},
		{verb: "LIHAT", also: []string{"buka"}, takes: ticketNumber, do: (*turn).showThread},
		{verb: "TERIMA", takes: ticketNumber, words: some, phrase: true, kinds: asked, do: (*turn).orderTicket},
		{verb: "BALAS", also: []string{"jawab"}, takes: ticketNumber, words: must, do: (*turn).orderTicket,
			idioms: []string{"dendam", "budi", "jasa", "pantun", "surat", "membalas"}},
		{verb: "SELESAI", also: []string{"tutup"}, takes: ticketNumber, words: some, kinds: asked, do: (*turn).orderTicket,
			idioms: []string{"rapat", "acara", "makan", "istirahat", "salat", "shalat", "sholat", "cuti", "libur", "kerja",
				"jam",
				"pukul", "nanti", "besok", "lusa", "minggu", "bulan", "tanggal", "tgl", "hari", "sebelum", "sesudah", "setelah",
				"paling", "tidaknya", "atau", "belum", "kira"}},
		{verb: "TOLAK", takes: ticketNumber, words: must, do: (*turn).orderTicket,
			idioms: []string{"angin", "ukur", "balik", "bala", "peluru", "bakar"}},
		{verb: "TERUSKAN", takes: ticketNumber, words: must, do: (*turn).forwardTo},
		{verb: "FOTO", also: []string{"lampiran"}, takes: ticketNumber, do: (*turn).sendPhotos},
		{verb: "SETUJU", also: []string{"setujui"}, takes: ticketNumber, words: some, kinds: []string{KindVerify, KindLoan},
			do: (*turn).orderTicket},
		{verb: "KEMBALI", takes: ticketNumber, words: some, phrase: true, kinds: []string{KindLoan}, do: (*turn).orderTicket},
		{verb: "TEMPLAT", also: []string{"template"}, do: (*turn).listCanned},
		{verb: "CEK KODE", takes: excerptCode, do: (*turn).checkCode},
		{verb: wrongVerb, takes: answerCode, phrase: true, do: (*turn).judgeAnswer},
		{verb: rightVerb, also: []string{"benar"}, takes: answerCode, do: (*turn).judgeAnswer},
		{verb: "BEKUKAN", takes: readerNumber, do: (*turn).freeze},
		{verb: "CAIRKAN", takes: readerNumber, do: (*turn).freeze},
		{verb: eraseVerb, takes: readerAndReason, rare: true, do: (*turn).eraseOrdered},
		{verb: strictVerb, takes: publication, do: (*turn).strictly},
		{verb: looseVerb, takes: publication, do: (*turn).strictly},
		{verb: "LAPORAN", also: []string{"report"}, takes: period, do: (*turn).staffReport},
		{verb: "RINGKASAN", takes: onOrOff, do: (*turn).setBrief},
		{verb: "KATA", takes: searchWords, do: func(t *turn, o order) error { return t.staffWords(o.text) }},
		{verb: "MASUK", do: (*turn).openDoor},
		{verb: "KELUAR", do: (*turn).shutDoors},
		{verb: "PEMBACA", do: (*turn).asReader},
		{verb: "ID SAYA", do: (*turn).ownID},
		{verb: "BANTUAN", also: []string{"menu", "help", "perintah", "?"}, do: (*turn).staffHelp},
	}
}

// idiom tells whether the verb and the words behind it are a sentence of their own.
func (c *command) idiom(words string) bool {
	first := strings.ToLower(oneLine(words))
	return slices.ContainsFunc(c.idioms, func(i string) bool { return strings.HasPrefix(first, i) })
}

// fits tells whether a command can be given for a ticket.
func (c *command) fits(k Ticket) bool { return c.kinds == nil || slices.Contains(c.kinds, k.Kind) }

// usage is how a command is typed, with the number of a ticket that is there.
func (t *turn) usage(c *command, number string) string {
	s := c.verb
	switch c.takes {
	case ticketNumber:
		s += " " + number
	case nothing:
	default:
		s += " " + t.text("usage:"+strings.ToLower(c.verb), nil)
	}
	if c.takes == ticketNumber && c.words != none {
		s += " " + t.text("usage:"+strings.ToLower(c.verb), nil)
	}
	return "*" + s + "*"
}

// staffHelp lists the commands, with the number of a ticket that the member of
// staff has.
func (t *turn) staffHelp(order) error {
	number, err := t.exampleNumber()
	if err != nil {
		return err
	}
	lines := []string{t.text("staff.help", D{"Name": t.member.Name})}
	for _, c := range t.commands {
		if c.rare {
			continue
		}
		lines = append(lines, t.usage(&c, number)+" "+t.text("command:"+strings.ToLower(c.verb), nil))
	}
	t.said = append(t.said, strings.Join(lines, "\n"))
	return nil
}

// exampleNumber is the end of a ticket that the member of staff has, where there is
// one, for the examples in what they are told.
func (t *turn) exampleNumber() (string, error) {
	mine, err := t.openTickets()
	if err != nil || len(mine) == 0 {
		return t.text("usage:number", nil), err
	}
	return mine[0].tail(), nil
}

// listCanned lists the short answers of the office's texts.
func (t *turn) listCanned(order) error {
	var lines []string
	for _, key := range t.texts.canned() {
		lines = append(lines, "#"+key+": "+t.text(cannedPrefix+key, nil))
	}
	number, err := t.exampleNumber()
	if err != nil {
		return err
	}
	t.said = append(t.said, t.text("staff.canned", D{"Tail": number})+"\n"+strings.Join(lines, "\n"))
	return nil
}

const cannedPrefix = "canned:"

// canned are the names of the short answers, sorted.
func (x *Texts) canned() []string {
	var out []string
	for _, key := range x.Keys() {
		if name, ok := strings.CutPrefix(key, cannedPrefix); ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// asReader treats a member of staff like anybody else until they write petugas.
func (t *turn) asReader(order) error {
	t.dropPlan()
	t.s.Data.AsReader = true
	t.say("staff.reader", nil)
	return nil
}

// ownID tells a person what the desk knows their chat by, so that it can be
// configured.
func (t *turn) ownID(order) error {
	t.sayID()
	return nil
}

func (t *turn) sayID() {
	id := t.s.Chat.Rest()
	if phone, ok := strings.CutSuffix(id, "@s.whatsapp.net"); ok {
		id = "+" + phone
	}
	t.say("own_id", D{"Channel": channelName(t.s.Chat), "Address": t.s.Chat.Scheme() + ":" + id})
}

package conversation

import "slices"

// newTicket draws a ticket number whose end no other open ticket has, with a digit
// in it, so that no word is taken for it.
func (t *turn) newTicket(kind string) (Ticket, error) {
	tail, err := t.freshTail()
	if err != nil {
		return Ticket{}, err
	}
	v, _, err := t.visit()
	if err != nil {
		return Ticket{}, err
	}
	return Ticket{ID: kind + "-" + t.at.In(t.office.Zone).Format("060102") + "-" + tail, Kind: kind, Reader: t.s.Reader,
		Chat: t.s.Chat, Mode: or(v.Mode, Online), State: StateNew, OpenedAt: t.at}, nil
}

func (t *turn) freshTail() (string, error) {
	for tries := 0; ; tries++ {
		tail, err := random(t.random, 3)
		if err != nil {
			return "", err
		}
		if !digit.MatchString(tail) {
			continue
		}
		list, err := t.store.TicketsByTail(t.ctx, tail)
		if err != nil {
			return "", err
		}
		// Some thirty thousand ends: with an office's open tickets the second draw is free.
		if tries > 20 || !slices.ContainsFunc(list, func(k Ticket) bool { return !k.Closed() }) {
			return tail, nil
		}
	}
}

// forward sends the ticket's card to its owners; when none can be reached, a copy
// goes by e-mail.
func (t *turn) forward(k Ticket) {
	reached := false
	for _, s := range t.office.Owners(k) {
		if len(s.Addresses) > 0 {
			t.sendCard(s, k, []string{t.card(k)})
			reached = true
		}
	}
	if !reached {
		t.mailCopy(k)
	}
}

// sendCard sends what is known of a ticket to one of its owners; whether it
// arrives is told (see letterTold).
func (t *turn) sendCard(s Staff, k Ticket, paragraphs []string) {
	t.cardTo(s.Addresses[0], k, paragraphs)
}

func (t *turn) cardTo(to Address, k Ticket, paragraphs []string) {
	if to.Scheme() == Mail {
		t.mailTo(to, k)
		return
	}
	messages := pack(paragraphs)
	for i, m := range messages {
		send := Send{To: to, Text: m, Ref: "ticket:" + k.ID, Report: true}
		if i == len(messages)-1 {
			send.Menu, send.Options = staffMenu, t.verbs(k)
		}
		t.do(send)
	}
}

// verbs are the buttons under a card; their keys are what would be typed.
func (t *turn) verbs(k Ticket) []Option {
	var out []Option
	for _, c := range commands() {
		if c.takes == ticketNumber && c.fits(k) && c.verb != "TERUSKAN" && (c.verb != "FOTO" || len(k.Photos) > 0) &&
			(c.verb != "KEMBALI" || k.State == StateLent) {
			out = append(out, Option{Key: c.verb + " " + k.ID, Label: c.verb})
		}
	}
	return out
}

// card is what staff read of a new ticket.
func (t *turn) card(k Ticket) string {
	key := "forward"
	switch k.Kind {
	case KindVerify:
		key = "verify.forward"
	case KindLoan:
		key = "loan.forward"
	}
	return t.text(key, t.cardData(k))
}

func (t *turn) cardData(k Ticket) D {
	who := D{"Shown": false}
	if k.Identity == Named && k.Reader != 0 {
		if r, err := t.store.Reader(t.ctx, k.Reader); err == nil {
			who = D{"Shown": true, "Name": r.Name, "Number": r.Number}
		}
	} else if k.Name != "" && k.Identity == Named {
		who = D{"Shown": true, "Name": k.Name, "Number": t.text("forward.unregistered", nil)}
	}
	return D{"Hints": !t.page, "Ticket": k, "Who": who, "Channel": channelName(k.Chat), "Tail": k.tail(),
		"Next":   t.backFor(k),
		"Answer": t.office.AddWorkingDays(k.OpenedAt, answerDays), "Finish": t.office.AddWorkingDays(k.OpenedAt, finishDays)}
}

func channelName(a Address) string {
	switch a.Scheme() {
	case "":
		return "" // an anonymous ticket has no chat
	case Telegram:
		return "Telegram"
	case WhatsApp:
		return "WhatsApp"
	case Web:
		return "peramban"
	}
	return "terminal"
}

// letterTold acts on what became of a letter about a ticket: a card that does not
// arrive, or not soon, goes to the owner's next address and by mail; of an answer
// that cannot reach its person the owners are told.
func (t *turn) letterTold(id string) error {
	k, err := t.store.Ticket(t.ctx, id)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.msg.From == k.Chat {
		if t.msg.Kind == Failed {
			t.tellOwners(k, "", "staff.undelivered", D{"Ticket": k})
			return nil
		}
		if t.msg.Kind == Delivered {
			return t.answerCame(id)
		}
		return nil
	}
	if t.msg.Kind == Delivered {
		return nil
	}
	if s, ok := t.office.member(t.msg.From); ok {
		i := slices.Index(s.Addresses, t.msg.From)
		for _, a := range s.Addresses[i+1:] {
			if a.Scheme() != Mail {
				t.cardTo(a, k, []string{t.card(k)})
				break
			}
		}
	}
	if !k.CopiedAt.IsZero() {
		return nil
	}
	k.CopiedAt = t.at
	t.do(UpdateTicket{k})
	n := len(t.effects)
	t.mailCopy(k)
	if len(t.effects) == n { // no mailbox may have it: whoever runs the desk must look
		t.log.Error("a ticket reaches nobody now: its card does not arrive, and no mailbox may be told", "ticket", k.ID)
	}
	return nil
}

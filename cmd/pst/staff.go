package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"pst/conversation"
)

// roles of staff in the configuration.
var roles = []string{conversation.Kasubbag, conversation.Second, conversation.Officer}

// members are the configured staff, as they are written. Without any, the published
// contact of the known office's complaint channel is the Kasubbag, on WhatsApp.
func (c config) members(o conversation.Office) []staffConfig {
	if len(c.Staff) == 0 && !c.foreign() && o.ComplaintPhone != "" {
		return []staffConfig{{Name: o.ComplaintName, Role: conversation.Kasubbag, Addresses: []string{"whatsapp:" +
			o.ComplaintPhone}}}
	}
	return c.Staff
}

// staff reads the configured staff.
func (c config) staff(o conversation.Office) ([]conversation.Staff, error) {
	var out []conversation.Staff
	var wrong []error
	seen := map[conversation.Address]string{}
	for i, s := range c.members(o) {
		where := fmt.Sprintf("staff %d (%s)", i+1, s.Name)
		if !slices.Contains(roles, s.Role) || s.Name == "" || len(s.Addresses) == 0 {
			wrong = append(wrong, forPeople{fmt.Errorf("staff %d: needs a name, addresses, and a role of %s", i+1,
				strings.Join(roles, ", ")), "Setiap petugas memerlukan nama, peran, dan paling sedikit satu alamat."})
			continue
		}
		if slices.ContainsFunc(out, func(m conversation.Staff) bool { return strings.EqualFold(m.Name, s.Name) }) {
			wrong = append(wrong, forPeople{fmt.Errorf("%s: the name is there already: give two people two names, "+
				"and one person all addresses in one place", where),
				fmt.Sprintf("Sudah ada petugas bernama %s. Beri nama yang berbeda.", s.Name)})
		}
		member := conversation.Staff{Name: s.Name, Role: s.Role}
		for _, name := range s.Days {
			day := slices.Index(dayNames, strings.ToLower(strings.TrimSpace(name)))
			if day < 0 {
				wrong = append(wrong, fmt.Errorf("%s: day %q: must be one of %s", where, name,
					strings.Join(dayNames, ", ")))
				continue
			}
			member.Days = append(member.Days, time.Weekday(day))
		}
		for _, text := range s.Addresses {
			a, err := staffAddress(text)
			if err == nil {
				err = c.own(a)
			}
			if err == nil && seen[a] != "" {
				err = forPeople{fmt.Errorf("address %q: it is %s's already: write it once", text, seen[a]),
					fmt.Sprintf("Alamat %s sudah tercatat untuk %s. Tulis satu kali saja.", text, seen[a])}
			}
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", where, err))
				continue
			}
			seen[a] = s.Name
			member.Addresses = append(member.Addresses, a)
		}
		out = append(out, member)
	}
	lends := func(s conversation.Staff) bool { return s.Name == o.Loans.Staff }
	if !slices.Contains(roles, o.Loans.Staff) && !slices.ContainsFunc(out, lends) {
		wrong = append(wrong, forPeople{fmt.Errorf("loans.staff: %q is nobody of staff: write one of %s, or a name of staff",
			o.Loans.Staff, strings.Join(roles, ", ")),
			fmt.Sprintf("Peminjaman buku masih ditangani %s. Ganti dahulu penanganya pada bagian Peminjaman.", o.Loans.Staff)})
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return out, nil
}

// own refuses the addresses of the desk itself: it would write to itself.
func (c config) own(a conversation.Address) error {
	phone, ok := conversation.NormalPhone(c.WhatsApp.Number)
	if ok && a == conversation.Address(conversation.WhatsApp+":"+strings.TrimPrefix(phone, "+")+"@s.whatsapp.net") {
		return forPeople{fmt.Errorf("address %q: that is the desk's own number (whatsapp.number): "+
			"write the number that the person reads", a.Masked()),
			"Itu nomor WhatsApp bot sendiri. Tulis nomor yang dibaca petugas."}
	}
	id, _, ok := strings.Cut(c.Telegram.Token, ":")
	if ok && id != "" && a == conversation.Address(conversation.Telegram+":"+id) {
		return forPeople{fmt.Errorf("address %q: that is the bot itself: write the number that it answers to ID SAYA",
			a.Masked()),
			"Itu bot sendiri. " + idSayaPeople}
	}
	return nil
}

var (
	telegramUser = regexp.MustCompile(`^[1-9]\d{2,14}$`)
	// mobileAsID is a mobile number of this country. Ids of Telegram have ten digits
	// today; one that begins like a number and is as long is none.
	mobileAsID = regexp.MustCompile(`^(\+|0|628\d{8})`)
	hiddenUser = regexp.MustCompile(`^\d{5,20}@lid$`)
	numberedTo = regexp.MustCompile(`^62\d{9,13}@s\.whatsapp\.net$`)
	idSaya     = "let the person write ID SAYA to the bot and put the number that it answers, as in telegram:123456789"
	// The same for who fills in a form.
	idSayaPeople = "Minta petugas menulis ID SAYA kepada bot, lalu tulis angka balasannya seperti telegram:123456789."
	phonePeople  = "Tulis nomor seperti biasa ditekan, misalnya 081234567890."
	phoneLike    = "write the number as the person dials it, as in whatsapp:081234567890"
)

// staffAddress reads an address as people write it: "whatsapp:0812-3456-7890",
// "telegram:3527065", "mailto:a@b.go.id". What cannot work is refused, with what to
// write instead.
func staffAddress(text string) (conversation.Address, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(text), ":")
	rest = strings.TrimSpace(rest)
	refuse := func(people, format string, more ...any) (conversation.Address, error) {
		return "", forPeople{fmt.Errorf("address %q: "+format, append([]any{text}, more...)...), text + ": " + people}
	}
	switch scheme {
	case conversation.WhatsApp:
		switch {
		case strings.HasSuffix(rest, "@g.us"):
			return refuse("grup tidak dapat menjadi petugas. "+phonePeople, "a group answers to nobody: %s", phoneLike)
		case strings.Contains(rest, "@"):
			if !hiddenUser.MatchString(rest) && !numberedTo.MatchString(rest) {
				return refuse("bukan akun WhatsApp. "+phonePeople, "no WhatsApp account looks so: %s", phoneLike)
			}
		default:
			phone, ok := conversation.NormalPhone(rest)
			if !ok {
				return refuse("bukan nomor HP Indonesia. "+phonePeople, "not an Indonesian mobile number: %s", phoneLike)
			}
			rest = strings.TrimPrefix(phone, "+") + "@s.whatsapp.net"
		}
	case conversation.Telegram:
		digits := strings.NewReplacer(" ", "", "-", "").Replace(rest)
		switch {
		case strings.HasPrefix(rest, "-"):
			return refuse("itu grup, bukan orang. "+idSayaPeople, "that is a group, which answers to nobody: %s", idSaya)
		case mobileAsID.MatchString(digits):
			return refuse("itu nomor HP, yang tidak dikenal bot Telegram. "+idSayaPeople,
				"that is a phone number, which Telegram tells no bot: %s", idSaya)
		case !telegramUser.MatchString(rest):
			return refuse("bot Telegram hanya mengenal angka, bukan nama. "+idSayaPeople,
				"Telegram lets a bot write to a numeric id only, not to a name: %s", idSaya)
		}
	case conversation.Mail:
		email, typo, err := conversation.CheckEmail(rest)
		switch {
		case err != nil:
			return refuse("bukan alamat email. Tulis seperti mailto:nama@bps.go.id.",
				"not an e-mail address: write it as in mailto:nama@bps.go.id")
		case typo != "":
			return refuse("sepertinya salah ketik. Maksudnya mailto:"+typo+"?", "the domain looks mistyped: write mailto:%s",
				typo)
		}
		rest = email
	case conversation.Terminal:
	default:
		return refuse("harus diawali whatsapp:, telegram:, atau mailto:. "+phonePeople,
			"must begin with whatsapp:, telegram: or mailto:; %s", phoneLike)
	}
	a, err := conversation.ParseAddress(scheme + ":" + rest)
	if err != nil {
		return refuse("bukan alamat yang dapat dipakai. "+phonePeople, "%w", err)
	}
	return a, nil
}

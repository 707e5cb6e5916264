package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"pst/conversation"
)

// ErrNumber is returned for text that is no phone number.
var ErrNumber = errors.New("not a phone number")

// Normalize reads a phone number written any way ("0812-3456-789",
// "+62 812 3456 789", "0062 812…", "62 0812…") and returns it as WhatsApp does
// ("628123456789"). What begins with 0, 62 or 8 is Indonesian, and so is what is a
// whole Indonesian number without its zero. It returns ErrNumber.
func Normalize(number string) (string, error) {
	if strings.ContainsFunc(number, unicode.IsLetter) { // else "0812-CARI" is a number too
		return "", ErrNumber
	}
	digits := strings.Map(func(r rune) rune {
		if d := phonenumbers.NormalizeDigitsOnly(string(r)); d != "" {
			return rune(d[0])
		}
		return -1
	}, number)
	foreign := strings.HasPrefix(strings.TrimLeft(number, " (\t"), "+")
	if rest, ok := strings.CutPrefix(digits, "00"); ok && !foreign {
		digits, foreign = rest, true
	}
	rest, coded := strings.CutPrefix(digits, "62")
	zero, local := strings.CutPrefix(digits, "0")
	switch {
	case coded:
		return home(strings.TrimPrefix(rest, "0")) // who keeps the zero behind the code
	case foreign:
		return abroad(digits)
	case local:
		return home(zero)
	case indonesian(digits) || strings.HasPrefix(digits, "8"):
		return home(digits)
	}
	return abroad(digits)
}

// indonesian tells whether the digits are a whole Indonesian number without code and zero.
func indonesian(national string) bool {
	n, err := phonenumbers.Parse("+62"+national, "")
	return err == nil && phonenumbers.IsValidNumberForRegion(n, "ID")
}

// home is an Indonesian number. New ranges of mobile numbers, which begin with 8, come
// faster than tables of them.
func home(national string) (string, error) {
	if !indonesian(national) && !strings.HasPrefix(national, "8") {
		return "", ErrNumber
	}
	return abroad("62" + national)
}

// abroad is any number with its country's code. Those that are read as another one
// when they are read again, as some with zeros behind the code, are none.
func abroad(digits string) (string, error) {
	n, err := phonenumbers.Parse("+"+digits, "")
	// No country has mobile numbers of fewer than 7 digits with its code, and E.164
	// ends at 15.
	if err != nil || !phonenumbers.IsPossibleNumber(n) || len(digits) < 7 || len(digits) > 15 ||
		phonenumbers.Format(n, phonenumbers.E164) != "+"+digits {
		return "", ErrNumber
	}
	return digits, nil
}

func addressOf(j types.JID) conversation.Address {
	return conversation.Address(conversation.WhatsApp + ":" + j.ToNonAD().String())
}

// jidOf reads one person's address.
func jidOf(a conversation.Address) (types.JID, error) {
	j, err := types.ParseJID(a.Rest())
	if err != nil || j.User == "" || !personal(j) || addressOf(j) != a {
		return types.EmptyJID, fmt.Errorf("%s: %w", a.Masked(), conversation.ErrAddress)
	}
	return j, nil
}

// personal tells whether an address is a person's, not a group's or a channel's.
func personal(j types.JID) bool {
	return (j.Server == types.DefaultUserServer || j.Server == types.HiddenUserServer) && !j.IsBot() &&
		j.User != types.PSAJID.User
}

// address is the one form under which the desk knows a person, given one form
// and the other if it is known: the number for staff, else the LID, else the number.
func (c *Channel) address(j, alt types.JID) conversation.Address {
	j, alt = j.ToNonAD(), alt.ToNonAD()
	for _, form := range []types.JID{j, alt} {
		if form.Server == types.DefaultUserServer && c.isNumberOfStaff(form.User) {
			return addressOf(form)
		}
	}
	if j.Server != types.HiddenUserServer && alt.Server == types.HiddenUserServer {
		j = alt
	}
	return addressOf(j)
}

// other is the second form of an address in whatsmeow's table, empty when none is known.
func other(ctx context.Context, lids store.LIDStore, j types.JID) (types.JID, error) {
	switch j.Server {
	case types.HiddenUserServer:
		return lids.GetPNForLID(ctx, j)
	case types.DefaultUserServer:
		return lids.GetLIDForPN(ctx, j)
	}
	return types.EmptyJID, nil
}

// learn tells the desk that two forms are one person, once per run of a client:
// telling it again does no harm, and after a crash it has to be.
func (k *link) learn(ctx context.Context, j, alt types.JID) error {
	if alt.IsEmpty() || k.c.cfg.Alias == nil {
		return nil
	}
	now := k.c.address(j, alt)
	old := addressOf(j)
	if old == now {
		old = addressOf(alt)
	}
	k.mu.Lock()
	done := k.announced[string(old)]
	k.mu.Unlock()
	if done || old == now {
		return nil
	}
	if err := k.c.cfg.Alias(ctx, old, now); err != nil {
		return fmt.Errorf("merge two forms of one address: %w", err)
	}
	k.mu.Lock()
	k.announced[string(old)] = true
	k.mu.Unlock()
	return nil
}

// knowStaff looks staff up before somebody is taken for a stranger whom WhatsApp names by
// a LID alone: what waited at the start comes before the look-up that each login brings.
// True when that was done just now.
func (k *link) knowStaff(ctx context.Context) bool {
	if k.staffKnown.Load() {
		return false
	}
	k.findStaff(ctx)
	return true
}

// findStaff asks WhatsApp for the LIDs of staff, so that they are recognised by
// them too. whatsmeow keeps the answers.
func (k *link) findStaff(ctx context.Context) {
	k.staffing.Lock()
	defer k.staffing.Unlock()
	var ask []string
	for n := range *k.c.staff.Load() {
		ask = append(ask, "+"+n)
	}
	if len(ask) == 0 {
		k.staffKnown.Store(true)
		return
	}
	found, err := k.client.IsOnWhatsApp(ctx, ask)
	if err != nil {
		if k.ctx.Err() == nil {
			k.c.cfg.Log.Warn("staff could not be looked up on WhatsApp", "error", redact(err))
		}
		return
	}
	k.staffKnown.Store(true)
	missing := len(ask)
	for _, f := range found {
		if f.IsIn {
			missing--
		}
	}
	if missing > 0 {
		k.c.cfg.Log.Warn("staff numbers that are not on WhatsApp", "count", missing)
	}
}

package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// kept are the places of the device file that name people: by a Signal address
// ("123_1:0", the user, 1 for a LID, the device) or by a JID.
var kept = []struct {
	table, column string
	signal        bool
}{
	{"whatsmeow_sessions", "their_id", true},
	{"whatsmeow_identity_keys", "their_id", true},
	{"whatsmeow_sender_keys", "sender_id", true},
	{"whatsmeow_privacy_tokens", "their_jid", false},
	{"whatsmeow_retry_buffer", "chat_jid", false},
	{"whatsmeow_chat_settings", "chat_jid", false},
	{"pst_keys", "address", true},
}

// freshKeys is for how long keys are kept of whoever they were used with: what a
// person has just written waits for its turn, and until that the desk knows nothing
// of them. Without its keys their next message could not be read, and would come
// behind those after it.
const freshKeys = 24 * time.Hour

// forgetStrangers removes what is kept of people of whom the desk keeps nothing any
// more, erased at their wish or after the retention period: known tells. Without the
// keys for reading them, their next message is asked for once more by whatsmeow.
func (d *device) forgetStrangers(ctx context.Context, now time.Time, known func(context.Context, ...types.JID) (bool,
	error)) error {
	people, err := d.people(ctx)
	if err != nil {
		return err
	}
	fresh := map[types.JID]bool{}
	err = d.each(ctx, `SELECT address, '' FROM pst_keys WHERE used > `+fmt.Sprint(now.Add(-freshKeys).UnixMilli()),
		func(address, _ string) { fresh[ofSignal(address)] = true })
	if err != nil {
		return err
	}
	for _, forms := range people {
		if slices.ContainsFunc(forms, func(j types.JID) bool { return fresh[j] }) {
			continue
		}
		keep, err := known(ctx, forms...)
		if err != nil {
			return err
		}
		if keep {
			continue
		}
		for _, j := range forms {
			if err := d.forget(ctx, j); err != nil {
				return err
			}
		}
	}
	return nil
}

// people are those whom the device file names, each with one or both forms of address.
func (d *device) people(ctx context.Context) (out map[string][]types.JID, err error) {
	out = map[string][]types.JID{}
	paired := map[types.JID]bool{}
	err = d.each(ctx, `SELECT lid, pn FROM whatsmeow_lid_map`, func(lid, pn string) {
		pair := []types.JID{types.NewJID(lid, types.HiddenUserServer), types.NewJID(pn, types.DefaultUserServer)}
		out[lid] = pair
		paired[pair[0]], paired[pair[1]] = true, true
	})
	for _, k := range kept {
		if err != nil {
			return nil, err
		}
		err = d.each(ctx, `SELECT DISTINCT `+k.column+`, '' FROM `+k.table, func(id, _ string) {
			j := ofSignal(id)
			if !k.signal {
				j, _ = types.ParseJID(id)
			}
			if j = j.ToNonAD(); personal(j) && !paired[j] {
				out[j.String()] = []types.JID{j}
			}
		})
	}
	return out, err
}

// each calls f with both columns of each row.
func (d *device) each(ctx context.Context, query string, f func(a, b string)) error {
	rows, err := d.db.Query(ctx, query)
	if err != nil {
		return fmt.Errorf("list people of the device file: %w", err)
	}
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return errors.Join(fmt.Errorf("read people of the device file: %w", err), rows.Close())
		}
		f(a, b)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("list people of the device file: %w", err)
	}
	return nil
}

// ofSignal is whose Signal address it is.
func ofSignal(address string) types.JID {
	name, _, _ := strings.Cut(address, ":")
	user, agent, _ := strings.Cut(name, "_")
	switch agent {
	case "":
		return types.NewJID(user, types.DefaultUserServer)
	case fmt.Sprint(types.LIDDomain):
		return types.NewJID(user, types.HiddenUserServer)
	}
	return types.EmptyJID
}

func (d *device) forget(ctx context.Context, j types.JID) error {
	if _, err := d.db.Exec(ctx, `DELETE FROM whatsmeow_lid_map WHERE (lid = $1 AND $2) OR (pn = $1 AND NOT $2)`,
		j.User, j.Server == types.HiddenUserServer); err != nil {
		return fmt.Errorf("forget a pair of addresses: %w", err)
	}
	for _, k := range kept {
		where, value := k.column+` = $1`, j.String()
		if k.signal {
			where, value = `substr(`+k.column+`, 1, length($1)) = $1`, j.SignalAddressUser()+":"
		}
		if _, err := d.db.Exec(ctx, `DELETE FROM `+k.table+` WHERE `+where, value); err != nil {
			return fmt.Errorf("forget a person: %w", err)
		}
	}
	return nil
}

// arrived forgets the text of a letter that a phone has confirmed: nobody asks for
// it again. Another device of that person may, within minutes, and whatsmeow has
// the last 256 letters in memory.
func (d *device) arrived(ctx context.Context, id types.MessageID) error {
	if _, err := d.db.Exec(ctx, `DELETE FROM whatsmeow_retry_buffer WHERE message_id = $1`, id); err != nil {
		return fmt.Errorf("forget a letter that arrived: %w", err)
	}
	return nil
}

package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"pst/conversation"
)

// sql runs statements on the device file beside whoever uses it.
func (r *rig) sql(statements ...string) {
	r.t.Helper()
	db, err := dbutil.NewWithDialect(deviceDSN(r.file), "sqlite")
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(context.Background(), s); err != nil {
			r.t.Fatalf("%s: %v", s, err)
		}
	}
}

// Each of the tables on the way of a message refuses to be written, as on a full
// disk. What is sent meanwhile must not be acknowledged, and arrive in order
// when there is room.
func TestNothingIsAcknowledgedThatTheDeviceFileCouldNotTakeIn(t *testing.T) {
	for _, table := range []string{"whatsmeow_event_buffer", "whatsmeow_sessions", "whatsmeow_identity_keys",
		"whatsmeow_pre_keys"} {
		t.Run(table, func(t *testing.T) {
			r := start(t, nil)
			event := map[string]string{"whatsmeow_pre_keys": "DELETE"}[table]
			if event == "" {
				event = "INSERT"
			}
			r.sql(`CREATE TRIGGER full BEFORE ` + event + ` ON ` + table +
				` BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`)
			p := r.srv.Person(ani, "Ani")
			var want []string
			for _, text := range []string{"satu", "dua", "tiga"} {
				want = append(want, p.Say(desk, text))
			}
			r.eventually("health to turn", func() bool { return r.ch.Health() != nil && !r.ch.Status().Store.IsZero() })
			if err := r.ch.Health(); err != nil && r.ch.Status().State == Online && !strings.Contains(err.Error(), "disk") {
				t.Errorf("health: %v", err)
			}
			if n := r.srv.Unacknowledged(desk); n != 3 {
				t.Errorf("%d messages wait at WhatsApp, want 3", n)
			}
			if got := r.in.messages(); len(got) != 0 {
				t.Errorf("inbox %+v", got)
			}
			r.sql(`DROP TRIGGER full`)
			r.in.wait(t, 2)
			r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
			got := r.in.messages()
			for i, text := range []string{"satu", "dua", "tiga"} {
				if got[i].ID != want[i] || got[i].Text != text {
					t.Errorf("message %d: %+v", i, got[i])
				}
			}
			if len(got) != 3 {
				t.Errorf("inbox %+v", got)
			}
			r.eventually("health to return", func() bool { return r.ch.Health() == nil })
		})
	}
}

// A message that fails while those behind it would pass, whenever they come:
// the order of a chat is kept, and other chats are not held up for good.
func TestOrderOfAChatIsKeptWhenAPutFailsInBetween(t *testing.T) {
	r := start(t, nil)
	p, q := r.srv.Person(ani, "Ani"), r.srv.Person(budi, "Budi")
	fails := 5
	r.in.set(func(m conversation.Message) error {
		if m.Text == "satu" && fails > 0 {
			fails--
			return os.ErrDeadlineExceeded
		}
		return nil
	})
	texts := []string{"satu", "dua", "tiga", "empat", "lima", "enam"}
	for i, text := range texts {
		p.Say(desk, text)
		if i == 2 {
			q.Say(desk, "permisi")
		}
		time.Sleep(15 * time.Millisecond) // spread over several connections
	}
	r.in.until(t, "all", func() bool { return len(r.in.all) == len(texts)+1 })
	var got []string
	for _, m := range r.in.messages() {
		if m.From == r.lid(ani) {
			got = append(got, m.Text)
		}
	}
	if strings.Join(got, " ") != strings.Join(texts, " ") {
		t.Errorf("order %v", got)
	}
	r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
}

// What rests on the disk while letters go out and messages come in.
func TestDeviceFileHoldsNoWordsAndNoNames(t *testing.T) {
	r := start(t, func(c *Config) {
		c.Wrote = func(context.Context, conversation.Address) (bool, error) { return true, nil }
	})
	p := r.srv.Person(ani, "Nama Rahasia")
	stored := make(chan struct{})
	r.in.set(func(conversation.Message) error { <-stored; return nil }) // the text waits in the buffer
	p.Say(desk, "masukan rahasia sekali")
	r.in.until(t, "the message", func() bool { return r.in.puts > 0 })
	r.holdsNot("masukan rahasia")
	close(stored)
	r.in.wait(t, 0)
	if _, err := r.send(letter("k", r.lid(ani), "jawaban rahasia sekali")); err != nil {
		t.Fatal(err)
	}
	p.Next()
	r.eventually("acknowledgement", func() bool { return r.srv.Unacknowledged(desk) == 0 })
	r.holdsNot("masukan rahasia", "jawaban rahasia", "Nama Rahasia")
	// With the secret of a message one could read votes and edits of it, later.
	secret := "rahasia sebuah pesan, 32 bita ..."
	p.Send(desk, &waE2E.Message{Conversation: proto.String("lagi"),
		MessageContextInfo: &waE2E.MessageContextInfo{MessageSecret: []byte(secret)}})
	r.in.wait(t, 1)
	r.holdsNot(secret)
}

// holdsNot looks for words in the device file and its journal.
func (r *rig) holdsNot(words ...string) {
	r.t.Helper()
	files, err := filepath.Glob(r.file + "*")
	if err != nil || len(files) < 2 {
		r.t.Fatalf("files %v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				r.t.Errorf("%s holds %q", filepath.Base(f), w)
			}
		}
	}
}

// A phone that could not read a letter asks for it again, after the desk was
// started anew: it is answered out of the sealed buffer.
func TestLetterIsSentAgainFromTheSealedBufferAfterARestart(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "halo")
	r.in.wait(t, 0)
	r.srv.Garble(desk, 1)
	p.Leave()
	if _, err := r.send(letter("k", r.lid(ani), "jawaban")); err != nil {
		t.Fatal(err)
	}
	r.stop()
	p.Connect() // reads nothing, and asks again while the desk is off
	r.eventually("the phone to ask", func() bool { return r.srv.Unacknowledged(desk) > 0 })
	r.make(nil)
	r.run()
	if got := textOf(p); got != "jawaban" {
		t.Errorf("got %q", got)
	}
}

// What older versions left in plain is gone once the channel runs; so is what is
// kept of a person whom the desk forgot.
func TestDeviceFileIsTidied(t *testing.T) {
	r := prepare(t, func(c *Config) {
		c.Staff = []string{kasubbag}
		c.Wrote = func(_ context.Context, a conversation.Address) (bool, error) { return a == pn(budi), nil }
	})
	r.link()
	own := `(SELECT jid FROM whatsmeow_device)`
	lid := func(phone string) string { return r.srv.LID(phone).User }
	r.sql(
		`INSERT INTO whatsmeow_contacts (our_jid, their_jid, push_name) SELECT jid, '1@lid', 'Nama Lama' FROM whatsmeow_device`,
		`INSERT INTO whatsmeow_retry_buffer SELECT jid, '1@lid', '3EB0', 'wa', CAST('jawaban lama' AS BLOB), 9e14 FROM whatsmeow_device`,
		`INSERT INTO whatsmeow_event_buffer SELECT jid, randomblob(32), NULL, 1, 1 FROM whatsmeow_device`,
		`INSERT INTO whatsmeow_lid_map (lid, pn) VALUES ('`+lid(ani)+`', '`+ani+`'), ('`+lid(budi)+`', '`+budi+`'), ('`+lid(kasubbag)+`', '`+kasubbag+`')`,
		`INSERT INTO whatsmeow_privacy_tokens (our_jid, their_jid, token, timestamp) VALUES (`+own+`, '`+ani+`@s.whatsapp.net', x'00', 1)`,
	)
	r.sql(
		`INSERT INTO whatsmeow_lid_map (lid, pn) VALUES ('9001', '6281300009001')`, // known by the number only
		`INSERT INTO whatsmeow_sessions SELECT jid, '`+lid(ani)+`_1:3', x'00' FROM whatsmeow_device`,
		`INSERT INTO whatsmeow_sessions SELECT jid, '6281399999999:0', x'00' FROM whatsmeow_device`, // without a pair
		`INSERT INTO whatsmeow_sessions SELECT jid, '`+budi+`:0', x'00' FROM whatsmeow_device`,
		`INSERT INTO whatsmeow_sessions SELECT jid, '`+lid(budi)+`_1:0', x'00' FROM whatsmeow_device`,
		`INSERT INTO whatsmeow_identity_keys SELECT jid, '`+lid(ani)+`_1:0', zeroblob(32) FROM whatsmeow_device`,
		`INSERT INTO whatsmeow_sender_keys SELECT jid, '12036@g.us', '`+ani+`:0', x'00' FROM whatsmeow_device`,
	)
	r.run()
	r.state(Online)
	count := func(query string) (n int) {
		db, err := dbutil.NewWithDialect(deviceDSN(r.file), "sqlite")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for what, query := range map[string]string{
		"names": `SELECT count(*) FROM whatsmeow_contacts`, "letters": `SELECT count(*) FROM whatsmeow_retry_buffer`,
		"old events":              `SELECT count(*) FROM whatsmeow_event_buffer`,
		"pairs of the forgotten":  `SELECT count(*) FROM whatsmeow_lid_map WHERE pn = '` + ani + `'`,
		"tokens of the forgotten": `SELECT count(*) FROM whatsmeow_privacy_tokens`,
		"keys of the forgotten": `SELECT (SELECT count(*) FROM whatsmeow_sessions WHERE their_id LIKE '` + lid(ani) + `%' OR their_id LIKE '62813%')
			+ (SELECT count(*) FROM whatsmeow_identity_keys WHERE their_id LIKE '` + lid(ani) + `%') + (SELECT count(*) FROM whatsmeow_sender_keys)`,
	} {
		r.eventually("no "+what, func() bool { return count(query) == 0 })
	}
	if n := count(`SELECT count(*) FROM whatsmeow_lid_map WHERE pn IN ('` + budi + `', '` + kasubbag + `')`); n != 2 {
		t.Errorf("%d of the pairs of a reader and of staff are left, want 2", n)
	}
	if n := count(`SELECT count(*) FROM whatsmeow_sessions WHERE their_id LIKE '` + budi + `%' OR their_id LIKE '` +
		lid(budi) + `%'`); n != 2 {
		t.Errorf("%d keys of a reader are left, want 2", n)
	}
	r.stop()
	r.holdsNotNow("Nama Lama", "jawaban lama")
}

func (r *rig) holdsNotNow(words ...string) {
	r.t.Helper()
	b, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, w := range words {
		if bytes.Contains(b, []byte(w)) {
			r.t.Errorf("the device file holds %q", w)
		}
	}
}

// The text of a letter is kept, sealed, only until a phone has confirmed it; one whose
// keys were forgotten meanwhile is read all the same, after asking once more.
func TestLetterThatArrivedIsForgotten(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "halo")
	r.in.wait(t, 0)
	rows := func() (n int) {
		db, err := dbutil.NewWithDialect(deviceDSN(r.file), "sqlite")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.QueryRow(t.Context(), `SELECT count(*) FROM whatsmeow_retry_buffer`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	p.Leave()
	if _, err := r.send(letter("k", r.lid(ani), "jawaban")); err != nil {
		t.Fatal(err)
	}
	if n := rows(); n != 1 {
		t.Errorf("%d letters are kept before one arrived, want 1", n)
	}
	p.Connect()
	p.Next()
	r.eventually("no letter to be kept", func() bool { return rows() == 0 })
	r.stop()
	r.srv.Shift(2 * freshKeys)
	r.make(func(c *Config) {
		c.Wrote = func(context.Context, conversation.Address) (bool, error) { return false, nil }
		c.Now = func() time.Time { return time.Now().Add(2 * freshKeys) }
	})
	r.run()
	r.state(Online)
	r.eventually("the keys to be forgotten", func() bool {
		people, err := r.ch.current().d.people(t.Context())
		return err == nil && len(people) <= 1 // the desk itself
	})
	p.Say(desk, "saya lagi")
	if got := r.in.wait(t, 1); got.Text != "saya lagi" {
		t.Errorf("inbox %+v", got)
	}
}

// What a person wrote waits for its turn, so the desk knows nothing of them yet: what
// they write next is read all the same, at once, after a restart.
func TestKeysOfWhoHasJustWrittenAreKept(t *testing.T) {
	stranger := func(c *Config) {
		c.Wrote = func(context.Context, conversation.Address) (bool, error) { return false, nil }
	}
	r := start(t, stranger)
	p := r.srv.Person(ani, "Ani")
	p.Delivered(p.Say(desk, "satu"))
	r.stop()
	// The first process may have been stopped before it came to tidying.
	before := strings.Count(r.logs.String(), "is tidied")
	r.make(stranger)
	r.run()
	r.state(Online)
	r.eventually("the device file to be tidied",
		func() bool { return strings.Count(r.logs.String(), "is tidied") > before })
	p.Delivered(p.Say(desk, "dua"))
	if got := r.in.wait(t, 1); got.Text != "dua" {
		t.Errorf("inbox %+v", got)
	}
	if n := r.ch.Status().Unreadable; n != 0 {
		t.Errorf("%d messages could not be read at first", n)
	}
}

// By a clock that is six years ahead everything would be old, and everybody forgotten.
func TestDeviceFileIsNotTidiedByAWrongClock(t *testing.T) {
	r := start(t, func(c *Config) {
		c.Wrote = func(context.Context, conversation.Address) (bool, error) { return false, nil }
		c.Now = func() time.Time { return time.Now().AddDate(6, 0, 0) }
	})
	p := r.srv.Person(ani, "Ani")
	p.Delivered(p.Say(desk, "satu"))
	if r.ch.current().lookAfter() {
		t.Error("the device file was tidied")
	}
	p.Delivered(p.Say(desk, "dua"))
	if n := r.ch.Status().Unreadable; n != 0 {
		t.Errorf("%d messages could not be read", n)
	}
	r.srv.Shift(6 * 366 * 24 * time.Hour) // the clock was right after all, more or less
	r.stop()
	r.make(func(c *Config) { c.Now = func() time.Time { return time.Now().Add(6 * 366 * 24 * time.Hour) } })
	r.run()
	r.eventually("the device file to be tidied", func() bool { return strings.Contains(r.logs.String(), "is tidied") })
}

// whatsmeow tidies by our clock whenever it likes; here it does not. What a wrong clock
// dated into the future does not stay for years once the clock is right.
func TestOnlyAKnownClockEmptiesTheDeviceFile(t *testing.T) {
	r := start(t, nil)
	p := r.srv.Person(ani, "Ani")
	p.Delivered(p.Say(desk, "satu"))
	if _, err := r.send(letter("k", r.lid(ani), "jawab")); err != nil {
		t.Fatal(err)
	}
	k := r.ch.current()
	own := k.client.Store.ID.String()
	day := 24 * time.Hour.Milliseconds()
	now := time.Now().UnixMilli()
	for name, days := range map[string]int64{"old": -20, "to come": 2000} {
		r.sql(fmt.Sprintf(`INSERT INTO whatsmeow_event_buffer (our_jid, ciphertext_hash, plaintext, server_timestamp, insert_timestamp)
			VALUES ('%s', CAST('%-32s' AS BLOB), x'00', 0, %d)`, own, name, now+days*day),
			fmt.Sprintf(`INSERT INTO whatsmeow_retry_buffer (our_jid, chat_jid, message_id, format, plaintext, timestamp)
			VALUES ('%s', 'a', '%s', 'x', CAST('`+sealedMark+`' AS BLOB), %d)`, own, name, now+days*day))
	}
	rows := func(table, column string, from, to int64) (n int) {
		t.Helper()
		err := k.d.db.QueryRow(t.Context(), fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s BETWEEN $1 AND $2`, table, column),
			from, to).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, forget := range []func(context.Context) error{
		k.client.Store.EventBuffer.DeleteOldBufferedHashes, k.client.Store.EventBuffer.DeleteOldOutgoingEvents,
	} {
		if err := forget(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for table, column := range map[string]string{"whatsmeow_event_buffer": "insert_timestamp",
		"whatsmeow_retry_buffer": "timestamp"} {
		if rows(table, column, 0, now-10*day) != 1 {
			t.Errorf("%s was emptied by a clock that nobody has looked at", table)
		}
	}
	r.eventually("the device file to be tidied", k.lookAfter)
	for table, column := range map[string]string{"whatsmeow_event_buffer": "insert_timestamp",
		"whatsmeow_retry_buffer": "timestamp"} {
		if rows(table, column, 0, now-10*day) != 0 || rows(table, column, now+10*day, now+9999*day) != 0 {
			t.Errorf("%s keeps what is old, or what will be so in years", table)
		}
	}
}

// One row of the device file that cannot be read is one row: the desk runs, others are
// heard, and whoever wrote what is spoilt is asked again or heard when it comes again.
func TestOneBadRowOfTheDeviceFileIsOneBadRow(t *testing.T) {
	for name, spoil := range map[string]string{
		"a time":               `INSERT INTO pst_unreadable (id, chat, at, due) VALUES ('3A', 'ANI', 'x', 'x')`,
		"a message that waits": `INSERT INTO pst_resend (id, chat, payload) VALUES ('3A', 'ANI', 'x')`,
		"whose message waits":  `INSERT INTO pst_resend (id, chat, payload) VALUES ('3A', 'x', x'00')`,
		"keys":                 `UPDATE whatsmeow_sessions SET session = 'x' WHERE their_id LIKE 'LID%'`,
		"a use of keys":        `UPDATE pst_keys SET used = 'x'`,
		"whom a number is of":  `INSERT INTO whatsmeow_lid_map (lid, pn) VALUES ('x', 'y')`,
	} {
		t.Run(name, func(t *testing.T) {
			set := func(c *Config) {
				c.Timing.Resend, c.Wrote = 100*time.Millisecond, func(context.Context, conversation.Address) (bool,
					error) {
					return true, nil
				}
			}
			r := start(t, set)
			p, q := r.srv.Person(ani, "Ani"), r.srv.Person(budi, "Budi")
			p.Delivered(p.Say(desk, "satu"))
			q.Delivered(q.Say(desk, "lain"))
			r.stop()
			r.sql(strings.NewReplacer("ANI", string(r.lid(ani)), "LID", r.srv.LID(ani).User).Replace(spoil))
			r.make(set)
			r.run()
			r.state(Online)
			q.Say(desk, "lagi")
			p.Say(desk, "dua")
			for _, text := range []string{"lagi", "dua"} {
				r.in.until(t, text, func() bool {
					return slices.ContainsFunc(r.in.all, func(m conversation.Message) bool { return m.Text == text })
				})
			}
		})
	}
}

// A message was read and not taken in, and what is kept of it is spoilt: it is asked
// for again, and nobody waits for it.
func TestSpoiltMessageIsSentAgain(t *testing.T) {
	for _, spoil := range []string{
		`UPDATE whatsmeow_event_buffer SET insert_timestamp = 'x'`,
		`UPDATE whatsmeow_event_buffer SET plaintext = CAST('pst1:x' AS BLOB)`,
	} {
		r := start(t, nil)
		p := r.srv.Person(ani, "Ani")
		r.in.set(func(conversation.Message) error { return errors.New("disk full") })
		p.Say(desk, "satu")
		r.in.until(t, "the message", func() bool { return r.in.puts > 0 })
		r.stop()
		r.in.set(nil)
		r.sql(spoil)
		r.make(nil)
		r.run()
		r.srv.Person(budi, "Budi").Say(desk, "lain")
		for _, text := range []string{"satu", "lain"} {
			r.in.until(t, text, func() bool {
				return slices.ContainsFunc(r.in.all, func(m conversation.Message) bool { return m.Text == text })
			})
		}
	}
}

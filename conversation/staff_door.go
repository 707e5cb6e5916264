package conversation

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// DoorLife is how long the code of a [Door] can be used.
const DoorLife = 5 * time.Minute

// doorLength is the length of such a code: fifty bits, against a handful of tries.
const doorLength = 10

// Door lets one member of staff into the desk's page in a browser, once.
type Door struct {
	Hash  string // of its code, see [DoorHash]
	Staff string // the name
	Until time.Time
}

// NewDoor draws a door for a member of staff, and the code that opens it.
func NewDoor(r io.Reader, secret Secret, staff string, now time.Time) (Door, string, error) {
	code, err := random(r, doorLength)
	if err != nil {
		return Door{}, "", fmt.Errorf("draw a code: %w", err)
	}
	return Door{Hash: DoorHash(secret, code), Staff: staff, Until: now.Add(DoorLife)}, code[:doorLength/2] + "-" +
		code[doorLength/2:], nil
}

// DoorHash is what is kept of a door's code, however it is typed; letters that
// Crockford's alphabet leaves out are read as the digits they look like.
func DoorHash(secret Secret, typed string) string {
	read := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L",
		"1").Replace(strings.ToUpper(strings.TrimSpace(typed)))
	return secret.Hash("door", read)
}

// openDoor gives a member of staff a link and a code for the desk's page.
func (t *turn) openDoor(order) error {
	switch {
	case t.office.Page == "":
		t.say("staff.no_page", nil)
		return nil
	case t.s.Chat.Scheme() == Web:
		t.say("staff.inside", nil)
		return nil
	}
	door, code, err := NewDoor(t.random, t.secret, t.member.Name, t.at)
	if err != nil {
		return err
	}
	t.do(OpenDoor{door})
	t.audit("door to the page opened", "")
	link := t.office.Page + "/masuk?kode=" + strings.ReplaceAll(code, "-", "")
	t.do(Send{To: t.s.Chat, Text: t.text("staff.door", D{"Link": link, "Page": t.office.Page, "Code": code,
		"Minutes": int(DoorLife.Minutes())}),
		Expires: door.Until, Answers: t.msg.ID})
	return nil
}

// shutDoors ends every session of a member of staff at the desk's page.
func (t *turn) shutDoors(order) error {
	t.do(ShutDoors{t.member.Name, t.at})
	t.audit("sessions at the page ended", "")
	t.say("staff.outside", nil)
	return nil
}

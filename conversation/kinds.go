package conversation

import "strings"

// otherKinds answers what is not text.
func (t *turn) otherKinds() (handled bool, err error) {
	t.quiet = true
	defer func() {
		if !handled {
			t.quiet = false
		}
	}()
	if handled, err := t.checkFile(); handled || err != nil {
		return true, err
	}
	now := t.table[t.s.State]
	if t.told && t.in == "" && (now == nil || !now.photos) {
		return true, nil // the album was answered
	}
	switch t.msg.Kind {
	case Text, Choice:
		return false, nil
	case Image:
		if now != nil && now.photos {
			return false, nil
		}
		switch {
		case now != nil && now.form: // "KTP saya" is no name
			t.say("media.card", nil)
		case t.in != "": // what is written under a picture is what the person says
			return false, nil
		default:
			t.say("media.image", nil)
		}
	case Voice:
		if t.in != "" && (now == nil || !now.form) {
			return false, nil
		}
		t.say("media.voice", nil)
	case Reaction, Sticker:
		if now != nil && now.yes != "" && strings.HasPrefix(strings.TrimSpace(t.msg.Text), "👍") {
			t.in = "ya"
			return false, nil
		}
		if t.msg.Kind == Sticker {
			t.say("media.sticker", nil)
		}
	case Document:
		if t.in != "" && (now == nil || !now.form) {
			return false, nil
		}
		t.say("media.document", nil)
	case Contact:
		return true, t.ownContact()
	case Edited:
		t.say("media.edited", nil)
	case StaffTyped:
		t.s.State, t.s.Data.Ticket, t.s.Data.Silent = "handoff", "", true
	case Unreadable:
		t.say("media.unreadable", nil)
	default:
		if t.msg.Kind == Unsupported && t.in != "" && (now == nil || !now.form) {
			return false, nil
		}
		t.say("media.unsupported", nil)
	}
	return true, nil
}

// mend goes back to the question that an edited message has just answered, so
// that its new words are the answer; nil where they are not. It does so only
// where nothing has come of the old ones and nothing has been said since. The
// slot returned is for the next edit, should this one not be taken.
func (t *turn) mend() *Slot {
	slot := t.s.Data.Slot
	if t.msg.Kind != Edited || slot == nil || t.in == "" || slot.Message != t.msg.Of || slot.Next != t.s.State {
		return nil
	}
	if row := t.table[slot.State]; row == nil || !row.mends || commandOf(t.in) != "" {
		return nil
	}
	t.enter(slot.State)
	return &Slot{Message: slot.Message, State: slot.State, Next: slot.State}
}

// corrects tells whether a message that is no answer to the question at hand corrects
// the one before: "eh s1 maksudnya", where the work is asked meanwhile.
func (t *turn) corrects(now *state) bool {
	if t.last == nil || t.last.Next != now.name || t.msg.Kind != Text || t.pressed != "" {
		return false
	}
	row := t.table[t.last.State]
	_, mended := t.message().Correction()
	return mended && row != nil && row.form
}

// albumTold tells whether the album that the message belongs to was answered:
// many pictures sent as one are one message. One that waits with others is
// answered with the last of them.
func (t *turn) albumTold() bool {
	switch {
	case t.msg.Album == "":
		return false
	case t.s.Data.Album == t.msg.Album:
		return true
	case !t.more:
		t.s.Data.Album = t.msg.Album
	}
	return false
}

// ownContact keeps the phone number of a contact that is the sender's own.
func (t *turn) ownContact() error {
	phone, ok := NormalPhone(t.msg.Text)
	if !ok {
		t.say("media.unsupported", nil)
		return nil
	}
	if t.s.Reader != 0 {
		r, err := t.store.Reader(t.ctx, t.s.Reader)
		if err != nil {
			return err
		}
		r.Phone = phone
		t.do(UpdateReader{r})
		t.say("phone.kept", nil)
		return nil
	}
	if t.s.Data.Draft != nil {
		t.s.Data.Draft.Phone = phone
		t.say("phone.kept", nil)
		return nil
	}
	t.say("media.unsupported", nil)
	return nil
}

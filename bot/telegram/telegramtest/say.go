package telegramtest

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
)

// ErrNoButton says that the person sees no such button.
var ErrNoButton = errors.New("no such button under the bot's messages")

// write puts the person's message into the chat and tells the bot.
func (u *User) write(m Message, fill func(*wireMessage)) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	c := u.chat
	c.started = true
	if c.blocked {
		u.member("kicked", "member") // writing again unblocks
		c.blocked = false
	}
	c.last++
	m.ID, m.At = c.last, u.s.now()
	c.show(&m)
	w := u.s.wire(c, &m)
	from := u.wire()
	w.From = &from
	if strings.HasPrefix(w.Text, "/") {
		end := strings.IndexAny(w.Text+" ", " \n")
		w.Entities = []entity{{"bot_command", 0, utf16Len(w.Text[:end])}}
	}
	if fill != nil {
		fill(w)
	}
	u.s.push("message", w)
	return m.ID
}

// Say sends text. It returns the message's id, as all that write do.
func (u *User) Say(text string) int { return u.write(Message{Text: text}, nil) }

// Reply sends text that quotes an earlier message of the chat.
func (u *User) Reply(to int, text string) int { return u.write(Message{Text: text, ReplyTo: to}, nil) }

// Photo sends a picture.
func (u *User) Photo(caption string, data []byte) int {
	f := u.keep("photo.jpg", data)
	return u.write(Message{Text: caption, File: &f, photo: true}, nil)
}

// ReplyPhoto sends a picture that quotes an earlier message of the chat.
func (u *User) ReplyPhoto(to int, caption string, data []byte) int {
	f := u.keep("photo.jpg", data)
	return u.write(Message{Text: caption, ReplyTo: to, File: &f, photo: true}, nil)
}

// Document sends a file.
func (u *User) Document(name, caption string, data []byte) int {
	f := u.keep(name, data)
	return u.write(Message{Text: caption, File: &f}, nil)
}

// Voice sends a voice note.
func (u *User) Voice() int {
	f := u.keep("voice.ogg", []byte("OggS"))
	return u.write(Message{}, func(w *wireMessage) {
		w.Voice = &wireFile{FileID: f.ID, UniqueID: "u" + f.ID, MIME: "audio/ogg", Duration: 3, Size: 4}
	})
}

// Sticker sends a sticker that stands for an emoji.
func (u *User) Sticker(emoji string) int {
	f := u.keep("sticker.webp", []byte("RIFF"))
	return u.write(Message{}, func(w *wireMessage) {
		w.Sticker = &wireSticker{wireFile: wireFile{FileID: f.ID, UniqueID: "u" + f.ID, Width: 512, Height: 512,
			Emoji: emoji}, Type: "regular"}
	})
}

// Contact shares a contact card of the person with this id: the sender's own
// when it is theirs.
func (u *User) Contact(phone string, of int64) int {
	return u.write(Message{}, func(w *wireMessage) {
		w.Contact = &wireContact{Phone: phone, FirstName: "Kontak",
			UserID: of}
	})
}

func (u *User) keep(name string, data []byte) File {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.keep(name, data)
}

// Edit changes the text of a message that the person sent.
func (u *User) Edit(id int, text string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	m := u.chat.find(id)
	if m == nil || m.FromBot {
		return
	}
	m.Text = text
	m.Edits++
	w := u.s.wire(u.chat, m)
	from := u.wire()
	w.From, w.EditDate = &from, u.s.now().Unix()
	u.s.push("edited_message", w)
}

// React sets an emoji on a message of the chat.
func (u *User) React(id int, emoji string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.s.push("message_reaction", wireReaction{Chat: u.chat.wire(), ID: id, User: u.wire(), Date: u.s.now().Unix(),
		Old: []wireEmoji{}, New: []wireEmoji{{"emoji", emoji}}})
}

// Press presses a button of the newest message of the bot that has one whose
// caption is the text, or begins with it as a whole word. It returns the
// callback's id, or ErrNoButton.
func (u *User) Press(caption string) (string, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for i := len(u.chat.messages) - 1; i >= 0; i-- {
		if b, found := button(u.chat.messages[i], caption); found {
			return u.press(u.chat.messages[i], b.Data), nil
		}
	}
	return "", fmt.Errorf("press %q: %w", caption, ErrNoButton)
}

// PressOn presses a button of one message.
func (u *User) PressOn(id int, caption string) (string, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if m := u.chat.find(id); m != nil {
		if b, found := button(m, caption); found {
			return u.press(m, b.Data), nil
		}
	}
	return "", fmt.Errorf("press %q: %w", caption, ErrNoButton)
}

// PressData sends callback data of one's own making on a message, as a client
// that is not honest can. An id that the chat does not have gives a callback
// without its message.
func (u *User) PressData(id int, data string) string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.press(u.chat.find(id), data)
}

func button(m *Message, caption string) (Button, bool) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			rest, ok := strings.CutPrefix(b.Text, caption)
			if ok && (rest == "" || strings.IndexAny(rest[:1], " .:") == 0) {
				return b, true
			}
		}
	}
	return Button{}, false
}

func (u *User) press(m *Message, data string) string {
	id := fmt.Sprint(u.s.nextQuery)
	u.s.nextQuery++
	u.s.queries[id] = &callback{user: u, at: u.s.now().UnixNano()}
	q := wireCallback{ID: id, From: u.wire(), Instance: "-1", Data: data}
	if m != nil {
		q.Message = u.s.wire(u.chat, m)
	}
	u.s.push("callback_query", q)
	return id
}

// Block stops the bot from writing to this person.
func (u *User) Block() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.started, u.chat.blocked = true, true
	u.member("member", "kicked")
}

// Unblock lets the bot write again.
func (u *User) Unblock() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.blocked = false
	u.member("kicked", "member")
}

// Delete removes the person's account.
func (u *User) Delete() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.chat.started, u.chat.deleted = true, true
}

// Remove deletes a message on both sides.
func (u *User) Remove(id int) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	for i, m := range u.chat.messages {
		if m.ID == id {
			u.chat.messages = append(u.chat.messages[:i:i], u.chat.messages[i+1:]...)
			u.chat.forget(id)
			return
		}
	}
}

// forget takes a removed message out of what Next has still to give.
func (c *chat) forget(id int) {
	kept := c.events[:c.read:c.read]
	for _, e := range c.events[c.read:] {
		if e != id {
			kept = append(kept, e)
		}
	}
	c.events = kept
}

func (u *User) member(from, to string) {
	bot := u.s.botUser()
	u.s.push("my_chat_member", wireMemberUpdate{Chat: u.chat.wire(), From: u.wire(), Date: u.s.now().Unix(),
		Old: wireMember{bot, from}, New: wireMember{bot, to}})
}

// Group is a group that the bot was added to.
type Group struct {
	s    *Server
	chat *chat
}

// Group is the group with this id (negative), to which a person adds the bot on
// first use.
func (s *Server) Group(id int64, by *User) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[id]
	if c == nil {
		c = &chat{id: id, group: true, title: "Kelompok", started: true, change: make(chan struct{})}
		s.chats[id] = c
		bot := s.botUser()
		s.push("my_chat_member", wireMemberUpdate{Chat: c.wire(), From: by.wire(), Date: s.now().Unix(),
			Old: wireMember{bot, "left"}, New: wireMember{bot, "member"}})
	}
	return &Group{s, c}
}

// Say sends a person's text to the group.
func (g *Group) Say(by *User, text string) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.chat.last++
	m := &Message{ID: g.chat.last, Text: text, At: g.s.now()}
	g.chat.show(m)
	w := g.s.wire(g.chat, m)
	from := by.wire()
	w.From = &from
	g.s.push("message", w)
	return m.ID
}

// Members reads the group as a person in it does, with the waiting of [User].
func (g *Group) Members() *User {
	return &User{s: g.s, id: g.chat.id, name: g.chat.title, chat: g.chat}
}

func utf16Units(s string) []uint16 { return utf16.Encode([]rune(s)) }

func utf16String(u []uint16) string { return string(utf16.Decode(u)) }

package telegramtest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

const (
	longestText    = 4096 // UTF-16 units, after entities are parsed
	longestCaption = 1024
	maxPhoto       = 10 << 20
)

// target finds the chat that a request names, and refuses as Telegram does.
func (s *Server) target(req *request) (*chat, *apiError) {
	id, bad := req.int64("chat_id", 0)
	if bad != nil || id == 0 {
		return nil, badRequest("chat_id is empty")
	}
	c := s.chats[id]
	switch {
	case c == nil || !c.started:
		return nil, badRequest("chat not found")
	case c.deleted:
		return nil, refuse(403, "Forbidden: user is deactivated")
	case c.blocked && c.group:
		return nil, refuse(403, "Forbidden: bot was kicked from the group chat")
	case c.blocked:
		return nil, refuse(403, "Forbidden: bot was blocked by the user")
	}
	return c, nil
}

// readKeyboard reads reply_markup. Keyboards that are not inline are accepted
// and not kept.
func (req *request) readKeyboard() (*keyboard, *apiError) {
	text := req.params["reply_markup"]
	if text == "" {
		return nil, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	raw, inline := fields["inline_keyboard"]
	if !inline {
		return nil, nil
	}
	var k keyboard
	if string(raw) == "null" || json.Unmarshal([]byte(text), &k) != nil {
		return nil, badRequest("field \"inline_keyboard\" of the InlineKeyboardMarkup should be an Array of Arrays")
	}
	for _, row := range k.Rows {
		for _, b := range row {
			switch {
			case strings.TrimSpace(b.Text) == "":
				return nil, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case b.Copy != nil:
				if n := utf16Len(b.Copy.Text); n < 1 || n > 256 || b.Data != "" || b.URL != "" {
					return nil, badRequest("BUTTON_COPY_TEXT_INVALID")
				}
			case b.URL == "" && (b.Data == "" || len(b.Data) > 64):
				return nil, badRequest("BUTTON_DATA_INVALID")
			}
		}
	}
	return &k, nil
}

// post makes the bot's message m appear in the chat.
func (s *Server) post(c *chat, m *Message, req *request) (any, *apiError) {
	kb, bad := req.readKeyboard()
	if bad != nil {
		return nil, bad
	}
	if text := req.params["reply_parameters"]; text != "" {
		var reply struct {
			ID      int  `json:"message_id"`
			Without bool `json:"allow_sending_without_reply"`
		}
		if json.Unmarshal([]byte(text), &reply) != nil || c.find(reply.ID) == nil && !reply.Without {
			return nil, badRequest("message to be replied not found")
		}
		m.ReplyTo = reply.ID
	}
	if s.opts.Limited {
		if bad := s.limits.take(c.id, s.now()); bad != nil {
			return nil, bad
		}
	}
	if kb != nil {
		m.Keyboard = kb.Rows
	}
	thread, bad := req.int64("message_thread_id", 0)
	if bad != nil || thread < 0 {
		return nil, badRequest("message thread not found")
	}
	m.Thread = int(thread)
	c.last++
	m.ID, m.At, m.Protected, m.FromBot = c.last, s.now(), req.bool("protect_content"), true
	c.show(m)
	return s.wire(c, m), nil
}

func (s *Server) sendMessage(req *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.params["entities"] == "null" {
		s.violation("sendMessage carries entities=null")
	}
	c, bad := s.target(req)
	if bad != nil {
		return nil, bad
	}
	text, entities, bad := readText(req.params["text"], req.params["parse_mode"])
	switch {
	case bad != nil:
		return nil, bad
	case text == "":
		return nil, badRequest("message text is empty")
	case utf16Len(text) > longestText:
		return nil, badRequest("message is too long")
	}
	return s.post(c, &Message{Text: text, entities: entities}, req)
}

func (s *Server) sendDocument(req *request) (any, *apiError) {
	return s.sendFile(req, "document", maxUpload)
}

func (s *Server) sendPhoto(req *request) (any, *apiError) { return s.sendFile(req, "photo", maxPhoto) }

func (s *Server) sendFile(req *request, field string, largest int) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, bad := s.target(req)
	if bad != nil {
		return nil, bad
	}
	caption, entities, bad := readText(req.params["caption"], req.params["parse_mode"])
	switch {
	case bad != nil:
		return nil, bad
	case utf16Len(caption) > longestCaption:
		return nil, badRequest("message caption is too long")
	}
	var f File
	if up, given := req.files[field]; given {
		if len(up.data) == 0 {
			return nil, badRequest("file must be non-empty")
		}
		if len(up.data) > largest {
			return nil, refuse(413, "Request Entity Too Large")
		}
		f = s.keep(up.name, up.data)
	} else if f, given = s.files[req.params[field]]; !given {
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	}
	return s.post(c, &Message{Text: caption, entities: entities, File: &f, photo: field == "photo"}, req)
}

// keep stores a file under a new id.
func (s *Server) keep(name string, data []byte) File {
	s.nextFile++
	f := File{ID: fmt.Sprintf("BQACAgUAAxk%08d", s.nextFile), Name: name, Data: data}
	s.files[f.ID] = f
	return f
}

// edited finds the bot's own message that a request wants to change.
func (s *Server) edited(req *request) (*chat, *Message, *apiError) {
	c, bad := s.target(req)
	if bad != nil {
		return nil, nil, bad
	}
	id, bad := req.int64("message_id", 0)
	if bad != nil {
		return nil, nil, bad
	}
	m := c.find(int(id))
	switch {
	case m == nil:
		return nil, nil, badRequest("message to edit not found")
	case !m.FromBot:
		return nil, nil, badRequest("message can't be edited")
	}
	return c, m, nil
}

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as " +
	"a current content and reply markup of the message"

func (s *Server) editMessageText(req *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, bad := s.edited(req)
	if bad != nil {
		return nil, bad
	}
	if m.File != nil {
		return nil, badRequest("there is no text in the message to edit")
	}
	text, entities, bad := readText(req.params["text"], req.params["parse_mode"])
	switch {
	case bad != nil:
		return nil, bad
	case text == "":
		return nil, badRequest("message text is empty")
	case utf16Len(text) > longestText:
		return nil, badRequest("message is too long")
	}
	kb, bad := req.readKeyboard()
	if bad != nil {
		return nil, bad
	}
	var rows [][]Button
	if kb != nil {
		rows = kb.Rows
	}
	if text == m.Text && reflect.DeepEqual(rows, m.Keyboard) && slices.Equal(entities, m.entities) {
		return nil, badRequest(notModified)
	}
	m.Text, m.entities, m.Keyboard = text, entities, rows
	m.Edits++
	c.changed(m)
	return s.wire(c, m), nil
}

func (s *Server) editMessageReplyMarkup(req *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, bad := s.edited(req)
	if bad != nil {
		return nil, bad
	}
	kb, bad := req.readKeyboard()
	if bad != nil {
		return nil, bad
	}
	var rows [][]Button
	if kb != nil {
		rows = kb.Rows
	}
	if reflect.DeepEqual(rows, m.Keyboard) {
		return nil, badRequest(notModified)
	}
	m.Keyboard = rows
	m.Edits++
	c.changed(m)
	return s.wire(c, m), nil
}

var actions = []string{"typing", "upload_photo", "upload_document", "record_voice", "upload_voice", "choose_sticker",
	"find_location"}

func (s *Server) sendChatAction(req *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, bad := s.target(req)
	if bad != nil {
		return nil, bad
	}
	if !slices.Contains(actions, req.params["action"]) {
		return nil, badRequest("wrong parameter action in request")
	}
	c.actions = append(c.actions, req.params["action"])
	return true, nil
}

// callback is a pressed button that waits for its answer.
type callback struct {
	user     *User
	answered bool
	at       int64 // server's clock, Unix nanoseconds
}

func (s *Server) answerCallbackQuery(req *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queries[req.params["callback_query_id"]]
	if q == nil || q.answered || s.now().UnixNano()-q.at > int64(callbackLife) {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if utf16Len(req.params["text"]) > 200 {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	q.answered = true
	q.user.chat.answers = append(q.user.chat.answers, Answer{Text: req.params["text"], Alert: req.bool("show_alert"),
		QueryID: req.params["callback_query_id"]})
	q.user.chat.wakeUp()
	return true, nil
}

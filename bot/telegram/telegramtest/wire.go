package telegramtest

// The types below are what travels to the bot, written from the Bot API's own
// description and on purpose not taken from the library the bot uses.

type wireUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"` // UTF-16 units
	Length int    `json:"length"`
}

type wireFile struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Name     string `json:"file_name,omitempty"`
	MIME     string `json:"mime_type,omitempty"`
	Size     int    `json:"file_size,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Duration int    `json:"duration,omitempty"`
	Emoji    string `json:"emoji,omitempty"`
}

type wireSticker struct {
	wireFile
	Type     string `json:"type"`
	Animated bool   `json:"is_animated"`
	Video    bool   `json:"is_video"`
}

type wireContact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	UserID    int64  `json:"user_id,omitempty"`
}

type wireMessage struct {
	ID              int          `json:"message_id"`
	From            *wireUser    `json:"from,omitempty"`
	Chat            wireChat     `json:"chat"`
	Date            int64        `json:"date"`
	EditDate        int64        `json:"edit_date,omitempty"`
	ReplyTo         *wireMessage `json:"reply_to_message,omitempty"`
	Text            string       `json:"text,omitempty"`
	Entities        []entity     `json:"entities,omitempty"`
	Caption         string       `json:"caption,omitempty"`
	CaptionEntities []entity     `json:"caption_entities,omitempty"`
	Photo           []wireFile   `json:"photo,omitempty"`
	Voice           *wireFile    `json:"voice,omitempty"`
	Document        *wireFile    `json:"document,omitempty"`
	Sticker         *wireSticker `json:"sticker,omitempty"`
	Contact         *wireContact `json:"contact,omitempty"`
	ReplyMarkup     *keyboard    `json:"reply_markup,omitempty"`
	Protected       bool         `json:"has_protected_content,omitempty"`
}

type wireCallback struct {
	ID       string       `json:"id"`
	From     wireUser     `json:"from"`
	Message  *wireMessage `json:"message,omitempty"`
	Instance string       `json:"chat_instance"`
	Data     string       `json:"data,omitempty"`
}

type wireMember struct {
	User   wireUser `json:"user"`
	Status string   `json:"status"`
}

type wireMemberUpdate struct {
	Chat wireChat   `json:"chat"`
	From wireUser   `json:"from"`
	Date int64      `json:"date"`
	Old  wireMember `json:"old_chat_member"`
	New  wireMember `json:"new_chat_member"`
}

type wireReaction struct {
	Chat wireChat    `json:"chat"`
	ID   int         `json:"message_id"`
	User wireUser    `json:"user"`
	Date int64       `json:"date"`
	Old  []wireEmoji `json:"old_reaction"`
	New  []wireEmoji `json:"new_reaction"`
}

type wireEmoji struct {
	Type  string `json:"type"`
	Emoji string `json:"emoji"`
}

// Button is one button under a message.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
	Copy *Copy  `json:"copy_text,omitempty"`
}

// Copy is what a button puts into the clipboard.
type Copy struct {
	Text string `json:"text"`
}

type keyboard struct {
	Rows [][]Button `json:"inline_keyboard"`
}

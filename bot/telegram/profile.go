package telegram

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"pst/conversation"
)

// Profile is what people see of the bot before they write. Empty fields leave
// what is set at Telegram as it is.
type Profile struct {
	Commands    []Command
	Description string // in an empty chat, at most 512 characters
	About       string // on the bot's page, at most 120 characters
}

// Command is one line of the list behind the menu button.
type Command struct {
	Name        string `json:"command"`     // 1-32 of a-z 0-9 _
	Description string `json:"description"` // 1-256 characters
}

// menuCommands stand behind the menu button, each with the text "telegram.NAME".
var menuCommands = []string{"start", "menu", "bantuan", "status", "batal", "privasi"}

// ProfileOf is the profile in an office's own texts.
func ProfileOf(text func(key string, data conversation.D) (string, error)) (p Profile, err error) {
	say := func(key string) (said string) {
		if err == nil {
			said, err = text("telegram."+key, nil)
		}
		return said
	}
	for _, name := range menuCommands {
		p.Commands = append(p.Commands, Command{name, say(name)})
	}
	p.Description, p.About = say("description"), say("about")
	return p, err
}

// nameWait is how long receiving waits for the bot's name, without which a
// command for another bot cannot be told.
const nameWait = 3 * time.Second

// learnName asks once for the bot's name, before anything is received.
func (c *Channel) learnName(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, nameWait)
	defer cancel()
	if me, err := c.me(ctx); err == nil {
		c.name.Store(&me.UserName)
	}
}

// introduce learns the bot's name, if need be, and sets its profile where it differs. It
// tries until Telegram answers; a refusal is told and left.
func (c *Channel) introduce(ctx context.Context) {
	var pause backoff
	for c.name.Load() == nil {
		me, err := c.me(ctx)
		if err == nil {
			c.name.Store(&me.UserName)
			break
		}
		if !sleep(ctx, c.pollPause(err, &pause)) {
			return
		}
	}
	if err := c.setProfile(ctx); err != nil && ctx.Err() == nil {
		c.cfg.Log.Warn("the bot's profile could not be set, next try at the next start", "error", err)
	}
}

func (c *Channel) me(ctx context.Context) (tgbotapi.User, error) {
	var me tgbotapi.User
	err := c.api.ask(ctx, "getMe", nil, &me)
	return me, err
}

// setProfile reads before it writes: Telegram limits how often a profile may
// change, and a start is no change.
func (c *Channel) setProfile(ctx context.Context) error {
	p := c.cfg.Profile
	if len(p.Commands) > 0 {
		// For Indonesian programs and for all others alike.
		for _, language := range []string{"", "id"} {
			if err := c.setCommands(ctx, p.Commands, language); err != nil {
				return err
			}
		}
		if err := c.setMenuButton(ctx); err != nil {
			return err
		}
	}
	if err := c.setText(ctx, "Description", "description", p.Description); err != nil {
		return err
	}
	return c.setText(ctx, "ShortDescription", "short_description", p.About)
}

func (c *Channel) setCommands(ctx context.Context, list []Command, language string) error {
	params := tgbotapi.Params{}
	params.AddNonEmpty("language_code", language)
	var have []Command
	if err := c.api.ask(ctx, "getMyCommands", params, &have); err != nil {
		return err
	}
	if reflect.DeepEqual(have, list) {
		return nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	params["commands"] = string(text)
	_, err = c.api.call(ctx, "setMyCommands", params)
	return err
}

func (c *Channel) setMenuButton(ctx context.Context) error {
	var have struct {
		Type string `json:"type"`
	}
	if err := c.api.ask(ctx, "getChatMenuButton", nil, &have); err != nil {
		return err
	}
	if have.Type == "commands" {
		return nil
	}
	_, err := c.api.call(ctx, "setChatMenuButton", tgbotapi.Params{"menu_button": `{"type":"commands"}`})
	return err
}

func (c *Channel) setText(ctx context.Context, what, field, text string) error {
	if text == "" {
		return nil
	}
	var have map[string]string
	if err := c.api.ask(ctx, "getMy"+what, nil, &have); err != nil {
		return err
	}
	if have[field] == text {
		return nil
	}
	_, err := c.api.call(ctx, "setMy"+what, tgbotapi.Params{field: text})
	return err
}

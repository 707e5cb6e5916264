package telegram

import (
	"context"
	"net/url"
)

// Finding is one line of a check.
type Finding struct {
	OK     bool
	Key    Look
	Detail string // what Key names: a user name, a host, a reason; "" for the others
}

// Look is what a check found.
type Look string

// What a check finds, with what Finding.Detail is then.
const (
	TokenRefused Look = "token refused"
	Unreachable  Look = "unreachable"   // the reason
	Answers      Look = "answers"       // the bot's user name
	HookUnknown  Look = "hook unknown"  // the reason
	Polls        Look = "polls"         // no webhook is configured, none is set
	HookForeign  Look = "hook foreign"  // none is configured, one is set: its host
	HookUnset    Look = "hook unset"    // one is configured, none is set
	HookOther    Look = "hook other"    // another one is set: its host
	HookFails    Look = "hook fails"    // what Telegram says
	HookOurs     Look = "hook ours"     // all is well
	JoinsGroups  Look = "joins groups"  // the bot can be added to groups
	ReadsGroups  Look = "reads groups"  // the bot reads all that is written in groups
	PrivateChats Look = "private chats" // neither
)

// Check looks at what an operator can set right: whether Telegram can be
// reached with this token, whether a webhook stands against our polls, and what
// the bot may do. It changes nothing. That the token has the right shape is
// known since New.
func (c *Channel) Check(ctx context.Context) []Finding {
	me, err := c.me(ctx)
	switch {
	case badToken(err):
		return []Finding{{false, TokenRefused, ""}}
	case err != nil:
		return []Finding{{false, Unreachable, err.Error()}}
	}
	out := []Finding{{true, Answers, me.UserName}, c.checkHook(ctx)}
	switch {
	case me.CanJoinGroups:
		out = append(out, Finding{false, JoinsGroups, ""})
	case me.CanReadAllGroupMessages:
		out = append(out, Finding{false, ReadsGroups, ""})
	default:
		out = append(out, Finding{true, PrivateChats, ""})
	}
	return out
}

func (c *Channel) checkHook(ctx context.Context) Finding {
	var info struct {
		URL   string `json:"url"`
		Error string `json:"last_error_message"`
	}
	if err := c.api.ask(ctx, "getWebhookInfo", nil, &info); err != nil {
		return Finding{false, HookUnknown, err.Error()}
	}
	at := host(info.URL)
	switch {
	case c.cfg.Webhook == nil && info.URL == "":
		return Finding{true, Polls, ""}
	case c.cfg.Webhook == nil:
		return Finding{false, HookForeign, at}
	case info.URL == "":
		return Finding{true, HookUnset, ""}
	case info.URL != c.cfg.Webhook.URL:
		return Finding{false, HookOther, at}
	case info.Error != "":
		return Finding{false, HookFails, brief(blot(info.Error, c.api.token()))}
	}
	return Finding{true, HookOurs, ""}
}

// host is all that is told of a webhook's address: its path may be a secret.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an address that cannot be read"
	}
	return u.Host
}

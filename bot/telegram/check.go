package telegram

import (
	"context"
	"fmt"
	"net/url"
)

// Finding is one line of a check.
type Finding struct {
	OK     bool
	Key    Look
	Detail string // what Key names: a user name, a host, a reason; "" for the others
	Text   string // what was looked at, how it is, and what to do if it is not well
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
		return []Finding{{false, TokenRefused, "", "reachability: Telegram refuses the token; set the one that @BotFather shows"}}
	case err != nil:
		return []Finding{{false, Unreachable, err.Error(),
			fmt.Sprintf("reachability: no answer from Telegram (%v); look at the network, or set the API endpoint", err)}}
	}
	out := []Finding{{true, Answers, me.UserName, "reachability: Telegram answers as @" + me.UserName}, c.checkHook(ctx)}
	switch {
	case me.CanJoinGroups:
		out = append(out, Finding{false, JoinsGroups, "", "rights: the bot can be added to groups; send /setjoingroups to @BotFather and choose Disable"})
	case me.CanReadAllGroupMessages:
		out = append(out, Finding{false, ReadsGroups, "",
			"rights: the bot reads all messages of groups; send /setprivacy to @BotFather and choose Enable"})
	default:
		out = append(out, Finding{true, PrivateChats, "", "rights: private chats only"})
	}
	return out
}

func (c *Channel) checkHook(ctx context.Context) Finding {
	var info struct {
		URL   string `json:"url"`
		Error string `json:"last_error_message"`
	}
	if err := c.api.ask(ctx, "getWebhookInfo", nil, &info); err != nil {
		return Finding{false, HookUnknown, err.Error(), fmt.Sprintf("webhook: not known (%v)", err)}
	}
	at := host(info.URL)
	switch {
	case c.cfg.Webhook == nil && info.URL == "":
		return Finding{true, Polls, "", "webhook: none, polls are free"}
	case c.cfg.Webhook == nil:
		return Finding{false, HookForeign, at,
			"webhook: one is set at " + at + "; another program may use this bot; pst serve will remove the webhook"}
	case info.URL == "":
		return Finding{true, HookUnset, "", "webhook: not set yet; pst serve sets it"}
	case info.URL != c.cfg.Webhook.URL:
		return Finding{false, HookOther, at, "webhook: set at " + at + "; another program may use this bot; pst serve will replace it"}
	case info.Error != "":
		why := brief(blot(info.Error, c.api.token()))
		return Finding{false, HookFails, why, "webhook: Telegram could not deliver: " + why}
	}
	return Finding{true, HookOurs, "", "webhook: set to ours"}
}

// host is all that is told of a webhook's address: its path may be a secret.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an address that cannot be read"
	}
	return u.Host
}

package telegram

import (
	"context"
	"fmt"
	"net/url"
)

// Finding is one line of a check.
type Finding struct {
	OK   bool
	Text string // what was looked at, how it is, and what to do if it is not well
}

// Check looks at what an operator can set right: whether Telegram can be
// reached with this token, whether a webhook stands against our polls, and what
// the bot may do. It changes nothing. That the token has the right shape is
// known since New.
func (c *Channel) Check(ctx context.Context) []Finding {
	me, err := c.me(ctx)
	switch {
	case badToken(err):
		return []Finding{{false, "reachability: Telegram refuses the token; set the one that @BotFather shows"}}
	case err != nil:
		return []Finding{{false, fmt.Sprintf("reachability: no answer from Telegram (%v); look at the network, or set the API endpoint", err)}}
	}
	out := []Finding{{true, "reachability: Telegram answers as @" + me.UserName}, c.checkHook(ctx)}
	switch {
	case me.CanJoinGroups:
		out = append(out, Finding{false, "rights: the bot can be added to groups; send /setjoingroups to @BotFather and choose Disable"})
	case me.CanReadAllGroupMessages:
		out = append(out, Finding{false, "rights: the bot reads all messages of groups; send /setprivacy to @BotFather and choose Enable"})
	default:
		out = append(out, Finding{true, "rights: private chats only"})
	}
	return out
}

func (c *Channel) checkHook(ctx context.Context) Finding {
	var info struct {
		URL   string `json:"url"`
		Error string `json:"last_error_message"`
	}
	if err := c.api.ask(ctx, "getWebhookInfo", nil, &info); err != nil {
		return Finding{false, fmt.Sprintf("webhook: not known (%v)", err)}
	}
	switch {
	case c.cfg.Webhook == nil && info.URL == "":
		return Finding{true, "webhook: none, polls are free"}
	case c.cfg.Webhook == nil:
		return Finding{false, "webhook: one is set at " + host(info.URL) + "; another program may use this bot; pst serve will remove the webhook"}
	case info.URL == "":
		return Finding{true, "webhook: not set yet; pst serve sets it"}
	case info.URL != c.cfg.Webhook.URL:
		return Finding{false, "webhook: set at " + host(info.URL) + "; another program may use this bot; pst serve will replace it"}
	case info.Error != "":
		return Finding{false, "webhook: Telegram could not deliver: " + brief(blot(info.Error, c.api.token()))}
	}
	return Finding{true, "webhook: set to ours"}
}

// host is all that is told of a webhook's address: its path may be a secret.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "an address that cannot be read"
	}
	return u.Host
}

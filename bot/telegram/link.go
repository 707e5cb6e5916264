package telegram

import (
	"errors"
	"fmt"
	"regexp"
	"sync"
)

var (
	payloadShape = lazily(`^[A-Za-z0-9_-]{0,64}$`)
	nameShape    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)
)

// Errors of [DeepLink].
var (
	ErrPayload = errors.New("a link's word must be at most 64 of A-Z a-z 0-9 _ -")
	ErrBotName = errors.New("a bot's user name must be 4-32 of A-Z a-z 0-9 _")
)

// DeepLink is the address that opens a chat with the bot; what the person then
// sends first is "/start PAYLOAD". An empty payload is only "/start". It returns
// [ErrPayload] or [ErrBotName], wrapped.
func DeepLink(botName, payload string) (string, error) {
	switch {
	case !nameShape.MatchString(botName):
		return "", fmt.Errorf("make a deep link: %w", ErrBotName)
	case !payloadShape().MatchString(payload):
		return "", fmt.Errorf("make a deep link: %w", ErrPayload)
	case payload == "":
		return "https://t.me/" + botName, nil
	}
	return "https://t.me/" + botName + "?start=" + payload, nil
}

// lazily is a pattern that is made when it is first used: the bounds in it make it large.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

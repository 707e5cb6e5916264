package telegram

import (
	"errors"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
)

// ErrToken is returned for a token that cannot be one of @BotFather's.
var ErrToken = errors.New("token must look like 123456789:AbC…, as @BotFather wrote it")

var tokenShape = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]{30,}$`)

// CheckToken returns [ErrToken] when the token does not have the shape of one.
// It asks nobody.
func CheckToken(token string) error {
	if !tokenShape.MatchString(token) {
		return ErrToken
	}
	return nil
}

const redacted = "<token>"

// Redact is a slog ReplaceAttr that takes the token out of every text and error
// of a log, whatever made it. It is the second belt; errors of this package
// never hold the token.
func Redact(token string) func([]string, slog.Attr) slog.Attr {
	return func(_ []string, a slog.Attr) slog.Attr {
		if token == "" {
			return a
		}
		v := a.Value.Resolve()
		text := ""
		switch v.Kind() {
		case slog.KindString:
			text = v.String()
		case slog.KindAny:
			switch x := v.Any().(type) {
			case error:
				text = x.Error()
			case []byte:
				text = string(x)
			case interface{ String() string }:
				text = x.String()
			}
		}
		if clear := blot(text, token); clear != text {
			return slog.String(a.Key, clear)
		}
		return a
	}
}

// clean is a transport error without the request's URL, which holds the token.
// What it wraps can still be asked for with errors.Is and errors.As.
func clean(err error, token string) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	if text := blot(err.Error(), token); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// blot takes the token out of a text, however it was written into an address:
// its secret half alone opens the bot just as well.
func blot(text, token string) string {
	id, secret, _ := strings.Cut(token, ":")
	for _, form := range []string{token, id + "%3A" + secret, id + "%3a" + secret, secret} {
		if form != "" {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	return text
}

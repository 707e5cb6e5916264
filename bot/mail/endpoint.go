package mail

import (
	"errors"
	"fmt"
	"strings"
)

// endpoint is where a mail server listens.
type endpoint struct {
	host string
	port int // 0: the usual one of the TLS mode
	tls  string
}

// check completes the endpoint with the usual mode and its port, of ports by mode.
// Its errors name the key; example is a host's name, login tells whether a
// password is sent.
func (e *endpoint) check(example, usual string, ports map[string]int, login bool) error {
	if e.host == "" || strings.ContainsAny(e.host, "/ @") {
		return errors.New("host must be the name of the mail server, such as " + example)
	}
	if e.tls = strings.ToLower(e.tls); e.tls == "" {
		e.tls = usual
	}
	port, known := ports[e.tls]
	if !known {
		return fmt.Errorf("tls must be %q, %q or %q", StartTLS, TLS, None)
	}
	if e.port == 0 {
		e.port = port
	}
	if e.port < 1 || e.port > 65535 {
		return errors.New("port must be from 1 to 65535")
	}
	if e.tls == None && login && !loopback(e.host) {
		return errors.New("a password may not be sent without tls to another machine")
	}
	return nil
}

package main

import (
	"fmt"
	"strings"

	"pst/conversation"
)

// roles of staff in the configuration.
var roles = []string{conversation.Kasubbag, conversation.Second, conversation.Officer}

// staff reads the configured staff. Without any, the published contact of the
// complaint channel is the Kasubbag, on WhatsApp.
func (c config) staff(o conversation.Office) ([]conversation.Staff, error) {
	list := c.Staff
	if len(list) == 0 && o.ComplaintPhone != "" {
		list = []staffConfig{{Name: o.ComplaintName, Role: conversation.Kasubbag, Addresses: []string{"whatsapp:" + o.ComplaintPhone}}}
	}
	var out []conversation.Staff
	for i, s := range list {
		known := false
		for _, r := range roles {
			known = known || r == s.Role
		}
		if !known || s.Name == "" || len(s.Addresses) == 0 {
			return nil, fmt.Errorf("staff %d: needs a name, addresses, and a role of %s", i+1, strings.Join(roles, ", "))
		}
		member := conversation.Staff{Name: s.Name, Role: s.Role}
		for _, text := range s.Addresses {
			a, err := staffAddress(text)
			if err != nil {
				return nil, fmt.Errorf("staff %d: %w", i+1, err)
			}
			member.Addresses = append(member.Addresses, a)
		}
		out = append(out, member)
	}
	return out, nil
}

// staffAddress reads an address as people write it: "whatsapp:0812-3456-7890",
// "telegram:3527065", "mailto:a@b.go.id".
func staffAddress(text string) (conversation.Address, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(text), ":")
	if scheme == conversation.WhatsApp && !strings.Contains(rest, "@") {
		phone, ok := conversation.NormalPhone(rest)
		if !ok {
			return "", fmt.Errorf("address %q: not an Indonesian mobile number", text)
		}
		rest = strings.TrimPrefix(phone, "+") + "@s.whatsapp.net"
	}
	a, err := conversation.ParseAddress(scheme + ":" + rest)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", text, err)
	}
	return a, nil
}

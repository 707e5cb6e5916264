package conversation

import (
	"slices"
	"strings"
)

// Mailbox is the one mailbox behind an address, by which a person is known. Mail
// always goes to the address as it was given.
//
//   - Lower case: no provider of today tells letters of two sizes apart.
//   - Without a "+tag", which RFC 5233 names as the usual form of a subaddress; Gmail,
//     Outlook, iCloud, Fastmail, Proton and Yandex deliver it to the mailbox before it.
//     A domain that is not known is taken to do so as well: else whoever has a domain
//     with tags has as many shares of the cap as they think of tags.
//   - Under one domain, and without the signs that it passes over, at the providers
//     where that is so. Elsewhere a dot is a sign like others. Yahoo's disposable
//     addresses ("base-word") look like a name with a dash, and stay as they are.
func Mailbox(email string) string {
	local, domain, ok := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	if !ok {
		return local
	}
	// Fastmail's other form of a tag: tag@name.fastmail.com.
	for _, own := range []string{"fastmail.com", "fastmail.fm"} {
		if name, below := strings.CutSuffix(domain, "."+own); below && !strings.Contains(name, ".") {
			local, domain = name, own
		}
	}
	if i := strings.Index(local, "+"); i > 0 {
		local = local[:i]
	}
	for _, p := range providers {
		if !slices.Contains(p.domains, domain) {
			continue
		}
		domain = p.domains[0]
		if same := p.same.Replace(local); same != "" {
			local = same
		}
	}
	return local + "@" + domain
}

// providers give one mailbox several domains, and pass over signs in its name.
var providers = []struct {
	domains []string
	same    *strings.Replacer
}{
	// support.google.com/mail/answer/7436150 and /mail/answer/10313: dots do not matter.
	{[]string{"gmail.com", "googlemail.com"}, strings.NewReplacer(".", "")},
	// proton.me/support/addresses-and-aliases: of who has a name at one domain it is at
	// the others as well; dots, dashes and underscores make no other name.
	{[]string{"proton.me", "protonmail.com", "protonmail.ch", "pm.me"}, strings.NewReplacer(".", "", "-", "", "_", "")},
	// support.apple.com/en-us/102566: addresses of before 2012 are at all three.
	{[]string{"icloud.com", "me.com", "mac.com"}, strings.NewReplacer()},
	// yandex.com/support/mail: one name at all of its domains, with a dot or a dash.
	{[]string{"yandex.com", "yandex.ru", "ya.ru", "yandex.by", "yandex.kz"}, strings.NewReplacer("-", ".")},
}

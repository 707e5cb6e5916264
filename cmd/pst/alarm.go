package main

import (
	"fmt"
	"time"

	"pst/bot"
	"pst/conversation"
)

var channelNames = map[string]string{
	conversation.Telegram: "Telegram", conversation.WhatsApp: "WhatsApp", conversation.Mail: "Email",
}

// alarm makes what every member of staff is told of a channel that rests, at
// the first of their addresses that another channel serves.
func alarm(office func() *conversation.Office) func(bot.Alarm) []conversation.Send {
	return func(a bot.Alarm) []conversation.Send {
		o, name := office(), channelNames[a.Scheme]
		if name == "" {
			return nil
		}
		text := fmt.Sprintf("*%s* kembali melayani.", name)
		if !a.Up {
			todo := "Mohon beri tahu pengelola sistem."
			if o.Page != "" {
				todo = "Apa yang perlu dilakukan tertulis di halaman petugas (MASUK), bagian Kanal; bila tidak cukup, beri tahu pengelola sistem."
			}
			text = fmt.Sprintf("*%s* tidak melayani sejak pukul %s. Pesan yang belum terkirim disimpan dan dikirim begitu pulih. "+
				"%s\nSebab: %s", name, a.Since.In(o.Zone).Format("15.04"), todo, a.Why)
		}
		var out []conversation.Send
		for _, s := range o.Staff {
			for _, to := range s.Addresses {
				if to.Scheme() != a.Scheme {
					out = append(out, conversation.Send{To: to, Subject: name + " " + o.Name, Text: text, Expires: a.Since.Add(24 * time.Hour)})
					break
				}
			}
		}
		return out
	}
}

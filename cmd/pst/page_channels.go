package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pst/bot"
	"pst/bot/mail"
	"pst/bot/telegram"
	"pst/bot/web"
	"pst/bot/whatsapp"
	"pst/conversation"
)

// channelsPage says in words how the channels are, and tries them.
type channelsPage struct {
	desk     *desk
	channels []bot.Channel
}

var _ web.Channels = channelsPage{}

// Channels implements [web.Channels].
func (c channelsPage) Channels(context.Context) []web.Channel {
	states := map[string]bot.ChannelState{}
	for _, s := range c.desk.loops.State() {
		states[s.Scheme] = s
	}
	var out []web.Channel
	for _, ch := range c.channels {
		s := states[ch.Scheme()]
		one := web.Channel{Scheme: ch.Scheme(), Name: channelNames[ch.Scheme()], Well: s.Up, Cause: s.Why}
		switch ch := ch.(type) {
		case *whatsapp.Channel:
			c.whatsapp(&one, ch.Status(), s)
		case *telegram.Channel:
			c.telegram(&one, ch.Health(), s)
		case *mail.Channel:
			c.mail(&one, s)
		default:
			continue
		}
		if !s.Rest.IsZero() {
			one.Facts = append(one.Facts, "Tidak mengirim apa pun sampai "+c.at(s.Rest)+"; surat yang menunggu dikirim "+
				"sesudahnya.")
		}
		out = append(out, one)
	}
	return out
}

// at writes a moment by the office's clock.
func (c channelsPage) at(t time.Time) string {
	return t.In(c.desk.office().Zone).Format("02-01-2006 pukul 15.04")
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(first)) + strings.TrimRight(s[n:], ".") + "."
}

const (
	again    = "Pesan yang menunggu dikirim begitu pulih."
	askAdmin = "beri tahu pengelola."
)

// whatsappWords are the states of WhatsApp that need somebody or something.
var whatsappWords = map[whatsapp.State]struct{ state, todo string }{
	whatsapp.Stopped: {"Sedang tidak berjalan.", "Tunggu sebentar; bila tetap begini, " + askAdmin},
	whatsapp.InUse: {"Perangkatnya dipakai program lain di komputer PST.",
		"Hentikan pst pair yang masih berjalan, atau " + askAdmin},
	whatsapp.Unpaired: {"Belum ditautkan ke HP: tidak ada pesan WhatsApp yang masuk atau keluar.",
		"Tautkan ke HP milik layanan."},
	whatsapp.Pairing:    {"Sedang ditautkan ke HP.", ""},
	whatsapp.Connecting: {"Sedang menyambung ke WhatsApp.", ""},
	whatsapp.Reconnecting: {"Sambungan terputus; dicoba lagi sendiri. " + again,
		"Bila lebih dari beberapa menit, periksa internet komputer PST."},
	whatsapp.LoggedOut: {"Dikeluarkan, dari HP layanan atau oleh WhatsApp: tidak ada pesan yang masuk atau keluar. Data " +
		"pembaca tidak hilang.",
		"Tautkan ke HP milik layanan."},
	whatsapp.Banned: {"WhatsApp membatasi akun ini.",
		"Jangan menautkan berulang kali. Buka WhatsApp di HP layanan dan ikuti petunjuk di sana; bot mencoba lagi sendiri."},
	whatsapp.Replaced: {"Sesi ini diambil alih program lain yang memakai perangkat yang sama.",
		"Pastikan hanya satu komputer menjalankan PST untuk nomor ini."},
	whatsapp.Outdated: {"WhatsApp menolak versi program ini karena terlalu lama.",
		"Minta pengelola memperbarui program; bot juga mencoba lagi sendiri."},
}

func (c channelsPage) whatsapp(one *web.Channel, s whatsapp.Status, told bot.ChannelState) {
	one.Link = true
	one.Linked = slices.Contains([]whatsapp.State{whatsapp.Connecting, whatsapp.Online, whatsapp.Reconnecting,
		whatsapp.Banned, whatsapp.Replaced,
		whatsapp.Outdated}, s.State)
	w := whatsappWords[s.State]
	one.Well, one.State, one.Todo = s.State == whatsapp.Online, w.state, w.todo
	switch {
	case !one.Well && !s.Since.IsZero():
		one.State += " Sejak " + c.at(s.Since) + "."
	case !s.Store.IsZero():
		one.Well, one.State = false, "Pesan tidak dapat disimpan sejak "+c.at(s.Store)+"; WhatsApp menyimpannya dahulu."
		one.Todo = "Basis data perangkat penuh atau rusak: kosongkan ruang di disk komputer PST, atau " + askAdmin
	case !s.Silent.IsZero():
		one.Well, one.State = false, "Surat keluar, tetapi tidak ada HP yang menerimanya sejak "+c.at(s.Silent)+"."
		one.Todo = "Mungkin akun dibatasi tanpa pemberitahuan: buka WhatsApp di HP layanan, dan coba kirim pesan dari HP " +
			"lain."
	case !told.Up && told.Why != "":
		one.Well, one.State = false, "Tersambung sejak "+c.at(s.Since)+", tetapi kiriman terakhir gagal. "+again
		one.Todo = "Tunggu beberapa menit; bila tetap begini, " + askAdmin
	default:
		one.State, one.Cause = "Melayani sejak "+c.at(s.Since)+".", ""
	}
	if !s.Until.IsZero() {
		one.Facts = append(one.Facts, "Dicoba lagi sendiri "+c.at(s.Until)+".")
	}
	if s.ReachOut.After(time.Now()) {
		one.Facts = append(one.Facts, "WhatsApp tidak mengizinkan akun ini menyapa orang lebih dahulu sampai "+
			c.at(s.ReachOut)+". Membalas orang yang menulis tetap dapat.")
	}
	if !s.Phone.IsZero() {
		one.Facts = append(one.Facts, "HP layanan terakhir terlihat "+c.at(s.Phone)+".")
	}
	if s.PhoneLost {
		one.Well = false
		one.Todo = strings.TrimSpace(one.Todo + " Nyalakan HP layanan dan buka WhatsApp di sana: bila dua minggu tidak " +
			"terlihat, WhatsApp memutus bot.")
	}
	if s.Unreadable > 0 {
		one.Facts = append(one.Facts, fmt.Sprintf("%d pesan tidak terbaca sejak program dinyalakan; pengirimnya diminta "+
			"menulis lagi.", s.Unreadable))
	}
}

func (c channelsPage) telegram(one *web.Channel, ill error, told bot.ChannelState) {
	one.Try = "Periksa Telegram"
	if told.Up {
		one.State = "Melayani sejak " + c.at(told.Since) + "."
		return
	}
	one.State, one.Todo = telegramWords(ill)
	if !told.Since.IsZero() {
		one.State += " Sejak " + c.at(told.Since) + "."
	}
}

// telegramWords say why Telegram does not serve, and what to do.
func telegramWords(ill error) (state, todo string) {
	var e *telegram.Error
	errors.As(ill, &e)
	switch {
	case ill == nil:
		return "Kiriman terakhir gagal. " + again, "Tekan Periksa Telegram; bila tetap begini, " + askAdmin
	case e == nil || e.Code == 0:
		return "Telegram tidak dapat dihubungi. " + again, "Periksa internet komputer PST."
	case e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound:
		return "Telegram menolak token bot ini.", "Minta pengelola memasang token dari @BotFather di pst.toml."
	case e.Code == http.StatusConflict:
		return "Program lain menerima pesan untuk bot yang sama.",
			"Pastikan hanya satu komputer menjalankan PST dengan token ini."
	case e.Code == http.StatusTooManyRequests:
		return "Telegram meminta menunggu karena terlalu banyak kiriman. " + again, ""
	}
	return "Telegram sedang terganggu. " + again, "Tunggu beberapa menit; bila tetap begini, tekan Periksa Telegram."
}

func (c channelsPage) mail(one *web.Channel, told bot.ChannelState) {
	one.Try = "Kirim surat uji kepada saya"
	one.State = "Melayani sejak " + c.at(told.Since) + "."
	if !told.Up {
		one.State = "Surat belum dapat dikirim sejak " + c.at(told.Since) + ". " + again
		one.Todo = "Tekan Kirim surat uji kepada saya untuk melihat sebabnya."
	}
}

// tryWithin bounds a try: who pressed the button waits for it.
const tryWithin = 40 * time.Second

// Try implements [web.Channels].
func (c channelsPage) Try(ctx context.Context, scheme string, by conversation.Staff) []web.Finding {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	for _, ch := range c.channels {
		switch ch := ch.(type) {
		case *telegram.Channel:
			if scheme == ch.Scheme() {
				return tryTelegram(ctx, ch)
			}
		case *mail.Channel:
			if scheme == ch.Scheme() {
				return c.tryMail(ctx, ch, by)
			}
		}
	}
	return nil
}

// telegramFindings are what a check of Telegram finds, for a clerk; %s is its detail.
var telegramFindings = map[telegram.Look]string{
	telegram.TokenRefused: "Telegram menolak token bot. Minta pengelola memasang token dari @BotFather di pst.toml.",
	telegram.Unreachable:  "Telegram tidak dapat dihubungi. Periksa internet komputer PST, lalu coba lagi.",
	telegram.Answers:      "Token diterima. Nama bot: @%s.",
	telegram.HookUnknown:  "Cara pesan masuk belum diketahui: Telegram tidak menjawab. Coba lagi sebentar.",
	telegram.Polls:        "Pesan diambil sendiri oleh bot (tanpa webhook).",
	telegram.HookForeign: "Ada webhook di %s yang bukan milik layanan ini: mungkin program lain memakai bot yang sama. " +
		"Beri tahu pengelola.",
	telegram.HookUnset: "Webhook belum terpasang di Telegram. Muat ulang PST, atau beri tahu pengelola.",
	telegram.HookOther: "Webhook di Telegram menunjuk ke %s, bukan ke layanan ini: mungkin program lain memakai bot " +
		"yang sama. Beri tahu pengelola.",
	telegram.HookFails:    "Telegram tidak dapat mengantar pesan ke webhook layanan ini. Beri tahu pengelola.",
	telegram.HookOurs:     "Pesan diantar Telegram ke webhook layanan ini.",
	telegram.JoinsGroups:  "Bot dapat dimasukkan ke grup. Kirim /setjoingroups kepada @BotFather dan pilih Disable.",
	telegram.ReadsGroups:  "Bot membaca semua pesan di grup. Kirim /setprivacy kepada @BotFather dan pilih Enable.",
	telegram.PrivateChats: "Bot hanya melayani percakapan pribadi.",
}

func tryTelegram(ctx context.Context, t *telegram.Channel) []web.Finding {
	var out []web.Finding
	for _, f := range t.Check(ctx) {
		out = append(out, web.Finding{Well: f.OK, Text: strings.Replace(telegramFindings[f.Key], "%s", f.Detail, 1)})
	}
	if ahead, told := t.Ahead(); told && ahead.Abs() > bot.Skew {
		out = append(out, web.Finding{Text: fmt.Sprintf("Jam komputer PST berbeda %d menit dari jam Telegram. Minta "+
			"pengelola membetulkannya.",
			int(ahead.Abs().Round(time.Minute).Minutes()))})
	}
	return out
}

// mailFaults say for each step of handing a letter over what is wrong, and what to do.
var mailFaults = map[string]string{
	"connection": "Server email tidak dapat dihubungi. Periksa internet komputer PST, dan smtp.host serta " +
		"smtp.port di pst.toml.",
	"connection (greeting)": "Server email tidak menerima surat dari komputer ini. Hubungi pengurus server email.",
	"greeting (EHLO)":       "Server email tidak menerima nama komputer ini. Minta pengelola mengisi smtp.helo.",
	"TLS": "Sambungan aman ke server email tidak terbentuk. Minta pengelola memeriksa smtp.tls, " +
		"smtp.port dan smtp.ca_file.",
	"log-in": "Server email menolak nama pengguna atau kata sandi. Minta pengelola memeriksa smtp.user " +
		"dan smtp.password.",
	"sender": "Server email tidak mengizinkan alamat pengirim. Minta pengelola memeriksa smtp.from.",
	"recipient": "Server email tidak mau mengantar ke alamat itu. Periksa alamatnya; bila benar, minta " +
		"pengelola memeriksa smtp.user dan smtp.password.",
	"letter": "Server email menolak isi surat, atau tidak menjawab sesudah menerimanya. Hubungi pengurus " +
		"server email.",
}

// tryMail sends a test letter to the member's own address.
func (c channelsPage) tryMail(ctx context.Context, m *mail.Channel, by conversation.Staff) []web.Finding {
	var out []web.Finding
	to := ""
	for _, a := range by.Addresses {
		if a.Scheme() == conversation.Mail {
			to = a.Rest()
		}
	}
	var err error
	if to == "" {
		err = m.Check(ctx)
	} else {
		err = m.Test(ctx, to, func(string, string) {})
		if err == nil {
			err = c.desk.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: by.Web().Masked(),
				What: "test letter sent to their own address"})
		}
	}
	switch {
	case err != nil && mail.Where(err) != "":
		out = append(out, web.Finding{Text: mailFaults[mail.Where(err)]})
	case err != nil:
		out = append(out, web.Finding{Text: "Surat uji tidak dapat dikirim. Coba lagi sebentar; bila tetap begini, " +
			askAdmin})
	case to == "":
		out = append(out, web.Finding{Well: true, Text: "Server email menjawab dan mengizinkan masuk. Surat uji tidak " +
			"dikirim: " +
			"alamat email Anda belum ada di daftar petugas (addresses, \"mailto:nama@contoh.go.id\")."})
	default:
		out = append(out, web.Finding{Well: true, Text: "Server email menerima surat uji untuk alamat Anda. Periksa kotak " +
			"masuk, juga folder spam."})
	}
	if box := c.tryBox(ctx); box.Text != "" {
		out = append(out, box)
	}
	return out
}

// tryBox logs in at the mailbox that letters come back to, where there is one.
func (c channelsPage) tryBox(ctx context.Context) web.Finding {
	box, err := c.desk.box(nil)
	if err == nil && box == nil {
		return web.Finding{}
	}
	if err == nil {
		err = box.Check(ctx)
	}
	if err != nil {
		return web.Finding{Text: "Kotak surat untuk surat yang kembali tidak dapat dibaca. Minta pengelola memeriksa " +
			"bagian [imap] di pst.toml."}
	}
	return web.Finding{Well: true, Text: "Kotak surat untuk surat yang kembali dapat dibaca."}
}

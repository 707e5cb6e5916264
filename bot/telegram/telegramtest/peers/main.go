// Command peers is our side of two checks against other people's work on the
// Bot API, run by check.sh beside it and never by go test:
//
//	peers record          prints, as TypeScript, the calls that the channel makes
//	                      and the updates that the test server sends
//	peers answer ENDPOINT serves a menu and a list with pages to whoever writes
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"pst/bot"
	"pst/bot/telegram"
	"pst/bot/telegram/telegramtest"
	"pst/conversation"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := errors.New("usage: peers record | peers answer ENDPOINT")
	switch {
	case len(os.Args) == 2 && os.Args[1] == "record":
		err = record(ctx, os.Stdout)
	case len(os.Args) == 3 && os.Args[1] == "answer":
		err = answer(ctx, os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// desk answers every message in the way that exercises the channel most.
type desk struct {
	channel *telegram.Channel
	done    chan struct{} // gets one for each message
}

func (d *desk) Put(ctx context.Context, ms ...conversation.Message) error {
	for _, m := range ms {
		if err := d.put(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) put(ctx context.Context, m conversation.Message) error {
	defer func() { d.done <- struct{}{} }()
	send := conversation.Send{To: m.From, Menu: "daftar", Options: []conversation.Option{{Key: "lanjut", Label: "Lanjut"},
		{Key: "0", Label: "Menu"}}, Paging: true}
	letter := bot.Letter{Key: m.ID}
	switch {
	case m.Kind == conversation.Choice:
		send.Text, send.Answers = "halaman *berikut* <2>", m.ID
	case m.Kind == conversation.Away || m.Kind == conversation.Back:
		return nil
	case m.Text == "kutipan":
		send.Text, send.Excerpt, send.Menu, send.Options = "Kutipan *14* halaman", "X1", "", nil
		letter.File = &bot.File{Name: "kutipan.pdf", MIME: "application/pdf", Data: []byte("%PDF-1.7")}
	case m.Kind != conversation.Text:
		send.Text, send.Answers, send.Quotes, send.Copy = "Tentang pesan itu: BT-00001", m.ID, true, []string{"BT-00001"}
	default:
		send.Text = "Anda menulis *" + m.Text + "* & ini daftarnya"
	}
	letter.Send = send
	if err := d.channel.Typing(ctx, m.From, letter.File != nil); err != nil {
		fmt.Fprintln(os.Stderr, "peers: typing:", err)
	}
	if _, err := d.channel.Send(ctx, letter); err != nil {
		fmt.Fprintln(os.Stderr, "peers: send:", err)
	}
	return nil
}

func newDesk(token, endpoint string) (*desk, error) {
	c, err := telegram.New(telegram.Config{Token: token, Endpoint: endpoint, ProtectContent: true,
		Profile: telegram.Profile{About: "PST BPS", Description: "Asisten PST BPS",
			Commands: []telegram.Command{{Name: "start", Description: "Mulai"}, {Name: "menu", Description: "Menu"}}}})
	return &desk{c, make(chan struct{}, 100)}, err
}

func answer(ctx context.Context, endpoint string) error {
	d, err := newDesk(telegramtest.DefaultToken, endpoint)
	if err != nil {
		return err
	}
	return d.channel.Run(ctx, d)
}

func record(ctx context.Context, w io.Writer) error {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	srv, err := telegramtest.New(telegramtest.Options{})
	if err != nil {
		return err
	}
	defer srv.Close()
	fmt.Fprintln(w, "import type { Opts, Update } from \"@grammyjs/types\";")
	// Ask for all kinds, as the channel does, before anything happens.
	all := `{"allowed_updates":["message","edited_message","callback_query","my_chat_member","message_reaction"]}`
	if _, err := ask(srv, "getUpdates", all); err != nil {
		return err
	}
	u := srv.User(3527065)
	first := u.Say("/start")
	u.Reply(first, "penduduk")
	u.Edit(first, "/menu")
	u.Photo("keterangan", []byte("jpg"))
	u.Document("a.pdf", "", []byte("%PDF"))
	u.Voice()
	u.Sticker("👍")
	u.Contact("+628120000001", 3527065)
	u.React(first, "👍")
	srv.Raw(`{"update_id":$ID,"message":{"message_id":901,"message_thread_id":44,"is_topic_message":true,"date":1795694400,
		"from":{"id":3527065,"is_bot":false,"first_name":"S"},"chat":{"id":3527065,"type":"private","first_name":"S"},
		"photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1}]}}`)
	srv.Advance(time.Second)
	updates, err := ask(srv, "getUpdates", `{}`)
	if err != nil {
		return err
	}
	for i, update := range updates {
		// Those types want it said that a quoted message quotes nothing itself.
		text := strings.ReplaceAll(string(update), `"reply_to_message":{`,
			`"reply_to_message":{"reply_to_message":undefined,`)
		fmt.Fprintf(w, "export const update%d: Update = %s;\n", i, text)
	}
	d, err := newDesk(srv.Token(), srv.Endpoint())
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	running, end := context.WithCancel(ctx)
	defer end()
	go func() { ended <- d.channel.Run(running, d) }()
	for range updates {
		<-d.done
	}
	if _, err := u.Press("Lanjut"); err != nil {
		return err
	}
	<-d.done
	u.Say("kutipan")
	<-d.done
	if _, err := u.AwaitAnswers(ctx, 1); err != nil {
		return err
	}
	d.channel.Check(ctx)
	for srv.Count("setMyShortDescription", 0) == 0 && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	end()
	if err := <-ended; err != nil {
		return err
	}
	for i, c := range srv.Calls("") {
		literal, err := typed(c)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "export const call%d: Opts<string>[%q] = %s;\n", i, c.Method, literal)
	}
	if v := srv.Violations(); len(v) > 0 {
		return fmt.Errorf("violations: %s", strings.Join(v, "; "))
	}
	return nil
}

// notText are the parameters whose form is not a text.
var notText = map[string]bool{"chat_id": true, "message_id": true, "offset": true, "limit": true, "timeout": true,
	"allowed_updates": true,
	"reply_markup":    true, "reply_parameters": true, "message_thread_id": true, "link_preview_options": true,
	"protect_content": true, "commands": true, "menu_button": true, "drop_pending_updates": true}

// typed is a call's parameters as an object literal.
func typed(c telegramtest.Call) (string, error) {
	out := map[string]any{}
	for name, value := range c.Params {
		if notText[name] {
			out[name] = json.RawMessage(value)
		} else {
			out[name] = value
		}
	}
	if c.Method == "sendDocument" {
		out["document"] = "attach://document"
	}
	b, err := json.Marshal(out)
	return string(b), err
}

func ask(srv *telegramtest.Server, method, params string) ([]json.RawMessage, error) {
	resp, err := http.Post(srv.Endpoint()+"/bot"+srv.Token()+"/"+method, "application/json",
		bytes.NewReader([]byte(params)))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var a struct{ Result []json.RawMessage }
	err = json.NewDecoder(resp.Body).Decode(&a)
	return a.Result, err
}

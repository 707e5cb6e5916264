package whatsapp

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"go.mau.fi/util/jsonbytes"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// Errors of [Channel.Pair].
var (
	ErrPairTimeout = errors.New("no phone scanned a code in time")
	ErrPairRefused = errors.New("WhatsApp did not accept the link")
	ErrLinked      = errors.New("a device is linked already")
	ErrPasskey     = errors.New("the passkey answer is not the JSON of a PublicKeyCredential")
)

// PairOptions say how to link.
type PairOptions struct {
	// Phone, written any way, asks for a link code to be typed on that phone;
	// empty shows QR codes.
	Phone string
	// New links anew although a device is linked, whose phone is lost: its file is set
	// aside as DeviceFile.lama-TIME.
	New bool
	// Show presents a prompt to the person at the terminal. It must not block.
	Show func(Prompt)
	// Passkey asks for what the browser answered to Prompt.Challenge, as JSON.
	// Without it an account with a passkey cannot be linked.
	Passkey func(ctx context.Context) ([]byte, error)
}

// Prompt is one thing to show. Text, in Indonesian, always says what to do.
type Prompt struct {
	Text      string
	QR        string        // text of a QR code
	Code      string        // link code, or the code to compare after a passkey
	Challenge []byte        // JSON of a WebAuthn request
	Snippet   string        // to be run in the browser, which prints the answer to Challenge
	Valid     time.Duration // how long QR may be scanned; 0 for the others
}

// The first code of a connection may be scanned for longer, as somebody still
// has to find the phone. WhatsApp closes the connection after the last.
const (
	firstCode = 60 * time.Second
	nextCode  = 20 * time.Second
)

// Pair links this installation to the desk's account and returns when WhatsApp
// has let the new device in. Readers, chats and tickets are not touched. It
// returns ErrLinked, ErrInUse, ErrPairTimeout, ErrPairRefused, ErrPasskey, ErrNumber or
// ErrRefused, wrapped, or ctx's error. Without network it waits.
func (c *Channel) Pair(ctx context.Context, o PairOptions) error {
	phone := ""
	if o.Phone != "" {
		var err error
		if phone, err = ownNumber(o.Phone); err != nil {
			return fmt.Errorf("whatsapp: pair: %w", err)
		}
	}
	d, err := c.openPatiently(ctx)
	if err != nil {
		return fmt.Errorf("whatsapp: pair: %w", err)
	}
	defer c.board.set(Stopped, time.Time{})
	c.board.set(Pairing, time.Time{})
	if d.linked() && o.New {
		if d, err = c.setAside(ctx, d); err != nil {
			return fmt.Errorf("whatsapp: pair: %w", err)
		}
	}
	if d.linked() {
		err = ErrLinked
	} else {
		p := &pairing{c: c, o: o, phone: phone, events: make(chan any, 64)}
		err = p.run(ctx, d)
	}
	if err := errors.Join(err, d.close()); err != nil {
		return fmt.Errorf("whatsapp: pair: %w", err)
	}
	return nil
}

// ownNumber is a number that an account may have. What merely looks like a number is
// sent to people, but a code is not asked for in its name.
func ownNumber(written string) (string, error) {
	phone, err := Normalize(written)
	if err != nil {
		return "", err
	}
	n, err := phonenumbers.Parse("+"+phone, "")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", ErrNumber
	}
	return phone, nil
}

// setAside moves a linked device's file out of the way, under the lock that d holds,
// and opens a new one.
func (c *Channel) setAside(ctx context.Context, d *device) (*device, error) {
	box := d.box
	d.box = nil // what remains of d is the lock
	err := box.Close()
	old := c.cfg.DeviceFile + ".lama-" + c.cfg.Now().UTC().Format("20060102-150405")
	for _, part := range []string{"", "-wal", "-shm"} {
		if e := os.Rename(c.cfg.DeviceFile+part, old+part); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if err := errors.Join(err, d.close()); err != nil {
		return nil, fmt.Errorf("set old device aside: %w", err)
	}
	return c.openPatiently(ctx)
}

// lockPatience is how long Pair waits for the device: a program that serves and
// waits to be linked opens it for a moment now and then.
const lockPatience = time.Second

func (c *Channel) openPatiently(ctx context.Context) (*device, error) {
	for end := time.Now().Add(lockPatience); ; {
		d, err := openDevice(ctx, c.cfg.DeviceFile, c.cfg.Key, c.log)
		if !errors.Is(err, ErrInUse) || time.Now().After(end) {
			return d, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// pairing is one attempt at linking. whatsmeow's own QR channel is not used: it
// disconnects when its codes run out, in the middle of a passkey exchange too.
type pairing struct {
	c      *Channel
	o      PairOptions
	phone  string
	events chan any
	client *whatsmeow.Client

	current string   // the QR code on the screen
	codes   []string // those that follow
	passkey bool     // an exchange is under way: no more codes
	paired  bool
	reached bool // WhatsApp has answered on this connection
	waiting bool // the person knows that there is no network
	renewed bool // the version that WhatsApp serves today is tried
	answers chan passkeyAnswer
}

type passkeyAnswer struct {
	json []byte
	err  error
}

func (p *pairing) run(ctx context.Context, d *device) error {
	p.answers = make(chan passkeyAnswer, 1)
	live, cancel := context.WithCancel(context.WithoutCancel(ctx)) // as in newLink
	defer cancel()
	p.client = p.c.newClient(live, d)
	over := make(chan struct{})
	p.client.AddEventHandler(func(evt any) {
		select {
		case p.events <- evt:
		case <-over:
		}
	})
	defer p.client.Disconnect()
	defer close(over) // before: a handler may be waiting
	for rounds := 0; rounds < p.c.cfg.Timing.CodesAtMost; {
		stop := context.AfterFunc(ctx, cancel)
		err := p.client.ConnectContext(live)
		stop()
		again := true
		if p.reached = false; err == nil || errors.Is(err, whatsmeow.ErrAlreadyConnected) {
			if again, err = p.round(ctx); !again {
				return err
			}
			p.client.Disconnect()
		}
		if p.reached {
			rounds++
			continue
		}
		if !p.waiting {
			p.waiting = true
			p.o.Show(Prompt{Text: "WhatsApp belum dapat dihubungi. Periksa sambungan internet komputer ini; " +
				"kode tampil begitu tersambung. Untuk berhenti tekan Ctrl-C."})
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(p.c.cfg.Timing.Reconnect):
		}
	}
	return ErrPairTimeout
}

// round is one connection; again says that its codes ran out.
func (p *pairing) round(ctx context.Context) (again bool, err error) {
	p.current, p.codes, p.passkey = "", nil, false
	timer := time.NewTimer(p.c.cfg.Timing.Ack) // for the first answer
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-timer.C:
			switch {
			case p.paired:
				return false, nil // linked and saved; the first login can wait for Run
			case p.passkey:
				timer.Reset(p.c.cfg.Timing.Ack)
			case len(p.codes) == 0:
				return true, nil
			default:
				timer.Reset(p.show(nextCode))
			}
		case a := <-p.answers:
			if a.err == nil {
				a.err = p.answer(ctx, a.json)
			}
			if a.err != nil {
				return false, a.err
			}
		case evt := <-p.events:
			done, again, err := p.event(ctx, evt, timer)
			if done || again || err != nil {
				return again, err
			}
		}
	}
}

func (p *pairing) event(ctx context.Context, evt any, timer *time.Timer) (done, again bool, err error) {
	switch e := evt.(type) {
	case *events.QR:
		p.reached, p.waiting = true, false
		p.codes = e.Codes
		if p.phone == "" {
			timer.Reset(p.show(firstCode))
			return false, false, nil
		}
		p.codes = nil
		timer.Reset(firstCode + 5*nextCode)
		return false, false, p.askCode(ctx)
	case *events.RotateADVSecret:
		// The code on the screen holds the old secret too, so it is shown anew.
		if p.current != "" {
			p.codes = append([]string{p.current}, p.codes...)
			for i, code := range p.codes {
				p.codes[i] = strings.Replace(code, e.OldSecret, e.NewSecret, 1)
			}
			timer.Reset(p.show(nextCode))
		}
	case *events.QRScannedWithoutMultidevice:
		p.o.Show(Prompt{Text: "HP ini belum mendukung Perangkat tertaut. Perbarui aplikasi WhatsApp di HP, " +
			"lalu pindai lagi kode yang sama."})
	case *events.PairPasskeyRequest:
		return false, false, p.askPasskey(ctx, e)
	case *events.PairPasskeyConfirmation:
		return false, false, p.confirm(ctx, e)
	case *events.PairPasskeyError:
		return false, false, fmt.Errorf("%w: passkey: %s", ErrPairRefused, redact(e.Error))
	case *events.PairError:
		return false, false, fmt.Errorf("%w: %s", ErrPairRefused, redact(e.Error))
	case *events.PairSuccess:
		p.paired = true
		timer.Reset(4 * p.c.cfg.Timing.Ack)
		p.o.Show(Prompt{Text: "Kode diterima. Menunggu WhatsApp menyiapkan perangkat ..."})
	case *events.Connected:
		p.o.Show(Prompt{Text: "Selesai: bot sudah tertaut ke WhatsApp. " +
			"Jalankan `pst serve` (atau biarkan, bila sudah berjalan)."})
		return true, false, nil
	case *events.ClientOutdated:
		if !p.renewed && p.c.renewed(ctx) {
			p.renewed = true
			p.c.setGlobals(ctx)
			return false, true, nil
		}
		return false, false, Status{State: Outdated}.err()
	case *events.TemporaryBan:
		return false, false, Status{State: Banned, Until: p.c.cfg.Now().Add(e.Expire)}.err()
	case *events.LoggedOut, *events.ConnectFailure:
		return false, false, ErrPairRefused
	case *events.Disconnected:
		// At the end of the codes; after success whatsmeow connects again by itself.
		return false, !p.paired, nil
	}
	return false, false, nil
}

// show presents the next code and returns how long it is valid.
func (p *pairing) show(valid time.Duration) time.Duration {
	p.current, p.codes = p.codes[0], p.codes[1:]
	p.o.Show(Prompt{QR: p.current, Valid: valid, Text: "Di HP milik layanan: buka WhatsApp > Setelan > " +
		"Perangkat tertaut > Tautkan perangkat, lalu pindai kode QR ini. Kode berganti sendiri; pindai yang paling baru."})
	return valid
}

func (p *pairing) askCode(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, p.c.cfg.Timing.Ack)
	defer cancel()
	// The server accepts only names of this form for the one who asks.
	code, err := p.client.PairPhone(ctx, p.phone, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		return fmt.Errorf("%w: %s", ErrPairRefused, redact(err))
	}
	p.o.Show(Prompt{Code: code, Text: "Kode untuk nomor +" + p.phone + ". Di HP milik layanan: buka WhatsApp > Setelan > " +
		"Perangkat tertaut > Tautkan perangkat > Tautkan dengan nomor telepon, lalu ketik kode ini. " +
		"Bila akun memakai kunci sandi (passkey), pakailah kode QR: jalankan lagi tanpa -phone."})
	return nil
}

// askPasskey shows the request and waits aside for the answer: codes and
// connection go on meanwhile.
func (p *pairing) askPasskey(ctx context.Context, e *events.PairPasskeyRequest) error {
	if p.o.Passkey == nil {
		return fmt.Errorf("%w: the account asks for a passkey", ErrPairRefused)
	}
	challenge, err := json.Marshal(e.PublicKey)
	if err != nil {
		return fmt.Errorf("encode passkey request: %w", err)
	}
	p.passkey = true
	p.o.Show(Prompt{Challenge: challenge, Snippet: fmt.Sprintf(passkeySnippet, challenge), Text: "" +
		"Akun ini meminta kunci sandi (passkey).\n" +
		"1. Di peramban (Chrome, Edge, Firefox) yang menyimpan kunci sandi itu, buka https://web.whatsapp.com\n" +
		"2. Tekan F12, lalu pilih Console (Konsol). Bila peramban memintanya, ketik: allow pasting\n" +
		"3. Tempelkan baris di bawah ini seluruhnya, tekan Enter, dan setujui di peramban.\n" +
		"4. Salin baris yang lalu tampil, mulai { sampai }, tempelkan di sini, dan tekan Enter.\n" +
		"Bila tidak ada peramban seperti itu: matikan kunci sandi di HP (Setelan > Akun > Kunci sandi) dan ulangi."})
	go func() {
		answer, err := p.o.Passkey(ctx)
		p.answers <- passkeyAnswer{answer, err}
	}()
	return nil
}

// passkeySnippet asks the browser for the credential and prints it as readPasskey
// reads it. https://www.w3.org/TR/webauthn-3/#sctn-parseRequestOptionsFromJSON
const passkeySnippet = `console.log(JSON.stringify((await navigator.credentials.get({publicKey: ` +
	`PublicKeyCredential.parseRequestOptionsFromJSON(%s)})).toJSON()))`

func (p *pairing) answer(ctx context.Context, text []byte) error {
	r, err := readPasskey(text)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.c.cfg.Timing.Ack)
	defer cancel()
	if err := p.client.SendPasskeyResponse(ctx, r); err != nil {
		return fmt.Errorf("%w: passkey: %s", ErrPairRefused, redact(err))
	}
	return nil
}

// readPasskey reads what a browser's credential became as JSON; around it a console
// may print quotes. Browsers write base64 for URLs, with or without padding. It
// returns ErrPasskey, which never says what the answer holds.
func readPasskey(text []byte) (*types.WebAuthnResponse, error) {
	var in struct {
		ID, RawID, Type string
		Response        struct{ ClientDataJSON, AuthenticatorData, Signature, UserHandle string }
	}
	if err := json.Unmarshal(bytes.Trim(text, "'\"` \t\r\n"), &in); err != nil {
		return nil, ErrPasskey
	}
	r := &types.WebAuthnResponse{ID: in.ID, Type: in.Type}
	for _, f := range []struct {
		from string
		to   *[]byte
	}{
		{in.RawID, (*[]byte)(&r.RawID)},
		{in.Response.ClientDataJSON, (*[]byte)(&r.Response.ClientDataJSON)},
		{in.Response.AuthenticatorData, (*[]byte)(&r.Response.AuthenticatorData)},
		{in.Response.Signature, (*[]byte)(&r.Response.Signature)},
	} {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(f.from, "="))
		if err != nil || len(b) == 0 {
			return nil, ErrPasskey
		}
		*f.to = b
	}
	if in.Response.UserHandle != "" {
		b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(in.Response.UserHandle, "="))
		if err != nil {
			return nil, ErrPasskey
		}
		r.Response.UserHandle = (*jsonbytes.UnpaddedURLBytes)(&b)
	}
	return r, nil
}

// confirm finishes a passkey exchange. The code is shown for comparison; a
// person who sees another one on the phone breaks off here.
func (p *pairing) confirm(ctx context.Context, e *events.PairPasskeyConfirmation) error {
	if !e.SkipHandoffUX {
		p.o.Show(Prompt{Code: e.Code, Text: "Cocokkan kode ini dengan yang tampil di HP. Bila berbeda, tekan Ctrl-C."})
	}
	ctx, cancel := context.WithTimeout(ctx, p.c.cfg.Timing.Ack)
	defer cancel()
	if err := p.client.SendPasskeyConfirmation(ctx); err != nil {
		return fmt.Errorf("%w: passkey: %s", ErrPairRefused, redact(err))
	}
	return nil
}

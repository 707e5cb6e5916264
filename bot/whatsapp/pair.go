package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"
)

// Errors of [Channel.Pair].
var (
	ErrPairTimeout = errors.New("no phone scanned a code in time")
	ErrPairRefused = errors.New("WhatsApp did not accept the link")
	ErrLinked      = errors.New("a device is linked already")
	ErrPairing     = errors.New("somebody is linking the device already")
	ErrPasskey     = errors.New("the passkey answer is not the JSON of a PublicKeyCredential")
)

// PairOptions say how to link.
type PairOptions struct {
	// Phone, written any way, asks for a link code to be typed on that phone;
	// empty shows QR codes.
	Phone string
	// New links anew although a device is linked, whose phone is lost: its file is set
	// aside as DeviceFile.lama-TIME, and brought back when the new one is not linked.
	New bool
	// Show presents a prompt to the person who links. It must not block.
	Show func(Prompt)
	// Passkey asks for what the browser answered to Prompt.Challenge, as JSON.
	// Without it an account with a passkey cannot be linked.
	Passkey func(ctx context.Context) ([]byte, error)
}

// Step is what a prompt asks of the person, or tells.
type Step string

// The steps. Note is said beside the prompt before it, which still holds.
const (
	StepWait     Step = "wait"     // there is no connection yet
	StepScan     Step = "scan"     // QR is to be scanned
	StepType     Step = "type"     // Code is to be typed on the phone
	StepNote     Step = "note"     //
	StepPasskey  Step = "passkey"  // Snippet is to be run, and its answer given
	StepCompare  Step = "compare"  // Code is to be compared with the phone's
	StepAccepted Step = "accepted" // the phone has said yes
	StepDone     Step = "done"     // the device is linked
)

// Prompt is one thing to show. Text, in Indonesian, always says what to do; where to
// click or which key to press is for who shows it to add.
type Prompt struct {
	Step      Step
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
// has let the new device in; a Run of the same channel gives way meanwhile, and goes on
// with the new device. Readers, chats and tickets are not touched. It returns
// ErrLinked, ErrPairing, ErrInUse, ErrPairTimeout, ErrPairRefused, ErrPasskey, ErrNumber
// or ErrRefused, wrapped, or ctx's error; nothing has changed then. Without network it
// waits.
func (c *Channel) Pair(ctx context.Context, o PairOptions) error {
	if err := c.pair(ctx, o); err != nil {
		return fmt.Errorf("whatsapp: pair: %w", err)
	}
	return nil
}

func (c *Channel) pair(ctx context.Context, o PairOptions) error {
	phone := ""
	if o.Phone != "" {
		var err error
		if phone, err = OwnNumber(o.Phone); err != nil {
			return err
		}
	}
	if c.current() != nil && !o.New {
		return ErrLinked // one that serves is left alone
	}
	over, err := c.turns.link()
	if err != nil {
		return err
	}
	defer over()
	d, err := c.openPatiently(ctx)
	if err != nil {
		return err
	}
	defer c.board.set(Stopped, time.Time{})
	c.board.set(Pairing, time.Time{})
	old := ""
	if d.linked() && o.New {
		if d, old, err = c.setAside(ctx, d); err != nil {
			return err
		}
	}
	if d.linked() {
		return errors.Join(ErrLinked, d.close())
	}
	p := &pairing{c: c, o: o, phone: phone, events: make(chan any, 64)}
	err = p.run(ctx, d)
	if err != nil && old != "" {
		return errors.Join(err, d.letGo(), moveDevice(old, c.cfg.DeviceFile), d.close())
	}
	return errors.Join(err, d.close())
}

// OwnNumber is a number that an account may have, as WhatsApp writes it; else
// ErrNumber. What merely looks like a number is sent to people, but a code is not asked
// for in its name.
func OwnNumber(written string) (string, error) {
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
// and opens a new one. old is where it lies then.
func (c *Channel) setAside(ctx context.Context, d *device) (_ *device, old string, err error) {
	old = c.cfg.DeviceFile + ".lama-" + c.cfg.Now().UTC().Format("20060102-150405")
	if err := errors.Join(d.letGo(), moveDevice(c.cfg.DeviceFile, old), d.close()); err != nil {
		return nil, "", fmt.Errorf("set old device aside: %w", err)
	}
	if d, err = c.openPatiently(ctx); err != nil {
		return nil, "", errors.Join(err, moveDevice(old, c.cfg.DeviceFile))
	}
	return d, old, nil
}

// moveDevice moves a device file that nobody has open to where another may lie, with
// what SQLite keeps beside it.
func moveDevice(from, to string) error {
	var errs []error
	for _, part := range []string{"", "-wal", "-shm"} {
		if part != "" {
			errs = append(errs, os.Remove(to+part))
		}
		errs = append(errs, os.Rename(from+part, to+part))
	}
	return errors.Join(slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, os.ErrNotExist) })...)
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
	defer hangUp(p.client)
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
			hangUp(p.client)
		}
		if p.reached {
			rounds++
			continue
		}
		if !p.waiting {
			p.waiting = true
			p.o.Show(Prompt{Step: StepWait, Text: "WhatsApp belum dapat dihubungi. Periksa sambungan internet komputer PST; " +
				"kode tampil begitu tersambung."})
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
			if p.paired {
				return false, nil
			}
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
		p.o.Show(Prompt{Step: StepNote, Text: "HP ini belum mendukung Perangkat tertaut. Perbarui aplikasi WhatsApp di HP, " +
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
		p.o.Show(Prompt{Step: StepAccepted, Text: "Kode diterima. Menunggu WhatsApp menyiapkan perangkat ..."})
	case *events.Connected:
		p.o.Show(Prompt{Step: StepDone, Text: "Selesai: bot sudah tertaut ke WhatsApp."})
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
	p.o.Show(Prompt{Step: StepScan, QR: p.current, Valid: valid, Text: "Di HP milik layanan: buka WhatsApp > Setelan > " +
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
	p.o.Show(Prompt{Step: StepType, Code: code, Text: "Kode untuk nomor +" + p.phone +
		". Di HP milik layanan: buka WhatsApp > Setelan > " +
		"Perangkat tertaut > Tautkan perangkat > Tautkan dengan nomor telepon, lalu ketik kode ini. " +
		"Bila akun memakai kunci sandi (passkey), pakailah kode QR."})
	return nil
}

package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"pst/bot"
	"pst/conversation"
)

// globals holds what whatsmeow keeps in variables of the process: the version
// and the device name. They are set before a client connects.
var globals sync.Mutex

// link is one client of one linked device, from its start to its end. After
// the device was unlinked it is of no more use, and a new one is made.
type link struct {
	c      *Channel
	d      *device
	client *whatsmeow.Client
	in     bot.Inbox
	ctx    context.Context
	cancel context.CancelFunc
	ends   chan ending // the first counts
	// own are the user parts of the desk's own address, number and LID; taken
	// before the client runs, as whatsmeow changes its record while it does.
	own map[string]bool
	jid types.JID

	mu         sync.Mutex
	closed     bool
	panics     map[string]int // by message id
	announced  map[string]bool
	unread     map[string]bool // ids of messages that could not be read and may still come
	receipts   chan receipt
	work       sync.WaitGroup
	order      order
	resend     sync.Mutex                    // guards pst_resend and resending
	resending  map[conversation.Address]bool // chats with a message that is being sent again
	asks       sync.Mutex                    // one at a time answers what could not be read
	again      bell                          // rung when a message has to come again
	lost       bell                          // rung when there is no connection
	failures   atomic.Int32                  // to connect, since there was one
	caughtUp   func()                        // ends the catching up under way
	asked      sync.Once                     // the platform's time
	staffing   sync.Mutex                    // held while staff are looked up
	staffKnown atomic.Bool                   // they were
}

// newClient makes a client with the settings that hold the promise: see the
// package comment.
func (c *Channel) newClient(ctx context.Context, d *device) *whatsmeow.Client {
	c.setGlobals(ctx)
	client := whatsmeow.NewClient(d.dev, c.log)
	client.SynchronousAck = true
	client.EnableDecryptedEventBuffer = true
	client.UseRetryMessageStore = true
	client.ManualHistorySyncDownload = true
	client.AutomaticMessageRerequestFromPhone = true // what cannot be read, the desk's phone may have
	// two at once would seal letters with one key, and a phone drops the second
	client.SetMaxParallelRetryReceiptHandling(1)
	client.BackgroundEventCtx = ctx
	client.SetForceActiveDeliveryReceipts(true) // two grey ticks: the desk has it
	if c.cfg.HTTP != nil {
		client.SetWebsocketHTTPClient(c.cfg.HTTP)
		client.SetPreLoginHTTPClient(c.cfg.HTTP)
		client.SetMediaHTTPClient(c.cfg.HTTP)
	}
	return client
}

// setGlobals sets name and version. A version that cannot be fetched leaves the
// one built in: it may well be good.
func (c *Channel) setGlobals(ctx context.Context) {
	version, _ := store.ParseVersion(c.cfg.WAVersion) // zero, which sets nothing, when there is none
	c.mu.Lock()
	fetched := c.fetched
	c.mu.Unlock()
	switch {
	case !fetched.IsZero():
		version = fetched
	case c.cfg.FetchVersion && version.IsZero():
		if v, err := c.fetchVersion(ctx); err == nil {
			version = v
		} else {
			c.cfg.Log.Warn("asking for WhatsApp's version failed", "error", redact(err))
		}
	}
	globals.Lock()
	defer globals.Unlock()
	if !version.IsZero() && version != store.GetWAVersion() {
		store.SetWAVersion(version)
	}
	if store.DeviceProps.GetOs() != c.cfg.DeviceName {
		store.SetOSInfo(c.cfg.DeviceName, [3]uint32{1, 0, 0})
		store.DeviceProps.PlatformType = waCompanionReg.DeviceProps_CHROME.Enum()
	}
	c.cfg.Log.Info("whatsapp client", "wa_version", store.GetWAVersion().String())
}

// fetchVersion asks WhatsApp for the version that it serves today.
func (c *Channel) fetchVersion(ctx context.Context) (v store.WAVersionContainer, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timing.Ack)
	defer cancel()
	latest, err := whatsmeow.GetLatestVersion(ctx, c.cfg.HTTP)
	if err != nil {
		return v, err
	}
	return *latest, nil
}

// renewed asks, when WhatsApp has called this version outdated, which one it
// wants; true when that is another one, to be tried at once. It goes before a
// version that is configured, which has just been refused.
func (c *Channel) renewed(ctx context.Context) bool {
	v, err := c.fetchVersion(ctx)
	if err != nil {
		c.cfg.Log.Error("WhatsApp calls this version outdated, and the present one could not be asked for", "error",
			redact(err))
		return false
	}
	globals.Lock()
	now := store.GetWAVersion()
	globals.Unlock()
	if v == now || v[2] == 0 {
		return false
	}
	c.cfg.Log.Warn("WhatsApp calls this version outdated; trying the present one", "refused", now.String(), "present",
		v.String())
	c.mu.Lock()
	c.fetched = v
	c.mu.Unlock()
	return true
}

func (c *Channel) newLink(ctx context.Context, d *device, in bot.Inbox) *link {
	k := &link{c: c, d: d, jid: d.dev.GetJID(), in: in, ends: make(chan ending, 8), panics: map[string]int{},
		announced: map[string]bool{},
		unread:    map[string]bool{}, resending: map[conversation.Address]bool{}, again: make(bell, 1), lost: make(bell, 1),
		caughtUp: func() {},
		receipts: make(chan receipt, 1024), own: map[string]bool{d.dev.GetJID().User: true, d.dev.GetLID().User: true}}
	// Not ended by ctx: the client is disconnected first. A context that ends
	// under it races with that inside whatsmeow.
	k.ctx, k.cancel = context.WithCancel(context.WithoutCancel(ctx))
	k.client = c.newClient(k.ctx, d)
	k.client.EnableAutoReconnect = false // see stayConnected
	d.vault.failed, d.vault.well, d.vault.now = k.storeFailed, k.storeWell, c.cfg.Now
	k.client.AddEventHandlerWithSuccessStatus(k.handle)
	return k
}

// run connects and stays until the client ends for good or ctx does.
func (k *link) run(ctx context.Context) ending {
	if err := errors.Join(k.loadUnreadable(), k.openResends()); err != nil {
		k.c.cfg.Log.Error("the WhatsApp device cannot be used", "error", redact(err))
		return ending{state: Reconnecting, wait: time.Minute}
	}
	k.spawn(k.passReceipts)
	k.spawn(k.keepHouse)
	k.spawn(k.redeliver)
	k.c.setCurrent(k)
	defer k.c.setCurrent(nil)
	live, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); k.stayConnected(live) }()
	defer func() { stop(); <-ended }() // before the client is disconnected for good
	stuck := time.NewTicker(k.c.cfg.Timing.Stuck)
	defer stuck.Stop()
	for {
		select {
		case <-ctx.Done():
			return ending{state: Stopped}
		case e := <-k.ends:
			return e
		case <-stuck.C:
			s := k.c.board.get()
			if s.State != Online && k.c.cfg.Now().Sub(s.Since) >= k.c.cfg.Timing.Stuck {
				return ending{state: Reconnecting, wait: time.Second}
			}
		}
	}
}

// catchUp notes how to end a catching up that begins, and ends the one before.
func (k *link) catchUp(done func()) {
	k.mu.Lock()
	before := k.caughtUp
	k.caughtUp = done
	k.mu.Unlock()
	before()
}

// bell wakes one who waits; many rings are as good as one.
type bell chan struct{}

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// stayConnected connects, and connects again whenever a connection is lost, until
// ctx ends. whatsmeow would do so too, in a rhythm, and in several goroutines that
// race with one another for its event (exsync.Event of go.mau.fi/util, which up to
// v0.11.0 writes under a read lock).
func (k *link) stayConnected(ctx context.Context) {
	k.lost.ring()
	for n := int64(1); ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-k.lost:
		}
		wait := time.Duration(0)
		if n > 1 {
			shortest := k.c.cfg.Timing.Reconnect
			wait = bot.Backoff(int(k.failures.Load()), shortest, 15*shortest, rand.Float64())
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		stop := context.AfterFunc(ctx, k.cancel) // a dial may hang for minutes
		err := k.client.ConnectContext(onConnection(k.ctx, n))
		stop()
		if err != nil && !errors.Is(err, whatsmeow.ErrAlreadyConnected) && ctx.Err() == nil {
			if k.failures.Add(1) == 1 {
				k.c.cfg.Log.Warn("connecting to WhatsApp failed, and is tried again", "error", redact(err))
			}
			k.lost.ring()
		}
	}
}

// close ends the client: a handler that runs may finish (whatsmeow waits five
// seconds), then the device file is closed and unlocked.
func (k *link) close(e ending) error {
	hangUp(k.client)
	err := k.forget(e)
	k.cancel()
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	k.work.Wait()
	return errors.Join(err, k.d.close())
}

// hangUp disconnects a client. Disconnect alone takes a function away from the
// connection (FrameSocket.OnDisconnect) without the lock under which the connection looks
// for it and calls it when it ends by itself, at that moment or not. ResetConnection leaves
// it, and after that Disconnect does; as the end is expected, nobody is told of a loss.
func hangUp(c *whatsmeow.Client) {
	//lint:ignore SA1019 it sets a mark, which Disconnect would set too late
	c.DangerousInternals().ExpectDisconnect()
	c.ResetConnection()
	c.Disconnect()
}

// forget removes a device that was unlinked. whatsmeow does so too, but aside
// from everything, so that the file may be closed before.
func (k *link) forget(e ending) error {
	if e.state != LoggedOut {
		return nil
	}
	ctx := context.WithoutCancel(k.ctx)
	dev, err := k.d.box.GetDevice(ctx, k.jid)
	if err == nil && dev != nil {
		err = dev.Delete(ctx)
	}
	if err != nil {
		return fmt.Errorf("remove unlinked device: %w", err)
	}
	return nil
}

// spawn runs a helper that close waits for.
func (k *link) spawn(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.closed {
		k.work.Go(f)
	}
}

// end reports why this client is of no more use.
func (k *link) end(e ending) {
	select {
	case k.ends <- e:
	default:
	}
}

// greet is done at each login. Without a presence other phones show "-" for the
// desk's name; before the name is known there is none, and PushNameSetting
// follows. The presence is "unavailable": while a linked device is available,
// the desk's own phone does not ring.
func (k *link) greet() {
	ctx, cancel := context.WithTimeout(k.ctx, k.c.cfg.Timing.Ack)
	defer cancel()
	_ = k.client.SendPresence(ctx, types.PresenceUnavailable)
	k.findStaff(ctx)
}

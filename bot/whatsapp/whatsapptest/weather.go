package whatsapptest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// Cut breaks the connections of an account without a word.
func (s *Server) Cut(phone string) {
	for _, c := range s.connsOf(phone) {
		c.close()
	}
}

// Deaden makes the connections of an account go dead without an end, as when its
// computer moved to another network.
func (s *Server) Deaden(phone string) {
	for _, c := range s.connsOf(phone) {
		c.dead.Store(true)
	}
}

func (s *Server) connsOf(phone string) (out []*conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.account(phone).devices {
		if d.conn != nil {
			out = append(out, d.conn)
		}
	}
	return out
}

// Down sets whether the chat server refuses new connections.
func (s *Server) Down(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// TurnedAway counts the connections refused so far because the server was down.
func (s *Server) TurnedAway() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.away
}

// Revision sets the last number of the version that WhatsApp's web page tells.
func (s *Server) Revision(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision = n
}

// Oldest sets the last number of the oldest version that the chat server lets
// in; older ones are told that they are outdated, and cut.
func (s *Server) Oldest(n int) {
	s.mu.Lock()
	s.oldest = n
	var old []*conn
	for c := range s.conns {
		if c.device != nil && int(c.payload.GetUserAgent().GetAppVersion().GetTertiary()) < n {
			old = append(old, c)
		}
	}
	s.mu.Unlock()
	for _, c := range old {
		c.close()
	}
}

// Logins counts the logins tried so far.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

func (s *Server) servePage(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	n := s.revision
	s.mu.Unlock()
	_, _ = fmt.Fprintf(w, `<script>{"client_revision":%d,"x":1}</script>`, n)
}

// MediaDown sets whether the media host answers every request with 503.
func (s *Server) MediaDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media = !down
}

// FailUploads makes the next n uploads fail.
func (s *Server) FailUploads(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = n
}

// Downloads counts the files that clients asked for so far.
func (s *Server) Downloads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetched
}

// Uploads counts the uploads tried so far, failed ones too.
func (s *Server) Uploads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.uploads
}

// Shift sets the server's clock off by d: a negative d makes messages old.
func (s *Server) Shift(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shift = d
}

// Refuse makes the account's next logins fail with the reason (401 logged out,
// 402 banned, 405 outdated, 503 try again); 0 lets it in again. Connections
// that stand are cut. For 402, expire is when the ban ends.
func (s *Server) Refuse(phone string, reason int, expire time.Duration) {
	s.mu.Lock()
	a := s.account(phone)
	a.refuse = nil
	if reason != 0 {
		a.refuse = &refusal{reason: reason}
		if reason == 402 {
			a.refuse.code, a.refuse.expire = 101, int(expire.Seconds())
		}
	}
	s.mu.Unlock()
	if reason != 0 {
		s.Cut(phone)
	}
}

// Remove unlinks the companions of an account, as "log out" on the phone does.
func (s *Server) Remove(phone string) {
	for _, c := range s.connsOf(phone) {
		if c.device.id != 0 {
			s.mu.Lock()
			delete(s.account(phone).devices, c.device.id)
			s.mu.Unlock()
			c.sendLast(streamError("401", "device_removed"))
		}
	}
}

// Replace tells the companions of an account that another process took over.
func (s *Server) Replace(phone string) {
	for _, c := range s.connsOf(phone) {
		if c.device.id != 0 {
			c.sendLast(streamError("", "replaced"))
		}
	}
}

// FailAcks answers the next n messages that the account sends with an error
// and does not deliver them: 463 (may not write to people first), 479, 400 ...
func (s *Server) FailAcks(phone string, code, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(phone)
	a.ackCode, a.ackLeft, a.ackKind = code, n, ""
}

// FailPictures is FailAcks for pictures alone; all else that is sent meanwhile passes.
func (s *Server) FailPictures(phone string, code, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(phone)
	a.ackCode, a.ackLeft, a.ackKind = code, n, "image"
}

// HoldAcks keeps back the acknowledgement of what is sent to the account until
// release is called. The messages arrive.
func (s *Server) HoldAcks(phone string) (release func()) {
	hold := make(chan struct{})
	s.mu.Lock()
	a := s.account(phone)
	a.hold = hold
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		a.hold = nil
		s.mu.Unlock()
		close(hold)
	}
}

// Deaf sets whether the receipts of an account are lost on the way.
func (s *Server) Deaf(phone string, deaf bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(phone).deaf = deaf
}

// HoldRetries keeps back what an account asks to be sent again because it could not
// read it, until release is called.
func (s *Server) HoldRetries(phone string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, held := s.account(phone), []func(){}
	a.held = &held
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		a.held = nil
		for _, pass := range held {
			pass()
		}
	}
}

// Garble damages the next n messages that the account sends on their way.
func (s *Server) Garble(phone string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(phone).garble = n
}

// Unavailable brings the companions of an account a message without content, as
// a photo to be seen once comes ("view_once"), and returns its id.
func (s *Server) Unavailable(from, to, kind string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	id := fmt.Sprintf("3A%018d", s.serial)
	sender, alt, attr := s.account(from).sender(0)
	for number, d := range s.account(to).devices {
		if number == 0 {
			continue
		}
		n := binary.Node{Tag: "message", Attrs: binary.Attrs{"id": id, "type": "media", "t": s.now().Unix(),
			"notify": s.account(from).name, "from": sender},
			Content: []binary.Node{{Tag: "unavailable", Attrs: binary.Attrs{"type": kind}}}}
		if attr != "" {
			n.Attrs[attr] = alt
		}
		d.deliver(n)
	}
	return id
}

// Address sets the form in which others see the account from now on.
func (s *Server) Address(phone string, mode Addressing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(phone).mode = mode
}

// LID is the LID of an account, without device.
func (s *Server) LID(phone string) types.JID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(phone).lidJID(0)
}

// Unacknowledged counts what the devices of an account have not acknowledged.
func (s *Server) Unacknowledged(phone string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.account(phone).devices {
		n += len(d.pending)
	}
	return n
}

// LockReachOut tells the account that it may not write to people first until
// then; a time in the past ends the lock.
func (s *Server) LockReachOut(phone string, until time.Time) {
	active := strconv.FormatBool(until.After(time.Now()))
	s.notify(phone, "mex", binary.Node{Tag: "update",
		Attrs: binary.Attrs{"op_name": "NotificationUserReachoutTimelockUpdate"},
		Content: fmt.Appendf(nil, `{"data":{"xwa2_notify_account_reachout_timelock":{"is_active":%s,"enforcement_type":"DEFAULT","time_enforcement_ends":"%d"}}}`,
			active, until.Unix())})
}

func (s *Server) notify(phone, kind string, child binary.Node) {
	for _, c := range s.connsOf(phone) {
		c.send(s.notification(kind, child))
	}
}

func (s *Server) notification(kind string, child binary.Node) binary.Node {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	return binary.Node{Tag: "notification", Content: []binary.Node{child}, Attrs: binary.Attrs{
		"id": strconv.Itoa(s.serial), "type": kind, "from": types.ServerJID, "t": s.now().Unix()}}
}

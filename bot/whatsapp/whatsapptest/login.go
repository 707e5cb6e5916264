package whatsapptest

import (
	"maps"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// login takes a client that finished the handshake: one that pairs gets codes,
// one that is known gets what waited for it, any other is logged out.
func (s *Server) login(c *conn) {
	if err := checkLogin(c.payload); err != nil {
		s.refuse(err)
		c.sendLast(failure(refusal{reason: 400}))
		return
	}
	version := int(c.payload.GetUserAgent().GetAppVersion().GetTertiary())
	s.mu.Lock()
	oldest := s.oldest
	s.mu.Unlock()
	if c.payload.GetDevicePairingData() != nil {
		if version < oldest {
			c.sendLast(failure(refusal{reason: 405}))
			return
		}
		s.offerCodes(c)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins++
	a := s.accounts[uintText(c.payload.GetUsername())]
	var d *device
	if a != nil {
		d = a.devices[uint16(c.payload.GetDevice())]
	}
	switch {
	case d == nil || d.noise != c.static:
		c.sendLast(failure(refusal{reason: 401}))
		return
	case version < s.oldest:
		c.sendLast(failure(refusal{reason: 405}))
		return
	case a.refuse != nil && a.refuse.reason == 503:
		c.sendAndCut(failure(*a.refuse))
		return
	case a.refuse != nil:
		c.sendLast(failure(*a.refuse))
		return
	case d.conn != nil:
		d.conn.sendLast(streamError("", "replaced"))
	}
	c.device, d.conn = d, c
	c.send(binary.Node{Tag: "success", Attrs: binary.Attrs{
		"t": s.now().Unix(), "lid": a.lidJID(d.id), "props": "27", "location": "cgk"}})
	c.send(binary.Node{Tag: "ib", Attrs: binary.Attrs{"from": types.ServerJID}, Content: []binary.Node{{
		Tag: "offline_preview",
		Attrs: binary.Attrs{"count": len(d.pending), "message": len(d.pending), "notification": 0, "receipt": 0,
			"appdata": 0}}}})
	for _, p := range d.pending {
		n := p.node
		n.Attrs = maps.Clone(n.Attrs) // an older connection may still be writing it
		n.Attrs["offline"] = "0"
		c.send(n)
	}
	c.send(binary.Node{Tag: "ib", Attrs: binary.Attrs{"from": types.ServerJID}, Content: []binary.Node{{
		Tag: "offline", Attrs: binary.Attrs{"count": len(d.pending)}}}})
}

func failure(r refusal) binary.Node {
	at := binary.Attrs{"reason": r.reason, "location": "cgk"}
	if r.code != 0 {
		at["code"] = r.code
	}
	if r.expire != 0 {
		at["expire"] = r.expire
	}
	return binary.Node{Tag: "failure", Attrs: at}
}

func streamError(code, conflict string) binary.Node {
	n := binary.Node{Tag: "stream:error", Attrs: binary.Attrs{}}
	if code != "" {
		n.Attrs["code"] = code
	}
	if conflict != "" {
		n.Content = []binary.Node{{Tag: "conflict", Attrs: binary.Attrs{"type": conflict}}}
	}
	return n
}

// handle takes one stanza of a client.
func (s *Server) handle(c *conn, n *binary.Node) {
	s.mu.Lock()
	tap := s.tap
	s.mu.Unlock()
	if tap != nil && c.device != nil {
		tap(c.device.account.phone, n)
	}
	if err := checkStanza(n); err != nil {
		s.refuse(err)
		if n.Tag == "iq" {
			c.reject(n, 400)
		}
		return
	}
	switch n.Tag {
	case "iq":
		s.handleIQ(c, n)
	case "message":
		s.handleMessage(c, n)
	case "receipt":
		s.handleReceipt(c, n)
	case "ack":
		s.settle(c, n)
	case "chatstate":
		s.handleTyping(c, n)
	}
}

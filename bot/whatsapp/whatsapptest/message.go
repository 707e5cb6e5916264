package whatsapptest

import (
	"bytes"
	"slices"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// pending is a stanza that a device has not acknowledged; it is sent again at
// each login until it does.
type pending struct {
	class, id string
	from      types.JID
	node      binary.Node
}

// deliver queues a stanza for a device, and sends it when it is connected.
// Callers hold mu.
func (d *device) deliver(n binary.Node) {
	d.pending = append(d.pending, pending{class: n.Tag, id: textAttr(&n, "id"), from: jidAttr(&n, "from"), node: n})
	if d.conn != nil {
		d.conn.send(n)
	}
}

// settle forgets what an acknowledgement or receipt of the client is about.
func (s *Server) settle(c *conn, n *binary.Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	class := textAttr(n, "class")
	if n.Tag == "receipt" {
		class = "message"
	}
	if c.device == nil {
		return
	}
	ids := []string{textAttr(n, "id")}
	list, _ := n.GetOptionalChildByTag("list")
	for _, item := range list.GetChildren() {
		ids = append(ids, textAttr(&item, "id"))
	}
	c.device.pending = slices.DeleteFunc(c.device.pending, func(p pending) bool {
		return p.class == class && p.from.User == jidAttr(n, "to").User && slices.Contains(ids, p.id)
	})
}

// handleMessage acknowledges a message and fans it out to the devices it was
// encrypted for.
func (s *Server) handleMessage(c *conn, n *binary.Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := c.device
	if d == nil {
		return
	}
	from, to := d.account, jidAttr(n, "to")
	ack := binary.Node{Tag: "ack", Attrs: binary.Attrs{
		"class": "message", "id": n.Attrs["id"], "from": to, "t": s.now().Unix()}}
	if from.ackLeft > 0 && (from.ackKind == "" || from.ackKind == mediaType(n)) {
		from.ackLeft--
		ack.Attrs["error"] = from.ackCode
		c.send(ack)
		return
	}
	if err := s.checkMessage(d, n); err != nil {
		s.refused = append(s.refused, err.Error())
		ack.Attrs["error"] = 479
		c.send(ack)
		return
	}
	parts, fanned := n.GetOptionalChildByTag("participants")
	if fanned && s.find(to) != from {
		ack.Attrs["phash"] = s.participantHash(d, to)
		for _, part := range parts.GetChildren() {
			if enc, ok := part.GetOptionalChildByTag("enc"); ok {
				s.forward(d, n, jidAttr(&part, "jid"), enc)
			}
		}
	} else if enc, ok := n.GetOptionalChildByTag("enc"); ok {
		s.forward(d, n, to, enc)
	}
	if target := s.find(to); target != nil && target.hold != nil {
		hold := target.hold
		go func() {
			select {
			case <-hold:
				c.send(ack)
			case <-c.closed:
			}
		}()
		return
	}
	c.send(ack)
}

// mediaType is what a message says that it brings, such as "image".
func mediaType(n *binary.Node) string {
	at := n
	if parts, ok := n.GetOptionalChildByTag("participants"); ok && len(parts.GetChildren()) > 0 {
		at = &parts.GetChildren()[0]
	}
	enc, _ := at.GetOptionalChildByTag("enc")
	return textAttr(&enc, "mediatype")
}

// forward hands one encrypted copy to the device it is for. Callers hold mu.
func (s *Server) forward(d *device, n *binary.Node, to types.JID, enc binary.Node) {
	a := s.find(to)
	if a == nil || a.devices[to.Device] == nil {
		return
	}
	from, alt, attr := d.account.sender(d.id)
	out := binary.Node{Tag: "message", Attrs: binary.Attrs{
		"id": n.Attrs["id"], "type": n.Attrs["type"], "t": s.now().Unix(), "notify": d.account.name, "from": from}}
	for _, name := range []string{"edit", "category"} {
		if v := textAttr(n, name); v != "" {
			out.Attrs[name] = v
		}
	}
	switch {
	case a == d.account:
		out.Attrs["from"] = a.lidJID(d.id)
		if fanTo := jidAttr(n, "to"); fanTo.User != a.phone && fanTo.User != a.lid {
			out.Attrs["recipient"] = fanTo.ToNonAD()
		}
	case attr != "":
		out.Attrs[attr] = alt
	}
	if d.account.garble > 0 && a != d.account {
		d.account.garble--
		enc = garbled(enc)
	}
	kids := []binary.Node{enc}
	if identity, ok := n.GetOptionalChildByTag("device-identity"); ok {
		kids = append(kids, identity)
	}
	out.Content = kids
	a.devices[to.Device].deliver(out)
}

// garbled is a message whose last bytes were damaged on the way.
func garbled(enc binary.Node) binary.Node {
	text, _ := enc.Content.([]byte)
	text = bytes.Clone(text)
	if len(text) > 0 {
		text[len(text)-1] ^= 0xff
	}
	enc.Content = text
	return enc
}

// handleReceipt acknowledges a receipt, counts it as the acknowledgement of the
// message it is about, and passes it on. A retry receipt is passed on too: its
// sender acknowledges the unreadable message separately.
func (s *Server) handleReceipt(c *conn, n *binary.Node) {
	kind := textAttr(n, "type")
	if kind != "retry" && kind != "read" && kind != "played" {
		s.settle(c, n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := c.device
	if d == nil {
		return
	}
	to := jidAttr(n, "to")
	ack := binary.Node{Tag: "ack", Attrs: binary.Attrs{"class": "receipt", "id": n.Attrs["id"], "from": to}}
	if kind != "" {
		ack.Attrs["type"] = kind
	}
	c.send(ack)
	if kind == "retry" && d.account.held != nil {
		*d.account.held = append(*d.account.held, func() { s.passReceipt(d, n, kind) })
		return
	}
	s.passReceipt(d, n, kind)
}

// passReceipt passes a receipt on to whom it is for. Callers hold mu.
func (s *Server) passReceipt(d *device, n *binary.Node, kind string) {
	to := jidAttr(n, "to")
	a := s.find(to)
	if a == nil || d.account.deaf || (a == d.account && kind != "retry") {
		return
	}
	from, _, _ := d.account.sender(d.id)
	for id, target := range a.devices {
		if to.Device != 0 && to.Device != id {
			continue
		}
		out := binary.Node{Tag: "receipt", Content: n.Content, Attrs: binary.Attrs{
			"id": n.Attrs["id"], "from": from, "t": s.now().Unix()}}
		if kind != "" {
			out.Attrs["type"] = kind
		}
		target.deliver(out)
	}
}

// handleTyping passes "typing …" on to whoever is connected.
func (s *Server) handleTyping(c *conn, n *binary.Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.find(jidAttr(n, "to"))
	if a == nil || c.device == nil {
		return
	}
	for _, d := range a.devices {
		if d.conn != nil {
			d.conn.send(binary.Node{Tag: "chatstate", Content: n.Content,
				Attrs: binary.Attrs{"from": c.device.account.lidJID(0)}})
		}
	}
}

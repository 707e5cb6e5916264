package whatsapptest

import (
	"strconv"
	"strings"

	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// keyNode is one prekey as it travels.
type keyNode struct{ id, value, signature []byte }

func (k keyNode) node(tag string) binary.Node {
	n := []binary.Node{{Tag: "id", Content: k.id}, {Tag: "value", Content: k.value}}
	if k.signature != nil {
		n = append(n, binary.Node{Tag: "signature", Content: k.signature})
	}
	return binary.Node{Tag: tag, Content: n}
}

func readKey(n binary.Node) keyNode {
	return keyNode{id: content(&n, "id"), value: content(&n, "value"), signature: content(&n, "signature")}
}

// content is the bytes of a child, nil when there is none.
func content(n *binary.Node, path ...string) []byte {
	child, ok := n.GetOptionalChildByTag(path...)
	if !ok {
		return nil
	}
	b, _ := child.Content.([]byte)
	return b
}

func uintText(n uint64) string { return strconv.FormatUint(n, 10) }

func jidAttr(n *binary.Node, name string) types.JID {
	j, _ := n.Attrs[name].(types.JID)
	return j
}

func textAttr(n *binary.Node, name string) string {
	t, _ := n.Attrs[name].(string)
	return t
}

// handleIQ answers a query. What has no meaning here gets an empty result, as
// clients ask for much that a desk has no use for.
func (s *Server) handleIQ(c *conn, n *binary.Node) {
	switch textAttr(n, "type") {
	case "result":
		s.pairingAccepted(c, n)
		return
	case "error":
		return
	}
	kids := n.GetChildren()
	first := ""
	if len(kids) > 0 {
		first = kids[0].Tag
	}
	switch textAttr(n, "xmlns") {
	case "encrypt":
		s.handleKeys(c, n, first)
	case "usync":
		s.handleUsync(c, n)
	case "w:m":
		c.result(n, binary.Node{Tag: "media_conn",
			Attrs:   binary.Attrs{"auth": "auth", "ttl": 3600, "auth_ttl": 3600, "max_buckets": 12},
			Content: []binary.Node{{Tag: "host", Attrs: binary.Attrs{"hostname": mediaHost}}}})
	case "w:p": // a ping; the answer tells the time
		s.mu.Lock()
		now := s.now()
		s.mu.Unlock()
		c.send(binary.Node{Tag: "iq", Attrs: binary.Attrs{"from": types.ServerJID, "type": "result", "id": n.Attrs["id"],
			"t": now.Unix()}})
	case "md":
		s.handlePairing(c, n, kids)
	default:
		c.result(n)
	}
}

func (s *Server) handleKeys(c *conn, n *binary.Node, first string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := c.device
	switch {
	case d == nil:
		c.result(n)
	case first == "count":
		c.result(n, binary.Node{Tag: "count", Attrs: binary.Attrs{"value": len(d.prekeys)}})
	case first == "key":
		ask, _ := n.GetOptionalChildByTag("key")
		var list []binary.Node
		for _, u := range ask.GetChildren() {
			list = append(list, s.bundle(jidAttr(&u, "jid")))
		}
		c.result(n, binary.Node{Tag: "list", Content: list})
	case textAttr(n, "type") == "set":
		if err := checkKeys(n); err != nil {
			s.refused = append(s.refused, err.Error())
			c.reject(n, 406)
			return
		}
		d.reg, d.identity = content(n, "registration"), content(n, "identity")
		if skey, ok := n.GetOptionalChildByTag("skey"); ok {
			k := readKey(skey)
			d.skey = &k
		}
		list, _ := n.GetOptionalChildByTag("list")
		for _, k := range list.GetChildren() {
			d.prekeys = append(d.prekeys, readKey(k))
		}
		c.result(n)
	default:
		c.result(n)
	}
}

// bundle hands out the keys of a device, one prekey fewer each time. Callers hold mu.
func (s *Server) bundle(j types.JID) binary.Node {
	user := binary.Node{Tag: "user", Attrs: binary.Attrs{"jid": j}}
	var d *device
	if a := s.find(j); a != nil {
		d = a.devices[j.Device]
	}
	if d == nil || d.skey == nil {
		user.Content = []binary.Node{{Tag: "error", Attrs: binary.Attrs{"code": "404", "text": "item-not-found"}}}
		return user
	}
	kids := []binary.Node{
		{Tag: "registration", Content: d.reg}, {Tag: "type", Content: []byte{5}},
		{Tag: "identity", Content: d.identity}, d.skey.node("skey")}
	if len(d.prekeys) > 0 {
		kids = append(kids, d.prekeys[0].node("key"))
		d.prekeys = d.prekeys[1:]
	}
	user.Content = kids
	return user
}

// handleUsync answers who somebody is: devices, LID, whether they exist.
func (s *Server) handleUsync(c *conn, n *binary.Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query, _ := n.GetOptionalChildByTag("usync", "query")
	list, _ := n.GetOptionalChildByTag("usync", "list")
	var users []binary.Node
	for _, u := range list.GetChildren() {
		jid := jidAttr(&u, "jid")
		asked := content(&u, "contact")
		if jid.IsEmpty() {
			number, _ := types.ParseJID(string(asked))
			jid = types.NewJID(strings.TrimPrefix(number.User, "+"), types.DefaultUserServer)
		}
		a := s.find(jid)
		user := binary.Node{Tag: "user", Attrs: binary.Attrs{"jid": jid}}
		var kids []binary.Node
		for _, q := range query.GetChildren() {
			switch {
			case q.Tag == "contact":
				state := "out"
				if a != nil {
					state = "in"
					if textAttr(&q, "addressing_mode") == "lid" {
						user.Attrs = binary.Attrs{"jid": a.lidJID(0), "pn_jid": a.jid(0)}
					}
				}
				kids = append(kids, binary.Node{Tag: "contact", Attrs: binary.Attrs{"type": state}, Content: asked})
			case q.Tag == "lid" && a != nil:
				kids = append(kids, binary.Node{Tag: "lid", Attrs: binary.Attrs{"val": a.lidJID(0)}})
			case q.Tag == "devices" && a != nil:
				var ids []binary.Node
				for id, d := range a.devices {
					if d.skey != nil {
						ids = append(ids, binary.Node{Tag: "device", Attrs: binary.Attrs{"id": int(id), "key-index": 1}})
					}
				}
				kids = append(kids, binary.Node{Tag: "devices", Content: []binary.Node{{Tag: "device-list", Content: ids}}})
			}
		}
		user.Content = kids
		users = append(users, user)
	}
	c.result(n, binary.Node{Tag: "usync", Content: []binary.Node{{Tag: "list", Content: users}}})
}

package whatsapptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/types"
)

// conn is one connected client.
type conn struct {
	srv *Server
	ws  *websocket.Conn
	*secured
	device *device     // nil while it pairs; set once at login
	dead   atomic.Bool // nothing gets through any more, and neither side is told

	out    chan outgoing
	closed chan struct{}
	once   sync.Once
	wrote  chan struct{} // nothing more is written; nil before the handshake
	buf    []byte        // bytes of the stream not yet read as frames
}

type outgoing struct {
	node binary.Node
	last bool // nothing follows: the client leaves for it, or is cut
	cut  bool
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if s.isDown() {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	ws.SetReadLimit(socket.FrameMaxSize)
	c := &conn{srv: s, ws: ws, out: make(chan outgoing, 4096), closed: make(chan struct{})}
	if !s.enter(c) {
		_ = ws.CloseNow()
		return
	}
	defer s.leave(c)
	if err := c.serve(s.ctx); !c.isClosed() && s.ctx.Err() == nil && !gone(err) {
		s.tb.Errorf("whatsapptest: connection: %v", err)
	}
	c.close()
	if c.wrote != nil {
		<-c.wrote
	}
}

// gone tells that the client went away, which is no fault of anybody.
func gone(err error) bool {
	return websocket.CloseStatus(err) != -1 || errors.Is(err, context.Canceled) || isEOF(err)
}

func (c *conn) serve(ctx context.Context) error {
	header := make([]byte, len(socket.WAConnHeader))
	if err := c.fill(ctx, len(header)); err != nil {
		return err
	}
	copy(header, c.buf)
	c.buf = c.buf[len(header):]
	if !bytes.Equal(header, socket.WAConnHeader) {
		return fmt.Errorf("unknown header %x", header)
	}
	var err error
	c.secured, err = handshake(c.srv.static, c.srv.cert,
		func() ([]byte, error) { return c.frame(ctx) },
		func(b []byte) error { return c.writeFrame(ctx, b) })
	if err != nil {
		return err
	}
	c.wrote = make(chan struct{})
	go c.write(ctx)
	c.srv.login(c)
	for n := uint32(0); ; n++ {
		sealed, err := c.frame(ctx)
		if err != nil {
			return err
		}
		plain, err := c.read.Open(nil, iv(n), sealed, nil)
		if err != nil {
			return fmt.Errorf("open frame: %w", err)
		}
		if plain, err = binary.Unpack(plain); err != nil {
			return fmt.Errorf("unpack frame: %w", err)
		}
		node, err := binary.Unmarshal(plain)
		if err != nil {
			return fmt.Errorf("decode frame: %w", err)
		}
		if c.dead.Load() {
			continue
		}
		c.srv.handle(c, node)
	}
}

// fill reads until at least n bytes wait.
func (c *conn) fill(ctx context.Context, n int) error {
	for len(c.buf) < n {
		_, b, err := c.ws.Read(ctx)
		if err != nil {
			return err
		}
		c.buf = append(c.buf, b...)
	}
	return nil
}

// frame reads one frame; a websocket message may hold several.
func (c *conn) frame(ctx context.Context) ([]byte, error) {
	if err := c.fill(ctx, socket.FrameLengthSize); err != nil {
		return nil, err
	}
	n := int(c.buf[0])<<16 | int(c.buf[1])<<8 | int(c.buf[2])
	c.buf = c.buf[socket.FrameLengthSize:]
	if err := c.fill(ctx, n); err != nil {
		return nil, err
	}
	f := bytes.Clone(c.buf[:n])
	c.buf = c.buf[n:]
	return f, nil
}

// writeFrame sends one frame in one websocket message: the client miscounts
// frames that are split over messages.
func (c *conn) writeFrame(ctx context.Context, b []byte) error {
	f := append([]byte{byte(len(b) >> 16), byte(len(b) >> 8), byte(len(b))}, b...)
	return c.ws.Write(ctx, websocket.MessageBinary, f)
}

// write seals and sends what is in out, in order.
func (c *conn) write(ctx context.Context) {
	defer close(c.wrote)
	for n := uint32(0); ; n++ {
		select {
		case o := <-c.out:
			if c.dead.Load() {
				continue // n is of no more use
			}
			raw, err := binary.Marshal(o.node)
			if err != nil {
				c.srv.tb.Errorf("whatsapptest: encode %s: %v", o.node.Tag, err)
			}
			if err := c.writeFrame(ctx, c.secured.write.Seal(nil, iv(n), raw, nil)); err != nil {
				c.close()
				return
			}
			if o.last {
				if !o.cut {
					select {
					case <-time.After(Patience):
					case <-c.closed:
					}
				}
				c.close()
				return
			}
		case <-c.closed:
			return
		}
	}
}

// send queues a stanza; what is sent to a closed connection is gone.
func (c *conn) send(n binary.Node) {
	select {
	case c.out <- outgoing{node: n}:
	case <-c.closed:
	}
}

// sendLast sends a stanza for which the client leaves. A client that saw the connection
// close before it had handled that would take it for a broken line and connect again; the
// real server leaves it time.
func (c *conn) sendLast(n binary.Node) { c.end(outgoing{node: n, last: true}) }

// sendAndCut sends a stanza for which the client would stay, and closes.
func (c *conn) sendAndCut(n binary.Node) { c.end(outgoing{node: n, last: true, cut: true}) }

func (c *conn) end(o outgoing) {
	select {
	case c.out <- o:
	case <-c.closed:
	}
}

func (c *conn) close() {
	c.once.Do(func() {
		close(c.closed)
		_ = c.ws.CloseNow()
	})
}

func (c *conn) isClosed() bool {
	select {
	case <-c.closed:
		return true
	default:
		return false
	}
}

// reject answers an iq with an error.
func (c *conn) reject(req *binary.Node, code int) {
	c.send(binary.Node{Tag: "iq", Attrs: binary.Attrs{"id": req.Attrs["id"], "from": types.ServerJID, "type": "error"},
		Content: []binary.Node{{Tag: "error", Attrs: binary.Attrs{"code": code, "text": "not-acceptable"}}}})
}

// result answers an iq.
func (c *conn) result(req *binary.Node, content ...binary.Node) {
	n := binary.Node{Tag: "iq", Attrs: binary.Attrs{"id": req.Attrs["id"], "from": types.ServerJID, "type": "result"}}
	if len(content) > 0 {
		n.Content = content
	}
	c.send(n)
}

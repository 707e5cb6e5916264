package mail

import (
	"errors"
	"net"
	"sync"
	"time"
)

// replyMost bounds what a server may send in answer to one command, in bytes, TLS
// included. RFC 5321, section 4.5.3.1.5 allows 512 a line; a long answer to EHLO has
// thirty lines, and the certificates of a handshake take ten thousand bytes.
const replyMost = 64 << 10

// errEndless is what reading from a server gives that goes on talking.
var errEndless = errors.New("the answer does not end")

// line is a connection that no server can make wait or grow beyond bounds: the
// dialogue says how long the next answer may take, and only so much of it is read.
type line struct {
	net.Conn

	mu   sync.Mutex
	wait time.Duration
	left int
}

// expect begins a command whose answer, and each block of whose data, may take wait.
func (l *line) expect(wait time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait, l.left = wait, replyMost
	return l.SetDeadline(time.Now().Add(wait))
}

// Write implements net.Conn: each block has its time anew.
func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	wait := l.wait
	l.mu.Unlock()
	if err := l.SetDeadline(time.Now().Add(wait)); err != nil {
		return 0, err
	}
	return l.Conn.Write(p)
}

// Read implements net.Conn.
func (l *line) Read(p []byte) (int, error) {
	l.mu.Lock()
	left := l.left
	l.mu.Unlock()
	if left <= 0 {
		return 0, errEndless
	}
	n, err := l.Conn.Read(p[:min(len(p), left)])
	l.mu.Lock()
	l.left -= n
	l.mu.Unlock()
	return n, err
}

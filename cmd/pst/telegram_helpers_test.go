package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/textproto"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pst/bot"
	"pst/bot/telegram/telegramtest"
)

// telegramHouse is a data folder with the sample library and a configuration
// that names these servers and the staff's Telegram chat.
func telegramHouse(t *testing.T, srv *telegramtest.Server, letters *post) *house {
	t.Helper()
	h := &house{data: sampleFolder(t), std: streams{out: io.Discard, err: io.Discard}, log: slog.New(slog.DiscardHandler)}
	text := fmt.Sprintf("[telegram]\ntoken = %q\nendpoint = %q\n[[staff]]\nname = \"Pak Budi\"\nrole = "+
		"\"kasubbag\"\naddresses = [\"telegram:%d\"]\n",
		srv.Token(), srv.Endpoint(), kasubbagID)
	if letters != nil {
		text += fmt.Sprintf("[smtp]\nhost = \"127.0.0.1\"\nport = %d\ntls = \"none\"\n", letters.port)
	}
	if err := os.WriteFile(h.path("pst.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

// startUnpaced serves as [serve] does, but for the pace of the platforms, and
// until the test ends.
func startUnpaced(t *testing.T, h *house) (*desk, *bot.Loops) {
	t.Helper()
	d, err := h.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	staff, err := d.cfg.staff(*d.office())
	if err != nil {
		t.Fatal(err)
	}
	channels, err := d.channels(h, platform{})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range channels {
		channels[i] = struct{ bot.Channel }{c} // hides its pace
		if e, ok := c.(bot.Editor); ok {
			channels[i] = struct {
				bot.Channel
				bot.Editor
				bot.Downloader
			}{c, e, c.(bot.Downloader)}
		}
	}
	d.office().Staff = reachable(staff, channels)
	loops, err := d.makeLoops(h, channels)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	untilTheEnd(t, loops)
	return d, loops
}

// untilTheEnd runs the loops until the test ends, and waits for them.
func untilTheEnd(t *testing.T, loops *bot.Loops) {
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- loops.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the loops ended with %v", err)
		}
	})
}

// settle waits until the desk has all that was written, and has answered it.
func settle(t *testing.T, srv *telegramtest.Server, loops *bot.Loops) {
	t.Helper()
	soon(t, "the desk has every update", func() bool { return srv.Pending() == 0 })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := loops.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// patience is how long a test waits for what surely comes, however busy the machine.
const patience = 5 * time.Minute

// soon waits for a condition that nothing tells of, and leaves the processor to
// whoever brings it about.
func soon(t *testing.T, what string, met func() bool) {
	t.Helper()
	began := time.Now()
	for !met() {
		waited := time.Since(began)
		if waited > patience {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
		// Looking costs, and what has not come at once takes its time.
		time.Sleep(min(max(waited/20, time.Millisecond), 50*time.Millisecond))
	}
}

// post is a mail server in this process that keeps the codes sent to each address,
// and the letters.
type post struct {
	port    int
	mu      sync.Mutex
	codes   map[string][]string
	letters []letter
	shut    bool              // hangs up at once, as a server that is not well
	says    map[string]string // what is answered to RCPT of an address, where it is not 250
}

type letter struct{ to, data string }

var codeMailed = regexp.MustCompile(`Kode verifikasi Anda: (\d{6})`)

func startPost(t *testing.T) *post {
	t.Helper()
	p := &post{codes: map[string][]string{}, says: map[string]string{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = listener.Addr().(*net.TCPAddr).Port
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed
			}
			p.mu.Lock()
			shut := p.shut
			p.mu.Unlock()
			if shut {
				conn.Close()
				continue
			}
			go p.talk(textproto.NewConn(conn)) // to the end of the program's side
		}
	}()
	return p
}

// open lets a server that was shut take letters.
func (p *post) open() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut = false
}

// say sets what is answered to RCPT of an address.
func (p *post) say(to, reply string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.says[to] = reply
}

// taken are the letters so far.
func (p *post) taken() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.letters)
}

// talk speaks as much SMTP as it takes to be handed letters.
func (p *post) talk(conn *textproto.Conn) {
	defer conn.Close()
	to, reply := "", "220 localhost"
	for {
		if conn.PrintfLine("%s", reply) != nil {
			return
		}
		line, err := conn.ReadLine()
		if err != nil {
			return
		}
		reply = "250 OK"
		switch verb := strings.ToUpper(line); {
		case strings.HasPrefix(verb, "RCPT TO:"):
			_, address, _ := strings.Cut(line, "<")
			to, _, _ = strings.Cut(address, ">")
			p.mu.Lock()
			if said, ok := p.says[to]; ok {
				reply = said
			}
			p.mu.Unlock()
		case verb == "DATA":
			if conn.PrintfLine("354 go on") != nil {
				return
			}
			data, err := conn.ReadDotBytes()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.letters = append(p.letters, letter{to, string(data)})
			if m := codeMailed.FindSubmatch(data); m != nil {
				p.codes[to] = append(p.codes[to], string(m[1]))
			}
			p.mu.Unlock()
		case verb == "QUIT":
			conn.PrintfLine("221 bye")
			return
		}
	}
}

// all are the codes sent to this address so far.
func (p *post) all(to string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.codes[to]
}

// code waits for a letter to this address and returns the code in the last one.
func (p *post) code(to string) string {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if codes := p.all(to); len(codes) > 0 {
			return codes[len(codes)-1]
		}
	}
	return ""
}

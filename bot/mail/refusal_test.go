package mail

import (
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"pst/conversation"
)

// Whose fault a refusal is follows from the stage of the dialogue and the class,
// subject and detail of the code, whatever the server's words are.
func TestWhoseFaultARefusalIs(t *testing.T) {
	const (
		person   = "the address's: told at once"
		desk     = "the desk's: tried again, the operator reads it, nothing else is held back for long"
		deskAll  = "the desk's: every letter waits"
		later    = "this letter waits"
		down     = "the server's: every letter waits"
		handed   = "handed over, unanswered: waits long"
		accepted = "accepted"
	)
	for _, c := range []struct{ verb, reply, want string }{
		{"banner", "421 4.3.2 busy", down},
		{"banner", "450 4.3.2 try later", down},
		{"banner", "521 no mail here", deskAll},
		{"banner", "554 5.7.1 your network is listed", deskAll},
		{"banner", "", down},
		{"banner", "SSH2 OpenSSH", down},
		{"EHLO", "421 4.7.0 slow down", down},
		{"EHLO", "", down},
		{"MAIL", "421 bye", down},
		{"MAIL", "450 4.1.8 sender's domain not found", down},
		{"MAIL", "451 4.7.1 too many letters an hour", down},
		{"MAIL", "501 5.1.7 bad sender", deskAll},
		{"MAIL", "530 5.7.0 log in first", deskAll},
		{"MAIL", "550 5.1.1 no such sender", deskAll},
		{"MAIL", "553 5.7.1 sender not yours", deskAll},
		{"MAIL", "555 parameters not known", deskAll},
		{"RCPT", "421 4.4.2 too long", down},
		{"RCPT", "450 4.2.1 mailbox busy", later},
		{"RCPT", "450 greylisted", later},
		{"RCPT", "451 4.7.1 come back in five minutes", later},
		{"RCPT", "452 4.3.1 out of disk", down},
		{"RCPT", "452 4.5.3 too many", later},
		{"RCPT", "501 5.1.3 no such syntax", person},
		{"RCPT", "504 5.5.2 need a full name", desk},
		{"RCPT", "530 5.7.0 log in first", desk},
		{"RCPT", "550 5.0.0 no", person}, // postmaster of the domain would be accepted
		{"RCPT", "550 5.1.0 unknown", person},
		{"RCPT", "550 5.1.1 no such user", person},
		{"RCPT", "550 5.1.2 no such domain", person},
		{"RCPT", "550 5.1.7 your sender is not valid", desk},
		{"RCPT", "550 5.1.8 your sender's domain does not exist", desk},
		{"RCPT", "550 5.2.1 disabled", person},
		{"RCPT", "552 5.2.2 full", person},
		{"RCPT", "552 5.2.3 too long for it", desk},
		{"RCPT", "550 5.3.2 closed", desk},
		{"RCPT", "550 5.4.1 access denied", person},
		{"RCPT", "550 5.4.4 no way to this domain", person},
		{"RCPT", "550 5.5.1 out of order", desk},
		{"RCPT", "550 5.7.1 relaying denied", desk},
		{"RCPT", "554 5.7.26 not authenticated", desk},
		{"RCPT", "550 5.7.509 policy", desk},
		{"RCPT", "550-5.7.1 a reason\r\n550-5.7.1 in several\r\n550 5.7.1 lines", desk},
		{"RCPT", "550-5.1.1 a reason\r\n550 5.1.1 in two lines", person},
		{"RCPT", "550 no such user here", person},
		{"RCPT", "551 not local", person},
		{"RCPT", "552 full", person},
		{"RCPT", "553 not allowed", person},
		{"RCPT", "556 that domain takes no mail", person},
		{"RCPT", "554 no", person},
		{"RCPT", "250 yes", accepted},
		{"RCPT", "251 will forward", accepted},
		{"RCPT", "", down},
		{"DATA", "451 4.3.0 ill", down},
		{"DATA", "451 later", later},
		{"DATA", "550 5.1.1 no such user after all", person},
		{"DATA", "554 5.5.1 no valid recipients", desk},
		{"DATA", "554 5.7.1 spam", desk},
		{".", "421 4.3.0 shutting down", down},
		{".", "450 4.7.1 later", later},
		{".", "452 4.3.1 out of disk", down},
		{".", "550 5.1.1 no such user after all", person},
		{".", "552 5.2.2 full", person},
		{".", "552 too big", desk},
		{".", "550 looks like spam", desk},
		{".", "554 5.6.0 cannot read it", desk},
		{".", "554 5.7.1 spam", desk},
		{".", "", handed},
	} {
		t.Run(c.verb+" "+strings.ReplaceAll(c.reply, "\r\n", " / "), func(t *testing.T) {
			says := map[string]string{c.verb: c.reply, "RCPT postmaster@example.org": "250 ok"}
			if c.verb == "EHLO" {
				says["HELO"] = c.reply
			}
			s := (&scripted{says: says}).start(t)
			ch := channel(t, &server{port: s.port}, None, nil)
			_, err := ch.Send(t.Context(), code123)
			if c.want == accepted {
				if err != nil || len(s.letters()) != 1 {
					t.Errorf("%v, %d letters", err, len(s.letters()))
				}
				return
			}
			f := fault(t, err)
			got := ""
			switch {
			case !f.Retry && f.Blame == "person":
				got = person
			case f.After >= doubtful:
				got = handed
			case f.Retry && f.Whole && f.Blame == "desk" && f.Rest > 0:
				got = desk
			case f.Retry && f.Whole && f.Blame == "desk":
				got = deskAll
			case f.Retry && f.Whole:
				got = down
			case f.Retry:
				got = later
			}
			if got != c.want {
				t.Errorf("got %s (%+v, %v), want %s", got, f, f.Err, c.want)
			}
			if c.verb == "RCPT" && c.want == desk && strings.HasPrefix(c.reply, "504") != strings.Contains(Hint(f),
				"smtp.helo") &&
				!strings.Contains(c.reply, " 5.5.") {
				t.Errorf("hint %q", Hint(f))
			}
			if Hint(f) == "" {
				t.Errorf("no hint for the operator with %v", f)
			}
		})
	}
}

// A refusal without a reason is the address's when its domain would be served, and
// ours when nobody there would be: a relay that forwards nothing for us.
func TestARefusalWithoutAReason(t *testing.T) {
	s := (&scripted{says: map[string]string{"RCPT": "550 relay not permitted"}}).start(t)
	c := channel(t, &server{port: s.port}, None, nil)
	_, err := c.Send(t.Context(), code123)
	if f := fault(t, err); f.Blame != "desk" || !f.Retry {
		t.Errorf("a relay that serves nobody: %+v", f)
	}
	asked := strings.Join(s.commands(), "\n")
	if !strings.Contains(asked, "RCPT TO:<postmaster@example.org>") || strings.Contains(asked, "DATA") {
		t.Errorf("said to the server:\n%s", asked)
	}
	s.mu.Lock()
	s.says = map[string]string{"RCPT salah@takada.example": "550 unrouteable",
		"RCPT postmaster@takada.example": "550 unrouteable"}
	s.mu.Unlock()
	elsewhere := code123
	elsewhere.Send.To = "mailto:ani@lain.example"
	if _, err := c.Send(t.Context(), elsewhere); err != nil {
		t.Fatal(err)
	}
	elsewhere.Send.To = "mailto:salah@takada.example"
	_, err = c.Send(t.Context(), elsewhere)
	if f := fault(t, err); f.Blame != "person" || f.Retry {
		t.Errorf("a domain refused by a server that has just served another: %+v", f)
	}
	_, err = c.Send(t.Context(), elsewhere)
	if f := fault(t, err); f.Blame != "desk" || !f.Retry {
		t.Errorf("two in a row: %+v", f)
	}
}

// A server that never ends its answer is left, and costs next to no memory.
func TestAnEndlessAnswer(t *testing.T) {
	for _, verb := range []string{"banner", "EHLO", "MAIL", "RCPT", "DATA", ".", "AUTH"} {
		for _, mode := range []string{None, StartTLS} {
			t.Run(verb+" "+mode, func(t *testing.T) {
				s := (&scripted{endless: map[string]bool{verb: true}, tls: mode == StartTLS}).start(t)
				c := channel(t, &server{port: s.port, user: "pst", password: "rahasia", roots: s.roots}, mode, nil)
				most := watchMemory(t)
				begun := time.Now()
				_, err := c.Send(t.Context(), code123)
				if f := fault(t, err); !f.Retry {
					t.Errorf("%+v", f)
				}
				grown := most()
				t.Logf("ended after %v with %d KiB more in use", time.Since(begun).Round(time.Millisecond), grown>>10)
				if grown > 16<<20 {
					t.Errorf("%d MiB more in use", grown>>20)
				}
				if took := time.Since(begun); took >= patience { // of the stage: it was left for what it said
					t.Errorf("took %v", took)
				}
			})
		}
	}
}

// watchMemory returns a function that tells how much more memory was in use, at
// most, since it was called.
func watchMemory(t *testing.T) func() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapInuse+m.StackInuse, uint64(0)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-done
		if most < before {
			return 0
		}
		return most - before
	}
}

// A server that trickles an answer, byte by byte, does not hold the line for
// longer than one command may take.
func TestATricklingServerIsLeft(t *testing.T) {
	port := answering(t, func(conn net.Conn) {
		for {
			if _, err := conn.Write([]byte("2")); err != nil {
				return // it has been left
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	c := channel(t, &server{port: port}, None, nil)
	c.waits[greeting] = 100 * time.Millisecond
	_, err := c.Send(t.Context(), code123)
	if f := fault(t, err); !f.Retry || !f.Whole {
		t.Errorf("%+v", f)
	}
}

// A server that takes its time over a letter it has taken gets it once: the dot has
// the ten minutes of the standard, where all other stages are long over.
func TestASlowDotGetsOneCopy(t *testing.T) {
	if waits[dot] != 10*time.Minute {
		t.Errorf("the final dot has %v, want ten minutes (RFC 5321, section 4.5.3.2.6)", waits[dot])
	}
	s := (&scripted{hold: ".", entered: make(chan struct{}), release: make(chan struct{})}).start(t)
	c := channel(t, &server{port: s.port}, None, nil)
	ended := make(chan error, 1)
	other := 50 * time.Millisecond
	for reached := false; !reached; other *= 2 { // a busy machine needs longer to come to the dot
		patient(c, other).waits[dot] = patience
		go func() { _, err := c.Send(t.Context(), code123); ended <- err }()
		select {
		case <-s.entered:
			reached = true
		case err := <-ended:
			if other > patience {
				t.Fatalf("the dot is never reached: %v", err)
			}
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("ended before the server had answered: %v", err)
	case <-time.After(3 * other): // six times what another stage has
	}
	close(s.release)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := len(s.letters()); n != 1 {
		t.Errorf("%d copies", n)
	}
	if w := c.Pace().Send; w < 20*time.Minute {
		t.Errorf("the desk gives a sending %v", w)
	}
}

// A server that never answers the dot is asked again ever more seldom.
func TestADotThatIsNeverAnswered(t *testing.T) {
	s := (&scripted{says: map[string]string{".": ""}}).start(t)
	c := channel(t, &server{port: s.port}, None, nil)
	letter, at, copies := code123, time.Duration(0), 0
	for at < 5*24*time.Hour {
		_, err := c.Send(t.Context(), letter)
		at += fault(t, err).After
		letter.Attempt++
		copies++
	}
	t.Logf("%d copies in five days", copies)
	if copies > 10 {
		t.Errorf("%d copies in five days", copies)
	}
}

// Who needs no SMTPUTF8 goes without, also where it is offered.
func TestSMTPUTF8OnlyWhenAnAddressNeedsIt(t *testing.T) {
	for _, offered := range []bool{true, false} {
		for to, needs := range map[conversation.Address]bool{"mailto:ani@example.org": false,
			"mailto:anï@example.org": true} {
			t.Run(fmt.Sprint(to, offered), func(t *testing.T) {
				s := &scripted{says: map[string]string{}}
				if offered {
					s.says["EHLO"] = "250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8"
				}
				s.start(t)
				l := code123
				l.Send.To = to
				_, err := channel(t, &server{port: s.port}, None, nil).Send(t.Context(), l)
				asked := strings.Contains(strings.Join(s.commands(), "\n"), "SMTPUTF8")
				switch {
				case needs && !offered:
					if f := fault(t, err); f.Retry || f.Blame != "person" {
						t.Errorf("%+v", f)
					}
				case err != nil || asked != needs:
					t.Errorf("%v, asked for: %v", err, asked)
				}
			})
		}
	}
}

// A server that knows no EHLO, or refuses our name.
func TestEHLORefused(t *testing.T) {
	for _, c := range []struct {
		name, helo, mode, user string
		want                   string
	}{
		{"HELO does where nothing more is needed", "250 localhost", None, "", ""},
		{"both refused", "504 5.5.2 need a full name", None, "", "EHLO"},
		{"TLS is needed", "250 localhost", StartTLS, "", "EHLO"},
		{"a log-in is needed", "250 localhost", None, "pst", "log in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := (&scripted{says: map[string]string{"EHLO": "504 5.5.2 need a full name", "HELO": c.helo}}).start(t)
			ch := channel(t, &server{port: s.port, user: c.user, password: c.user}, c.mode, nil)
			_, err := ch.Send(t.Context(), code123)
			if c.want == "" {
				if err != nil || len(s.letters()) != 1 {
					t.Errorf("%v, %d letters", err, len(s.letters()))
				}
				return
			}
			if f := fault(t, err); !f.Retry || !f.Whole || f.Blame != "desk" || !strings.Contains(f.Error()+Hint(f), c.want) {
				t.Errorf("%+v (%v; %s)", f, f, Hint(f))
			}
		})
	}
}

// While the server is ill it is asked now and then; after a refusal only a letter
// can tell.
func TestProbing(t *testing.T) {
	s := (&scripted{says: map[string]string{"banner": "554 5.3.2 closed"}}).start(t)
	c := channel(t, &server{port: s.port}, None, nil)
	if _, err := c.Send(t.Context(), code123); err == nil {
		t.Fatal("sent through a closed door")
	}
	if err := c.Probe(t.Context()); err == nil {
		t.Error("well while it is closed")
	}
	set := func(says map[string]string) { s.mu.Lock(); s.says = says; s.mu.Unlock() }
	set(map[string]string{"RCPT": "550 5.7.1 no"})
	if err := c.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := c.Send(t.Context(), code123); err == nil {
		t.Fatal("sent all the same")
	}
	if err := c.Probe(t.Context()); err == nil {
		t.Error("well by a log-in, where recipients are refused")
	}
	set(nil)
	if _, err := c.Send(t.Context(), code123); err != nil {
		t.Error(err)
	}
	if err := c.Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

// A test letter tells what went well up to where it did not.
func TestTheTestLetterTellsItsSteps(t *testing.T) {
	s := (&scripted{tls: true}).start(t)
	c := channel(t, &server{port: s.port, user: "pst", password: "rahasia", roots: s.roots}, StartTLS, nil)
	var steps []string
	if err := c.Test(t.Context(), "uji@example.org",
		func(step, what string) { steps = append(steps, step+": "+what) }); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(steps, "; ")
	for _, want := range []string{"connection: 127.0.0.1:", "greeting (EHLO): example.org", "TLS: TLS 1.3", "log-in: pst",
		"sender: pst@example.org",
		"recipient: ", "letter: "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if len(s.letters()) != 1 || !strings.Contains(s.letters()[0], "Subject: Uji email PST") {
		t.Errorf("arrived: %q", s.letters())
	}
	s.mu.Lock()
	s.says = map[string]string{"AUTH": "535 5.7.8 no"}
	s.mu.Unlock()
	steps = nil
	err := c.Test(t.Context(), "uji@example.org", func(step, what string) { steps = append(steps, step+": "+what) })
	if f := fault(t, err); !strings.Contains(f.Error(), "log-in refused: 535 5.7.8") ||
		!strings.Contains(Hint(f), "smtp.password") || strings.Contains(strings.Join(steps, ";"), "log-in") {
		t.Errorf("%v, %q, %v", f, Hint(f), steps)
	}
}

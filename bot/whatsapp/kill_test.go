//go:build unix

package whatsapp

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"

	"pst/bot"
	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

// The test binary runs itself as the program that gets killed.
const (
	childAddr = "PST_WHATSAPP_TEST_ADDR" // of the test server; set in the child only
	childDir  = "PST_WHATSAPP_TEST_DIR"
	childKill = "PST_WHATSAPP_TEST_KILL" // "before" or "after" the message is stored

	childPings = "PST_WHATSAPP_TEST_PINGS" // whatsmeow pings every second; set in the child only
)

func TestMain(m *testing.M) {
	if addr := os.Getenv(childAddr); addr != "" {
		if err := child(addr, os.Getenv(childDir), os.Getenv(childKill)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	// On a busy machine an answer to a ping may come late, and the connection would count
	// as dead: there are none, but where a test waits for that.
	whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = time.Hour, 2*time.Hour
	if os.Getenv(childPings) != "" {
		whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = 500*time.Millisecond, time.Second
		whatsmeow.KeepAliveResponseDeadline = 3 * time.Second
	}
	os.Exit(m.Run())
}

// child runs a channel until it is killed.
func child(addr, dir, kill string) error {
	ch, err := New(Config{DeviceFile: filepath.Join(dir, "device.db"), Key: testKey, HTTP: whatsapptest.Join(addr),
		Timing: fast(), Pace: &bot.Pace{}})
	if err != nil {
		return err
	}
	return ch.Run(context.Background(), folder{dir, kill})
}

// folder is an inbox on disk: a file a message, named by what makes it unique.
type folder struct{ dir, kill string }

func (f folder) Put(ctx context.Context, ms ...conversation.Message) error {
	for _, m := range ms {
		if err := f.put(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func (f folder) put(_ context.Context, m conversation.Message) error {
	if f.kill == "before" {
		die()
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%x.json", sha256.Sum256([]byte(string(m.From)+"\n"+m.ID)))
	if err := os.WriteFile(filepath.Join(f.dir, name), b, 0o600); err != nil {
		return err
	}
	if f.kill == "after" {
		die()
	}
	fmt.Println("stored")
	return nil
}

// die is kill -9, from inside.
func die() {
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	select {}
}

func TestKilledProgramLosesNothingAndTakesNothingTwice(t *testing.T) {
	for _, kill := range []string{"before", "after"} {
		t.Run(kill+" the message was stored", func(t *testing.T) {
			srv := whatsapptest.New(t)
			dir := t.TempDir()
			srv.LinkFile(filepath.Join(dir, "device.db"), desk, "PST")
			p := srv.Person(ani, "Ani")
			p.Say(desk, "halo")

			program := func(kill string) *exec.Cmd {
				c := exec.CommandContext(t.Context(), os.Args[0])
				c.Env = append(os.Environ(), childAddr+"="+srv.Addr(), childDir+"="+dir, childKill+"="+kill)
				c.Stderr = os.Stderr
				return c
			}
			if err := program(kill).Run(); err == nil || err.Error() != "signal: killed" {
				t.Fatalf("first run ended with %v", err)
			}
			if srv.Unacknowledged(desk) != 1 {
				t.Fatal("the message was acknowledged before it was stored for good")
			}
			second := program("")
			out, err := second.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := second.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			(&rig{t: t, ch: &Channel{}}).eventually("acknowledgement", func() bool { return srv.Unacknowledged(desk) == 0 })
			_ = second.Process.Kill()
			_ = second.Wait()

			files, err := filepath.Glob(filepath.Join(dir, "*.json"))
			if err != nil || len(files) != 1 {
				t.Fatalf("stored %v, %v", files, err)
			}
			var m conversation.Message
			b, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &m); err != nil || m.Text != "halo" || m.From != addressOf(srv.LID(ani)) {
				t.Errorf("stored %+v, %v", m, err)
			}
		})
	}
}

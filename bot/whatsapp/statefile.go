package whatsapp

import (
	"encoding/json"
	"os"
	"time"

	"github.com/moby/sys/atomicwriter"
)

// The state lies in a small file beside the device, so that `pst check` can
// tell it while `pst serve` runs. It holds nothing about people.

func stateFile(device string) string { return device + ".state" }

// publish writes the state for other processes. In InUse the file is another's.
func (c *Channel) publish(s Status) {
	name := stateFile(c.cfg.DeviceFile)
	switch s.State {
	case InUse:
		return
	case Stopped:
		if c.published {
			_ = os.Remove(name) // what is left is not believed without its process
		}
		c.published = false
		return
	}
	b, err := json.Marshal(s)
	if err == nil {
		err = atomicwriter.WriteFile(name, b, 0o600)
	}
	c.published = true
	if err != nil {
		c.cfg.Log.Warn("the WhatsApp state cannot be shown to other processes", "error", err)
	}
}

// readState reads what a process wrote. While it holds the device everything is
// believed; afterwards only a refusal whose time has not come, which holds for
// whoever asks.
func readState(device string, held bool, now time.Time) (State, bool) {
	b, err := os.ReadFile(stateFile(device))
	if err != nil {
		return "", false
	}
	var s Status
	if json.Unmarshal(b, &s) != nil {
		return "", false
	}
	switch s.State {
	case Banned, Replaced, Outdated:
		return s.State, held || s.Until.After(now)
	}
	return s.State, held && s.State != ""
}

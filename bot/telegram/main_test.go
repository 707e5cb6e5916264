package telegram

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more tests go side by side than there are processors, unless the command
// line says how many: those that do wait out the pauses that the platform asks for.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

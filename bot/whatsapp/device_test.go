package whatsapp

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A device file whose lock cannot be taken is not opened: two programs on one device
// would break its keys.
func TestADeviceWithoutItsLockIsNotOpened(t *testing.T) {
	file := filepath.Join(t.TempDir(), "whatsapp.db")
	if err := os.Mkdir(file+".lock", 0o700); err != nil {
		t.Fatal(err)
	}
	d, err := openDevice(t.Context(), file, []byte("a key of the tests, 32 bytes long"), logger{})
	if err == nil || errors.Is(err, ErrInUse) {
		t.Errorf("opened %v, %v; want an error that is not ErrInUse", d, err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the device file was made: %v", err)
	}
}

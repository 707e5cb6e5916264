package whatsapp

import (
	"errors"
	"testing"
	"testing/synctest"
)

// Who links has the device once Run has let go of it, and Run has it again afterwards.
func TestLinkingWaitsUntilTheDeviceIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := turns{over: make(bell, 1)}
		live, letGo := turns.serve(t.Context())
		linking := make(chan func(), 1)
		go func() {
			over, err := turns.link()
			if err != nil {
				t.Error(err)
			}
			linking <- over
		}()
		synctest.Wait()
		if live.Err() == nil || len(linking) > 0 {
			t.Errorf("asked to leave: %v; linking already: %t", live.Err(), len(linking) > 0)
		}
		letGo()
		over := <-linking
		if _, err := turns.link(); !errors.Is(err, ErrPairing) {
			t.Errorf("two at once: %v", err)
		}
		serving := make(chan error, 1)
		go func() {
			live, letGo := turns.serve(t.Context())
			defer letGo()
			serving <- live.Err()
		}()
		synctest.Wait()
		if len(serving) > 0 {
			t.Error("served while somebody links")
		}
		over()
		if err := <-serving; err != nil || len(turns.over) != 1 {
			t.Errorf("%v, rung %d times", err, len(turns.over))
		}
	})
}

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// versionOf names what a form was filled from: who saves it must have seen what is
// there.
func versionOf(values ...any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%#v", values))
	return hex.EncodeToString(sum[:8])
}

package whatsapp

import (
	"errors"
	"testing"
)

func TestErrorsLoseWhatTheySayOfPeople(t *testing.T) {
	for in, want := range map[string]string{
		"no LID found for 6281200000002@s.whatsapp.net from server": "no LID found for ***@s.whatsapp.net from server",
		"failed to get 772000000021826:5@lid: not found":            "failed to get ***:5@lid: not found",
		`info query returned status 404: <iq id="1" notify="Ani"/>`: "info query returned status 404: ",
		"dial tcp 127.0.0.1:443: connection refused":                "dial tcp 127.0.0.1:443: connection refused",
		"upload failed with status code 503":                        "upload failed with status code 503",
	} {
		if got := redact(errors.New(in)); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

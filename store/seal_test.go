package store

import (
	"errors"
	"testing"
)

// A sealed value opens in the row it was sealed for: moved to another row, or to
// another kind of row, it says nothing, so that who can write the file and has no key
// cannot give one person's words to another.
func TestASealedValueOpensNowhereElse(t *testing.T) {
	s, err := newSealer([]byte("a secret of the tests, 32 bytes!"))
	if err != nil {
		t.Fatal(err)
	}
	sealed := s.seal("ticket", "ADU-261123-07K", []byte("air keran mati"))
	if plain, err := s.open("ticket", "ADU-261123-07K", sealed); err != nil || string(plain) != "air keran mati" {
		t.Fatalf("in its own row: %q, %v", plain, err)
	}
	for _, place := range [][2]string{
		{"ticket", "ADU-261123-9B2"}, {"post", "ADU-261123-07K"}, {"ticket", ""}, {"", "ADU-261123-07K"},
		{"tick", "etADU-261123-07K"}, {"ticketADU-261123", "-07K"},
	} {
		if plain, err := s.open(place[0], place[1], sealed); !errors.Is(err, ErrSecret) {
			t.Errorf("%q %q: %q, %v; want ErrSecret", place[0], place[1], plain, err)
		}
	}
	other, err := newSealer([]byte("another secret of 32 bytes, too!"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := other.open("ticket", "ADU-261123-07K", sealed); !errors.Is(err, ErrSecret) {
		t.Errorf("with another key: %q, %v; want ErrSecret", plain, err)
	}
}

package whatsapp

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"pst/bot/whatsapp/whatsapptest"
	"pst/conversation"
)

func TestPhoneNumbersWrittenAnyWay(t *testing.T) {
	for in, want := range map[string]string{
		"081278563877":         "6281278563877",
		"0812-7856-3877":       "6281278563877",
		"+62 812 7856 3877":    "6281278563877",
		"62812-7856-3877":      "6281278563877",
		"6281278563877":        "6281278563877",
		"(0812) 7856 3877":     "6281278563877",
		"81278563877":          "6281278563877",
		"+60 12-345 6789":      "60123456789",
		"0719 9220090":         "627199220090",
		"006281278563877":      "6281278563877",
		"6281278563877 ":       "6281278563877",
		"62081278563877":       "6281278563877",
		"+62 (0)812-7856-3877": "6281278563877",
		"620812 7856 3877":     "6281278563877",
		"(+62) 812-7856-3877":  "6281278563877",
		"8208000000":           "628208000000",
		"0622 123456":          "62622123456", // Pematangsiantar
		"62 622 123456":        "62622123456",
		"447911123456":         "447911123456",
		"006581234567":         "6581234567",
		"6281111111":           "6281111111", // short, and never 62 twice
		"6200820800000000":     "",           // once read as Egyptian
		"+6200812345678":       "",
		"0620812345678":        "",
		"020812345678":         "",
		"٠٨١٢٧٨٥٦٣٨٧٧":         "6281278563877",
		"00":                   "",
		"whatsapp":             "",
		"":                     "",
		"12":                   "",
		"0812":                 "",
		"0812-CARI-DATA":       "",
		"081278563877081278":   "",
	} {
		got, err := Normalize(in)
		if got != want || (want == "") != errors.Is(err, ErrNumber) {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"0812-7856-3877", "+62 812", "62", "x", "٠٨١٢٣٤٥٦٧٨٩", "000000AAA0", "000000222", "(4900",
		"6200820800000000", "006281111111"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Normalize(s)
		if err != nil {
			return
		}
		if strings.Trim(n, "0123456789") != "" || len(n) < 5 || n[0] == '0' {
			t.Fatalf("%q became %q", s, n)
		}
		digits := phonenumbers.NormalizeDigitsOnly(s)
		foreign := strings.Contains(s, "+") || strings.HasPrefix(digits, "00")
		if !foreign && strings.ContainsAny(digits[:1], "08") && !strings.HasPrefix(n, "62") ||
			strings.HasPrefix(digits, "62") && !strings.HasPrefix(n, "62") {
			t.Fatalf("%q, Indonesian, became %q", s, n)
		}
		if !strings.HasSuffix(digits, n[len(n)-4:]) {
			t.Fatalf("%q became %q", s, n)
		}
		if again, err := Normalize("+" + n); err != nil || again != n {
			t.Fatalf("%q became %q and then %q, %v", s, n, again, err)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"whatsapp:628@s.whatsapp.net", "whatsapp:77@lid", "whatsapp:1.2:3@lid", "whatsapp:@lid",
		"telegram:1", "whatsapp:status@broadcast", "whatsapp:1:0@lid"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		j, err := jidOf(conversation.Address(s))
		if err == nil && string(addressOf(j)) != s {
			t.Fatalf("%q is read as %s", s, addressOf(j))
		}
	})
}

// merges records what Config.Alias was told.
type merges struct {
	mu   sync.Mutex
	told []string
	err  error
}

func (m *merges) alias(_ context.Context, old, now conversation.Address) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		err := m.err
		m.err = nil
		return err
	}
	m.told = append(m.told, string(old)+" -> "+string(now))
	return nil
}

func (m *merges) list() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.told, "\n")
}

func TestReaderSeenInBothFormsIsOneAddress(t *testing.T) {
	for name, tc := range map[string]struct {
		modes []whatsapptest.Addressing
		want  func(r *rig) []conversation.Address
	}{
		"LID, then phone number with LID": {
			[]whatsapptest.Addressing{whatsapptest.AsLID, whatsapptest.AsPhone, whatsapptest.AsLID},
			func(r *rig) []conversation.Address {
				return []conversation.Address{r.lid(ani), r.lid(ani), r.lid(ani)}
			}},
		"LID with number, then the number alone": {
			[]whatsapptest.Addressing{whatsapptest.AsLID, whatsapptest.AsPhoneOnly},
			func(r *rig) []conversation.Address { return []conversation.Address{r.lid(ani), r.lid(ani)} }},
		"number alone, then with LID": {
			[]whatsapptest.Addressing{whatsapptest.AsPhoneOnly, whatsapptest.AsPhone, whatsapptest.AsPhoneOnly},
			func(r *rig) []conversation.Address { return []conversation.Address{pn(ani), r.lid(ani), r.lid(ani)} }},
		"number alone, then LID with number": {
			[]whatsapptest.Addressing{whatsapptest.AsPhoneOnly, whatsapptest.AsLID},
			func(r *rig) []conversation.Address { return []conversation.Address{pn(ani), r.lid(ani)} }},
		"LID alone, then the number with LID": {
			[]whatsapptest.Addressing{whatsapptest.AsLIDOnly, whatsapptest.AsPhone},
			func(r *rig) []conversation.Address { return []conversation.Address{r.lid(ani), r.lid(ani)} }},
	} {
		t.Run(name, func(t *testing.T) {
			var m merges
			r := start(t, func(c *Config) { c.Alias = m.alias })
			p := r.srv.Person(ani, "Ani")
			want := tc.want(r)
			for i, mode := range tc.modes {
				r.srv.Address(ani, mode)
				p.Say(desk, "halo")
				if got := r.in.wait(t, i).From; got != want[i] {
					t.Errorf("message %d is from %s, want %s", i, got, want[i])
				}
			}
			// Told once, and before the message under the new address was stored.
			if got, want := m.list(), string(pn(ani))+" -> "+string(r.lid(ani)); got != want {
				t.Errorf("merged %q, want %q", got, want)
			}
		})
	}
}

func TestMessageWaitsUntilTheMergeIsStored(t *testing.T) {
	m := merges{err: errors.New("database is locked")}
	r := start(t, func(c *Config) { c.Alias = m.alias })
	p := r.srv.Person(ani, "Ani")
	p.Say(desk, "halo")
	if got := r.in.wait(t, 0); got.Text != "halo" || m.list() == "" {
		t.Errorf("stored %+v, merged %q", got, m.list())
	}
	if len(r.in.messages()) != 1 {
		t.Errorf("inbox %+v", r.in.messages())
	}
}

func TestStaffAreKnownByTheirNumberInEveryForm(t *testing.T) {
	for name, mode := range map[string]whatsapptest.Addressing{
		"LID with number": whatsapptest.AsLID, "number with LID": whatsapptest.AsPhone,
		"LID alone": whatsapptest.AsLIDOnly, "number alone": whatsapptest.AsPhoneOnly,
	} {
		t.Run(name, func(t *testing.T) {
			r := prepare(t, func(c *Config) { c.Staff = []string{"0812-0000-0009"} })
			r.link()
			p := r.srv.Person(kasubbag, "Syah") // on WhatsApp before the desk looks staff up
			r.run()
			r.state(Online)
			r.eventually("the look-up of staff", func() bool {
				lid, err := r.ch.current().d.box.LIDMap.GetLIDForPN(t.Context(), whatsapptest.JID(kasubbag))
				return err == nil && !lid.IsEmpty()
			})
			r.srv.Address(kasubbag, mode)
			p.Say(desk, "TERIMA 7QK")
			if got := r.in.wait(t, 0).From; got != pn(kasubbag) {
				t.Errorf("from %s, want %s", got, pn(kasubbag))
			}
			if _, err := r.send(letter("k1", pn(kasubbag), "tiket baru")); err != nil {
				t.Fatal(err)
			}
			if got := whatsapptest.Text(p.Next()); got != "tiket baru" {
				t.Errorf("staff got %q", got)
			}
		})
	}
}

// What the Kasubbag wrote while the desk was off comes before staff can be looked up.
func TestStaffAreKnownByAMessageThatWaited(t *testing.T) {
	r := prepare(t, func(c *Config) { c.Staff = []string{kasubbag} })
	r.link()
	p := r.srv.Person(kasubbag, "Syah")
	r.srv.Address(kasubbag, whatsapptest.AsLIDOnly)
	p.Say(desk, "TERIMA 7QK")
	r.run()
	if got := r.in.wait(t, 0).From; got != pn(kasubbag) {
		t.Errorf("from %s, want %s", got, pn(kasubbag))
	}
}

func TestStaffNumberThatIsNoneIsRefused(t *testing.T) {
	_, err := New(Config{DeviceFile: "x", Key: testKey, Staff: []string{"08123456789", "Pak Syah"}})
	if err == nil || !strings.Contains(err.Error(), "staff number 2") || strings.Contains(err.Error(), "Syah") {
		t.Errorf("error %v", err)
	}
}

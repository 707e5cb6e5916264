package conversation

import (
	"context"
	"strings"
	"testing"
)

// A "-" is told for what it is; "..." is no number, and the hits are shown.
func TestNilIsTold(t *testing.T) {
	for column, want := range map[int]string{1: "*-*, tidak ada atau nol", 2: "Hasil 1-"} {
		b := newBench(t)
		b.catalogue = nilKnown{column: column}
		b.stand(t, judgedSession(b, "search"))
		if err := b.Take(t.Context(), b.text("berapa penduduk jangkar asam gantung")); err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, turn := range b.memory.turns {
			for _, e := range turn.Effects {
				if s, ok := e.(Send); ok {
					said += s.Text
				}
			}
		}
		if !strings.Contains(said, want) {
			t.Errorf("column %d: said %q, want %q", column, said, want)
		}
	}
}

// nilKnown knows one cell that holds no number.
type nilKnown struct {
	known
	column int
}

func (k nilKnown) Data(context.Context, Query) ([]Datum, error) {
	d := aDatum(2)
	d.Column = k.column
	return []Datum{d}, nil
}

package conversation

import (
	"context"
	"errors"
)

// Query is one search.
type Query struct {
	Text        string
	Before      string // the query before this one in the same chat, for follow-ups
	Publication string // search only inside this one, by page
	Offset      int
	Limit       int
	TitlesOnly  bool // no page hits: the person is not registered
}

// PageHit is a page that answers a query.
type PageHit struct {
	Page    int    `json:"page"`
	Printed string `json:"printed,omitempty"`
	Text    string `json:"text"`            // fragment with the words found marked *so*
	Table   string `json:"table,omitempty"` // title of the table or figure, when that is the hit
}

// Hit is a publication that answers a query, the best edition of its series.
type Hit struct {
	ID       string
	Title    string
	Year     int
	Office   string
	Score    float64
	Pages    []PageHit
	Editions []Edition // other editions of the series, newest first
	// Holds is the year of its data ("2022"), where it answers by that and not by the
	// year of its title.
	Holds string
}

// Edition is another edition of a hit's series.
type Edition struct {
	ID   string `json:"id"`
	Year int    `json:"year"`
}

// Result is what a search found.
type Result struct {
	Corrected string   // the query that was searched instead, when spelling was mended
	Dropped   string   // what had to be left out to find anything ("2031"), if anything
	Away      []string // places asked for that nothing is held about; then there are no hits
	Total     int
	Hits      []Hit
}

// ErrPreparing is returned by a [Catalogue] while its index is being made.
var ErrPreparing = errors.New("catalogue is being prepared")

// Catalogue answers searches.
type Catalogue interface {
	// Search returns ErrPreparing while there is no index yet. A query that
	// finds nothing is no error.
	Search(ctx context.Context, q Query) (Result, error)
	// Series lists the editions of the series that a publication is of, itself among
	// them, newest first; none for an unknown one. It returns ErrPreparing as Search does.
	Series(ctx context.Context, publication string) ([]Edition, error)
	// Data answers a question for a number ("berapa jumlah penduduk gantung 2022") out of
	// the trusted tables: the one cell that answers, the same cell of several editions
	// that differ in it, best first, or the cells of an area and of a place in it that bear
	// the one name asked for. None where anything is short of sure, which is no
	// error. It returns ErrPreparing as Search does.
	Data(ctx context.Context, q Query) ([]Datum, error)
	// DataSeries follows a cell through the editions of its series: for each year that a
	// trusted table answers, one, oldest first.
	DataSeries(ctx context.Context, d Datum) ([]Datum, error)
}

package conversation

import (
	"errors"
	"strconv"
	"strings"
)

// Bounds of a list of years: what fits one message, and from how many on a line through
// them says something.
const (
	seriesMost = 9
	chartLeast = 4
)

// showYears lists the number at hand for every year that a trusted table has.
func (t *turn) showYears() (string, error) {
	list := t.shownDatums()
	if len(list) == 0 {
		return "datum", nil
	}
	found, err := t.catalogue.DataSeries(t.ctx, list[0])
	if err != nil && !errors.Is(err, ErrPreparing) {
		return "", err
	}
	series, err := t.standing(found)
	if err != nil {
		return "", err
	}
	if len(series) < 2 {
		return refuse("datum.no_years", nil)
	}
	f := t.found()
	f.Datums.Series, f.Datums.SeriesCode, err = t.keepAnswer(series[max(0, len(series)-seriesMost):])
	t.tally(datumSeries)
	return "datum_years", err
}

// seriesShown are the years at hand.
func (t *turn) seriesShown() []Datum {
	f := t.found()
	if f.Datums == nil {
		return nil
	}
	list, err := t.datums(f.Datums.Series)
	if err != nil {
		t.fault = err
	}
	return list
}

func yearsText(t *turn) string {
	if len(t.seriesShown()) == 0 {
		return "datum.gone"
	}
	return "datum_years"
}

func yearsData(t *turn) D {
	list := t.seriesShown()
	if len(list) == 0 {
		return D{}
	}
	var lines []string
	for _, d := range list {
		lines = append(lines, t.text("datum.year", t.datumLine(d, 56)))
	}
	d := t.datumLine(list[len(list)-1], 120)
	d["Lines"], d["Code"] = lines, t.found().Datums.SeriesCode
	return d
}

// yearsOf is the code of the list of years at hand.
func yearsOf(t *turn) string {
	if d := t.found().Datums; d != nil {
		return d.SeriesCode
	}
	return ""
}

// yearsSlot finds what is wanted of the years in a sentence: who asks for them there
// wants to see them.
func yearsSlot(t *turn) (key string, sure bool) {
	if key, _ = datumSlot(t); key == "years" {
		key = "chart"
	}
	return key, true
}

// mayDraw: enough years are trusted for a chart.
func mayDraw(t *turn) bool { return len(t.points()) >= chartLeast }

// points are the years at hand that are one year each, as numbers.
func (t *turn) points() []ChartPoint {
	var out []ChartPoint
	for _, d := range t.seriesShown() {
		if v, err := strconv.ParseFloat(d.Cell().Value, 64); err == nil && d.Year() != "" {
			out = append(out, ChartPoint{Label: d.Year(), Value: v, Text: d.Cell().Text})
		}
	}
	return out
}

// ChartPoint is one year of a chart.
type ChartPoint struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
	Text  string  `json:"text"` // the value as printed
}

// ChartOrder is all that is needed to draw a chart.
type ChartOrder struct {
	Title  string       `json:"title"`
	Unit   string       `json:"unit,omitempty"` // over the axis
	Points []ChartPoint `json:"points"`         // oldest first
	Notes  []string     `json:"notes"`          // under it: the source
}

// drawYears sends the years at hand as a picture, whose caption says the same in words.
func (t *turn) drawYears() (string, error) {
	list, points := t.seriesShown(), t.points()
	if len(points) < chartLeast {
		return refuse("datum.no_chart", D{"Last": chartLeast})
	}
	d := t.datumLine(list[len(list)-1], 120)
	var words []string
	for _, p := range points {
		words = append(words, p.Label+": "+p.Text)
	}
	d["Lines"], d["Code"] = words, t.found().Datums.SeriesCode
	title := d["Row"].(string)
	if c := d["Column"].(string); c != "" {
		title += ", " + c
	}
	order := &ChartOrder{Title: title, Unit: d["Unit"].(string), Points: points,
		Notes: strings.Split(t.text("datum.chart_notes", d), "\n")}
	t.flush()
	t.do(Send{To: t.s.Chat, Text: t.text("datum.chart", d), Answers: t.msg.ID, Quotes: true,
		Attachment: &Attachment{Name: "grafik_" + t.found().Datums.SeriesCode + ".png", MIME: "image/png", Chart: order}})
	t.tally(datumChart)
	t.quiet = true
	return "datum_years", nil
}

package conversation

import "pst/conversation/nlu"

// The one question after a delivery; the SKM survey is another thing (survey.go).

// rate keeps a score, 4 being best.
func rate(score int) func(*turn) (string, error) {
	return func(t *turn) (string, error) { return t.rated(Rating{Score: score, Mends: t.s.Data.Mends}) }
}

// rateAnew puts another score in the place of the one just given.
func (t *turn) rateAnew(score int) (string, error) { return t.rated(Rating{Score: score, Mends: true}) }

func (t *turn) rated(r Rating) (string, error) {
	r.Visit, r.Reader, r.At = t.s.Data.Visit, t.s.Reader, t.at
	t.do(RecordRating{r})
	if r.Score <= 2 {
		t.s.Data.Rating = r.Score
		return "rating_comment", nil
	}
	t.say("rating.thanks", nil)
	return t.reviewed()
}

// scores are the answers to the rating question by their score.
var scores = map[int]string{4: "very_good", 3: "good", 2: "poor", 1: "bad"}

// verdict finds a rating in words: "puas banget", "4 bintang". A no is no score.
func verdict(t *turn) (key string, sure bool) {
	a := t.message().Rating()
	switch {
	case !a.Heard() && t.message().Skips():
		return "skip", true
	case a.Sureness != nlu.Sure && t.message().Farewell(): // "udah cukup, makasih" is no praise
		return "finish", true
	case !a.Heard():
		return "", false
	case a.Value.Skip:
		return "skip", true
	}
	return scores[a.Value.Score], a.Sureness == nlu.Sure
}

// ending hears that a person has all they came for.
func ending(t *turn) (key string, sure bool) {
	m := t.message()
	if m.Farewell() || m.Thanks() {
		return "finish", true
	}
	if v := m.Rating(); v.Sureness == nlu.Sure && v.Value.Score > 0 && numeral(t.in) == "" {
		return "verdict", true
	}
	return "", false
}

// lateVerdict keeps a rating that comes after its question has passed.
func (t *turn) lateVerdict() (string, error) {
	next, err := rate(t.message().Rating().Value.Score)(t)
	if next == "after" || next == "profile" { // the profile has been asked about
		next, t.quiet = "after", true
	}
	return next, err
}

// readRating takes a new search for a search.
func (t *turn) readRating() (string, error) {
	return t.seekKnown("rating.bad")
}

func (t *turn) readRatingComment() (string, error) {
	if meant, ok := t.message().Correction(); ok { // a slip of the finger is no comment
		if v := meant.Rating(); v.Heard() && v.Value.Score > 0 {
			return t.rateAnew(v.Value.Score)
		}
	}
	if letters(t.in) < 3 {
		return refuse("rating_comment.bad", nil)
	}
	t.do(RecordRating{Rating{Visit: t.s.Data.Visit, Reader: t.s.Reader, Score: t.s.Data.Rating, Comment: cut(t.in, 500),
		At: t.at}})
	if staff, ok := t.office.onDuty(t.at); ok { // without the person: it is for mending, not for asking back
		t.tell(staff.Addresses[0], "", "staff.comment", D{"Score": t.s.Data.Rating, "Text": cut(t.in, 500)})
	}
	t.say("rating.sorry", nil)
	return t.reviewed()
}

package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pst/conversation"
)

// Errors of [WebAPI], wrapped.
var (
	// ErrJSON: the text is no JSON, or none of an answer that is known.
	ErrJSON = errors.New("not an answer of the WebAPI")
	// ErrAnswer: the WebAPI answered with an error, though perhaps with HTTP
	// status 200 (a wrong key, a limit of requests).
	ErrAnswer = errors.New("the WebAPI answered with an error")
)

// WebAPI reads answers of the BPS WebAPI for publications: a list answer, a view
// answer, a bare list of records, or several of them one after the other or in
// an array (pages of one list). The answers do not name the office, so the
// caller does. What was read before an error is returned with it.
func WebAPI(text []byte, office string) (Result, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	a := &answers{office: office}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	n := 0
	for {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) && n > 0 {
			break
		}
		if err != nil {
			return a.Result, fmt.Errorf("read WebAPI answer: %w: %w", ErrJSON, err)
		}
		n++
		if err := a.take(v); err != nil {
			return a.Result, fmt.Errorf("read WebAPI answer: %w", err)
		}
	}
	return a.Result, nil
}

// answers walks the decoded JSON.
type answers struct {
	collect
	office string
	item   int
}

func (a *answers) take(v any) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := a.take(e); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		return a.object(v)
	case string:
		if v == "" {
			return nil // "data":"" stands for none
		}
	case nil:
		return nil
	}
	return ErrJSON
}

func (a *answers) object(o map[string]any) error {
	if status, ok := o["status"]; ok && o["pub_id"] == nil {
		if !strings.EqualFold(text(status), "ok") {
			return fmt.Errorf("%w: %s", ErrAnswer, plain(text(o["message"]), 200))
		}
		if av := text(o["data-availability"]); av != "" && av != "available" {
			return nil
		}
		return a.take(o["data"])
	}
	if _, ok := o["title"]; ok || o["pub_id"] != nil {
		a.record(o)
		return nil
	}
	if data, ok := o["data"]; ok {
		return a.take(data)
	}
	if _, ok := o["page"]; ok {
		return nil // which page of how many this is
	}
	return ErrJSON
}

// record reads one item; what it does not know, it does not mind. The links to
// the file and cover expire, and are left.
func (a *answers) record(o map[string]any) {
	a.item++
	p := conversation.Publication{
		ID: text(o["pub_id"]), Office: a.office, Title: text(o["title"]), Abstract: text(o["abstract"]),
		Released: text(o["rl_date"]), CatalogNo: text(o["kat_no"]), PublicationNo: text(o["pub_no"]), ISSN: text(o["issn"]),
		Link: text(o["url"]),
	}
	a.add(a.item, p)
}

// text is a value as text: numbers as written, everything else that is no
// string as nothing.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

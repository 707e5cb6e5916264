package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/moby/sys/atomicwriter"

	"pst/bot/web"
	"pst/conversation"
)

// versionsMost is how many earlier versions of one text are kept.
const versionsMost = 20

// sentences are the desk's texts at the page.
type sentences struct{ *live }

var _ web.Sentences = sentences{}

// before is one line of the file of earlier versions: a text that was replaced, by
// whom and when; without a text it was the desk's own.
type before struct {
	Key  string    `json:"key"`
	Text *string   `json:"text,omitempty"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}

func (s sentences) own() (string, error) {
	text, err := s.house.read(textsFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read own texts: %w", err)
	}
	return string(text), nil
}

func (s sentences) earlier() ([]before, error) {
	text, err := s.house.read(textsBefore)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read earlier texts: %w", err)
	}
	var out []before
	for line := range bytes.Lines(text) {
		var b before
		if json.Unmarshal(line, &b) == nil && b.Key != "" { // a line that was damaged is lost alone
			out = append(out, b)
		}
	}
	return out, nil
}

// Sentences implements [web.Sentences].
func (s sentences) Sentences(context.Context) ([]web.Sentence, error) {
	own, err := s.own()
	if err != nil {
		return nil, err
	}
	list, err := conversation.TextSources()
	if err != nil {
		return nil, err
	}
	written := conversation.OwnTexts(own)
	out := make([]web.Sentence, len(list))
	for i, t := range list {
		out[i] = web.Sentence{TextSource: t}
		if text, ok := written[t.Key]; ok {
			out[i].Own = &text
		}
	}
	return out, nil
}

// Sentence implements [web.Sentences].
func (s sentences) Sentence(ctx context.Context, key string) (web.Sentence, error) {
	list, err := s.Sentences(ctx)
	if err != nil {
		return web.Sentence{}, err
	}
	i := slices.IndexFunc(list, func(t web.Sentence) bool { return t.Key == key })
	if i < 0 {
		return web.Sentence{}, fmt.Errorf("text %q: %w", key, conversation.ErrNotFound)
	}
	one := list[i]
	own, err := s.own()
	if err != nil {
		return one, err
	}
	texts := s.texts()
	one.Now, one.Placeholders, one.Version = texts.Preview(key), texts.Placeholders(key),
		versionOf(conversation.OwnTexts(own)[key], one.Own != nil)
	if usual, err := conversation.NewTexts(s.office(), ""); err == nil {
		one.Usual = usual.Preview(key)
	}
	earlier, err := s.earlier()
	for _, b := range slices.Backward(earlier) {
		if b.Key == key {
			one.Earlier = append(one.Earlier, web.Earlier{Text: b.Text, At: b.At, By: b.By})
		}
	}
	return one, err
}

// Preview implements [web.Sentences].
func (s sentences) Preview(_ context.Context, key, text string) ([]string, error) {
	own, err := s.own()
	if err != nil {
		return nil, err
	}
	if own, err = conversation.PutText(own, key, &text); err != nil {
		return nil, wrongText(err)
	}
	texts, err := conversation.NewTexts(s.office(), own)
	if err != nil {
		return nil, wrongText(err)
	}
	return texts.Preview(key), nil
}

// Put implements [web.Sentences].
func (s sentences) Put(ctx context.Context, who conversation.Staff, key string, text *string, version string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, err := s.Sentence(ctx, key)
	if err != nil {
		return err
	}
	if text != nil && *text == one.Text {
		text = nil
	}
	if text == nil && one.Own == nil || text != nil && one.Own != nil && *text == *one.Own {
		return nil // nothing to change: a button pressed twice
	}
	if one.Version != version {
		return web.ErrStale
	}
	own, err := s.own()
	if err != nil {
		return err
	}
	if _, err := conversation.NewTexts(s.office(), own); err != nil {
		s.house.log.Error("own texts were broken by hand", "error", err)
		return &web.Wrong{Fields: map[string]string{"teks": "Berkas " + textsFile +
			" sedang rusak karena diubah di luar halaman ini, " +
			"jadi belum dapat disimpan. Beri tahu pengelola sistem."}}
	}
	if own, err = conversation.PutText(own, key, text); err != nil {
		return wrongText(err)
	}
	err = s.write(textsFile, []byte(own), func(*known) error {
		if err := s.keep(before{key, one.Own, time.Now(), who.Name}); err != nil {
			return err
		}
		return s.db.Note(ctx, conversation.AuditEntry{At: time.Now(), Who: who.Web().Masked(), What: "text changed",
			Subject: key})
	})
	if errors.As(err, new(unusable)) {
		return wrongText(err)
	}
	return err
}

// keep puts a version aside, and lets go of the oldest.
func (s sentences) keep(b before) error {
	list, err := s.earlier()
	if err != nil {
		return err
	}
	list = append(list, b)
	same := 0
	for i, old := range slices.Backward(list) {
		if old.Key != b.Key {
			continue
		}
		if same++; same > versionsMost {
			list = slices.Delete(list, i, i+1)
			break
		}
	}
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	for _, old := range list {
		if err := lines.Encode(old); err != nil {
			return fmt.Errorf("keep earlier text: %w", err)
		}
	}
	if err := atomicwriter.WriteFile(s.house.path(textsBefore), out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("keep earlier text: %w", err)
	}
	return nil
}

// wrongText tells who wrote a text why it cannot be used.
func wrongText(err error) error {
	if said := conversation.ExplainText(err); said != "" {
		return &web.Wrong{Fields: map[string]string{"teks": said}}
	}
	return err
}

// Package nlu understands what people write to the desk: in formal, everyday,
// abbreviated and regional Indonesian, in English, with slips of the keyboard.
//
// It is pure: no state, no clock, no texts, nothing of the rest of the project.
// A [Lexicon] holds the tables (embedded in tables/, extended by an office with
// files of its own); it is read once and safe for use by many goroutines.
//
//	lex := nlu.Default()                  // or Load(os.DirFS("data/tables"))
//	m := lex.Hear("eh salah, maksudnya 1999 kak")
//	year := m.BirthYear(2026)             // 1999, Sure
//
// Use first [Lexicon.Hear], then the reader of the slot that the question at
// hand wants. Every reader finds the answer inside the sentence, heeds negation
// and reads what follows a correction ("eh salah, maksudnya ..."). It gives an
// [Answer]: the value with a [Sureness]. Sure is taken, Likely is said back and
// confirmed, None is no answer to this question. A reader never panics, and its
// time is bounded by the length of the message, of which 4,000 characters are read.
//
//	the question wants            reader
//	yes or no                     [Message.YesNo]
//	one of a list                 [Message.Choice]; lists: [Gender], [Education], [Work], [Origin], [Disability],
//	                              [Purpose], [Mode], [Identity], [Category], [Resume]
//	which card, with its number   [Message.Card], [Message.CardNumber]
//	month and year of expiry      [Message.Expiry]
//	name                          [Message.Name]
//	institution                   [Message.Institution]
//	e-mail address                [Message.Email]
//	six-digit code                [Message.Code]
//	year of birth                 [Message.BirthYear]
//	pages                         [Message.Pages]
//	rating                        [Message.Rating]
//	a line of a list of hits      [Message.Line]
//	edition                       [Message.Edition]
//	next or earlier lines         [Message.Paging]
//	free text that ends           [Message.Ends]
//	an optional answer            [Message.Skips]
//
// What a message is besides an answer:
//
//	[Message.Intent]      a question about the service or a wish that is no topic
//	[Message.Greeting]    a greeting, and whether a request is left
//	[Message.Request]     what is asked, without greeting, address and polite words
//	[Message.Thanks], [Message.Farewell]
//	[Message.Waits]       "sebentar", "nanti dulu": no answer yet
//	[Message.Correction]  "eh salah, ...": what comes after it
//	[Message.Empty]       nothing but polite words, pictures or noise
package nlu

// Sureness says how far an answer may be taken.
type Sureness int

// The three degrees: no answer; an answer to be said back and confirmed; an
// answer to be taken.
const (
	None Sureness = iota
	Likely
	Sure
)

func (s Sureness) String() string { return [...]string{"none", "likely", "sure"}[s] }

// Answer is what a reader heard. Value means nothing where Sureness is None.
type Answer[T any] struct {
	Value    T
	Sureness Sureness
}

// Heard tells whether there is an answer at all.
func (a Answer[T]) Heard() bool { return a.Sureness != None }

func sure[T any](v T) Answer[T]   { return Answer[T]{v, Sure} }
func likely[T any](v T) Answer[T] { return Answer[T]{v, Likely} }
func none[T any]() Answer[T]      { return Answer[T]{} }

// Package corpus makes documents of the kinds that people paste into AI tools,
// with planted values and a label for each, and texts in which nothing is to be
// found. It is pure and seeded: equal arguments give equal bytes on every
// machine.
//
// It shares no code with the classifier: numbers and their check digits are made
// here, from the public rules of each, so that a slip shows as a disagreement.
// Every value is invented.
package corpus

import "math/rand/v2"

// Label is a value that was planted.
type Label struct {
	Detector string `json:"detector"` // id of the detector that is to find it
	Start    int    `json:"start"`    // byte offsets in the text of the document, half open
	End      int    `json:"end"`
	Country  string `json:"country,omitempty"` // ISO 3166-1 alpha-2, "" when the value belongs to none
	// Optional is set when finding it is neither right nor wrong: the address of a
	// machine in a log, the metrics of a table that is about something else.
	Optional bool `json:"optional,omitempty"`
}

// Document is a text as it is pasted or uploaded.
type Document struct {
	Name     string // of the file; its suffix tells how it is read
	Kind     Kind
	Language Language
	Text     []byte
	Labels   []Label // by Start
}

// Kind is what a text is.
type Kind string

// The kinds in which nothing is to be found.
const (
	Prose   Kind = "prose"   // mails, reports and posts without personal data
	Logs    Kind = "logs"    // servers, clusters, stack traces
	Code    Kind = "code"    // Go, JavaScript, Python, SQL, CSS, minified, lock files
	JSON    Kind = "json"    // bodies of API calls and answers
	Numbers Kind = "numbers" // tables of figures
	Markup  Kind = "markup"  // HTML pages and mails
	Codes   Kind = "codes"   // order numbers, hashes, UUIDs, part numbers, failed check digits
)

// CleanKinds returns the kinds in which nothing is to be found.
func CleanKinds() []Kind { return []Kind{Prose, Logs, Code, JSON, Numbers, Markup, Codes} }

// Language is an ISO 639-1 code.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh"
	Russian Language = "ru"
	Arabic  Language = "ar"
	German  Language = "de"
)

// Languages returns the languages in which documents are made.
func Languages() []Language { return []Language{English, Chinese, Russian, Arabic, German} }

// Clean returns size bytes or slightly more of a text in which nothing is to be
// found. Logs and code have no language, but for their messages and comments.
func Clean(kind Kind, language Language, seed uint64, size int) []byte {
	w := newWriter(language, seed, string(kind)+"/"+string(language))
	for len(w.text) < size {
		switch kind {
		case Prose:
			w.cleanText()
		case Logs:
			w.log(false)
		case Code:
			w.code()
		case JSON:
			w.cleanJSON()
		case Numbers:
			w.figures()
		case Markup:
			w.cleanMarkup()
		case Codes:
			w.codes()
		default:
			panic("corpus: no kind " + string(kind))
		}
	}
	return w.text
}

// writer makes one document.
type writer struct {
	*rand.Rand
	words  *lexicon
	text   []byte
	labels []Label
	clock  int64 // of logs, milliseconds since 1970
}

// newWriter returns a writer whose choices depend on the seed and the name alone.
func newWriter(language Language, seed uint64, name string) *writer {
	stream := uint64(14695981039346656037) // FNV-1a
	for i := range len(name) {
		stream = (stream ^ uint64(name[i])) * 1099511628211
	}
	w := &writer{Rand: rand.New(rand.NewPCG(seed, stream)), words: lexiconOf(language)}
	w.clock = 1735689600000 + w.Int64N(60000000000) // from 2025 on, two years
	return w
}

func (w *writer) put(parts ...string) {
	for _, part := range parts {
		w.text = append(w.text, part...)
	}
}

// one returns one of the choices.
func (w *writer) one(choices ...string) string { return choices[w.IntN(len(choices))] }

// chance is true once in n times.
func (w *writer) chance(n int) bool { return w.IntN(n) == 0 }

// between returns a number from low to high, both included.
func (w *writer) between(low, high int) int { return low + w.IntN(high-low+1) }

// digits returns n random digits, of which the first is none of those in not.
func (w *writer) digits(n int, not ...byte) string {
	b := w.from("0123456789", n)
	for again := true; again && n > 0; {
		again = false
		for _, c := range not {
			if b[0] == c {
				b[0], again = byte('0'+w.IntN(10)), true
			}
		}
	}
	return string(b)
}

// from returns n random bytes of an alphabet.
func (w *writer) from(alphabet string, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[w.IntN(len(alphabet))]
	}
	return b
}

func (w *writer) hex(n int) string { return string(w.from("0123456789abcdef", n)) }

const (
	upperCase    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lowerCase    = "abcdefghijklmnopqrstuvwxyz"
	decimal      = "0123456789"
	alphanumeric = upperCase + lowerCase + decimal
)

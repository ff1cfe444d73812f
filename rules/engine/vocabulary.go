package engine

import (
	"strings"
	"unicode"

	"daylight.internal/classifier"
	"daylight.internal/rules/catalog"
)

// locationWords are the words of the location language itself.
const locationWords = "query form multipart sheet row column line filename path json key base64 connect protobuf ws"

// vocabulary holds the words that a location may be told in. The keys of a
// body are written by whoever sends it, and one may be the name of a person:
// only words that are in the catalogue, in the paths of APIs or in the names of
// columns are known to be none.
type vocabulary struct {
	words   map[string]bool
	catalog *catalog.Catalog
}

func newVocabulary(c *catalog.Catalog, detectors []classifier.Detector) vocabulary {
	v := vocabulary{words: make(map[string]bool), catalog: c}
	add := func(text string) {
		for len(text) > 0 {
			word, n := nextWord(text)
			v.words[strings.ToLower(word)] = true
			text = text[n:]
		}
	}
	add(locationWords)
	for _, d := range detectors {
		for _, column := range d.Columns {
			for _, name := range column.Names {
				add(name)
			}
		}
	}
	known := make(map[string]bool) // most services share the formats of others
	for _, s := range c.Services() {
		for _, o := range s.Operations {
			for _, l := range o.Text {
				if text := l.String(); !known[text] {
					known[text] = true
					add(text)
				}
			}
		}
	}
	return v
}

// location returns a location with "…" for every word that is not known.
func (v vocabulary) location(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		word, n := nextWord(text)
		if word == "" || v.knows(strings.ToLower(word)) {
			b.WriteString(text[:n])
		} else if !strings.HasSuffix(b.String(), "…") {
			b.WriteString("…")
		}
		text = text[n:]
	}
	return b.String()
}

func (v vocabulary) knows(word string) bool {
	return v.words[word] || v.catalog.Template(word) == word
}

// nextWord returns the word at the beginning of text, which ends where another
// begins as in "userName", and its length; "" and the length of one character
// where there is none.
func nextWord(text string) (word string, n int) {
	lower := false
	for i, c := range text {
		isWord := unicode.IsLetter(c) || unicode.IsMark(c)
		if !isWord || lower && unicode.IsUpper(c) {
			if i == 0 {
				return "", len(string(c))
			}
			return text[:i], i
		}
		lower = unicode.IsLower(c)
	}
	return text, len(text)
}

package classifier

import (
	"slices"
	"strings"
)

// field is what the name of a key or a column says.
type field struct {
	phrase []byte // folded
	kinds  []columnMatch
	fits   []fit // by matcher; nil before anybody asked
}

// fit says whether a name speaks of the values of a matcher.
type fit uint8

const (
	notAsked fit = iota
	fitting
	unfitting
)

const (
	// knownFields bounds the names whose meaning is remembered in one scan, and
	// keptFields those that are kept for the next: an API uses the same few again
	// and again. A name longer than keptName may be anything.
	knownFields = 4096
	keptFields  = 256
	keptName    = 64
)

// field returns what a name says.
func (r *run) field(name string) *field {
	if f := r.fields[name]; f != nil {
		return f
	}
	if len(r.fields) >= knownFields {
		clear(r.fields)
	}
	phrase := headerPhrase(name)
	f := &field{phrase: []byte(phrase), kinds: r.s.lexicon.classify(phrase)}
	r.longField = r.longField || len(name) > keptName
	r.fields[strings.Clone(name)] = f // the name may be part of the body
	return f
}

// forgetFields keeps of the names what the next scan may come by.
func (r *run) forgetFields() {
	if r.longField || len(r.fields) > keptFields {
		clear(r.fields)
		r.longField = false
	}
}

// fits tells whether the name of a field speaks of the values of m.
func (r *run) fits(f *field, m *matcher) bool {
	if f.fits == nil {
		f.fits = make([]fit, len(r.s.matchers))
	}
	answer := &f.fits[m.index]
	if *answer == notAsked {
		*answer = unfitting
		if m.named(f) || slices.ContainsFunc(m.context, func(word []byte) bool { return hasPhrase(f.phrase, word) }) {
			*answer = fitting
		}
	}
	return *answer == fitting
}

// named tells whether the name is one of the columns of m.
func (m *matcher) named(f *field) bool {
	for _, k := range f.kinds {
		if m.expects(k.kind) {
			return true
		}
	}
	return false
}

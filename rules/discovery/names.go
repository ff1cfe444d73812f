package discovery

import "strings"

// maxName is the longest name or word that is looked up.
const maxName = 64

// lower writes text in lower case into buffer and returns what was written; nil
// when it is longer than the buffer.
func lower[T string | []byte](buffer []byte, text T) []byte {
	if len(text) > len(buffer) {
		return nil
	}
	for i := range len(text) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		buffer[i] = c
	}
	return buffer[:len(text)]
}

// nameSet is a set of names and of beginnings that end in a hyphen, with the word
// that each stands for.
type nameSet struct {
	exact    map[string]Word
	prefixes map[string]Word
	begins   [32]uint32 // pairs of letters that names begin with
}

func newNameSet(signals []Signal, words ...Word) nameSet {
	s := nameSet{exact: map[string]Word{}, prefixes: map[string]Word{}}
	for _, w := range words {
		for _, name := range signals[w].Names {
			s.begins[name[0]&31] |= 1 << (name[1] & 31)
			if strings.HasSuffix(name, "-") {
				s.prefixes[name] = w
			} else {
				s.exact[name] = w
			}
		}
	}
	return s
}

// find looks up a name of any case.
func (s *nameSet) find(name string) (Word, bool) {
	if len(name) < 2 || len(name) > maxName || s.begins[name[0]&31]&(1<<(name[1]&31)) == 0 {
		return 0, false
	}
	var buffer [maxName]byte
	text := lower(buffer[:], name)
	if w, ok := s.exact[string(text)]; ok {
		return w, true
	}
	for i, c := range text {
		if c == '-' {
			if w, ok := s.prefixes[string(text[:i+1])]; ok {
				return w, true
			}
		}
	}
	return 0, false
}

// modelNames are beginnings of names of models, by their first letter.
type modelNames struct{ byLetter [256][]string }

func newModelNames(names []string) (m modelNames) {
	for _, name := range names {
		m.byLetter[name[0]] = append(m.byLetter[name[0]], name)
	}
	return m
}

// has tells whether a value begins as the name of a model, at its first letter or
// behind a slash, a dot or a colon, as in "vendor/model" and "eu.vendor.model-v1".
func (m *modelNames) has(value []byte) bool {
	var buffer [maxName]byte
	text := lower(buffer[:], value)
	start := true
	for i, c := range text {
		if start {
			for _, name := range m.byLetter[c] {
				if rest := text[i:]; len(rest) >= len(name) && string(rest[:len(name)]) == name && isModelEnd(name, rest[len(name):]) {
					return true
				}
			}
		}
		start = c == '/' || c == '.' || c == ':'
	}
	return false
}

// isModelEnd tells whether what follows a name can: no letter follows one without
// a hyphen, so that "o1" is not found in "o1abc", nor "spark" in "sparkle".
func isModelEnd(name string, rest []byte) bool {
	if len(rest) == 0 || strings.HasSuffix(name, "-") || strings.HasSuffix(name, "_") {
		return true
	}
	return rest[0] < 'a' || rest[0] > 'z'
}

package classifier

// matcherSet is a set of matchers, by their index. The zero value is empty.
type matcherSet []uint64

// setWords is how many words a set of n matchers takes.
func setWords(n int) int { return (n + 63) / 64 }

func newMatcherSet(n int) matcherSet { return make(matcherSet, setWords(n)) }

func (s matcherSet) has(i int) bool {
	w := i >> 6
	return w < len(s) && s[w]>>(i&63)&1 != 0
}

func (s matcherSet) add(i int) { s[i>>6] |= 1 << (i & 63) }

// with returns s with one more, in a longer set if need be.
func (s matcherSet) with(i int) matcherSet {
	for len(s) <= i>>6 {
		s = append(s, 0)
	}
	s.add(i)
	return s
}

// join adds the matchers of t, which is no larger than s.
func (s matcherSet) join(t matcherSet) {
	for i, w := range t {
		s[i] |= w
	}
}

// keep leaves in s those that are in t, too.
func (s matcherSet) keep(t matcherSet) {
	for i := range s {
		if i < len(t) {
			s[i] &= t[i]
		} else {
			s[i] = 0
		}
	}
}

// meets tells whether some matcher is in both sets.
func (s matcherSet) meets(t matcherSet) bool {
	for i := range min(len(s), len(t)) {
		if s[i]&t[i] != 0 {
			return true
		}
	}
	return false
}

func (s matcherSet) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

package metrics

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// Label values that stand for a set.
const (
	other = "other"
	none  = "none"
)

// labels keeps the sets of label values bounded: what is not in a set becomes
// "other" and is counted.
type labels struct {
	overflow *prometheus.CounterVec

	mu       sync.RWMutex
	services map[string]bool
	groups   map[string]bool
	words    map[string]map[string]bool // by label: bounded words seen so far
}

// maxWords bounds the values of a label whose values come from our own code
// and policy, such as reasons and classes.
const maxWords = 250

func newLabels(overflow *prometheus.CounterVec) *labels {
	return &labels{
		overflow: overflow,
		services: map[string]bool{other: true, "suspected": true},
		groups:   map[string]bool{none: true},
		words:    map[string]map[string]bool{},
	}
}

// know adds services and groups; those of an earlier policy stay, for their series do.
func (l *labels) know(services, groups []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range services {
		l.services[s] = true
	}
	for _, g := range groups {
		l.groups[g] = true
	}
}

// service returns the label of a catalogue id; "" means traffic that is not AI.
func (l *labels) service(id string) string { return l.known("service", l.services, id, other) }

// group returns the label of a policy group.
func (l *labels) group(name string) string { return l.known("group", l.groups, name, none) }

func (l *labels) known(label string, set map[string]bool, value, empty string) string {
	if value == "" {
		return empty
	}
	l.mu.RLock()
	ok := set[value]
	l.mu.RUnlock()
	if !ok {
		return l.fold(label)
	}
	return value
}

// word returns a value of a label that has no list: a word of our own code, of
// the catalogue or of the policy. Anything that does not look like one, and
// everything beyond maxWords values, is folded. "" becomes "none".
func (l *labels) word(label, value string) string {
	if value == "" {
		return none
	}
	if !isWord(value) {
		return l.fold(label)
	}
	l.mu.RLock()
	seen, full := l.words[label][value], len(l.words[label]) >= maxWords
	l.mu.RUnlock()
	switch {
	case seen:
		return value
	case full:
		return l.fold(label)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.words[label] == nil {
		l.words[label] = map[string]bool{}
	}
	l.words[label][value] = true
	return value
}

func (l *labels) fold(label string) string {
	l.overflow.WithLabelValues(label).Inc()
	return other
}

// isWord tells whether text is short and made of ASCII letters, digits, _ and -.
func isWord(text string) bool {
	if len(text) > 48 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

package policyfile

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/strictyaml"
)

func (l *loader) classNames() []string {
	if l.offered.classes != nil {
		return l.offered.classes
	}
	return slices.Sorted(maps.Keys(l.source.Classes))
}

// detectorsOf returns the ids that make up any of the classes, sorted.
func (l *loader) detectorsOf(classes []string) []string {
	var ids []string
	for _, c := range classes {
		ids = append(ids, l.source.Classes[c]...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// data resolves one condition on content.
func (l *loader) data(f *file, e *dataEntry) rules.DataMatch {
	m := rules.DataMatch{
		Count: f.comparison(e.Count, number), People: f.comparison(e.People, number), Confidence: f.comparison(e.Confidence, percent),
	}
	if e.At.Line > 0 && !e.Faulty && !e.Class.Set && !e.Detector.Set && !e.Count.Set && !e.People.Set && !e.Confidence.Set {
		f.ErrorAt(e.At, 1, "give it a `class`, a `detector`, `people`, `count` or `confidence`", "a condition on data that asks for nothing").ID = "empty-condition"
		return m
	}
	if e.Class.Set {
		ids, ok := l.source.Classes[e.Class.V]
		switch _, detector := l.detectors[e.Class.V]; {
		case !ok && detector:
			f.fault(e.Class, "write {detector: "+e.Class.V+"}", "%q is a detector, not a data class", e.Class.V).ID = "unknown-data-class"
		case !ok:
			f.unknown(e.Class, "data class", l.classNames())
		case len(ids) == 0 && slices.Contains(builtIn(), e.Class.V) && !l.lost.mentions("detector", e.Class.V):
			f.doubt(e.Class, "", "no detector finds the data class %q", e.Class.V).ID = "class-without-detector"
		}
		m.Class, m.Detectors = e.Class.V, ids
	}
	if e.Detector.Set {
		id := e.Detector.V
		switch _, ok := l.detectors[id]; {
		case !ok:
			f.unknown(e.Detector, "detector", l.detectorIDs())
		case e.Class.Set && !slices.Contains(m.Detectors, id):
			f.fault(e.Detector, "", "detector %q is not part of the data class %q", id, e.Class.V).ID = "detector-not-of-class"
		}
		m.Detector, m.Detectors = id, []string{id}
	}
	return m
}

// unit reads the number of a comparison.
type unit struct {
	what    string
	example string
	parse   func(string) (int64, bool)
	max     int64
}

var (
	number = unit{"a number", `">=10"`, func(s string) (int64, bool) {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}, 1 << 40}
	percent = unit{"a percentage from 0 to 100", `">=80%"`, func(s string) (int64, bool) {
		n, err := strconv.ParseInt(strings.TrimSuffix(s, "%"), 10, 64)
		return n, err == nil
	}, 100}
	byteSize = unit{"a size", `">=1MiB"`, strictyaml.ParseByteSize, 1 << 50}
)

// comparison reads an operator and a number, such as ">=10".
func (f *file) comparison(w text, u unit) rules.Comparison {
	if !w.Set {
		return rules.Comparison{}
	}
	s := strings.TrimSpace(w.V)
	op := s[:len(s)-len(strings.TrimLeft(s, "<>=!~"))]
	rest := strings.TrimSpace(s[len(op):])
	n, ok := u.parse(rest)
	switch {
	case op == "" && ok:
		f.fault(w, "write \">="+rest+"\" for at least that, or \"="+rest+"\" for exactly that", "the comparison has no operator").ID = "invalid-comparison"
	case !slices.Contains([]string{">=", ">", "<=", "<", "="}, op):
		f.fault(w, "write it as "+u.example+"; there are >=, >, <=, < and =", "%q is not a comparison", w.V).ID = "invalid-comparison"
	case !ok || n < 0 || n > u.max:
		f.fault(w, "write it as "+u.example, "%q does not compare with %s", w.V, u.what).ID = "invalid-comparison"
	case n == 0 && op == "<" || n == u.max && op == ">":
		f.fault(w, "", "%q can never be true", w.V).ID = "impossible-comparison"
	default:
		return rules.Comparison{Op: op, Value: n}
	}
	return rules.Comparison{}
}

func (l *loader) detectorIDs() []string {
	if l.offered.detectors != nil {
		return l.offered.detectors
	}
	return slices.Sorted(maps.Keys(l.detectors))
}

package policyfile

import (
	"errors"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// patternAt is a detector of the author's with its place.
type patternAt struct {
	classifier.Pattern
	place
}

// classes resolves the detectors and the data classes. A class is made of the
// detectors that declare it, those that its entry lists, and its own words and
// columns. An entry with the name of a built-in class adds to it.
func (l *loader) classes() {
	l.detectors = map[string]string{}
	members := map[string][]string{}
	for _, class := range builtIn() {
		members[class] = []string{}
	}
	for _, d := range l.known.Detectors {
		l.detectors[d.ID] = d.Class
		members[d.Class] = append(members[d.Class], d.ID)
	}
	declared := l.declaredClasses()
	known := slices.Sorted(maps.Keys(members))
	for _, name := range declared {
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	for _, f := range l.files {
		for _, e := range f.Detectors {
			l.declareDetector(f, e, known)
			if class, ok := members[e.V.Class.V]; ok || slices.Contains(declared, e.V.Class.V) {
				members[e.V.Class.V] = append(class, e.Name.V) // a faulty detector does not leave its class empty
			}
		}
	}
	for _, f := range l.files {
		for _, e := range f.DataClasses {
			members[e.Name.V] = append(members[e.Name.V], l.classMembers(f, e)...)
		}
	}
	for name, ids := range members {
		slices.Sort(ids)
		members[name] = slices.Compact(ids)
	}
	l.source.Classes = members
	l.emptyClasses()
	l.collisions()
}

// emptyClasses finds declared classes that nothing can be found for.
func (l *loader) emptyClasses() {
	for _, f := range l.files {
		for _, e := range f.DataClasses {
			nothing := len(e.V.Detectors)+len(e.V.Words)+len(e.V.Columns) == 0 && !e.V.Faulty && !l.lost.mentions("detector", e.Name.V)
			if nothing && len(l.source.Classes[e.Name.V]) == 0 {
				f.fault(e.Name, "give it `detectors`, `words` or `columns`", "data class %q is made of nothing", e.Name.V).ID = "empty-data-class"
			}
		}
	}
}

// builtIn returns the data classes that are always there, whether or not a
// detector finds them.
func builtIn() []string {
	return []string{
		"personal", "company", "payment", "purchase_history", "location", "campaign_performance", "creative", "competitive_research", "credentials", "confidential",
	}
}

// declaredClasses returns the names of the data_classes sections in order.
func (l *loader) declaredClasses() []string {
	var names []string
	seen := map[string]place{}
	for _, f := range l.files {
		for _, e := range f.DataClasses {
			if f.identifier(e.Name, "data class") {
				f.first(seen, e.Name, "data class")
			}
			names = append(names, e.Name.V) // a faulty name is not unknown as well
		}
	}
	return names
}

// declareDetector checks one detector of an author.
func (l *loader) declareDetector(f *file, e entry[detectorEntry], classes []string) {
	if !f.identifier(e.Name, "detector") {
		l.detectors[e.Name.V] = e.V.Class.V
		return
	}
	if at, again := l.ownPattern(e.Name.V); again {
		f.fault(e.Name, "", "detector %q is already given at %s", e.Name.V, at.name.At).ID = "duplicate-name"
		return
	}
	if _, builtin := l.detectors[e.Name.V]; builtin {
		f.fault(e.Name, "choose another name", "detector %q is built in", e.Name.V).ID = "duplicate-name"
		return
	}
	l.detectors[e.Name.V] = e.V.Class.V
	p := classifier.Pattern{
		ID: e.Name.V, Class: e.V.Class.V, Country: e.V.Country.V, Regexp: e.V.Regexp.V, Validator: e.V.Validator.V, AllowSlow: e.V.AllowSlow,
		Words: values(f.distinct(e.V.Words)), Columns: values(f.distinct(e.V.Columns)), Context: values(f.distinct(e.V.Context)),
	}
	ok := e.V.Class.Set
	if ok && !slices.Contains(classes, e.V.Class.V) {
		f.unknown(e.V.Class, "data class", classes)
		ok = false
	}
	if e.V.Country.Set {
		f.country(e.V.Country)
	}
	if !l.checkPattern(f, e, p) || !ok {
		return
	}
	l.patterns = append(l.patterns, patternAt{p, place{f, e.Name}})
	l.source.Patterns = append(l.source.Patterns, p)
}

// checkPattern reports the faults of an expression, a word list and a validator.
func (l *loader) checkPattern(f *file, e entry[detectorEntry], p classifier.Pattern) bool {
	at := e.Name
	switch {
	case e.V.Regexp.Set && len(e.V.Words) > 0:
		f.fault(at, "make two detectors of it", "detector %q has both a regexp and words", e.Name.V).ID = "invalid-detector"
		return false
	case p.Regexp == "" && len(p.Words) == 0 && len(p.Columns) == 0 && e.V.Faulty:
		return false // reported when it was decoded
	case p.Regexp == "" && len(p.Words) == 0 && len(p.Columns) == 0:
		f.fault(at, "give it `regexp`, `words` or `columns`", "detector %q finds nothing", e.Name.V).ID = "invalid-detector"
		return false
	case p.Class == "":
		return false // reported when it was decoded
	case p.Validator != "" && !slices.Contains(classifier.Validators(), p.Validator):
		f.unknown(e.V.Validator, "validator", classifier.Validators())
		return false
	case e.V.Regexp.Set:
		at = e.V.Regexp
	}
	if err := classifier.CheckPattern(p); err != nil {
		f.fault(at, expressionHint(err), "%s", withoutID(err, p.ID)).ID = "invalid-expression"
		return false
	}
	if warning := classifier.PatternWarning(p); warning != "" {
		f.doubt(at, "", "%s", warning).ID = "slow-expression"
	}
	return true
}

// expressionHint helps those who know expressions from other languages.
func expressionHint(err error) string {
	var fault *syntax.Error
	if errors.As(err, &fault) && fault.Code == syntax.ErrInvalidPerlOp {
		return "RE2 has no lookahead, lookbehind or back-references: put what must be near into `context`"
	}
	return ""
}

// classMembers returns the ids that a data_classes entry adds to its class. Its
// own words and columns become a detector with the name of the class.
func (l *loader) classMembers(f *file, e entry[classEntry]) []string {
	ids := f.names(e.V.Detectors, "detector", l.detectorIDs())
	if len(e.V.Words) == 0 && len(e.V.Columns) == 0 {
		return ids
	}
	if _, taken := l.detectors[e.Name.V]; taken {
		f.fault(e.Name, "rename the detector or the class", "the words of data class %q make a detector of that name, which there is already", e.Name.V).ID = "duplicate-name"
		return ids
	}
	p := classifier.Pattern{ID: e.Name.V, Class: e.Name.V, Words: values(f.distinct(e.V.Words)), Columns: values(f.distinct(e.V.Columns))}
	if err := classifier.CheckPattern(p); err != nil {
		f.fault(e.Name, "", "%s", withoutID(err, p.ID)).ID = "invalid-detector"
		return ids
	}
	l.detectors[p.ID] = p.Class
	l.patterns = append(l.patterns, patternAt{p, place{f, e.Name}})
	l.source.Patterns = append(l.source.Patterns, p)
	return append(ids, p.ID)
}

func (l *loader) ownPattern(id string) (place, bool) {
	for _, p := range l.patterns {
		if p.ID == id {
			return p.place, true
		}
	}
	return place{}, false
}

// collisions warns of a word that two dictionaries hold: a text with it counts
// for both classes.
func (l *loader) collisions() {
	type owner struct{ id, class string }
	seen := map[string]owner{}
	for _, p := range l.patterns {
		for _, w := range p.Words {
			folded := strings.ToLower(w)
			o, taken := seen[folded]
			if !taken {
				seen[folded] = owner{p.ID, p.Class}
			} else if o.class != p.Class {
				p.file.doubt(p.name, "", "the word %q stands in %q too: a text with it counts for the data classes %q and %q", w, o.id, o.class, p.Class).ID = "shared-word"
			} else if o.id == p.ID {
				p.file.doubt(p.name, "", "the word %q differs only in case from another of the list", w).ID = "shared-word"
			}
		}
	}
}

// withoutID drops the name of the detector from an error that stands at its place.
func withoutID(err error, id string) string {
	text := strings.TrimPrefix(err.Error(), "detector "+id+": ")
	return strings.Replace(text, "error parsing regexp: ", "", 1)
}

func values(ws words) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.V
	}
	return out
}

package compare

import (
	"maps"
	"slices"
	"strconv"

	"daylight.internal/classifier"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/policyfile"
)

func place(i int) string { return strconv.Itoa(i + 1) }

// ownWords is the detector that stands for the words and columns of a data class:
// it has the name of the class.
func ownWords(s *policyfile.Source, class string) *classifier.Pattern {
	for i := range s.Patterns {
		if p := &s.Patterns[i]; p.ID == class && p.Class == class && isOfClass(s, p) {
			return p
		}
	}
	return &classifier.Pattern{}
}

// isOfClass tells whether a detector is not one that somebody declared.
func isOfClass(s *policyfile.Source, p *classifier.Pattern) bool {
	return s.Places[policyfile.Part{Section: DetectorSection, Name: p.ID}] == ""
}

// members are the detectors of a class but the one of its own words.
func members(s *policyfile.Source, class string) []string {
	own := ownWords(s, class)
	return slices.DeleteFunc(slices.Clone(s.Classes[class]), func(id string) bool { return id == own.ID })
}

func compareClasses(old, new *policyfile.Source) []Change {
	var out []Change
	names := slices.Sorted(maps.Keys(new.Classes))
	for _, name := range append(names, gains(names, slices.Sorted(maps.Keys(old.Classes)))...) {
		place := policyfile.Part{Section: ClassSection, Name: name}
		nothing := &policyfile.Source{}
		_, before := old.Classes[name]
		_, after := new.Classes[name]
		switch {
		case !before:
			out = append(out, came(ClassSection, name, new.Places[place], Other, classDetails(nothing, new, name)))
		case !after:
			out = append(out, went(ClassSection, name, old.Places[place], Other, classDetails(nothing, old, name)))
		default:
			if c, ok := changed(ClassSection, name, old.Places[place], new.Places[place], classDetails(old, new, name)); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

func classDetails(old, new *policyfile.Source, name string) []Detail {
	a, b := ownWords(old, name), ownWords(new, name)
	details := setDetail("detectors", members(old, name), members(new, name), Other)
	details = append(details, setDetail("words", a.Words, b.Words, Other)...)
	return append(details, setDetail("columns", a.Columns, b.Columns, Other)...)
}

func compareDetectors(old, new *policyfile.Source) []Change {
	declared := func(s *policyfile.Source) map[string]*classifier.Pattern {
		out := map[string]*classifier.Pattern{}
		for i := range s.Patterns {
			if p := &s.Patterns[i]; !isOfClass(s, p) {
				out[p.ID] = p
			}
		}
		return out
	}
	before, after := declared(old), declared(new)
	var out []Change
	names := slices.Sorted(maps.Keys(after))
	for _, name := range append(names, gains(names, slices.Sorted(maps.Keys(before)))...) {
		a, b := before[name], after[name]
		place := policyfile.Part{Section: DetectorSection, Name: name}
		switch {
		case a == nil:
			out = append(out, came(DetectorSection, name, new.Places[place], Other, patternDetails(&classifier.Pattern{}, b)))
		case b == nil:
			out = append(out, went(DetectorSection, name, old.Places[place], Other, patternDetails(&classifier.Pattern{}, a)))
		default:
			if c, ok := changed(DetectorSection, name, old.Places[place], new.Places[place], patternDetails(a, b)); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

func patternDetails(old, new *classifier.Pattern) []Detail {
	out := valueDetail("class", old.Class, new.Class, Other)
	out = append(out, valueDetail("country", old.Country, new.Country, NoEffect)...)
	out = append(out, valueDetail("regexp", old.Regexp, new.Regexp, Other)...)
	out = append(out, setDetail("words", old.Words, new.Words, Other)...)
	out = append(out, setDetail("columns", old.Columns, new.Columns, Other)...)
	out = append(out, setDetail("context", old.Context, new.Context, Other)...)
	out = append(out, valueDetail("validator", old.Validator, new.Validator, Other)...)
	slow := map[bool]string{true: "true"}
	return append(out, valueDetail("allow_slow", slow[old.AllowSlow], slow[new.AllowSlow], NoEffect)...)
}

// compareServices tells what differs between the catalogues: the services of the
// policies over the embedded one.
func compareServices(old, new *catalog.Catalog) []Change {
	if old == nil || new == nil || old == new {
		return nil
	}
	at := func(c *catalog.Catalog, id string) string {
		if s, ok := c.Service(id); ok && s.At.Line > 0 {
			return s.At.String()
		}
		return ""
	}
	var out []Change
	d := catalog.Compare(old, new)
	for _, id := range d.Added {
		out = append(out, Change{Section: ServiceSection, Kind: Added, Name: id, NewAt: at(new, id), Effect: Other, Details: []Detail{}})
	}
	for i := range d.Changed {
		c := &d.Changed[i]
		out = append(out, Change{Section: ServiceSection, Kind: Changed, Name: c.Service, OldAt: at(old, c.Service), NewAt: at(new, c.Service), Effect: Other, Details: serviceDetails(c)})
	}
	for _, id := range d.Removed {
		out = append(out, Change{Section: ServiceSection, Kind: Removed, Name: id, OldAt: at(old, id), Effect: Other, Details: []Detail{}})
	}
	return out
}

func serviceDetails(c *catalog.ServiceDiff) []Detail {
	out := setDetail("hosts", c.HostsLost, c.HostsGained, Other)
	out = append(out, setDetail("operations", c.OperationsLost, c.OperationsGained, Other)...)
	for _, o := range c.OperationsChanged {
		for _, d := range setDetail("text", o.TextLost, o.TextGained, Other) {
			d.Text += " (" + o.Operation + ")"
			out = append(out, d)
		}
		if o.Pieces != "" {
			out = append(out, Detail{Field: "pieces", New: o.Pieces, Effect: Other, Text: "pieces " + o.Pieces + " (" + o.Operation + ")"})
		}
	}
	for _, f := range slices.Concat(c.Fields, c.Risk) {
		out = append(out, valueDetail(f.Field, f.Old, f.New, NoEffect)...)
	}
	return out
}

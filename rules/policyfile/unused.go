package policyfile

import (
	"slices"

	"daylight.internal/rules"
)

// unused warns of groups, data classes and detectors of the author's own that no
// rule and no approval speaks of. A policy without rules is a list of them for
// another one.
func (l *loader) unused() {
	p := &l.source.Policy
	if len(p.Rules) == 0 {
		return
	}
	groups, classes, detectors := map[string]bool{}, map[string]bool{}, map[string]bool{}
	whole := map[string]bool{} // classes of which a rule counts every detector, which are many
	anything := false          // some rule counts every finding
	mark := func(used map[string]bool, names []string) {
		for _, n := range names {
			used[n] = true
		}
	}
	for i := range p.Rules {
		m := &p.Rules[i].Match
		mark(groups, m.Groups)
		for j := range m.Data {
			d := &m.Data[j]
			if d.Detector == "" && whole[d.Class] {
				continue
			}
			whole[d.Class] = whole[d.Class] || d.Detector == ""
			classes[d.Class] = true
			mark(detectors, d.Detectors)
			anything = anything || d.Detectors == nil
		}
	}
	for i := range p.Approvals {
		a := &p.Approvals[i]
		mark(groups, a.Groups)
		mark(classes, a.Data)
		mark(detectors, a.Detectors)
		anything = anything || len(a.Data) > 0 // data outside it ends it
	}
	l.unusedGroups(groups)
	if !anything {
		l.unusedClasses(classes, detectors)
	}
}

func (l *loader) unusedGroups(used map[string]bool) {
	for i, at := range l.groupAt {
		if g := &l.source.Policy.Groups[i]; !used[g.Name] && g.Mode == rules.NoMode {
			at.file.doubt(at.entry.Name, "use it, or remove it", "no rule and no approval speaks of the group %q: it only shows in metrics and events", g.Name).ID = "unused-group"
		}
	}
}

func (l *loader) unusedClasses(classes, detectors map[string]bool) {
	declared := map[string]bool{} // classes of the author's, which are told themselves
	for _, f := range l.files {
		for _, e := range f.DataClasses {
			declared[e.Name.V] = true
		}
	}
	for _, f := range l.files {
		for _, e := range f.Detectors {
			if !detectors[e.Name.V] && !declared[e.V.Class.V] {
				f.doubt(e.Name, "use it, or remove it", "no rule and no approval speaks of what the detector %q finds: it only shows in metrics and events", e.Name.V).ID = "unused-detector"
			}
		}
		for _, e := range f.DataClasses {
			if !classes[e.Name.V] && !slices.ContainsFunc(l.source.Classes[e.Name.V], func(id string) bool { return detectors[id] }) {
				f.doubt(e.Name, "use it, or remove it", "no rule and no approval speaks of the data class %q: it only shows in metrics and events", e.Name.V).ID = "unused-data-class"
			}
		}
	}
}

package policyfile

// Part names a part of a policy that stands under a name of its own.
type Part struct{ Section, Name string }

// places finds where groups, data classes and detectors are written, at the first
// place where one is. Approvals, accounts and rules know their own.
func (l *loader) places() map[Part]string {
	out := map[Part]string{}
	add := func(section string, name text) {
		if key := (Part{section, name.V}); out[key] == "" {
			out[key] = name.At.String()
		}
	}
	for _, f := range l.files {
		for _, e := range f.Groups {
			add("groups", e.Name)
		}
		for _, e := range f.DataClasses {
			add("data_classes", e.Name)
		}
		for _, e := range f.Detectors {
			add("detectors", e.Name)
		}
	}
	return out
}

package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// score adds up values that are in pages, and findings of them.
type score struct{ expected, hit, wrong int }

func (s *score) add(o score) {
	s.expected, s.hit, s.wrong = s.expected+o.expected, s.hit+o.hit, s.wrong+o.wrong
}

// judge compares a label with the number of findings.
func judge(l label, found int) score {
	switch {
	case l.maybe:
		return score{}
	case l.atLeast:
		return score{l.count, min(l.count, found), 0}
	}
	return score{l.count, min(l.count, found), max(0, found-l.count)}
}

// accuracy is the measure over all pages.
type accuracy struct {
	classOf                       map[string]string // by detector
	isClass                       map[string]bool
	detectors, classes, languages map[string]*score
	pages, clean, falseAlarms     int // clean: pages in which nothing is
	peoplePages, peopleRight      int
	differences                   []string
}

func newAccuracy(detectors []classifier.Detector) *accuracy {
	a := &accuracy{
		classOf: map[string]string{}, isClass: map[string]bool{},
		detectors: map[string]*score{}, classes: map[string]*score{}, languages: map[string]*score{},
	}
	for _, d := range detectors {
		a.classOf[d.ID], a.isClass[d.Class] = d.Class, true
	}
	return a
}

// unknown returns a label of the page that is neither a detector nor a class, or "".
func (a *accuracy) unknown(page labelledPage) string {
	for name := range page.Find {
		if a.classOf[name] == "" && !a.isClass[name] {
			return name
		}
	}
	return ""
}

// add judges one page. A label of a class stands for those of its detectors
// that have no label of their own.
func (a *accuracy) add(page labelledPage, result classifier.Result) {
	found := map[string]int{}
	for _, s := range result.Summaries {
		name := s.Detector
		if _, labelled := page.Find[name]; !labelled || a.isClass[name] {
			if _, labelled := page.Find[s.Class]; labelled {
				name = s.Class
			}
		}
		found[name] += s.Count
	}
	a.pages++
	if len(page.Find) == 0 {
		a.clean++
		if len(found) > 0 {
			a.falseAlarms++
		}
	}
	names := slices.Concat(slices.Collect(maps.Keys(page.Find)), slices.Collect(maps.Keys(found)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		a.count(page, name, found[name])
	}
	a.people(page, result.People)
}

func (a *accuracy) count(page labelledPage, name string, found int) {
	l := page.Find[name]
	s := judge(l, found)
	class := name
	if !a.isClass[name] {
		class = a.classOf[name]
		entry(a.detectors, name).add(s)
	}
	language, _, _ := strings.Cut(page.name, "/")
	entry(a.classes, class).add(s)
	entry(a.languages, language).add(s)
	if s.hit < s.expected || s.wrong > 0 {
		a.differ(page, name, l.count, found)
	}
}

func (a *accuracy) people(page labelledPage, found int) {
	if page.People == 0 && found == 0 {
		return
	}
	a.peoplePages++
	if page.People == found {
		a.peopleRight++
		return
	}
	a.differ(page, "people", page.People, found)
}

func (a *accuracy) differ(page labelledPage, name string, expected, found int) {
	a.differences = append(a.differences, fmt.Sprintf("%-34s %-22s %3d in it, %3d found", page.name, name, expected, found))
}

func entry(m map[string]*score, name string) *score {
	if m[name] == nil {
		m[name] = &score{}
	}
	return m[name]
}

// table renders the measure for people to read and for git to compare.
func (a *accuracy) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d labelled pages; %d of them hold nothing, of which %d raise a false alarm\n", a.pages, a.clean, a.falseAlarms)
	fmt.Fprintf(&b, "people counted right on %d of %d pages with people\n", a.peopleRight, a.peoplePages)
	for _, section := range []struct {
		name   string
		scores map[string]*score
	}{{"class", a.classes}, {"detector", a.detectors}, {"language", a.languages}} {
		fmt.Fprintf(&b, "\n%-24s %8s %8s %8s %10s %8s\n", section.name, "in pages", "missed", "false", "precision", "recall")
		for _, name := range slices.Sorted(maps.Keys(section.scores)) {
			s := section.scores[name]
			fmt.Fprintf(&b, "%-24s %8d %8d %8d %10s %8s\n", name, s.expected, s.expected-s.hit, s.wrong, share(s.hit, s.hit+s.wrong), share(s.hit, s.expected))
		}
	}
	b.WriteString("\nknown differences\n")
	for _, line := range a.differences {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// share renders a part of a whole in per cent, rounded down, so that 100 means all.
func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%d.%d %%", part*100/whole, part*1000/whole%10)
}

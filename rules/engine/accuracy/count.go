package accuracy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// judge compares a label with the number of findings.
func judge(l Count, found int) Score {
	switch {
	case l.Maybe:
		return Score{}
	case l.AtLeast:
		return Score{l.N, min(l.N, found), 0}
	}
	return Score{l.N, min(l.N, found), max(0, found-l.N)}
}

// Tally is the measure over pages that say how many values they hold.
type Tally struct {
	classOf                       map[string]string // by detector
	isClass                       map[string]bool
	Detectors, Classes, Languages map[string]*Score
	Pages, Clean, FalseAlarms     int // clean: pages in which nothing is
	PeoplePages, PeopleRight      int
	Differences                   []string // one line each
}

// NewTally returns an empty tally of findings of the detectors.
func NewTally(detectors []classifier.Detector) *Tally {
	t := &Tally{
		classOf: map[string]string{}, isClass: map[string]bool{},
		Detectors: map[string]*Score{}, Classes: map[string]*Score{}, Languages: map[string]*Score{},
	}
	for _, d := range detectors {
		t.classOf[d.ID], t.isClass[d.Class] = d.Class, true
	}
	return t
}

// Unknown returns a label of the page that is neither a detector nor a class, or "".
func (t *Tally) Unknown(page Page) string {
	for name := range page.Find {
		if t.classOf[name] == "" && !t.isClass[name] {
			return name
		}
	}
	return ""
}

// Add judges one page. A label of a class stands for those of its detectors
// that have no label of their own.
func (t *Tally) Add(page Page, result classifier.Result) {
	found := map[string]int{}
	for _, s := range result.Summaries {
		name := s.Detector
		if _, labelled := page.Find[name]; !labelled || t.isClass[name] {
			if _, labelled := page.Find[s.Class]; labelled {
				name = s.Class
			}
		}
		found[name] += s.Count
	}
	t.Pages++
	if len(page.Find) == 0 {
		t.Clean++
		if len(found) > 0 {
			t.FalseAlarms++
		}
	}
	names := slices.Concat(slices.Collect(maps.Keys(page.Find)), slices.Collect(maps.Keys(found)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		t.count(page, name, found[name])
	}
	t.people(page, result.People)
}

func (t *Tally) count(page Page, name string, found int) {
	l := page.Find[name]
	s := judge(l, found)
	class := name
	if !t.isClass[name] {
		class = t.classOf[name]
		entry(t.Detectors, name).Add(s)
	}
	language, _, _ := strings.Cut(page.Name, "/")
	entry(t.Classes, class).Add(s)
	entry(t.Languages, language).Add(s)
	if s.Hit < s.Expected || s.Wrong > 0 {
		t.differ(page, name, l.N, found)
	}
}

func (t *Tally) people(page Page, found int) {
	if page.People == 0 && found == 0 {
		return
	}
	t.PeoplePages++
	if page.People == found {
		t.PeopleRight++
		return
	}
	t.differ(page, "people", page.People, found)
}

func (t *Tally) differ(page Page, name string, expected, found int) {
	t.Differences = append(t.Differences, fmt.Sprintf("%-34s %-22s %3d in it, %3d found", page.Name, name, expected, found))
}

func entry(m map[string]*Score, name string) *Score {
	if m[name] == nil {
		m[name] = &Score{}
	}
	return m[name]
}

// Table renders the measure for people to read and for git to compare.
func (t *Tally) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d labelled pages; %d of them hold nothing, of which %d raise a false alarm\n", t.Pages, t.Clean, t.FalseAlarms)
	fmt.Fprintf(&b, "people counted right on %d of %d pages with people\n", t.PeopleRight, t.PeoplePages)
	for _, section := range []struct {
		name   string
		scores map[string]*Score
	}{{"class", t.Classes}, {"detector", t.Detectors}, {"language", t.Languages}} {
		fmt.Fprintf(&b, "\n%-24s %8s %8s %8s %10s %8s\n", section.name, "in pages", "missed", "false", "precision", "recall")
		for _, name := range slices.Sorted(maps.Keys(section.scores)) {
			s := section.scores[name]
			fmt.Fprintf(&b, "%-24s %8d %8d %8d %10s %8s\n", name, s.Expected, s.Expected-s.Hit, s.Wrong, share(s.Hit, s.Hit+s.Wrong), share(s.Hit, s.Expected))
		}
	}
	b.WriteString("\nknown differences\n")
	for _, line := range t.Differences {
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

package policyfile

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
)

// lost tells which names a fault may have kept from being read. A word that stands
// in the text of such a file is not called unknown: it may be defined there.
type lost struct {
	texts map[string][]string // by the kind of the names
	// silenced counts the words that were not called unknown.
	silenced int
	// files are those that could not be read at all.
	files []*file
}

// definitions are the sections that define names, and the kinds of these.
var definitions = map[string]struct {
	kinds []string
	node  yaml.Kind
}{
	"groups":       {[]string{"group"}, yaml.MappingNode},
	"detectors":    {[]string{"detector"}, yaml.MappingNode},
	"data_classes": {[]string{"data class"}, yaml.MappingNode},
	"services":     {[]string{"service", "category", "vendor"}, yaml.SequenceNode},
	"rules":        {[]string{"rule"}, yaml.SequenceNode},
	"accounts":     {[]string{"account"}, yaml.SequenceNode},
}

// everything records a file of which nothing could be read.
func (l *lost) everything(f *file) {
	l.files = append(l.files, f)
	for _, d := range definitions {
		l.add(f, d.kinds)
	}
}

func (l *lost) add(f *file, kinds []string) {
	for _, k := range kinds {
		l.texts[k] = append(l.texts[k], f.text)
	}
}

// some tells whether names of a kind may be missing.
func (l *lost) some(kind string) bool { return len(l.texts[kind]) > 0 }

// mentions tells whether a word stands where names of a kind could not be read.
func (l *lost) mentions(kind, word string) bool {
	return slices.ContainsFunc(l.texts[kind], func(text string) bool { return strings.Contains(text, word) })
}

// sections records those of a file that could not be read: with another
// structure, given twice, or under a key that is misspelt.
func (l *lost) sections(f *file, root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		l.everything(f)
		return
	}
	names := make([]string, 0, len(definitions))
	for name := range definitions {
		names = append(names, name)
	}
	slices.Sort(names)
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i].Value, root.Content[i+1]
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		d, known := definitions[key]
		switch {
		case !known:
			if meant := strictyaml.Suggest(key, names); meant != "" {
				l.add(f, definitions[meant].kinds)
			}
		case value.Kind != d.node || seen[key]:
			l.add(f, d.kinds)
		}
		seen[key] = true
	}
}

// silences tells whether a word must not be called unknown, and counts it.
func (l *lost) silences(kind, word string) bool {
	if !l.mentions(kind, word) {
		return false
	}
	l.silenced++
	return true
}

// say tells at the files that could not be read what was not looked for.
func (l *lost) say() {
	if l.silenced == 0 {
		return
	}
	for _, f := range l.files {
		if len(f.Problems) == 0 {
			continue
		}
		p := &f.Problems[0]
		note := fmt.Sprintf("%d unknown words that it may define were passed over", l.silenced)
		if l.silenced == 1 {
			note = "1 unknown word that it may define was passed over"
		}
		if p.Hint != "" {
			p.Hint += "; "
		}
		p.Hint += note
	}
}

package policyfile

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// version is the only version of the format that there is.
const version = 1

// loader gathers the files of one policy.
type loader struct {
	known  Known
	files  []*file
	source *Source

	offered    offered
	patterns   []patternAt // those of source, with their places
	groupNames []string    // in the order of the files
	ruleNames  []string    // in the order of the files
	ruleAt     []place     // of each rule in source.Policy.Rules
	approvalAt []place     // of each approval in source.Policy.Approvals
	groupAt    []groupAt   // of each group in source.Policy.Groups
	// ruleEntries are those rules as they were written.
	ruleEntries []*ruleEntry
	detectors   map[string]string // class of each detector, built-in or declared
	lost        *lost
}

// file is one parsed file; its decoder takes the problems of every later stage.
type file struct {
	*strictyaml.Decoder
	document
	text string
	lost *lost // of all files
}

// place is where a name was written.
type place struct {
	file *file
	name text
}

// parsed is a file and the node at its root, nil when there is none.
type parsed struct {
	*file
	root *yaml.Node
}

// parse reads one file as far as it stands alone.
func parse(in File) parsed {
	n, d := strictyaml.Parse(in.Name, in.Data)
	f := &file{Decoder: d, text: string(in.Data)}
	if n == nil {
		if len(d.Problems) == 0 {
			d.WarnAt(strictyaml.Position{File: in.Name, Line: 1, Column: 1}, 1, "", "the file is empty").ID = "empty-file"
		}
		return parsed{f, nil}
	}
	d.Decode(n, &f.document)
	switch v := f.Version; {
	case !v.Set:
		d.Errorf(n, "begin the file with `version: 1`", "the version is missing").ID = "version"
	case v.V != version:
		d.ErrorAt(v.At, v.Length, "write `version: 1`", "version %d is not known", v.V).ID = "version"
	}
	return parsed{f, n}
}

// unreadable is a file at which reading itself failed.
func unreadable(d *strictyaml.Decoder) parsed { return parsed{&file{Decoder: d}, nil} }

// add takes a file in, and remembers what of it could not be read.
func (l *loader) add(p parsed) {
	p.file.lost = l.lost
	l.files = append(l.files, p.file)
	switch {
	case p.root != nil:
		l.lost.sections(p.file, p.root)
	case p.Problems.Err() != nil:
		l.lost.everything(p.file)
	}
}

func (l *loader) services() {
	var all []catalog.Service
	for _, f := range l.files {
		if f.Services.node != nil {
			before := len(f.Problems)
			all = append(all, catalog.DecodeServices(f.Decoder, f.Services.node)...)
			for i := range f.Problems[before:] {
				if p := &f.Problems[before+i]; p.ID == "" {
					p.ID = "invalid-service"
				}
			}
		}
	}
	if len(all) == 0 || l.known.Catalog == nil {
		return
	}
	next, problems := l.known.Catalog.With(all)
	l.source.Catalog = next
	for _, p := range problems {
		l.adopt(p)
	}
}

// adopt gives a problem that another package found to the file it is about,
// which adds the line and the caret; one about no file stays as it is.
func (l *loader) adopt(p strictyaml.Problem) {
	for _, f := range l.files {
		if f.File != p.File {
			continue
		}
		report := f.ErrorAt
		if p.Warning {
			report = f.WarnAt
		}
		report(p.Position, p.Length, p.Hint, "%s", p.Message).ID = "invalid-service"
		return
	}
	first := l.files[0]
	first.Problems = append(first.Problems, p)
}

// unknown records that a word is none of those that could stand there. A word
// that is no text was reported when it was decoded.
func (f *file) unknown(word text, what string, known []string) {
	if word.V == "" && word.Length < 2 || f.lost.silences(what, word.V) {
		return
	}
	hint := strictyaml.DidYouMean(word.V, known)
	if hint == "" && len(known) > 0 && len(known) <= 16 {
		hint = "known: " + strings.Join(known, ", ")
	}
	section := map[string]string{"group": "groups", "data class": "data_classes", "detector": "detectors", "service": "services"}[what]
	if hint == "" && section != "" {
		hint = "define it under `" + section + "`"
	}
	f.fault(word, hint, "unknown %s %q", what, word.V).ID = "unknown-" + strings.ReplaceAll(what, " ", "-")
}

// fault records an error at a word.
func (f *file) fault(word text, hint, format string, args ...any) *strictyaml.Problem {
	return f.ErrorAt(word.At, word.Length, hint, format, args...)
}

// doubt records a warning at a word.
func (f *file) doubt(word text, hint, format string, args ...any) *strictyaml.Problem {
	return f.WarnAt(word.At, word.Length, hint, format, args...)
}

// names checks each word of a list against the known ones. An unknown one is kept:
// without it the list would speak of others, or of all.
func (f *file) names(ws words, what string, known []string) []string {
	var out []string
	for _, w := range f.distinct(ws) {
		if !slices.Contains(known, w.V) {
			f.unknown(w, what, known)
		}
		out = append(out, w.V)
	}
	return out
}

// distinct drops the words that are empty, a fault, or stand twice in one list,
// a doubt.
func (f *file) distinct(ws words) words {
	var out words
	for _, w := range ws {
		switch {
		case !w.Set:
		case w.V == "":
			f.fault(w, "write a value or leave it out", "the text is empty").ID = "empty-value"
		case slices.ContainsFunc(out, func(o text) bool { return o.V == w.V }):
			f.doubt(w, "", "%q is given twice", w.V).ID = "repeated-value"
		default:
			out = append(out, w)
		}
	}
	return out
}

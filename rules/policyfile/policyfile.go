// Package policyfile reads the YAML that policy authors write. It merges any
// number of files into one policy, resolves every name in it, and reports every
// fault at once with its place. It is pure over bytes.
package policyfile

import (
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// File is one policy file.
type File = strictyaml.File

// Known is what a policy may refer to without declaring it.
type Known struct {
	// Now decides which approvals are reported as expired or about to; zero
	// reports none.
	Now time.Time
	// Catalog holds the services; nil for none.
	Catalog *catalog.Catalog
	// Detectors are the built-in ones. Their classes are known as well.
	Detectors []classifier.Detector
	// Users are the names of all who can sign in; nil when nobody can list them.
	Users []string
}

// Source is what the files say, with every name resolved.
type Source struct {
	Policy rules.Policy
	// Catalog is the known one with the services of the files over it.
	Catalog *catalog.Catalog
	// Patterns are the detectors of the files, declared ones first, then those
	// that stand for the words and columns of a data class.
	Patterns []classifier.Pattern
	// Classes maps each data class to the sorted ids of its detectors.
	Classes map[string][]string
	Tests   []Test
	// Places are where named parts are written, as file:line:col; built-in data
	// classes are nowhere.
	Places map[Part]string
}

// expiryNotice is how long before the end of an approval its author is warned.
const expiryNotice = 30 * 24 * time.Hour

// Load reads the files in the order given, which is the order of their rules.
// The source is never nil: it holds what could be read, and is fit to be used
// when the problems hold no error.
func Load(files []File, known Known) (*Source, strictyaml.Problems) {
	l := &loader{known: known, source: &Source{Catalog: known.Catalog}, lost: &lost{texts: map[string][]string{}}}
	for _, p := range strictyaml.ReadAll(files, parse, unreadable) {
		l.add(p)
	}
	l.modes()
	l.onErrors()
	l.services()
	l.classes()
	l.offer()
	l.groups()
	l.approvals()
	l.accounts()
	l.rules()
	l.tests()
	l.source.Places = l.places()
	l.checks()
	l.lost.say()
	var problems strictyaml.Problems
	for _, f := range l.files {
		f.Problems.Sort()
		problems = append(problems, f.Problems.Unique()...)
	}
	return l.source, problems
}

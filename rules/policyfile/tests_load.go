package policyfile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"daylight.internal/rules/strictyaml"
)

// tests resolves the tests; running them is another package's task.
func (l *loader) tests() {
	seen := map[string]place{}
	for _, f := range l.files {
		f.onlyTests()
		for i := range f.Tests {
			e := &f.Tests[i]
			if e.Name.Set && f.title(e.Name, "a test") {
				f.first(seen, e.Name, "test")
			}
			l.checkRequest(f, &e.Request)
			l.checkExpectation(f, &e.Expect)
			cases := append(slices.Clone(e.Cases), f.rows(e)...)
			if len(cases) == 0 {
				if e.Rows.node == nil && len(e.Columns) == 0 {
					l.test(f, e.At, e.Name.V, &e.Request, &e.Expect)
				}
				continue
			}
			l.cases(f, e, cases)
		}
	}
}

// onlyTests refuses rules in a file of tests, where nobody would look for them.
func (f *file) onlyTests() {
	if base := path.Base(strings.ReplaceAll(f.File, `\`, "/")); !strings.HasSuffix(base, "_test.yaml") && !strings.HasSuffix(base, "_test.yml") {
		return
	}
	if len(f.Rules)+len(f.Groups)+len(f.Approvals)+len(f.Accounts)+len(f.Detectors)+len(f.DataClasses) > 0 || f.Services.node != nil || f.Mode.Set || f.OnError.Set {
		f.ErrorAt(strictyaml.Position{File: f.File, Line: 1, Column: 1}, 1, "move the rest into another file", "a file called *_test.yaml holds only `version` and `tests`").ID = "invalid-test"
	}
}

// cases adds a test for each variation.
func (l *loader) cases(f *file, e *testEntry, cases []caseEntry) {
	names := map[string]bool{}
	for i := range cases {
		c := &cases[i]
		l.checkRequest(f, &c.Request)
		l.checkExpectation(f, &c.Expect)
		name := c.Name.V
		switch {
		case !c.Name.Set:
			name = unused(names, caseName(&c.Request, i+1))
		case !f.title(c.Name, "a case"):
			continue
		case names[name]:
			f.fault(c.Name, "", "the case %q is given twice", name).ID = "invalid-test"
		}
		names[name] = true
		request, expect := overRequest(e.Request, c.Request), over(e.Expect, c.Expect)
		l.test(f, c.At, e.Name.V+"/"+name, &request, &expect)
	}
}

// caseName describes a case by what it changes. What a body holds is left out: it
// may be what a detector finds.
func caseName(r *requestEntry, number int) string {
	const longest = 48 // bytes of a word
	var parts []string
	for _, w := range []text{r.Group, r.User, r.Address, r.Account.Kind, r.Account.Plan, r.Service, r.PromptFile, r.Upload, r.BodyFile, r.HAR, r.HTTP, r.WebSocket, r.Time} {
		if w.Set && w.V != "" {
			parts = append(parts, strings.ToValidUTF8(w.V[:min(len(w.V), longest)], ""))
		}
	}
	if r.Fail.V {
		parts = append(parts, "judging fails")
	}
	if len(parts) == 0 {
		return fmt.Sprintf("case %d", number)
	}
	return strings.Join(parts, ", ")
}

// unused returns name, with a number behind it when it is in use.
func unused(names map[string]bool, name string) string {
	for n, next := 2, name; ; n++ {
		if !names[next] {
			return next
		}
		next = fmt.Sprintf("%s #%d", name, n)
	}
}

// test adds one test, of which every word was checked.
func (l *loader) test(f *file, at strictyaml.Position, name string, r *requestEntry, e *expectEntry) {
	f.whole(at, r)
	if !e.expects() {
		place := at
		if e.At.Line > 0 {
			place = e.At
		}
		f.ErrorAt(place, 1, "give it an `action` or a `rule` under `expect`", "the test expects nothing").ID = "invalid-test"
	}
	l.source.Tests = append(l.source.Tests, Test{At: at, Name: name, Request: r.request(), Expect: e.expectation()})
}

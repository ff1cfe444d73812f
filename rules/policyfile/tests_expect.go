package policyfile

import (
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// checkExpectation finds the faults in the words of an expectation.
func (l *loader) checkExpectation(f *file, e *expectEntry) {
	if e.Action.Set {
		f.action(e.Action)
	}
	if e.Rule.Set && e.Rule.V != "" && !slices.Contains(l.ruleNames, e.Rule.V) {
		f.unknown(e.Rule, "rule", l.ruleNames)
	}
	if e.Status.V != "" { // what is not AI has none
		f.oneOf(e.Status, "status", statuses)
	}
	f.oneOf(e.Coverage, "coverage", coverages())
	f.oneOf(e.Operation, "operation", []string{catalog.Prompt, catalog.Upload, catalog.Other})
	f.oneOf(e.Account, "account", rules.AccountKinds())
	f.oneOf(e.Response, "response", rules.Refusals())
	if e.Service.V != "" {
		l.service(f, e.Service, true)
	}
	f.names(e.Classes.List, "data class", l.classNames())
	f.names(e.Without, "data class", l.classNames())
	if e.People.Set {
		f.amount(e.People.text)
	}
	for _, found := range e.Findings {
		if _, ok := l.detectors[found.Name.V]; !ok {
			f.unknown(found.Name, "detector", l.detectorIDs())
		}
		f.amount(found.V.text)
	}
	for i := range e.Messages {
		m := &e.Messages[i]
		l.checkExpectation(f, m)
		if len(m.Messages) > 0 {
			f.ErrorAt(m.At, 1, "put it behind the others", "a message has no messages of its own").ID = "invalid-test"
		}
	}
}

// amount reads a number, which means exactly so many, or a comparison.
func (f *file) amount(w text) rules.Comparison {
	if n, err := strconv.ParseInt(strings.TrimSpace(w.V), 10, 64); err == nil {
		if n < 0 {
			f.fault(w, "", "a number of values is 0 or more").ID = "invalid-test"
		}
		return rules.Comparison{Op: "=", Value: n}
	}
	return f.comparison(w, number)
}

func (e *expectEntry) expects() bool {
	return e.Action.Set || e.Enforced.Set || e.Rule.Set || e.Status.Set || e.Service.Set || e.Operation.Set || e.Account.Set ||
		e.Classes.At.Line > 0 || len(e.Without) > 0 || len(e.Findings) > 0 || e.People.Set || e.Coverage.Set || e.Response.Set || len(e.Messages) > 0
}

// expectation is what was written; faults were reported before.
func (e *expectEntry) expectation() TestExpectation {
	var quiet file // takes the faults, which are known
	quiet.Decoder = new(strictyaml.Decoder)
	amount := func(w text) strictyaml.Value[rules.Comparison] {
		if !w.Set {
			return strictyaml.Value[rules.Comparison]{}
		}
		return strictyaml.Value[rules.Comparison]{V: quiet.amount(w), At: w.At, Length: w.Length, Set: true}
	}
	out := TestExpectation{
		Action: e.Action, Rule: e.Rule, Status: e.Status, Service: e.Service, Operation: e.Operation, Account: e.Account,
		Coverage: e.Coverage, Response: e.Response, Enforced: e.Enforced, People: amount(e.People.text),
		Classes: e.Classes.List, Without: e.Without,
		NoClasses: strictyaml.Value[bool]{V: e.Classes.None, At: e.Classes.At, Length: 1, Set: e.Classes.None},
	}
	for _, found := range e.Findings {
		out.Findings = append(out.Findings, ExpectedFindings{found.Name, amount(found.V.text)})
	}
	for i := range e.Messages {
		out.Messages = append(out.Messages, e.Messages[i].expectation())
	}
	return out
}

// oneOf checks a single word against the known ones.
func (f *file) oneOf(w text, what string, known []string) {
	if w.Set && !slices.Contains(known, w.V) {
		f.unknown(w, what, known)
	}
}

package policyfile

import (
	"math"
	"strconv"
	"strings"

	"daylight.internal/rules"
)

// modes reads the modes of the files: what one of them monitors is monitored.
func (l *loader) modes() {
	var enforcing []*file
	var monitoring text
	for _, f := range l.files {
		switch f.mode(f.Mode) {
		case rules.Monitor:
			if !monitoring.Set {
				monitoring = f.Mode
			}
		case rules.Enforce:
			enforcing = append(enforcing, f)
		}
	}
	l.source.Policy.Monitor = monitoring.Set
	for _, f := range enforcing {
		if monitoring.Set {
			f.doubt(f.Mode, "remove one of them", "this has no effect: `mode: monitor` at %s speaks for all files", monitoring.At).ID = "useless-mode"
		}
	}
}

// mode reads the mode of a file or of a group.
func (f *file) mode(w text) rules.Mode {
	switch m := rules.Mode(w.V); m {
	case rules.Monitor, rules.Enforce:
		return m
	}
	if w.Set {
		f.unknown(w, "mode", []string{string(rules.Monitor), string(rules.Enforce)})
	}
	return rules.NoMode
}

// ruleMode reads the mode of a rule, which can only take from what is enforced,
// and tells whether it monitors.
func (f *file) ruleMode(w text) bool {
	m := f.mode(w)
	if m == rules.Enforce {
		f.fault(w, "leave it out, and give `mode: enforce` to a group or to the file", "a rule cannot enforce itself where its group or file monitors").ID = "invalid-mode"
	}
	return m == rules.Monitor
}

// enforce reads the share of people for whom a rule is enforced.
func (f *file) enforce(e *ruleEntry) rules.Share {
	w := e.Enforce
	if !w.Set {
		return 0
	}
	share, fault, hint := parseShare(w.V)
	switch {
	case fault != "":
	case e.Action.Set && e.Action.V != "block":
		fault, hint = "only the action block can be enforced for a share of the people", "remove it"
	case e.Monitor || e.Mode.V == string(rules.Monitor):
		fault, hint = "a rule that is monitored is enforced for nobody", "remove `enforce`, or the monitoring"
	}
	if fault != "" {
		f.fault(w, hint, "%s", fault).ID = "invalid-share"
		return 0
	}
	return share
}

// parseShare reads a percentage such as 10% or 0.5%. fault is "" when it could.
func parseShare(s string) (share rules.Share, fault, hint string) {
	const example = "write it as 10% or 0.5%"
	s = strings.TrimSpace(s)
	number, percent := strings.CutSuffix(s, "%")
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	hundredths := math.Round(value * 100)
	switch {
	case s == "true" || s == "enforce":
		return 0, "`enforce` takes a share of the people", "leave it out to enforce for everybody"
	case s == "false" || s == "monitor":
		return 0, "`enforce` takes a share of the people", "write `mode: monitor` to enforce for nobody"
	case err != nil || strings.Trim(number, "0123456789. ") != "":
		return 0, strconv.Quote(s) + " is not a share of the people", example
	case !percent && value > 0 && value <= 100:
		return 0, "the share has no unit", "write " + s + "%"
	case value == 0:
		return 0, "a share of 0% enforces for nobody", "write `mode: monitor`"
	case value < 0 || value > 100:
		return 0, "a share is above 0% and at most 100%", example
	case math.Abs(value*100-hundredths) > 1e-9 || hundredths < 1:
		return 0, "a share has at most two decimals, so that 0.01% is the smallest", example
	}
	return rules.Share(hundredths), "", ""
}

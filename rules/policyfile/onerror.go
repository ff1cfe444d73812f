package policyfile

import (
	"cmp"
	"slices"

	"daylight.internal/rules"
	"daylight.internal/rules/strictyaml"
)

// onError reads what becomes of what cannot be judged.
func (f *file) onError(w text) rules.OnError {
	switch o := rules.OnError(w.V); o {
	case rules.OnErrorAllow, rules.OnErrorBlock:
		return o
	}
	switch w.V {
	case "closed", "fail-closed", "fail_closed", "deny", "refuse":
		f.fault(w, "write block", "unknown on_error %q", w.V).ID = "unknown-on-error"
	case "open", "fail-open", "fail_open", "log", "pass":
		f.fault(w, "write allow", "unknown on_error %q", w.V).ID = "unknown-on-error"
	case "": // no text, which was reported, or not given
	default:
		hint := strictyaml.DidYouMean(w.V, []string{string(rules.OnErrorAllow), string(rules.OnErrorBlock)})
		f.fault(w, cmp.Or(hint, "known: allow, block"), "unknown on_error %q", w.V).ID = "unknown-on-error"
	}
	return rules.NoOnError
}

// ruleOnError reads what becomes of what a rule might have stopped; left out it is that of
// the file. A rule that lets everything through has nothing to say.
func (f *file) ruleOnError(e *ruleEntry) (o rules.OnError, ofFile bool) {
	own, blocks := f.onError(e.OnError), !e.Action.Set || e.Action.V == "block"
	switch {
	case !blocks && own == rules.NoOnError:
		return rules.NoOnError, false
	case !blocks:
		f.fault(e.OnError, "remove it", "only the action block has an on_error: what a rule does not stop goes through, judged or not").ID = "invalid-on-error"
		return rules.NoOnError, false
	case own != rules.NoOnError:
		return own, false
	}
	o = rules.OnError(f.OnError.V)
	if o != rules.OnErrorAllow && o != rules.OnErrorBlock { // which was reported
		return rules.NoOnError, false
	}
	return o, o != rules.NoOnError
}

// onErrors reads the on_error of each file, which speaks for its own rules alone, and
// doubts one that no rule takes.
func (l *loader) onErrors() {
	for _, f := range l.files {
		takes := func(e ruleEntry) bool { return e.Action.V == "block" && !e.OnError.Set }
		if f.onError(f.OnError) != rules.NoOnError && !slices.ContainsFunc(f.Rules, takes) && f.Problems.Err() == nil {
			f.doubt(f.OnError, "remove it, or put it into the file with the rules", "this has no effect: the file has no rule that blocks without an on_error of its own").ID = "useless-on-error"
		}
	}
}

// Package compare says in words what differs between two policies: what they do,
// not how they are written. It is pure.
package compare

import (
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules/policyfile"
)

// Effect says whether a change makes a policy block more or less.
type Effect string

// The effects. The zero value is that of a change which decides nothing, such as
// another name.
const (
	NoEffect Effect = ""
	Stricter Effect = "stricter" // nothing is treated more mildly, and something may be blocked that was not
	Looser   Effect = "looser"   // the other way round
	Other    Effect = "other"    // it depends on the traffic
)

// opposite is the effect of the change taken back.
func (e Effect) opposite() Effect {
	switch e {
	case Stricter:
		return Looser
	case Looser:
		return Stricter
	default:
		return e
	}
}

// with is the effect of two changes together.
func (e Effect) with(o Effect) Effect {
	switch {
	case e == o || o == NoEffect:
		return e
	case e == NoEffect:
		return o
	default:
		return Other
	}
}

// Kind is what became of a part of a policy.
type Kind string

// The kinds.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// The sections of a policy, in the order of the report.
const (
	ModeSection     = "mode"
	GroupSection    = "groups"
	ApprovalSection = "approvals"
	AccountSection  = "accounts"
	ClassSection    = "data_classes"
	DetectorSection = "detectors"
	ServiceSection  = "services"
	RuleSection     = "rules"
)

// Change is a part of a policy that is not in both, or not the same.
type Change struct {
	Section string `json:"section"`
	Kind    Kind   `json:"kind"`
	Name    string `json:"name"`
	// OldAt and NewAt are file:line:col; "" where it is not, or where nobody wrote it.
	OldAt  string `json:"old_at,omitempty"`
	NewAt  string `json:"new_at,omitempty"`
	Effect Effect `json:"effect,omitempty"`
	// Details are what is different, and of what is new or gone what it says.
	Details []Detail `json:"details"`
}

// Detail is one value.
type Detail struct {
	Field  string `json:"field"` // as the policy writes it, such as "match.service"
	Old    string `json:"old"`   // "" for none
	New    string `json:"new"`
	Effect Effect `json:"effect,omitempty"`
	Text   string `json:"text"` // in words
}

// Policies returns what is different, in the order of the sections, and in one by
// the order of the new policy; what is gone stands at the end. Tests of a policy
// decide nothing and are not compared.
func Policies(old, new *policyfile.Source) []Change {
	out := []Change{}
	out = append(out, compareMode(old, new)...)
	out = append(out, compareGroups(old, new)...)
	out = append(out, compareApprovals(old.Policy.Approvals, new.Policy.Approvals)...)
	out = append(out, compareAccounts(old.Policy.Accounts, new.Policy.Accounts)...)
	out = append(out, compareClasses(old, new)...)
	out = append(out, compareDetectors(old, new)...)
	out = append(out, compareServices(old.Catalog, new.Catalog)...)
	return append(out, compareRules(old.Policy.Rules, new.Policy.Rules)...)
}

func compareMode(old, new *policyfile.Source) []Change {
	a, b := old.Policy.Monitor, new.Policy.Monitor
	if a == b {
		return nil
	}
	d := modeDetail("mode", a, b)
	return []Change{{Section: ModeSection, Kind: Changed, Name: "policy", Effect: d.Effect, Details: []Detail{d}}}
}

// modeDetail is a change of what monitors.
func modeDetail(field string, old, new bool) Detail {
	words := map[bool]string{true: "monitor", false: "enforce"}
	d := Detail{Field: field, Old: words[old], New: words[new], Effect: Stricter, Text: "is enforced; was monitored"}
	if new {
		d.Effect, d.Text = Looser, "is monitored; was enforced"
	}
	return d
}

// changed makes a change of what is in both; false when nothing is different.
func changed(section, name, oldAt, newAt string, details []Detail) (Change, bool) {
	c := Change{Section: section, Kind: Changed, Name: name, OldAt: oldAt, NewAt: newAt, Details: details}
	for _, d := range details {
		c.Effect = c.Effect.with(d.Effect)
	}
	return c, len(details) > 0
}

// came makes a change of what is only in the new policy, from what it differs in
// from nothing.
func came(section, name, at string, effect Effect, details []Detail) Change {
	return Change{Section: section, Kind: Added, Name: name, NewAt: at, Effect: effect, Details: says(details)}
}

// went makes a change of what is only in the old policy, from the same.
func went(section, name, at string, effect Effect, details []Detail) Change {
	details = says(details)
	for i := range details {
		details[i].Old, details[i].New = details[i].New, ""
	}
	return Change{Section: section, Kind: Removed, Name: name, OldAt: at, Effect: effect, Details: details}
}

// says tells what details say, and not that it is new.
func says(details []Detail) []Detail {
	out := append([]Detail{}, details...)
	for i := range out {
		d := &out[i]
		d.Old, d.Effect = "", NoEffect
		if d.Field != "mode" && d.Field != "enforce" {
			d.Text = strings.TrimPrefix(d.Field, "match.") + " " + d.New
		}
	}
	return out
}

// valueDetail compares two plain values; a detail without a field is none.
func valueDetail(field, old, new string, effect Effect) []Detail {
	if old == new {
		return nil
	}
	d := Detail{Field: field, Old: old, New: new, Effect: effect}
	switch {
	case old == "":
		d.Text = field + " " + new
	case new == "":
		d.Text = "no " + field + "; was " + old
	default:
		d.Text = field + " from " + old + " to " + new
	}
	return []Detail{d}
}

// setDetail compares two lists of which the order makes no difference.
func setDetail(field string, old, new []string, effect Effect) []Detail {
	gained, lost := gains(old, new), gains(new, old)
	if len(gained)+len(lost) == 0 {
		return nil
	}
	d := Detail{Field: field, Old: list(old), New: list(new), Effect: effect}
	var parts []string
	if len(gained) > 0 {
		parts = append(parts, "also "+list(gained))
	}
	if len(lost) > 0 {
		parts = append(parts, "no longer "+list(lost))
	}
	d.Text = field + ": " + strings.Join(parts, ", ")
	return []Detail{d}
}

// gains returns what only new has, sorted and once.
func gains(old, new []string) []string {
	var out []string
	for _, v := range new {
		if !slices.Contains(old, v) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

const listed = 12 // values of a list are written; the others are counted

// list writes values in alphabetical order.
func list(values []string) string {
	sorted := slices.Compact(slices.Sorted(slices.Values(values)))
	if more := len(sorted) - listed; more > 1 {
		return strings.Join(sorted[:listed], ", ") + " and " + strconv.Itoa(more) + " more"
	}
	return strings.Join(sorted, ", ")
}

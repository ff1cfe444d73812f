package compare

import (
	"strings"
	"time"

	"daylight.internal/rules"
)

// compareApprovals pairs approvals of a service for the same groups and data, and
// then what alone is left of a service. Their order decides nothing.
func compareApprovals(old, new []rules.Approval) []Change {
	p := newPairing(len(old), len(new))
	scope := func(a *rules.Approval) string { return a.Service + "\x00" + list(a.Groups) + "\x00" + list(a.Data) }
	whole := func(a *rules.Approval) string {
		return strings.Join([]string{scope(a), string(a.Status), a.Owner, a.Assessment, lastDay(a.Expires)}, "\x00")
	}
	service := func(a *rules.Approval) string { return a.Service }
	inOld := func(key func(*rules.Approval) string) func(int) string {
		return func(i int) string { return key(&old[i]) }
	}
	inNew := func(key func(*rules.Approval) string) func(int) string {
		return func(j int) string { return key(&new[j]) }
	}
	p.by(inOld(whole), inNew(whole))
	p.single(inOld(scope), inNew(scope))
	p.single(inOld(service), inNew(service))
	var out []Change
	for j := range new {
		a := &new[j]
		if i := p.old[j]; i < 0 {
			out = append(out, came(ApprovalSection, approvalName(a), a.At, Other, approvalDetails(&rules.Approval{Groups: a.Groups, Data: a.Data}, a)))
		} else if c, ok := changed(ApprovalSection, approvalName(a), old[i].At, a.At, approvalDetails(&old[i], a)); ok {
			out = append(out, c)
		}
	}
	for i := range old {
		if a := &old[i]; p.new[i] < 0 {
			out = append(out, went(ApprovalSection, approvalName(a), a.At, Other, approvalDetails(&rules.Approval{Groups: a.Groups, Data: a.Data}, a)))
		}
	}
	return out
}

// approvalName says of what and for whom an approval is.
func approvalName(a *rules.Approval) string {
	name := a.Service
	if len(a.Groups) > 0 {
		name += " for " + list(a.Groups)
	}
	if len(a.Data) > 0 {
		name += " with " + list(a.Data)
	}
	return name
}

func approvalDetails(old, new *rules.Approval) []Detail {
	out := valueDetail("status", string(old.Status), string(new.Status), Other)
	out = append(out, listDetail("groups", old.Groups, new.Groups, between)...)
	out = append(out, listDetail("data", old.Data, new.Data, between)...)
	out = append(out, valueDetail("owner", old.Owner, new.Owner, NoEffect)...)
	out = append(out, valueDetail("assessment", old.Assessment, new.Assessment, NoEffect)...)
	return append(out, expiryDetail(lastDay(old.Expires), lastDay(new.Expires))...)
}

func expiryDetail(old, new string) []Detail {
	out := valueDetail("expires", old, new, Other)
	for i := range out {
		switch {
		case new == "":
			out[i].Text = "does not expire; did on " + old
		case old != "":
			out[i].Text = "expires " + new + " instead of " + old
		}
	}
	return out
}

// lastDay is the day to the end of which an approval holds; "" for no end.
func lastDay(end time.Time) string {
	if end.IsZero() {
		return ""
	}
	return end.AddDate(0, 0, -1).UTC().Format(time.DateOnly)
}

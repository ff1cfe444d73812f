package engine

import (
	"slices"
	"strings"
	"time"

	"daylight.internal/rules"
)

// ExplainedStatus is what the company decided about the service, and why.
type ExplainedStatus struct {
	Status    string             `json:"status"`
	Approvals []ExplainedApprove `json:"approvals"` // of the service, in the order of the policy
}

// ExplainedApprove is an approval of the service.
type ExplainedApprove struct {
	At         string   `json:"at"`
	Status     string   `json:"status"`
	Groups     []string `json:"groups,omitempty"`
	Data       []string `json:"data,omitempty"`
	Owner      string   `json:"owner,omitempty"`
	Assessment string   `json:"assessment,omitempty"`
	Expires    string   `json:"expires,omitempty"` // the last day on which it holds
	Decides    bool     `json:"decides"`
	Reason     string   `json:"reason,omitempty"` // why it does not
}

func (s *Snapshot) explainStatus(f *rules.Facts, v rules.Verdict) *ExplainedStatus {
	x := &ExplainedStatus{Status: string(v.Status), Approvals: []ExplainedApprove{}}
	for i := range s.policy.Approvals {
		a := &s.policy.Approvals[i]
		if a.Service != f.Service.ID {
			continue
		}
		e := ExplainedApprove{
			At: a.At, Status: string(a.Status), Groups: a.Groups, Data: a.Data, Owner: a.Owner, Assessment: a.Assessment,
			Decides: a.At == v.Approval,
		}
		if !a.Expires.IsZero() {
			e.Expires = a.Expires.Add(-time.Nanosecond).UTC().Format(time.DateOnly)
		}
		if !e.Decides {
			e.Reason = passedOver(a, f, v)
		}
		x.Approvals = append(x.Approvals, e)
	}
	return x
}

// passedOver says why an approval does not decide.
func passedOver(a *rules.Approval, f *rules.Facts, v rules.Verdict) string {
	inGroup := len(a.Groups) == 0 || slices.ContainsFunc(a.Groups, func(g string) bool { return slices.Contains(v.Groups, g) })
	switch {
	case !inGroup:
		return "it is for " + strings.Join(a.Groups, ", ") + " only"
	case !a.Expires.IsZero() && !f.Time.Before(a.Expires):
		return "it expired on " + a.Expires.Add(-time.Nanosecond).UTC().Format(time.DateOnly)
	case len(a.Data) > 0 && f.Content != nil:
		if reason := outside(a, f.Content); reason != "" {
			return reason
		}
	}
	return "another one says more of this request, or is stricter"
}

// outside says why an approval does not speak for a content; "" when it does.
func outside(a *rules.Approval, c *rules.Content) string {
	if a.Status == rules.Prohibited {
		for _, found := range c.Findings {
			if slices.Contains(a.Detectors, found.Detector) {
				return ""
			}
		}
		return "nothing of " + strings.Join(a.Data, ", ") + " was found"
	}
	for _, found := range c.Findings {
		if !slices.Contains(a.Detectors, found.Detector) {
			return "it does not cover " + found.Class + " (" + found.Detector + ")"
		}
	}
	return ""
}

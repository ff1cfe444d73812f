package engine

import (
	"slices"

	"daylight.internal/rules"
)

// Rules returns the rules in the order of the policy.
func (s *Snapshot) Rules() []rules.Rule { return slices.Clone(s.policy.Rules) }

// Expires tells whether an approval of a service ends some day, so that verdicts
// depend on the time.
func (s *Snapshot) Expires(serviceID string) bool {
	return slices.ContainsFunc(s.policy.Approvals, func(a rules.Approval) bool { return a.Service == serviceID && !a.Expires.IsZero() })
}

// AsWritten is the snapshot without the configuration's `mode: monitor`: what the
// policy says, and what its tests are about.
func (s *Snapshot) AsWritten() *Snapshot {
	if !s.policy.MonitorAll {
		return s
	}
	written, policy := *s, *s.policy.Policy
	policy.MonitorAll = false
	written.policy = rules.Compile(policy)
	return &written
}

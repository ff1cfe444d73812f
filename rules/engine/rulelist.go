package engine

import (
	"slices"

	"daylight.internal/rules"
)

// Rules returns the rules in the order of the policy.
func (s *Snapshot) Rules() []rules.Rule { return slices.Clone(s.policy.Rules) }

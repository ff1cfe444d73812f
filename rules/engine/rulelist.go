package engine

import (
	"slices"

	"daylight.internal/rules"
)

// Rules returns the rules in the order in which they are tried.
func (s *Snapshot) Rules() []rules.Rule { return slices.Clone(s.policy.Rules) }

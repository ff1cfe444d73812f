package policyfile

import (
	"math"

	"daylight.internal/rules"
)

// interval is of sizes and counts, of which none is below 0.
type interval = rules.Interval

var every = interval{From: 0, To: math.MaxInt64}

// intervalOf returns the numbers from 0 on that satisfy a comparison.
func intervalOf(c rules.Comparison) interval { return c.Interval().And(every) }

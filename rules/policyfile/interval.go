package policyfile

import (
	"math"

	"daylight.internal/rules"
)

// interval holds the numbers from low to high, both included; none when low is
// the greater.
type interval struct{ low, high int64 }

var every = interval{0, math.MaxInt64}

// intervalOf returns the numbers from 0 on that satisfy a comparison.
func intervalOf(c rules.Comparison) interval {
	switch c.Op {
	case ">=":
		return interval{c.Value, math.MaxInt64}
	case ">":
		return interval{c.Value + 1, math.MaxInt64}
	case "<=":
		return interval{0, c.Value}
	case "<":
		return interval{0, c.Value - 1}
	case "=":
		return interval{c.Value, c.Value}
	default:
		return every
	}
}

func (i interval) empty() bool { return i.low > i.high }

func (i interval) and(o interval) interval {
	return interval{max(i.low, o.low), min(i.high, o.high)}
}

func (i interval) covers(o interval) bool { return i.low <= o.low && i.high >= o.high }

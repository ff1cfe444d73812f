package rules

import "math"

// interval is a comparison in the form that is compared fastest.
type interval struct{ from, to int64 }

// everything holds all numbers.
var everything = interval{math.MinInt64, math.MaxInt64}

func (v interval) holds(n int64) bool { return v.from <= n && n <= v.to }

// interval returns the numbers for which the comparison holds.
func (c Comparison) interval() interval {
	nothing := interval{math.MaxInt64, math.MinInt64}
	switch {
	case c.Op == ">=":
		return interval{c.Value, math.MaxInt64}
	case c.Op == ">" && c.Value == math.MaxInt64, c.Op == "<" && c.Value == math.MinInt64:
		return nothing
	case c.Op == ">":
		return interval{c.Value + 1, math.MaxInt64}
	case c.Op == "<=":
		return interval{math.MinInt64, c.Value}
	case c.Op == "<":
		return interval{math.MinInt64, c.Value - 1}
	case c.Op == "=":
		return interval{c.Value, c.Value}
	default:
		return everything
	}
}

package rules

import "math"

// Interval holds the numbers from From to To, both included; none when From is the
// greater. It is a comparison in the form that is compared fastest.
type Interval struct{ From, To int64 }

// Holds tells whether n is one of the numbers.
func (v Interval) Holds(n int64) bool { return v.From <= n && n <= v.To }

// Empty tells whether there is no number.
func (v Interval) Empty() bool { return v.From > v.To }

// And returns the numbers that both hold.
func (v Interval) And(o Interval) Interval { return Interval{max(v.From, o.From), min(v.To, o.To)} }

// Covers tells whether every number of o is one of v.
func (v Interval) Covers(o Interval) bool { return v.From <= o.From && v.To >= o.To }

// Interval returns the numbers for which the comparison holds.
func (c Comparison) Interval() Interval {
	nothing := Interval{math.MaxInt64, math.MinInt64}
	switch {
	case c.Op == ">=":
		return Interval{c.Value, math.MaxInt64}
	case c.Op == ">" && c.Value == math.MaxInt64, c.Op == "<" && c.Value == math.MinInt64:
		return nothing
	case c.Op == ">":
		return Interval{c.Value + 1, math.MaxInt64}
	case c.Op == "<=":
		return Interval{math.MinInt64, c.Value}
	case c.Op == "<":
		return Interval{math.MinInt64, c.Value - 1}
	case c.Op == "=":
		return Interval{c.Value, c.Value}
	default:
		return Interval{math.MinInt64, math.MaxInt64}
	}
}

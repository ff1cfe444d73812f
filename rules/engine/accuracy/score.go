// Package accuracy judges findings: against labels that say where a value stands,
// and against pages that say how many there are. It is pure.
package accuracy

import "math"

// Score adds up values that are in texts, and findings of them.
type Score struct {
	Expected int `json:"expected"` // values in the texts
	Hit      int `json:"hit"`      // of these, found
	Wrong    int `json:"wrong"`    // findings of what is not there
}

// Add adds o to s.
func (s *Score) Add(o Score) {
	s.Expected, s.Hit, s.Wrong = s.Expected+o.Expected, s.Hit+o.Hit, s.Wrong+o.Wrong
}

// Recall is the share of values that were found, NaN when there was none.
func (s Score) Recall() float64 { return ratio(s.Hit, s.Expected) }

// Precision is the share of findings that are right, NaN when there was none.
func (s Score) Precision() float64 { return ratio(s.Hit, s.Hit+s.Wrong) }

// F1 is the harmonic mean of precision and recall.
func (s Score) F1() float64 { return ratio(2*s.Hit, s.Expected+s.Hit+s.Wrong) }

func ratio(part, whole int) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}

// z is the quantile of the normal distribution that leaves 2.5 % on each side.
const z = 1.959963984540054

// Wilson returns the 95 % interval of a share (E. B. Wilson, 1927, score interval).
func Wilson(part, whole int) (low, high float64) {
	if whole == 0 {
		return math.NaN(), math.NaN()
	}
	n, p := float64(whole), float64(part)/float64(whole)
	centre := p + z*z/(2*n)
	margin := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	scale := 1 + z*z/n
	return max(0, (centre-margin)/scale), min(1, (centre+margin)/scale)
}

// Poisson returns the exact 95 % interval of the mean of which count were seen
// (F. Garwood, 1936).
func Poisson(count int) (low, high float64) {
	if count > 0 {
		low = bisect(func(mean float64) bool { return 1-cumulative(count-1, mean) < 0.025 }, 0, float64(count))
	}
	high = bisect(func(mean float64) bool { return cumulative(count, mean) > 0.025 }, float64(count), 3*float64(count)+10)
	return low, high
}

// bisect returns where a condition that holds at low ceases to hold.
func bisect(holds func(float64) bool, low, high float64) float64 {
	for range 100 {
		if middle := (low + high) / 2; holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// cumulative is the probability of at most count events where mean are expected.
func cumulative(count int, mean float64) float64 {
	if mean == 0 {
		return 1
	}
	sum := 0.0
	for k := range count + 1 {
		logFactorial, _ := math.Lgamma(float64(k + 1))
		sum += math.Exp(float64(k)*math.Log(mean) - mean - logFactorial)
	}
	return sum
}

package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// sample is what the process took in one window of time. Of what goes up and down
// it is the lowest value: garbage and traffic come on top of it, a leak raises it.
type sample struct {
	resident, heap          float64 // MiB
	goroutines, descriptors float64
	p50, p99                float64 // ms, of small exchanges
	exchanges               int     // sent within the window
}

// bound is how much one quantity may rise behind the warm-up: by a share of its median, and by more.
type bound struct {
	name        string
	of          func(sample) float64
	share, more float64
	unit        string
}

// bounds leave room for what a process gathers that is well: pools and caches that
// are not full yet, memory in pieces. The tail of the latencies is printed, and not
// held to a bound: one stall of the machine makes it.
func bounds() []bound {
	return []bound{
		{"resident memory", func(s sample) float64 { return s.resident }, 0.10, 16, " MiB"},
		{"heap", func(s sample) float64 { return s.heap }, 0.10, 5, " MiB"},
		{"goroutines", func(s sample) float64 { return s.goroutines }, 0.10, 10, ""},
		{"descriptors", func(s sample) float64 { return s.descriptors }, 0.10, 10, ""},
		{"median latency", func(s sample) float64 { return s.p50 }, 0.4, 30, " ms"},
	}
}

// fewest is the smallest number of samples that can show a trend behind a warm-up.
const fewest = 12

// growth looks for a rise in the last two thirds of the samples; the first is the
// warm-up. It returns an error for each quantity that rises all the time, by more
// than its bound.
func growth(samples []sample) error {
	if len(samples) < fewest {
		return fmt.Errorf("%d samples cannot show whether anything grows: %d are needed", len(samples), fewest)
	}
	var grown []error
	for _, b := range bounds() {
		values := make([]float64, 0, len(samples))
		for _, s := range samples[len(samples)/3:] {
			values = append(values, b.of(s))
		}
		middle := quantile(slices.Clone(values), 0.5)
		rise := slope(values) * float64(len(values)-1)
		if limit := middle*b.share + b.more; rise > limit && certainty(values) > certain {
			grown = append(grown, fmt.Errorf("%s grew by %.1f%s behind the warm-up, around %.1f; up to %.1f is no growth", b.name, rise, b.unit, middle, limit))
		}
	}
	return errors.Join(grown...)
}

// slope is the median of the slopes between all pairs of values, a step apart: one
// stalled window, or a few, do not bend it (Theil 1950, Sen 1968).
func slope(values []float64) float64 {
	slopes := make([]float64, 0, len(values)*(len(values)-1)/2)
	for i := range values {
		for j := i + 1; j < len(values); j++ {
			slopes = append(slopes, (values[j]-values[i])/float64(j-i))
		}
	}
	return quantile(slopes, 0.5)
}

// certain is how many standard deviations a trend must stand out: what only goes
// up and down does in one of 700 series.
const certain = 3

// certainty is the test of Mann and Kendall: how many more pairs of values rise than
// fall, in standard deviations of a series without a trend.
func certainty(values []float64) float64 {
	rising := 0
	for i := range values {
		for j := i + 1; j < len(values); j++ {
			switch {
			case values[j] > values[i]:
				rising++
			case values[j] < values[i]:
				rising--
			}
		}
	}
	n := float64(len(values))
	return float64(rising) / math.Sqrt(n*(n-1)*(2*n+5)/18)
}

// restMore is what a process at rest may have more than before its first exchange.
const (
	restGoroutines  = 15
	restDescriptors = 10
)

// rested tells whether the process, with all clients and servers gone, has let go
// of what it opened for them.
func rested(before, after sample) error {
	var kept []error
	if after.goroutines > before.goroutines+restGoroutines {
		kept = append(kept, fmt.Errorf("at rest there are %.0f goroutines, %.0f before the load", after.goroutines, before.goroutines))
	}
	if after.descriptors > before.descriptors+restDescriptors {
		kept = append(kept, fmt.Errorf("at rest there are %.0f descriptors, %.0f before the load", after.descriptors, before.descriptors))
	}
	return errors.Join(kept...)
}

// quantile returns 0 for no values. It sorts them.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)-1, int(q*float64(len(values))))]
}

// window is the time of one sample: ten seconds, and shorter in a run so short that it
// would have too few for a comparison, with each of them drawn out by a stalled machine.
func window(duration time.Duration) time.Duration {
	return min(10*time.Second, duration/(2*fewest))
}

package main

import (
	"errors"
	"fmt"
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

// bound is how much of one quantity is growth: late above early times (1+share) plus more.
type bound struct {
	name        string
	of          func(sample) float64
	share, more float64
	unit        string
}

// bounds are wide enough for a machine that others use. What grows by the same amount
// all the time is in the last third two thirds higher than in the middle one at most, so
// the shares are well below. The tail of the latencies is printed, and not held to a
// bound: one stall of the machine makes it.
func bounds() []bound {
	return []bound{
		{"resident memory", func(s sample) float64 { return s.resident }, 0.15, 16, "MiB"},
		{"heap", func(s sample) float64 { return s.heap }, 0.15, 8, "MiB"},
		{"goroutines", func(s sample) float64 { return s.goroutines }, 0.15, 25, ""},
		{"descriptors", func(s sample) float64 { return s.descriptors }, 0.15, 25, ""},
		{"median latency", func(s sample) float64 { return s.p50 }, 0.4, 30, "ms"},
	}
}

// thirds is the smallest number of samples that can be told apart in three parts.
const thirds = 9

// growth compares the last third of the samples with the middle one, median against
// median; the first is the warm-up. It returns an error for each quantity that grew.
func growth(samples []sample) error {
	if len(samples) < thirds {
		return fmt.Errorf("%d samples cannot show whether anything grows: %d are needed", len(samples), thirds)
	}
	n := len(samples)
	var grown []error
	for _, b := range bounds() {
		early, late := medianOf(samples[n/3:n*2/3], b.of), medianOf(samples[n*2/3:], b.of)
		if limit := early*(1+b.share) + b.more; late > limit {
			grown = append(grown, fmt.Errorf("%s grew from %.1f to %.1f %s, beyond %.1f", b.name, early, late, b.unit, limit))
		}
	}
	return errors.Join(grown...)
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

func medianOf(samples []sample, of func(sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	return quantile(values, 0.5)
}

// quantile returns 0 for no values. It sorts them.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)-1, int(q*float64(len(values))))]
}

// window is the time of one sample: ten seconds, and shorter in a run so short
// that it would have too few for a comparison.
func window(duration time.Duration) time.Duration {
	return min(10*time.Second, duration/(thirds+3))
}

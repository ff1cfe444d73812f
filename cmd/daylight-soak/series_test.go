package main

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// steady is a series of an unharmed process: a warm-up, then noise of a quarter.
func steady(n int) []sample {
	noise := rand.New(rand.NewPCG(1, 2))
	samples := make([]sample, n)
	for i := range samples {
		warm := min(1, float64(i+1)/float64(n/3))
		vary := func(v float64) float64 { return v * warm * (0.875 + 0.25*noise.Float64()) }
		samples[i] = sample{resident: vary(90), heap: vary(35), goroutines: vary(110), descriptors: vary(75), p50: vary(3), p99: vary(60)}
	}
	return samples
}

func TestAProcessThatGrowsFails(t *testing.T) {
	for _, c := range []struct {
		name  string
		leak  func(s *sample, i int) // what the window i adds
		wants []string               // beginnings of the lines; none: no growth
	}{
		{"nothing", func(*sample, int) {}, nil},
		{"one window of a stalled machine", func(s *sample, i int) {
			if i == 55 {
				*s = sample{resident: 300, heap: 200, goroutines: 2000, descriptors: 2000, p50: 4000, p99: 9000}
			}
		}, nil},
		{"a tail of latencies", func(s *sample, i int) { s.p99 += float64(100 * i) }, nil},
		{"3 MiB of memory a window", func(s *sample, i int) { s.resident += float64(3 * i); s.heap += float64(3 * i) }, []string{"resident memory grew", "heap grew"}},
		{"four goroutines a window", func(s *sample, i int) { s.goroutines += float64(4 * i) }, []string{"goroutines grew"}},
		{"four descriptors a window", func(s *sample, i int) { s.descriptors += float64(4 * i) }, []string{"descriptors grew"}},
		{"6 ms of latency a window", func(s *sample, i int) { s.p50 += float64(6 * i) }, []string{"median latency grew"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			samples := steady(60)
			for i := range samples {
				c.leak(&samples[i], i)
			}
			expectLines(t, growth(samples), c.wants)
		})
	}
}

func TestTooFewSamplesShowNothing(t *testing.T) {
	if growth(steady(thirds-1)) == nil {
		t.Error("a comparison of too few samples passes")
	}
	for _, duration := range []time.Duration{30 * time.Second, 2 * time.Minute, time.Hour} {
		if n := int(duration / window(duration)); n <= thirds {
			t.Errorf("a run of %v has %d windows", duration, n)
		}
	}
}

func TestWhatIsKeptAtRestFails(t *testing.T) {
	before := sample{goroutines: 20, descriptors: 13}
	for _, c := range []struct {
		name  string
		after sample
		wants []string
	}{
		{"all let go", sample{goroutines: 22, descriptors: 14}, nil},
		{"goroutines", sample{goroutines: 36, descriptors: 14}, []string{"at rest there are 36 goroutines"}},
		{"descriptors", sample{goroutines: 22, descriptors: 24}, []string{"at rest there are 24 descriptors"}},
	} {
		t.Run(c.name, func(t *testing.T) { expectLines(t, rested(before, c.after), c.wants) })
	}
}

// expectLines wants an error of that many lines, or none, that begin so.
func expectLines(t *testing.T, err error, wants []string) {
	t.Helper()
	if err == nil || len(wants) == 0 {
		if err != nil || len(wants) != 0 {
			t.Errorf("error %v, want %q", err, wants)
		}
		return
	}
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		if len(lines) != len(wants) || !strings.HasPrefix(line, wants[i]) {
			t.Fatalf("error %q, want %q", lines, wants)
		}
	}
}

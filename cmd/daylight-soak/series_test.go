package main

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// run10m are the windows of a run of ten minutes.
const run10m = 60

// steady is a series of an unharmed process: a warm-up, then noise of a quarter.
func steady(n int, seed uint64) []sample {
	noise := rand.New(rand.NewPCG(1, seed))
	samples := make([]sample, n)
	for i := range samples {
		warm := min(1, float64(i+1)/float64(n/3))
		vary := func(v float64) float64 { return v * warm * (0.875 + 0.25*noise.Float64()) }
		samples[i] = sample{resident: vary(90), heap: vary(35), goroutines: vary(110), descriptors: vary(75), p50: vary(3), p99: vary(60)}
	}
	return samples
}

func TestGrowthIsToldFromWhatOnlyGoesUpAndDown(t *testing.T) {
	const second = 1. / 10 // of a window
	leakMemory := func(mib float64) func(*sample, float64) {
		return func(s *sample, i float64) { s.resident += mib * i; s.heap += mib * i }
	}
	for _, c := range []struct {
		name  string
		adds  func(s *sample, i float64) // what the window i has more
		wants []string                   // beginnings of the lines; none: no growth
	}{
		{"nothing", func(*sample, float64) {}, nil},
		{"a goroutine a second", func(s *sample, i float64) { s.goroutines += i / second }, []string{"goroutines grew"}},
		{"a goroutine in ten seconds", func(s *sample, i float64) { s.goroutines += i }, []string{"goroutines grew"}},
		{"a descriptor in ten seconds", func(s *sample, i float64) { s.descriptors += i }, []string{"descriptors grew"}},
		{"50 kB a second", func(s *sample, i float64) { s.heap += 50e3 / (1 << 20) / second * i }, []string{"heap grew"}},
		{"300 kB a second", leakMemory(300e3 / (1 << 20) / second), []string{"resident memory grew", "heap grew"}},
		{"6 ms of latency a window", func(s *sample, i float64) { s.p50 += 6 * i }, []string{"median latency grew"}},
		{"a leak that begins late", func(s *sample, i float64) { s.goroutines += max(0, i-40) * 10 }, []string{"goroutines grew"}},
		{"a sawtooth of two minutes", func(s *sample, i float64) {
			tooth := float64(int(i)%12) / 12
			s.resident, s.heap, s.goroutines, s.descriptors = s.resident*(1+tooth), s.heap*(1+tooth), s.goroutines*(1+tooth), s.descriptors*(1+tooth)
		}, nil},
		{"a cache that fills and is emptied every half minute", func(s *sample, i float64) { s.heap += float64(int(i)%3) * 20 }, nil},
		{"a warm-up as high as a mountain", func(s *sample, i float64) { s.heap += min(i, run10m/3) * 20; s.goroutines += min(i, run10m/3) * 50 }, nil},
		{"a warm-up that overshoots", func(s *sample, i float64) { s.goroutines += max(0, 500-25*i) }, nil},
		{"a fall", func(s *sample, i float64) { s.heap -= i / 2; s.goroutines -= i }, nil},
		{"one stalled window at the end", func(s *sample, i float64) {
			if i == run10m-1 {
				*s = sample{resident: 300, heap: 200, goroutines: 2000, descriptors: 2000, p50: 4000, p99: 9000}
			}
		}, nil},
		{"a machine that is busy for a minute", func(s *sample, i float64) {
			if i >= 50 && i < 56 {
				*s = sample{resident: 150, heap: 90, goroutines: 400, descriptors: 300, p50: 400, p99: 9000}
			}
		}, nil},
		{"a tail of latencies", func(s *sample, i float64) { s.p99 += 100 * i }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(20) {
				samples := steady(run10m, seed)
				for i := range samples {
					c.adds(&samples[i], float64(i))
				}
				expectLines(t, growth(samples), c.wants)
			}
		})
	}
}

func TestTwoMinutesShowAFastLeak(t *testing.T) {
	const duration = 2 * time.Minute
	n, seconds := int(duration/window(duration)), window(duration).Seconds()
	for seed := range uint64(20) {
		samples := steady(n, seed)
		expectLines(t, growth(samples), nil)
		for i := range samples {
			samples[i].goroutines += float64(i) * seconds               // one a second
			samples[i].heap += float64(i) * seconds * 300e3 / (1 << 20) // 300 kB a second
		}
		expectLines(t, growth(samples), []string{"heap grew", "goroutines grew"})
	}
}

func TestTooFewSamplesShowNothing(t *testing.T) {
	if growth(steady(fewest-1, 1)) == nil {
		t.Error("a comparison of too few samples passes")
	}
	for _, duration := range []time.Duration{30 * time.Second, 2 * time.Minute, time.Hour} {
		if n := int(duration / window(duration)); n <= fewest {
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

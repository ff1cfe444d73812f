package detect_test

import (
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"

	"daylight.internal/classifier"
)

// fastest returns the shortest processor time of one call of f.
func fastest(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	best := time.Hour
	for deadline := time.Now().Add(500 * time.Millisecond); time.Now().Before(deadline); {
		from := threadTime()
		f()
		best = min(best, threadTime()-from)
	}
	return best
}

// BenchmarkProcessorTime tells MB/s by the processor time of one thread, beside
// those of a loop that looks every byte up in a table.
func BenchmarkProcessorTime(b *testing.B) {
	for _, set := range []struct {
		name    string
		corpora map[string][]byte
	}{{"clean", cleanCorpora(b)}, {"dirty", dirtyCorpora()}, {"adversarial", adversarialCorpora()}} {
		b.Run(set.name, func(b *testing.B) {
			s := newScanner(b)
			sum, n := 0.0, 0
			for _, name := range slices.Sorted(maps.Keys(set.corpora)) {
				text := set.corpora[name]
				b.Run(name, func(b *testing.B) {
					segments := []classifier.Segment{{Text: text}}
					if name == "customers" {
						segments[0].Table = cells(text)
					}
					for range b.N {
						speed := func(f func()) float64 { return float64(len(text)) / 1e6 / fastest(f).Seconds() }
						scan := speed(func() { s.Scan(segments) })
						b.ReportMetric(scan, "MB/s")
						b.ReportMetric(speed(func() { yardstick(text, 1) }), "loop-MB/s")
						sum += 1 / scan
						n++
					}
					b.ReportMetric(0, "ns/op")
				})
			}
			b.Logf("harmonic mean of %d: %.0f MB/s", n, float64(n)/sum)
		})
	}
}

//go:build linux

package detect_test

import (
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is the processor time of the thread so far: what others do on the
// machine hardly shows in it. getrusage is brought up to date by the ticks of the
// kernel only.
func threadTime(t testing.TB) time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
		t.Fatal(err)
	}
	return time.Duration(now.Nano())
}

// fastest returns the shortest processor time of one call of f.
func fastest(t testing.TB, f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	best := time.Duration(1<<63 - 1)
	for deadline := time.Now().Add(400 * time.Millisecond); time.Now().Before(deadline); {
		n := 0
		from := threadTime(t)
		for end := time.Now().Add(time.Millisecond); n == 0 || time.Now().Before(end); n++ {
			f()
		}
		best = min(best, (threadTime(t)-from)/time.Duration(n))
	}
	return best
}

// BenchmarkProcessorTime tells MB/s by the processor time of one thread, beside
// those of a loop that looks every byte up in a table.
func BenchmarkProcessorTime(b *testing.B) {
	for _, set := range []struct {
		name    string
		corpora map[string][]byte
	}{{"clean", cleanCorpora(b)}, {"dirty", dirtyCorpora()}, {"full", fullCorpora()}, {"adversarial", adversarialCorpora()}} {
		b.Run(set.name, func(b *testing.B) {
			s := newScanner(b)
			sum, n := 0.0, 0
			for _, name := range slices.Sorted(maps.Keys(set.corpora)) {
				text := set.corpora[name]
				b.Run(name, func(b *testing.B) {
					segments := segmentsOf(name, text)
					b.ReportAllocs()
					for range b.N {
						speed := func(f func()) float64 { return float64(len(text)) / 1e6 / fastest(b, f).Seconds() }
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

package detect_test

import (
	"daylight.internal/classifier"
	"fmt"
	"runtime"
	"sort"
	"syscall"
	"testing"
)

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(1, &u)
	return float64(u.Utime.Sec) + float64(u.Utime.Usec)/1e6 + float64(u.Stime.Sec) + float64(u.Stime.Usec)/1e6
}
func TestCPU(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	runtime.LockOSThread()
	s := newScanner(t)
	for _, c := range []map[string][]byte{cleanCorpora(t), dirtyCorpora(), adversarialCorpora()} {
		var names []string
		for n := range c {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			seg := []classifier.Segment{{Text: c[n]}}
			best := 0.0
			for range 4 {
				a := cpu()
				k := 0
				for cpu()-a < 0.01 {
					s.Scan(seg)
					k++
				}
				d := cpu() - a
				if v := float64(k*len(c[n])) / d / 1e6; v > best {
					best = v
				}
			}
			fmt.Printf("%-24q %8.1f MB/s\n", n, best)
		}
	}
}

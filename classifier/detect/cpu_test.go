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

var sink int

func base(b []byte) {
	s := 0
	x := uint32(1)
	for i := range b {
		x = x*1664525 + uint32(b[i])
		if x&1 == 0 {
			s++
		}
	}
	sink += s
}
func TestCPU(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	runtime.LockOSThread()
	s := newScanner(t)
	sets := []map[string][]byte{cleanCorpora(t), dirtyCorpora(), adversarialCorpora()}
	for _, c := range sets {
		var names []string
		for n := range c {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			seg := []classifier.Segment{{Text: c[n]}}
			best, bb := 0.0, 0.0
			for range 5 {
				a := cpu()
				k := 0
				for cpu()-a < 0.004 {
					base(c["en"])
					base(c[n])
					k++
				}
				d := cpu() - a
				if v := float64(k*(len(c[n])+len(c["en"]))) / d / 1e6; v > bb {
					bb = v
				}
				a = cpu()
				k = 0
				for cpu()-a < 0.012 {
					s.Scan(seg)
					k++
				}
				d = cpu() - a
				if v := float64(k*len(c[n])) / d / 1e6; v > best {
					best = v
				}
			}
			fmt.Printf("%-24q %8.1f MB/s  base %.0f  rel %.1f\n", n, best, bb, best/bb*300)
		}
	}
}

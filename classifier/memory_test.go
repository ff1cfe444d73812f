package classifier_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"daylight.internal/classifier"
)

// scanMemory is what one scan may allocate beyond the text and its segments, in
// bytes. It holds about half of that at once: tables that grew are garbage.
const scanMemory = 28 << 20

// repeated makes about n bytes of what line writes.
func repeated(n int, line func(b *bytes.Buffer, i int)) []byte {
	b := bytes.NewBuffer(make([]byte, 0, n+256))
	for i := 0; b.Len() < n; i++ {
		line(b, i)
	}
	return b.Bytes()
}

func TestAScanNeedsLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	const size = greedyText
	people := repeated(size, func(b *bytes.Buffer, i int) { fmt.Fprintf(b, "u%d@a.io ", i) })
	var rows [][]string
	for i := range size / 48 {
		rows = append(rows, []string{"Ana Lopez", fmt.Sprintf("u%d@a.io", i), fmt.Sprintf("C-%d", i), "+1 415 555 " + strconv.Itoa(1000+i%9000)})
	}
	s := newScanner(t)
	one := func(text []byte) []classifier.Segment { return []classifier.Segment{{Text: text}} }
	for _, tt := range []struct {
		name     string
		segments []classifier.Segment
	}{
		{"addresses of distinct people", one(people)},
		{"a table of customers", []classifier.Segment{table(append([][]string{{"name", "email", "customer id", "phone"}}, rows...)...)}},
		{"records of customers", objects([]string{"name", "email", "customer id", "phone"}, rows...)},
		{"a key for each value", objects([]string{"name", "email", "customer id", "phone"}, rows[:1]...)},
		{"digits", one(bytes.Repeat([]byte("1 "), size/2))},
		{"context words", one(bytes.Repeat([]byte("tel инн 手机 "), size/16))},
	} {
		runtime.GC() // twice: the pool of the scanner forgets the scratch of the case before
		runtime.GC()
		s.Scan(one([]byte("warm +1 415 555 2671")))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		result := s.Scan(tt.segments)
		runtime.ReadMemStats(&after)
		used := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d KiB, %d people", tt.name, used>>10, result.People)
		if used > scanMemory {
			t.Errorf("%s: %d MiB", tt.name, used>>20)
		}
	}
}

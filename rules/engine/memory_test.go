package engine_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules/engine"
)

// exchangeMemory is what one exchange may take beside its body.
const exchangeMemory = 64 << 20

// TestMemoryOfAnExchangeIsBounded reads bodies that are made to take much memory,
// as large as is inspected of most, and looks at the heap all the while.
func TestMemoryOfAnExchangeIsBounded(t *testing.T) {
	if testing.Short() || raced { // make test runs it without the race detector
		t.Skip("it reads hundreds of megabytes, which takes many minutes with the race detector")
	}
	s := compile(t, engine.Source{Scanner: classifier.Options{StoredFindings: 20}})
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	for name, body := range greedyBodies(4 << 20) {
		r, b := post("chatgpt.com", chatPath, body)
		var most uint64
		if strings.HasPrefix(name, "gzip") {
			r.Header["Content-Encoding"] = []string{"gzip"}
		}
		// What nobody uses any more counts until the collector comes to it, and it is
		// late on a busy machine: the smallest of some peaks is nearest to what is in use.
		for try := 0; try == 0 || most > exchangeMemory && try < 5; try++ {
			peak := peakOf(func() { evaluate(s, r, b) })
			if try == 0 || peak < most {
				most = peak
			}
		}
		t.Logf("%-40s %5.1f MiB", name, float64(most)/(1<<20))
		if most > exchangeMemory {
			t.Errorf("%s: %d MiB at once", name, most>>20)
		}
	}
}

// greedyBodies returns bodies of about size bytes, by name.
func greedyBodies(size int) map[string]string {
	bodies := map[string]string{}
	add := func(name, piece string) {
		bodies[name] = strings.Repeat(piece, size/len(piece)+1)[:size]
	}
	for _, piece := range adversarial {
		add(fmt.Sprintf("%q", piece), piece)
	}
	for name, piece := range map[string]string{
		"members": `{"a":1},`, "members of several": `{"a":1,"b":"x"},`, "strings": `"ab",`, "objects within": `{"a":{"b":"cd"}},`, "escaped strings": `"\u0041\u0042",`,
		"JSON in strings": `"[\"ab\",\"cd\"]",`, "numbers": "12345,",
	} {
		bodies["array of "+name] = "[" + strings.Repeat(piece, size/len(piece)) + "1]"
	}
	add("small tables", "a\tb\n1\t2\n\n")
	add("wide digits", "４")
	add("joiners", "1\u200d")
	add("legacy text", "\xcf\xf0\xe8\xe2\xe5\xf2 ")
	add("damaged text", "Ж\xff")
	add("entities", "&#1046;")
	add("percent", "%D0%96")
	add("units", `\u0416`)
	add("html", "<html><p>a&#1046;<b>")
	add("digits of Arabic", "٠١٢٣")
	bodies["html"] = "<html>" + bodies["html"][6:]
	for _, name := range []string{"\"1 \"", "\"a,b\\n\"", "array of members", "wide digits", "digits of Arabic", "\"\\xff\\xfe\"", "html", "\"a@\"", "\"&#65;\"", "small tables", "array of JSON in strings", "legacy text"} {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		for range 10 {
			fmt.Fprint(w, bodies[name])
		}
		w.Close()
		bodies["gzip of "+name] = z.String() + strings.Repeat(" ", 1<<20)
	}
	return bodies
}

// peakOf returns by how much the live heap grew at most while f ran.
func peakOf(f func()) uint64 {
	runtime.GC()
	before := liveHeap()
	done, most := make(chan struct{}), make(chan uint64)
	go func() {
		peak := before
		for {
			select {
			case <-done:
				most <- peak - before
				return
			default:
				peak = max(peak, liveHeap())
				time.Sleep(100 * time.Microsecond)
			}
		}
	}()
	f()
	close(done)
	return <-most
}

func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

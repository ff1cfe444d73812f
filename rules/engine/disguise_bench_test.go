package engine_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules/engine"
)

// BenchmarkDisguises measures what looking for escapes costs texts that have
// none, and those that are made of nothing else.
func BenchmarkDisguises(b *testing.B) {
	s := compile(b, engine.Source{Scanner: classifier.Options{StoredFindings: 20}})
	const size = 1 << 20
	bodies := map[string]string{}
	for _, language := range []string{"en", "ru", "zh", "ar"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "corpus", "clean", language+".txt"))
		if err != nil {
			b.Fatal(err)
		}
		prose := strings.Repeat(string(text), size/len(text))
		bodies["clean "+language] = prose
		bodies["json "+language] = chatgpt(strings.ReplaceAll(prose, "\n", " "))
		bodies["html "+language] = "<html><p>" + strings.ReplaceAll(prose, "\n", "</p>\n<p class=\"text\">")
	}
	twice := strings.Repeat("The text that was encoded, and once more. ", 100)
	for len(twice) < size/2 {
		twice = "again " + base64.StdEncoding.EncodeToString([]byte(twice))
	}
	bodies["base64 of base64"] = twice
	for _, piece := range []string{"&#65;", "&amp;", "&amp;amp;", "&", "&a", "%41", "%41%41 ", "%ff", "%", "%25", "%d0%", `\u0041`, `\\u0041`, `\`, `\x41`, `\xff`, `\n`, `\na` + "", `\320\220`, "=?utf-8?B?0JA=?= ", "=?", "=D0=9F", "=\n", "=", "abcdefgh", "QUFB", "eHg=", "\\u{41}", "\xcf\xf0 ", "ж\xff"} {
		bodies["repeated "+piece] = strings.Repeat(piece, size/len(piece))
	}
	for name, body := range bodies {
		in := extract.Input{Body: []byte(body)}
		b.Run("extract/"+name, func(b *testing.B) {
			perThread(b, len(body), func() { extract.Body(in, extract.Limits{}) })
		})
		b.Run("scan/"+name, func(b *testing.B) {
			perThread(b, len(body), func() { s.Scan("", in.Body) })
		})
	}
}

// perThread reports the speed by the processor's time of this thread: other work
// on the machine does not count, and neither does the collector on other threads.
func perThread(b *testing.B, size int, f func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start, n := threadTime(b), 0
	for b.Loop() {
		f()
		n++
	}
	b.ReportMetric(float64(n)*float64(size)/1e6/(threadTime(b)-start).Seconds(), "cpuMB/s")
}

func threadTime(b *testing.B) time.Duration {
	const ofThread = 1 // RUSAGE_THREAD of Linux
	var usage syscall.Rusage
	if err := syscall.Getrusage(ofThread, &usage); err != nil {
		b.Skip("no time of a thread here: ", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

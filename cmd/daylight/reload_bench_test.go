package main

import (
	"testing"
	"time"

	"go.uber.org/zap"

	"daylight.internal/proxy/metrics"
)

// BenchmarkReload tells what a reload takes of a small policy in four files, and
// what it would take if the embedded catalogue were read each time. A look at files
// that have not changed is what a watched policy costs all the time.
func BenchmarkReload(b *testing.B) {
	dir := folder{b, b.TempDir()}
	for name, text := range stormSides()[0].files {
		dir.write(name, text)
	}
	config := &configuration{Policy: []string{dir.path}, Intercept: "all", Reload: reloading{Watch: true}}
	r, _, err := newReloader(config, zap.NewNop(), metrics.New(metrics.Build{}))
	if err != nil {
		b.Fatal(err)
	}
	for name, act := range map[string]func() error{
		"reload":                  func() error { _, err := r.reload(metrics.BySignal); return err },
		"with the catalogue read": func() error { _, _, err := compilePolicy(config, time.Now()); return err },
		"look":                    func() error { r.look(); return nil },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := act(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

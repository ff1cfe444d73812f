package engine_test

import (
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// BenchmarkCompile tells what a start takes, and what its parts take.
func BenchmarkCompile(b *testing.B) {
	known, err := embedded()
	if err != nil {
		b.Fatal(err)
	}
	former := compile(b, engine.Source{})
	for name, part := range map[string]func() error{
		"all": func() error { _, problems := engine.Compile(engine.Source{Now: noon}); return problems.Err() },
		"reload": func() error {
			_, problems := engine.Compile(engine.Source{Now: noon, Catalog: known})
			return problems.Err()
		},
		"reload of other rules": func() error {
			_, problems := engine.Compile(engine.Source{Now: noon, Catalog: known, Former: former})
			return problems.Err()
		},
		"catalogue": func() error { _, err := catalog.Embedded(); return err },
		"scanner":   func() error { _, err := classifier.NewScanner(detect.All(), nil, classifier.Options{}); return err },
		"discovery": func() error { _, err := discovery.New(); return err },
		"policy": func() error {
			_, problems := policyfile.Load([]policyfile.File{engine.Starter()}, policyfile.Known{Now: noon, Catalog: known, Detectors: detect.All()})
			return problems.Err()
		},
		"detectors": func() error { detect.All(); return nil },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := part(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package strictyaml_test

import (
	"strings"
	"testing"

	"daylight.internal/rules/strictyaml"
)

func TestResultsStandInTheOrderOfTheFiles(t *testing.T) {
	var files []strictyaml.File
	for i := range 100 {
		files = append(files, strictyaml.File{Name: strings.Repeat("x", i), Data: make([]byte, i*7%100)})
	}
	names := strictyaml.ReadAll(files, func(f strictyaml.File) string { return f.Name }, nil)
	for i, name := range names {
		if name != files[i].Name {
			t.Fatalf("result %d is that of a file with %d letters", i, len(name))
		}
	}
	if none := strictyaml.ReadAll(nil, func(f strictyaml.File) string { return f.Name }, nil); len(none) != 0 {
		t.Errorf("%q came of no file", none)
	}
}

func TestAPanicIsAFaultOfItsFileAlone(t *testing.T) {
	files := []strictyaml.File{{Name: "a.yaml"}, {Name: "b.yaml"}, {Name: "c.yaml"}}
	faults := strictyaml.ReadAll(files, func(f strictyaml.File) string {
		if f.Name == "b.yaml" {
			panic(f)
		}
		return "fine"
	}, func(d *strictyaml.Decoder) string { return d.Problems.Error() })
	want := "fine b.yaml:1:1: error: reading the file failed: strictyaml.File fine"
	if got := strings.Join(faults, " "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

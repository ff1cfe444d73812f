package corpus

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the sample anew")

const sampleFolder = "../../../testdata/corpus/generated"

// TestTheSampleIsWhatTheGeneratorMakes holds the generator to its bytes: figures
// that were measured with it can be measured again.
func TestTheSampleIsWhatTheGeneratorMakes(t *testing.T) {
	files, err := Sample(1)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		writeSample(t, files)
	}
	size := 0
	for name, want := range files {
		size += len(want)
		got, err := os.ReadFile(filepath.Join(sampleFolder, name))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s differs from what is made; -update writes the sample anew", name)
		}
	}
	committed, err := os.ReadDir(sampleFolder)
	if err != nil {
		t.Fatal(err)
	}
	if len(committed) != len(files) {
		t.Errorf("%d files are committed, %d are made", len(committed), len(files))
	}
	if size > 2<<20 {
		t.Errorf("the sample has %d bytes", size)
	}
}

func writeSample(t *testing.T, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(sampleFolder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(sampleFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(sampleFolder, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

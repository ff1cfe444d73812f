package detect_test

import (
	"bytes"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

var update = flag.Bool("update", false, "record anew what is found in the made bodies")

const (
	goldenFindings = "testdata/findings.txt"
	// madeTables is how many tables are made of examples, tablesPerLine how many of
	// them have a line of the record.
	madeTables, tablesPerLine = 1500, 25
)

// TestFindingsStayAsRecorded holds all that is found in the bodies of the benchmarks and
// in tables made of the detectors' own examples against a record, so that a change
// that is only meant to be faster finds the same. Run with -update after a change of
// the detectors, of their examples or of the corpora.
func TestFindingsStayAsRecorded(t *testing.T) {
	var got bytes.Buffer
	recordCorpora(t, &got)
	recordTables(t, &got)
	if *update {
		if err := os.WriteFile(goldenFindings, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(goldenFindings)
	if err != nil {
		t.Fatal(err)
	}
	lines, recorded := bytes.Split(got.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
	if len(lines) != len(recorded) {
		t.Fatalf("%d bodies, of which %d are recorded", len(lines), len(recorded))
	}
	for i := range lines {
		if !bytes.Equal(lines[i], recorded[i]) {
			t.Errorf("found %q, recorded is %q", lines[i], recorded[i])
		}
	}
}

// recorder adds up all that is found in some bodies.
type recorder struct {
	scanner          *classifier.Scanner
	findings, people int
	digest           uint64
}

func newRecorder(t *testing.T) *recorder {
	s, err := classifier.NewScanner(detect.All(), nil, classifier.Options{Key: []byte("test"), StoredFindings: 1 << 20, Steps: 1 << 40})
	if err != nil {
		t.Fatal(err)
	}
	return &recorder{scanner: s}
}

func (r *recorder) scan(segments ...classifier.Segment) {
	result := r.scanner.Scan(segments)
	h := fnv.New64a()
	fmt.Fprint(h, r.digest, result.Findings, result.Summaries, result.People)
	r.digest = h.Sum64()
	r.findings += len(result.Findings)
	r.people += result.People
}

// line writes what was found since the last line.
func (r *recorder) line(w *bytes.Buffer, name string) {
	fmt.Fprintf(w, "%s: %d findings, %d people, %016x\n", name, r.findings, r.people, r.digest)
	r.findings, r.people, r.digest = 0, 0, 0
}

// recordCorpora reads each corpus as text, as a table and as objects.
func recordCorpora(t *testing.T, w *bytes.Buffer) {
	r := newRecorder(t)
	for _, set := range []map[string][]byte{cleanCorpora(t), dirtyCorpora(), fullCorpora()} {
		for _, name := range slices.Sorted(maps.Keys(set)) {
			text := set[name][:min(len(set[name]), 64<<10)]
			r.scan(classifier.Segment{Text: text})
			r.line(w, name+" as text")
			r.scan(classifier.Segment{Text: text, Table: cells(text)})
			r.line(w, name+" as a table")
			r.scan(members(text)...)
			r.line(w, name+" as objects")
		}
	}
}

// recordTables reads tables of examples under names at random, and the same as text.
func recordTables(t *testing.T, w *bytes.Buffer) {
	r := newRecorder(t)
	values, names := examplesAndNames()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range madeTables {
		text := madeTable(random, values, names)
		r.scan(classifier.Segment{Text: text, Table: cells(text)})
		r.scan(classifier.Segment{Text: text})
		r.scan(classifier.Segment{Text: text, Field: pick(random, names)})
		r.scan(memberCells(text)...)
		if (i+1)%tablesPerLine == 0 {
			r.line(w, fmt.Sprintf("tables to %d", i+1))
		}
	}
}

func examplesAndNames() (values, names []string) {
	for _, d := range detect.All() {
		values = append(append(values, d.Examples...), d.NearMisses...)
		for _, c := range d.Columns {
			for _, name := range c.Names {
				names = append(names, strings.TrimLeft(name, "=?"))
			}
		}
		names = append(names, d.Context...)
	}
	return values, names
}

// madeTable has under each name values of a few examples, whole, without the words
// before them, or figures of any length.
func madeTable(random *rand.Rand, values, names []string) []byte {
	var text bytes.Buffer
	clean := strings.NewReplacer("\n", " ", ",", ";")
	put := func(cell string, last bool) {
		text.WriteString(clean.Replace(cell))
		text.WriteByte(map[bool]byte{true: '\n', false: ','}[last])
	}
	columns := 1 + random.IntN(6)
	kinds := make([][3]string, columns)
	for c := range columns {
		put(pick(random, names), c == columns-1)
		kinds[c] = [3]string{pick(random, values), pick(random, values), pick(random, values)}
	}
	for range 1 + random.IntN(8) {
		for c := range columns {
			cell := pick(random, kinds[c][:])
			switch random.IntN(4) {
			case 0:
				cell = fmt.Sprint(random.IntN(1 << random.IntN(60)))
			case 1:
				cell = strings.TrimLeft(cell, "abcdefghijklmnopqrstuvwxyz :")
			}
			put(cell, c == columns-1)
		}
	}
	return text.Bytes()
}

// memberCells reads the cells of a table as members of objects.
func memberCells(text []byte) (segments []classifier.Segment) {
	root, table := &classifier.Location{Stage: classifier.StageDocument}, cells(text)
	var record *classifier.Location
	for _, c := range table.Cells {
		if record == nil || record.Index != int(c.Row) {
			record = &classifier.Location{Parent: root, Stage: classifier.StageIndex, Index: int(c.Row)}
		}
		name := table.Header[min(int(c.Column), len(table.Header)-1)]
		segments = append(segments, classifier.Segment{Text: text[c.Start:c.End], Field: name, Location: classifier.Location{Parent: record, Stage: classifier.StageKey, Name: name}})
	}
	return segments
}

package engine_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"daylight.internal/classifier"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/strictyaml"
)

var updateAccuracy = flag.Bool("update", false, "record what is found in the labelled pages")

const (
	labelledPages = "../../testdata/corpus/labelled"
	accuracyTable = labelledPages + "/accuracy.golden"
)

// label is how much of a detector or a class a page holds: a number, ">=" and a
// number, or "any" for what is not judged.
type label struct {
	count          int
	atLeast, maybe bool
}

// DecodeYAML implements strictyaml.Decodable.
func (l *label) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	digits, atLeast := strings.CutPrefix(n.Value, ">=")
	count, err := strconv.Atoi(digits)
	*l = label{count: count, atLeast: atLeast, maybe: n.Value == "any"}
	if err != nil && !l.maybe {
		d.Errorf(n, "", "expected 3, \">=3\" or any, found %q", n.Value)
	}
}

// labelledPage is a text as people paste it, and what is in it.
type labelledPage struct {
	name string // its path without the suffix; the first folder is its language
	text []byte

	Title    string           `yaml:"title,required"`
	File     string           `yaml:"file"`     // the name of the file, when it is an upload
	Coverage string           `yaml:"coverage"` // when not complete
	People   int              `yaml:"people,required"`
	Find     map[string]label `yaml:"find"` // by detector or by class; what is not named must not be found
}

func readLabelledPages(t testing.TB) (pages []labelledPage) {
	t.Helper()
	root := os.DirFS(labelledPages)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".txt" {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		head, text, found := bytes.Cut(data, []byte("---\n"))
		page := labelledPage{name: strings.TrimSuffix(name, ".txt"), text: bytes.TrimSuffix(text, []byte("\n"))}
		node, decoder := strictyaml.Parse(name, head)
		if node != nil {
			decoder.Decode(node, &page)
		}
		if err := decoder.Problems.Err(); err != nil || !found {
			return fmt.Errorf("read the head of %s: %w", name, err)
		}
		pages = append(pages, page)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// TestLabelledPages measures what is found in the labelled pages against what
// is in them, and holds the measure against the recorded one. Better or worse,
// a difference is shown; record it with -update when it is meant.
func TestLabelledPages(t *testing.T) {
	pages := readLabelledPages(t)
	if len(pages) < 120 {
		t.Fatalf("%d pages", len(pages))
	}
	s := compile(t, engine.Source{Scanner: classifier.Options{StoredFindings: 1}})
	a := newAccuracy(s.Detectors())
	for _, page := range pages {
		document, result := s.Scan(page.File, page.text)
		if got := document.Coverage.State.String(); got != cmp.Or(page.Coverage, "complete") {
			t.Errorf("%s: coverage %s, %s", page.name, got, document.Coverage.Reason)
		}
		if name := a.unknown(page); name != "" {
			t.Errorf("%s: there is no detector and no class %q", page.name, name)
		}
		a.add(page, result)
	}
	got := a.table()
	if *updateAccuracy {
		if err := os.WriteFile(accuracyTable, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(accuracyTable)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range changedLines(string(want), got) {
		t.Error(line)
	}
}

// changedLines returns the lines that only one of two texts has.
func changedLines(want, got string) (changed []string) {
	recorded := strings.Split(want, "\n")
	known := map[string]bool{}
	for _, line := range recorded {
		known[line] = true
	}
	for line := range strings.SplitSeq(got, "\n") {
		if line != "" && !known[line] {
			changed = append(changed, "now:      "+line)
		}
		delete(known, line)
	}
	for _, line := range recorded {
		if line != "" && known[line] {
			changed = append(changed, "recorded: "+line)
		}
	}
	return changed
}

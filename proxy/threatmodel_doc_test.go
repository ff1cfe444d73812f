package proxy

import (
	"io/fs"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// Each attempt of the threat model names tests that exist, or says that none can
// show it, and each limit is one.
func TestTheThreatModelNamesWhatExists(t *testing.T) {
	text := string(mustRead(t, "../docs/threat-model.md"))
	tests, limits := testNames(t), map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Limits]()) {
		limits[snakeCase(f.Name)] = true
	}
	rows := 0
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 3 || strings.Contains(line, "shown by") {
			continue
		}
		rows++
		named := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)\\w+)`").FindAllStringSubmatch(cells[2], -1)
		if len(named) == 0 && !strings.HasPrefix(strings.TrimSpace(cells[2]), "none: ") {
			t.Errorf("no test shows what stops this: %s", cells[0])
		}
		for _, name := range named {
			if !tests[name[1]] {
				t.Errorf("%s: there is no test %s", cells[0], name[1])
			}
		}
		for _, key := range regexp.MustCompile("`limits\\.(\\w+)`").FindAllStringSubmatch(line, -1) {
			if !limits[key[1]] {
				t.Errorf("%s: there is no limit %s", cells[0], key[1])
			}
		}
	}
	if rows < 50 {
		t.Errorf("the tables have %d rows", rows)
	}
}

// testNames returns the names of all tests of the project.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, name := range declared.FindAllStringSubmatch(string(mustRead(t, path)), -1) {
			names[name[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

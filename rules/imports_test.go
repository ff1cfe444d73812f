package rules_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "daylight.internal"

// ban forbids imports to packages. It is about what our own files import: a
// library may bring more along, as the decoder of brotli does net/http.
type ban struct {
	in     string // folder of the packages, with everything below
	except string // the one file to which it does not apply
	what   []string
	why    string
}

var bans = []ban{
	{in: "classifier", what: []string{"os", "log", "net", "net/http", "syscall", "time/tzdata"}, why: "the classifier turns bytes into findings; what it could write or send would be customer data"},
	{in: "rules", what: []string{"os", "log", "net", "net/http", "syscall"}, why: "a verdict is a function of its facts, or explain and replay would lie"},
	{in: "classifier", what: []string{"go.uber.org/zap", "github.com/prometheus/client_golang", "github.com/elazarl/goproxy"}, why: "a pure package tells nobody"},
	{in: "rules", what: []string{"go.uber.org/zap", "github.com/prometheus/client_golang", "github.com/elazarl/goproxy"}, why: "a pure package tells nobody"},
	{in: "classifier", what: []string{module + "/rules", module + "/proxy", module + "/cmd"}, why: "the classifier knows no policy; imports run cmd, proxy, rules/engine, rules, classifier"},
	{in: "rules", what: []string{module + "/proxy", module + "/cmd"}, why: "the policy does not know who asks; imports run cmd, proxy, rules/engine, rules, classifier"},
	{in: "proxy", what: []string{module + "/cmd"}, why: "imports run cmd, proxy, rules/engine, rules, classifier"},
	{in: "", except: "proxy/goproxy.go", what: []string{"github.com/elazarl/goproxy"}, why: "goproxy can be replaced as long as one file knows it"},
}

// isBench excepts the programs that measure a bare goproxy beside Daylight.
func isBench(file string) bool { return strings.Contains(path.Dir(file), "bench") }

func TestImportsRunOneWay(t *testing.T) {
	files := sources(t)
	if len(files) < 20 {
		t.Fatalf("only %d files found", len(files))
	}
	for file, imports := range files {
		for _, b := range bans {
			if b.in != "" && !strings.HasPrefix(file, b.in+"/") || file == b.except || isBench(file) {
				continue
			}
			for _, imported := range imports {
				if b.forbids(imported) {
					t.Errorf("%s imports %s: %s", file, imported, b.why)
				}
			}
		}
	}
}

// rules itself is the smallest of all: it may know the words of the classifier
// and nothing else of the project.
func TestRulesKnowOnlyTheWordsOfTheClassifier(t *testing.T) {
	for file, imports := range sources(t) {
		if path.Dir(file) != "rules" {
			continue
		}
		for _, imported := range imports {
			if strings.HasPrefix(imported, module) && imported != module+"/classifier" {
				t.Errorf("%s imports %s: facts are plain values, whoever made them", file, imported)
			}
		}
	}
}

func TestABanCatchesWhatItNames(t *testing.T) {
	b := ban{what: []string{"log", "github.com/elazarl/goproxy"}}
	for imported, want := range map[string]bool{"log": true, "log/slog": true, "github.com/elazarl/goproxy/ext": true, "github.com/elazarl/goproxyx": false, "logger": false} {
		if b.forbids(imported) != want {
			t.Errorf("%s is forbidden: %v", imported, !want)
		}
	}
	net := ban{what: []string{"net"}}
	if net.forbids("net/netip") || net.forbids("net/url") || !net.forbids("net") {
		t.Error("plain values of net/netip and net/url are not I/O")
	}
}

// forbids tells whether a package is one of those named or lies below one.
func (b *ban) forbids(imported string) bool {
	return slices.ContainsFunc(b.what, func(w string) bool {
		return imported == w || w != "net" && strings.HasPrefix(imported, w+"/")
	})
}

// sources returns the imports of every file of the project that is not a test.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	root := ".."
	files := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imported)
		}
		relative, err := filepath.Rel(root, name)
		files[filepath.ToSlash(relative)] = imports
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

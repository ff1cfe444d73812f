package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of a document. Its info string is a language, a kind
// and attributes: "yaml policy first-rule", "csv file=crm.csv", "console".
type block struct {
	document   string
	line       int    // of the fence
	indent     string // of the fence, in a list
	info, text string
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.document, b.line) }

// file is the name under which the block is there for the commands below it.
func (b block) file() string {
	_, name, _ := strings.Cut(b.info, "file=")
	name, _, _ = strings.Cut(name, " ")
	return name
}

// is tells whether the info string begins with these words.
func (b block) is(words string) bool { return b.info == words || strings.HasPrefix(b.info, words+" ") }

// documents are all that people read.
func documents(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	return append(files, "../../README.md")
}

var fence = regexp.MustCompile("^( *)```(.*)$")

// blocks returns the fenced blocks of a document in order.
func blocks(t *testing.T, document string) []block {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	var found []block
	open := false
	for i, line := range strings.SplitAfter(string(text), "\n") {
		m := fence.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		switch {
		case m != nil && !open:
			found = append(found, block{document: document, line: i + 1, indent: m[1], info: m[2]})
			open = true
		case m != nil:
			open = false
		case open:
			b := &found[len(found)-1]
			b.text += strings.TrimPrefix(line, b.indent)
		}
	}
	if open {
		t.Fatalf("%s is not closed", found[len(found)-1])
	}
	return found
}

// runElsewhere are blocks that a test of their own runs.
var runElsewhere = map[string]string{
	"text demo":       "TestTheReadmeShowsWhatTheDemoPrints",
	"yaml kubernetes": "reload_docs_test.go",
	"sh first-rule":   "TestTheFirstRuleOfTheReadme of cmd/daylight/e2e",
}

// notRun are blocks that no test runs, by what they begin with, and why.
var notRun = map[string]string{
	"go run ./cmd/daylight demo":      "it prints times, and TestTheReadmeShowsWhatTheDemoPrints runs it",
	"go run ./cmd/daylight run":       "it serves until it is ended; cmd/daylight/e2e runs it",
	"go run ./cmd/daylight ca export": "it asks a proxy that runs; cmd/daylight/e2e does it",
	"docker compose":                  "there is no Docker where the tests run",
	"INFO   reloaded":                 "lines of a log, with times; the tests of reload_run_test.go read them",
	"WARN   a client has reached":     "a line of a log; TestRunWarnsOfAClientAtItsLimit reads it",
	"docker run":                      "there is no Docker where the tests run",
	"daylight run --config":           "it replaces a process that serves; cmd/daylight/e2e does it",
	"systemctl":                       "there is no systemd where the tests run",
	"make test":                       "it is what runs this test",
	"jq ":                             "it reads the events of somebody else, and jq may be missing",
	"go run ./cmd/daylight scan":      "customers.csv is the reader's own; the scripts of scan show what it prints",
	"go run ./cmd/daylight catalog":   "what it prints changes with the catalogue; the scripts of catalog show its form",
	"daylight catalog suggest":        "it reads the events of somebody else; the scripts of catalog show what it prints",
	"go run ./cmd/daylight check":     "with the line below it, which serves; the policy above is compiled",
}

func TestEveryBlockOfTheDocumentsIsRun(t *testing.T) {
	used := map[string]bool{}
	for _, document := range documents(t) {
		for _, b := range blocks(t, document) {
			switch {
			case b.is("yaml policy"), b.is("yaml config"), b.is("yaml workflow"), b.is("console"), b.file() != "":
				continue
			case b.is("json"):
				if !json.Valid([]byte(b.text)) {
					t.Errorf("%s is not JSON", b)
				}
				continue
			case runElsewhere[b.info] != "":
				continue
			}
			reason := ""
			for begins := range notRun {
				if strings.HasPrefix(b.text, begins) {
					reason, used[begins] = notRun[begins], true
				}
			}
			if reason == "" {
				t.Errorf("%s (%q) is run by nobody: make it a console block, or say why in notRun", b, b.info)
			}
		}
	}
	for begins := range notRun {
		if !used[begins] {
			t.Errorf("no block begins with %q any more", begins)
		}
	}
}

// UPDATE=1 go test ./cmd/daylight -run TestTheCommandsOfTheDocumentsPrintWhatTheyShow
// writes what they print into the documents.
func TestTheCommandsOfTheDocumentsPrintWhatTheyShow(t *testing.T) {
	for _, document := range documents(t) {
		t.Run(filepath.Base(document), func(t *testing.T) {
			text, err := os.ReadFile(document)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			next := string(text)
			for _, b := range blocks(t, document) {
				if name := b.file(); name != "" {
					write(t, filepath.Join(folder, name), b.text)
				}
				if !b.is("console") {
					continue
				}
				shown := play(t, folder, b)
				if shown != b.text && os.Getenv("UPDATE") != "" {
					next = strings.Replace(next, indented(b.text, b.indent), indented(shown, b.indent), 1)
				} else if shown != b.text {
					t.Errorf("%s prints\n%s", b, shown)
				}
			}
			if next != string(text) {
				write(t, document, next)
			}
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func indented(text, indent string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if strings.TrimSpace(l) != "" {
			lines[i] = indent + l
		}
	}
	return strings.Join(lines, "")
}

// play runs the commands of a console block, each behind a "$ ", and returns the
// block as it should be: as it is where the output fits.
func play(t *testing.T, folder string, b block) string {
	t.Helper()
	var next strings.Builder
	for _, part := range strings.Split("\n"+b.text, "\n$ ")[1:] {
		command, shown, _ := strings.Cut(part+"\n", "\n")
		for strings.HasSuffix(command, `\`) {
			more, rest, _ := strings.Cut(shown, "\n")
			command, shown = command+"\n"+more, rest
		}
		shown = strings.TrimSuffix(shown, "\n")
		printed := shell(t, folder, command)
		if fits(shown, printed) {
			printed = shown
		}
		next.WriteString("$ " + command + "\n")
		if printed != "" {
			next.WriteString(strings.TrimSuffix(printed, "\n") + "\n")
		}
	}
	return next.String()
}

// shell runs a command as a reader would, with the program under test.
func shell(t *testing.T, folder, command string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(command, "go run ./cmd/daylight", "daylight"))
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "HOME="+folder, "XDG_STATE_HOME="+filepath.Join(folder, ".state"), "NO_COLOR=1")
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatalf("%s: %v", command, err)
	}
	return string(out)
}

// fits tells whether an output is what a document shows. A "…" stands for
// anything in a line, and alone on a line for any number of lines.
func fits(shown, printed string) bool {
	var pattern strings.Builder
	pattern.WriteString(`^`)
	for _, line := range strings.Split(strings.TrimRight(shown, "\n"), "\n") {
		if strings.TrimSpace(line) == "…" {
			pattern.WriteString(`([^\n]*\n)*?`)
			continue
		}
		for i, text := range strings.Split(line, "…") {
			if i > 0 {
				pattern.WriteString(`[^\n]*`)
			}
			pattern.WriteString(regexp.QuoteMeta(text))
		}
		pattern.WriteString(`\n`)
	}
	pattern.WriteString(`$`)
	return regexp.MustCompile(pattern.String()).MatchString(strings.TrimRight(printed, "\n") + "\n")
}

func TestAnEllipsisStandsForWhatVaries(t *testing.T) {
	for _, c := range []struct {
		name, shown, printed string
		want                 bool
	}{
		{"the same", "a\nb", "a\nb\n", true},
		{"another word", "a\nb", "a\nc\n", false},
		{"a line more", "a", "a\nb\n", false},
		{"a line less", "a\nb", "a\n", false},
		{"within a line", "took … ms", "took 12 ms\n", true},
		{"not over lines", "took … ms", "took\n12 ms\n", false},
		{"whole lines", "a\n…\nz", "a\nb\nc\nz\n", true},
		{"no line at all", "a\n…\nz", "a\nz\n", true},
		{"signs of expressions", "a.b (c)", "axb (c)\n", false},
		{"nothing printed", "", "", true},
		{"something printed", "", "a\n", false},
	} {
		if got := fits(c.shown, c.printed); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

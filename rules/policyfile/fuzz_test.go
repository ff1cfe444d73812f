package policyfile_test

import (
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// FuzzLoad loads a text beside a file that refers to names the text may define.
func FuzzLoad(f *testing.F) {
	for _, folder := range []string{"good", "bad", "forty"} {
		for _, name := range glob(f, folder) {
			f.Add(string(read(f, name).Data))
		}
	}
	for _, seed := range []string{
		"version: 1\nrules: [{name: a, match: {data: [[personal]]}, action: log}]\n",
		"version: 1\ntests: [{name: a, request: {url: \"https://[::1\"}, expect: {people: 1}}]\n",
		"version: 1\r\ngroups: {g: {users: [\"*\", \"**\"], networks: [0.0.0.0/0, \"::/0\"]}}\r\n",
		"\ufeffversion: 1\nrules:\n- &r {name: a, match: {users: [\"*a*b*\"], groups: g}, action: log}\n- *r\n",
		"version: 1\ngroups: &g\n  g: {users: [a]}\ndata_classes: *g\n",
		"version: 1 # \u2028\nrules: [{name: \"a\u0085b\", match: {bytes: \">=9223372036854775807\"}, action: log}]\n",
		"version: 1\nrules:\n  - name: a\n    match: {data: [{people: \"<1\"}, {people: \">5\"}], status: prohibited, service: chatgpt, category: image}\n    action: log\n",
		"groups: {g: {users: [\"\x1b[2J\"]}}\n", "? [a]\n: b\n", "&a [*a]\n", "<<: {version: 1}\n", "%YAML 1.1\n---\nversion: 1\n...\n",
	} {
		f.Add(seed)
	}
	k := known(f)
	k.Users = []string{"ana"}
	beside := policyfile.File{Name: "beside.yaml", Data: []byte("version: 1\nrules: [{name: beside, match: {groups: g}, action: log}]\n")}
	f.Fuzz(func(t *testing.T, content string) {
		files := []policyfile.File{{Name: "p.yaml", Data: []byte(content)}, beside}
		s, problems := policyfile.Load(files, k)
		placed(t, content, problems)
		if _, again := policyfile.Load(files, k); !slices.Equal(problems, again) {
			t.Errorf("a second time it says something else:\n%s\nbefore\n%s", render(t, again), render(t, problems))
		}
		if problems.Err() == nil {
			if _, err := classifier.NewScanner(k.Detectors, s.Patterns, classifier.Options{}); err != nil {
				t.Errorf("a policy without faults cannot be compiled: %v", err)
			}
			_ = s.Policy.Decide(rules.Facts{}, nil)
		}
	})
}

// placed asserts that each problem stands in its file and is printed on lines that
// cannot rewrite a screen.
func placed(t *testing.T, content string, problems strictyaml.Problems) {
	t.Helper()
	lines := strings.Split(strings.TrimPrefix(content, "\ufeff"), "\n")
	for _, p := range problems {
		if p.Message == "" || p.Length < 1 || p.Line < 1 || p.Column < 1 || p.File != "p.yaml" && p.File != "beside.yaml" {
			t.Errorf("a problem without a place: %+v", p)
			continue
		}
		if p.File == "p.yaml" && p.Line > len(lines) {
			t.Errorf("%s is behind the end of the file", p.Error())
		} else if width := len([]rune(lines[min(p.Line, len(lines))-1])); p.File == "p.yaml" && p.Column > width+1 {
			t.Errorf("%s is behind the end of its line of %d", p.Error(), width)
		}
		if text := plain(p); strings.ContainsAny(text, "\x1b\r\a\u0085\u2028\u202e") {
			t.Errorf("control characters are printed: %q", text)
		}
	}
}

func plain(p strictyaml.Problem) string {
	return p.Text(func(_ strictyaml.Part, text string) string { return text })
}

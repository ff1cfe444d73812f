package strictyaml_test

import (
	"strings"
	"testing"

	"daylight.internal/rules/strictyaml"
)

type fixture struct {
	Name  strictyaml.Value[string] `yaml:"name,required"`
	Count int                      `yaml:"count"`
	Size  strictyaml.ByteSize      `yaml:"size"`
	Hosts strictyaml.Strings       `yaml:"hosts"`
	Rules []struct {
		At     strictyaml.Position
		Action string `yaml:"action"`
	} `yaml:"rules"`
	Labels map[string]string `yaml:"labels"`
}

func decode(text string) (fixture, strictyaml.Problems) {
	var f fixture
	n, d := strictyaml.Parse("p.yaml", []byte(text))
	if n != nil {
		d.Decode(n, &f)
	}
	return f, d.Problems
}

func TestDecode(t *testing.T) {
	f, problems := decode("name: x\ncount: 3\nsize: 64KiB\nhosts: a.example\nrules:\n  - action: log\nlabels: {en: hi}\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if f.Name.V != "x" || f.Name.At.String() != "p.yaml:1:7" || f.Count != 3 || f.Size != 65536 || f.Hosts.Values()[0] != "a.example" ||
		f.Rules[0].At.Line != 6 || f.Labels["en"] != "hi" {
		t.Errorf("decoded %+v", f)
	}
}

func TestEveryFaultIsReportedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "name: x\nconut: 3\n", `p.yaml:2:1: error: unknown key "conut" (did you mean "count"?)`},
		{"missing key", "count: 3\n", `p.yaml:1:1: error: key "name" is missing ()`},
		{"duplicate key", "name: x\nname: y\n", `p.yaml:2:1: error: key "name" is already given on line 1 ()`},
		{"wrong type", "name: x\ncount: many\n", `p.yaml:2:8: error: expected a whole number, found "many" ()`},
		{"wrong size", "name: x\nsize: 3 apples\n", `p.yaml:2:7: error: expected a size such as 64KiB, 10MB or 1GiB, found "3 apples" ()`},
		{"mapping for a list", "name: x\nrules: {a: b}\n", "p.yaml:2:8: error: expected a list, found a mapping (write it as [a, b] or as lines that begin with `- `)"},
		{"list for text", "name: [x]\n", `p.yaml:1:7: error: expected text, found a list ()`},
		{"no value", "name:\n", `p.yaml:1:6: error: the value is missing (write a value or leave the key out)`},
		{"tab", "name: x\n\tcount: 3\n", "p.yaml:2:1: error: this is not YAML: found a tab character that violates indentation (YAML is indented with spaces, never with tabs)"},
		{"second document", "name: x\n---\nname: y\n", "p.yaml:2:1: error: a second document in one file (put it into a file of its own)"},
		{"not UTF-8", "name: x\n# \xff\n", "p.yaml:2:3: error: the text is not valid UTF-8 (save the file as UTF-8)"},
		{"scalar for a file", "hello\n", "p.yaml:1:1: error: expected a mapping, found \"hello\" (write `key: value` lines here)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := decode(c.text)
			if len(problems) != 1 {
				t.Fatalf("got %d problems: %v", len(problems), problems)
			}
			if got := problems[0].Error() + " (" + problems[0].Hint + ")"; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAliasBombIsRefused(t *testing.T) {
	text := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := '1'; i <= '8'; i++ {
		prev := "*a" + string(i-1)
		text += "a" + string(i) + ": &a" + string(i) + " [" + strings.Repeat(prev+",", 8) + prev + "]\n"
	}
	var out struct {
		A [][][][][][][][][]string `yaml:"a8"`
	}
	n, d := strictyaml.Parse("bomb.yaml", []byte(text))
	d.Decode(n, &out)
	if !strings.Contains(d.Problems.Error(), "bomb") || len(d.Problems) > 20 {
		t.Errorf("problems: %v", d.Problems)
	}
}

// A long file that people wrote is read; what is too long is told as what it is.
func TestALongFileIsNoBomb(t *testing.T) {
	var out struct {
		A []int `yaml:"a"`
	}
	for _, c := range []struct {
		name, text, want, hint string
	}{
		{"150,000 values", "a: [" + strings.Repeat("1,", 150_000) + "1]\n", "", ""},
		{"600,000 values", "a: [" + strings.Repeat("1,", 600_000) + "1]\n", "the file holds too many values", "split it into several files"},
	} {
		n, d := strictyaml.Parse("long.yaml", []byte(c.text))
		d.Decode(n, &out)
		switch {
		case c.want == "" && len(d.Problems) > 0:
			t.Errorf("%s: %v", c.name, d.Problems)
		case c.want != "" && (len(d.Problems) != 1 || d.Problems[0].Message != c.want || d.Problems[0].Hint != c.hint):
			t.Errorf("%s: %v", c.name, d.Problems)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("name: x\nrules: [{action: log}]\n")
	f.Add("a: &a [*a]\n")
	f.Add("<<: {name: x}\n")
	f.Add("name: \"\\u12\"\n? [a]\n: b\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, problems := decode(text)
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Message == "" {
				t.Errorf("problem without a place: %+v", p)
			}
			if err := p.Write(&strings.Builder{}); err != nil {
				t.Error(err)
			}
		}
	})
}

package strictyaml_test

import (
	"strings"
	"testing"

	"daylight.internal/rules/strictyaml"
)

// The fault of each text is the one word "wrong" or what is marked with it.
func TestCaretStandsUnderItsText(t *testing.T) {
	for _, c := range []struct{ name, text, line, carets string }{
		{"plain", "name: x\ncount: wrong\n", "count: wrong", "       ^^^^^"},
		{"quoted", "name: x\ncount: \"wrong\"\n", `count: "wrong"`, `       ^^^^^^^`},
		{"an escape in quotes", "name: x\ncount: \"wr\\x6fng\" # six\n", `count: "wr\x6fng" # six`, `       ^^^^^^^^^^`},
		{"a doubled quote", "name: x\ncount: 'it''s' # six\n", `count: 'it''s' # six`, `       ^^^^^^^`},
		{"an unknown key in a flow mapping", "{name: x, wrong: 3}\n", "{name: x, wrong: 3}", "          ^^^^^"},
		{"behind wide characters", "name: x\nlabels: {\"客户\": y, \"客户\": z}\n", `labels: {"客户": y, "客户": z}`, "                    ^^^^^^"},
		{"behind an emoji", "name: x\nlabels: {\"🚀\": y, \"🚀\": z}\n", `labels: {"🚀": y, "🚀": z}`, "                  ^^^^"},
		{"behind a combining mark", "{name: \"e\u0301\", wrong: 3}\n", "{name: \"e\u0301\", wrong: 3}", "            ^^^^^"},
		{"behind a tab", "name: x\ncount:\twrong\n", "count:\twrong", "      \t^^^^^"},
		{"CRLF", "name: x\r\ncount: wrong\r\n", "count: wrong", "       ^^^^^"},
		{"a byte order mark", "\ufeffwrong: 3\nname: x\n", "wrong: 3", "^^^^^"},
		{"a block scalar begins at its sign", "name: x\ncount: |\n  wrong\n  more\n", "count: |", "       ^"},
		{"a value over two lines", "name: x\ncount: wrong\n  and more\n", "count: wrong", "       ^^^^^"},
		{"quotes over two lines", "name: x\ncount: \"wrong\n  and more\"\n", `count: "wrong`, `       ^^^^^^`},
		{"behind an anchor", "name: x\ncount: &a wrong\n", "count: &a wrong", "          ^^^^^"},
		{"behind a tag and an anchor", "name: x\ncount: !!str &a wrong\n", "count: !!str &a wrong", "                ^^^^^"},
		{"an alias leads to what it stands for", "name: &a wrong\ncount: *a\n", "name: &a wrong", "         ^^^^^"},
		{"behind a line separator of Unicode", "name: \"a\u2028 b\"\nwrong: 3\n", "wrong: 3", "^^^^^"},
		{"behind a next line", "name: \"a\u0085 b\"\nwrong: 3\n", "wrong: 3", "^^^^^"},
		{"behind a lone carriage return", "name: x # a\rcount: 1\nwrong: 3\n", "wrong: 3", "^^^^^"},
		{"what hides is shown", "name: x\nlabels: {\"\u202eb\": y, wrong: [z]}\n", "labels: {\"\ufffdb\": y, wrong: [z]}", "                         ^"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := decode(c.text)
			if len(problems) != 1 {
				t.Fatalf("%d problems: %v", len(problems), problems)
			}
			lines := strings.Split(plain(problems[0]), "\n")
			if got := lines[1][len("    2 | "):]; got != c.line {
				t.Errorf("line   %q\nwant   %q", got, c.line)
			}
			if got := lines[2][len("      | "):]; got != c.carets {
				t.Errorf("carets %q\nwant   %q", got, c.carets)
			}
		})
	}
}

func plain(p strictyaml.Problem) string {
	return p.Text(func(_ strictyaml.Part, text string) string { return text })
}

func TestOfALongLineOnlyThePartAroundTheFaultIsShown(t *testing.T) {
	_, problems := decode("{name: x, labels: {客: a, x: \"" + strings.Repeat("客", 5000) + "\"}, wrong: 3, hosts: [" + strings.Repeat("a, ", 5000) + "a]}\n")
	if len(problems) != 1 {
		t.Fatal(problems)
	}
	lines := strings.Split(plain(problems[0]), "\n")
	if len(lines[1]) > 400 || !strings.Contains(lines[1], "wrong: 3") || !strings.HasPrefix(lines[1][8:], "…") || !strings.HasSuffix(lines[1], "…") {
		t.Errorf("%s", lines[1])
	}
	if problems[0].Column != 5000+len(`{name: x, labels: {X: a, x: ""}, `)+1 {
		t.Errorf("column %d", problems[0].Column)
	}
}

func TestSyntaxFaultsHaveTheLineWhereTheyBegin(t *testing.T) {
	above := "name: x\nlabels:\n  a: b\n  c: [d,\n    e]\n"
	for _, c := range []struct{ name, text, want string }{
		{"wrong indentation", above + "   f: g\n  h: i\n", "6:4"},
		{"a tab", above + "\tf: g\n", "6:1"},
		{"a bracket that is not closed", above + "  f: [g, h\n  i: k\n", "6:3"},
		{"a quote that is not closed", above + "  f: \"g\n  i: k\n", "6:3"},
		{"two colons", above + "  f: g: h\n  i: k\n", "6:3"},
		{"text without a colon", above + "  f\n  i: k\n", "6:3"},
		{"an at sign", above + "  f: @g\n  i: k\n", "6:3"},
		{"an anchor that is not there", above + "  f: *g\n  i: k\n", "6:3"},
		{"text behind quotes", above + "  f: \"g\" h\n  i: k\n", "6:3"},
		{"in the first line", "name: [x\ncount: 3\n", "1:1"},
		{"a control character", above + "  f: g\x01\n", "6:3"},
		{"a list item in a mapping", above + "  - f\n", "6:3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := decode(c.text)
			if len(problems) != 1 {
				t.Fatalf("%d problems: %v", len(problems), problems)
			}
			if got := strings.TrimPrefix(problems[0].Position.String(), "p.yaml:"); got != c.want || problems[0].ID != "yaml-syntax" || problems[0].Hint == "" {
				t.Errorf("%s, want %s", plain(problems[0]), c.want)
			}
		})
	}
}

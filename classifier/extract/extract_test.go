package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
)

// show writes each segment as "location = text", tables as their cells.
func show(d classifier.Document) []string {
	var out []string
	for _, s := range d.Segments {
		text := string(s.Text)
		if s.Table != nil {
			text = showTable(s)
		}
		out = append(out, s.Location.String()+" = "+text)
	}
	return out
}

func showTable(s classifier.Segment) string {
	var b strings.Builder
	fmt.Fprintf(&b, "table %q", s.Table.Header)
	for _, c := range s.Table.Cells {
		fmt.Fprintf(&b, " %d.%d:%s", c.Row, c.Column, s.Text[c.Start:c.End])
	}
	return b.String()
}

type bodyCase struct {
	name     string
	in       Input
	want     []string
	coverage string // "" means complete
	media    string // "" means whatever
}

func run(t *testing.T, cases []bodyCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := newExtractor(c.in, Limits{})
			d := e.extract(c.in)
			if got := show(d); !slices.Equal(got, c.want) {
				t.Errorf("segments:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
			}
			want := c.coverage
			if want == "" {
				want = "complete"
			}
			if got := strings.TrimSpace(d.Coverage.State.String() + " " + d.Coverage.Reason); got != want {
				t.Errorf("coverage %q, want %q", got, want)
			}
			if c.media != "" && d.MediaType != c.media {
				t.Errorf("media type %q, want %q", d.MediaType, c.media)
			}
		})
	}
}

func body(s string) Input { return Input{Body: []byte(s)} }

func TestJSONLeavesHaveTheirPath(t *testing.T) {
	run(t, []bodyCase{
		{name: "chat", in: body(`{"model":"m-1","messages":[{"role":"user","content":"Hello Ana"}]}`),
			want:  []string{"$.model = m-1", "$.messages[0].role = user", "$.messages[0].content = Hello Ana"},
			media: "application/json"},
		{name: "JSON sent as text/plain", in: Input{MediaType: "text/plain;charset=UTF-8", Body: []byte(`["a",{"b":"c"}]`)},
			want: []string{"$[0] = a", "$[1].b = c"}},
		{name: "behind a script guard", in: body(")]}'\n[\"a\"]"), want: []string{"$[0] = a"}},
		{name: "behind a byte order mark", in: body("\xef\xbb\xbf{\"a\":\"b\"}"), want: []string{"$.a = b"}},
		{name: "numbers under a key, and those of five digits", in: body(`{"a":1234,"c":[55.7558,12,12345],"d":-1.5e3}`),
			want: []string{"$.a = 1234", "$.c[0] = 55.7558", "$.c[2] = 12345", "$.d = -1.5e3"}},
		{name: "no text in literals", in: body(`[true,false,null,{},[],""]`), want: nil},
		{name: "escapes", in: body(`{"a":"1\n2\t\"x\" \\ \/ \u00e9 \ud83d\ude00 \ud800."}`),
			want: []string{"$.a = 1\n2\t\"x\" \\ / é 😀 \ufffd."}},
		{name: "escaped names", in: body(`{"\u0438\u043c\u044f":"Ana"}`), want: []string{"$.имя = Ana"}},
		{name: "a name that is data is text, and not in locations",
			in:   body(`{"ana@corp.example":{"n":"x"},"4111111111111111":1}`),
			want: []string{"$['*'] (key) = ana@corp.example", "$['*'].n = x", "$['*'] (key) = 4111111111111111", "$['*'] = 1"}},
		{name: "a string as body", in: Input{MediaType: "application/json", Body: []byte(`"hi there"`)},
			want: []string{"$ = hi there"}},
		{name: "JSON in a string", in: body(`{"arguments":"{\"to\":\"ana\",\"x\":[\"[\\\"deep\\\"]\"]}"}`),
			want: []string{"$.arguments | json $.to = ana", "$.arguments | json $.x[0] | json $[0] = deep"}},
		{name: "prose in brackets is no JSON", in: body(`{"a":"[1] see below","b":"{curly} words","c":"[note]"}`),
			want: []string{"$.a = [1] see below", "$.b = {curly} words", "$.c = [note]"}},
		{name: "a line each", in: body("{\"a\":\"1st\"}\n\n{\"a\":\"2nd\"}\n"),
			want: []string{"line 1 | json $.a = 1st", "line 3 | json $.a = 2nd"}, media: "application/x-ndjson"},
		{name: "a broken line costs itself", in: body("{\"a\":\"1st\"}\n{\"a\":oops\n{\"a\":\"3rd\"}\n"),
			want: []string{"line 1 | json $.a = 1st", " = oops", "line 3 | json $.a = 3rd"}},
		{name: "record separators", in: body("{\"a\":\"1st\"}\x1e{\"a\":\"2nd\"}\x1e"),
			want: []string{"$.a = 1st", "line 1 | json $.a = 2nd"}},
		{name: "behind a mistake all is text, escapes undone", in: body(`{"a":"b",c:"\u0438"}`),
			want: []string{"$.a = b", ` = c:"и"}`}},
		{name: "never JSON", in: body("[2026-11-22 10:00] Ana logged in"), want: []string{" = [2026-11-22 10:00] Ana logged in"}},
		{name: "cut in a string", in: Input{Body: []byte(`{"a":"secret plan\u04`), Truncated: true},
			want: []string{"$.a = secret plan"}, coverage: "truncated over_limit"},
		{name: "cut in a character", in: Input{Body: []byte("{\"a\":\"план\xd0"), Truncated: true},
			want: []string{"$.a = план"}, coverage: "truncated over_limit"},
		{name: "cut in JSON within JSON", in: Input{Body: []byte(`{"a":"{\"b\":\"\\u0438\\u04`), Truncated: true},
			want: []string{"$.a | json $.b = и"}, coverage: "truncated over_limit"},
		{name: "a table in a string", in: body(`{"content":"Please segment:\nname\temail\nAna\ta@x.example\n\nThanks"}`),
			want: []string{
				"$.content = Please segment:\n",
				`$.content = table ["name" "email"] 1.0:name 1.1:email 2.0:Ana 2.1:a@x.example`,
				"$.content = \nThanks"}},
	})
}

func TestMembersOfOneObjectShareTheirParent(t *testing.T) {
	d := Body(body(`[{"name":"Ana","mail":"a@x.example"},{"name":"Bo","mail":"b@x.example"}]`), Limits{})
	s := d.Segments
	if len(s) != 4 || s[0].Location.Parent != s[1].Location.Parent || s[2].Location.Parent != s[3].Location.Parent {
		t.Fatalf("members of one object have different parents: %q", show(d))
	}
	if s[0].Location.Parent == s[2].Location.Parent {
		t.Error("two records have the same parent")
	}
	if s[1].Field != "mail" {
		t.Errorf("field %q, want mail", s[1].Field)
	}
}

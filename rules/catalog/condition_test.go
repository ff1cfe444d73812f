package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules/catalog"
)

// operation is one with such places of text.
func operation(t testing.TB, locators ...string) *catalog.Operation {
	t.Helper()
	var o catalog.Operation
	for _, text := range locators {
		l, err := catalog.ParseLocator(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		o.Text = append(o.Text, l)
	}
	return &o
}

func documentOf(body string) []classifier.Segment {
	return extract.Body(extract.Input{MediaType: "application/json", Body: []byte(body)}, extract.Limits{}).Segments
}

// texts are what an operation takes from a body.
func texts(o *catalog.Operation, segments []classifier.Segment) (found []string) {
	members := o.Members(segments)
	for _, s := range segments {
		if o.IsText(s.Location.Steps(), members) {
			found = append(found, string(s.Text))
		}
	}
	return found
}

func TestAFilterChoosesElementsByAMemberOfTheirOwn(t *testing.T) {
	for _, c := range []struct{ name, locator, body, want string }{
		{"the one with the value", "$.t[?type='user'].value", `{"t":[{"type":"config","value":"a"},{"type":"user","value":"b"},{"type":"user","value":"c"}]}`, "b c"},
		{"the member behind the text", "$.t[?type='user'].value", `{"t":[{"value":"a","type":"user"},{"value":"b","type":"x"}]}`, "a"},
		{"a member that is missing", "$.t[?type='user'].value", `{"t":[{"value":"a"},{"value":"b","type":null},{"value":"c","type":""}]}`, ""},
		{"the member of a neighbour, or further down", "$.t[?type='user'].value", `{"type":"user","t":[{"value":"a"},{"type":"user"},{"value":"b","x":{"type":"user"}},[{"type":"user"}]]}`, ""},
		{"a value in other letters", "$.t[?type='user'].value", `{"t":[{"type":"User","value":"a"},{"type":"us\u0065r","value":"b"},{"type":"users","value":"c"}]}`, "a b"},
		{"a name twice, of which a server may take either", "$.t[?type='user'].value", `{"t":[{"type":"x","type":"user","value":"a"},{"type":"user","type":"x","value":"b"}]}`, "a b"},
		{"what stands deep in the element", "$.t[?type='user'].value[*][*]", `{"t":[{"type":"user","value":[["a"],["b"]]},{"type":"config","value":[["c"]]}]}`, "a b"},
		{"all leaves of the element", "$.t[?type='user'] | string leaves", `{"t":[{"type":"user","value":[["a"],{"x":"b"}]},{"type":"config","value":"c"}],"d":"d"}`, "user a b"},
		{"two members", "$.t[?type='user',n=4].value", `{"t":[{"type":"user","n":4,"value":"a"},{"type":"user","n":5,"value":"b"},{"n":4,"value":"c"}]}`, "a"},
		{"a value with all signs of the language", `$.t[?type='it\'s, [a]=|b'].value`, `{"t":[{"type":"it's, [a]=|b","value":"a"},{"type":"it","value":"b"}]}`, "a"},
		{"two filters", "$.t[?a='1'].u[?b='2'].v", `{"t":[{"a":"1","u":[{"b":"2","v":"x"},{"b":"3","v":"y"}]},{"a":"2","u":[{"b":"2","v":"z"}]}]}`, "x"},
		{"at any depth", "$..[?type='user'].value", `{"t":{"u":[{"type":"user","value":"a"},{"v":[{"type":"user","value":"b"},{"type":"x","value":"c"}]}]}}`, "a b"},
		{"an object where there might be a list", "$.t[?type='user'].value", `{"t":{"type":"user","value":"a"}}`, "a"},
		{"the body", "$[?method='tools/call'].params.q", `{"method":"tools/call","params":{"q":"a"}}`, "a"},
		{"a body of another kind", "$[?method='tools/call'].params.q", `{"method":"ping","params":{"q":"a","method":"tools/call"}}`, ""},
		{"a body that is a list", "$[?method='tools/call'].params.q", `[{"method":"ping","params":{"q":"a"}},{"method":"tools/call","params":{"q":"b"}}]`, "b"},
		{"bodies on lines of their own", "$[?method='tools/call'].params.q", `{"method":"ping","params":{"q":"a"}}` + "\n" + `{"method":"tools/call","params":{"q":"b"}}` + "\n", "b"},
		{"JSON in a string", "$.a | json $.t[?type='user'].v", `{"a":"{\"t\":[{\"type\":\"user\",\"v\":\"x\"},{\"type\":\"y\",\"v\":\"z\"}]}"}`, "x"},
		{"what was unpacked from the value", "$.t[?type='user'].v", `{"t":[{"type":"user","v":"{\"p\":\"x\"}"}]}`, "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(texts(operation(t, c.locator), documentOf(c.body)), " "); got != c.want {
				t.Errorf("%s takes %q, want %q", c.locator, got, c.want)
			}
		})
	}
}

func TestAFilterHoldsInMessagesOfAWebSocket(t *testing.T) {
	o := operation(t, "ws:frame[kind='send'] $.parts[?type='text'].text")
	body := `{"kind":"send","parts":[{"type":"text","text":"a"},{"type":"file","text":"b"}]}`
	segments := extract.Body(extract.Input{WebSocket: true, Body: []byte(body)}, extract.Limits{}).Segments
	if got := texts(o, segments); !slices.Equal(got, []string{"a"}) || !o.Text[0].Applies(segments) {
		t.Errorf("took %q", got)
	}
}

// FuzzFilter holds what is true of any body: a filter takes no more than the same
// place without one, and nothing when no object has the member.
func FuzzFilter(f *testing.F) {
	f.Add(`{"t":[{"type":"user","value":"a"},{"type":"x","value":[["b"]]}]}`)
	f.Add(`{"t":{"value":"a","type":"user","type":"x"}}`)
	f.Add("{\"t\":[{\"type\":\"user\",\"value\":\"a\"}]}\n[{\"t\":\"{\\\"type\\\":\\\"user\\\"}\"}")
	f.Add(`{"t":[[{"type":"user","value":{"type":"user"}}]]`)
	filtered, listed, single := operation(f, "$.t[?type='user'].value..*"), operation(f, "$.t[*].value..*"), operation(f, "$.t.value..*")
	f.Fuzz(func(t *testing.T, body string) {
		segments := documentOf(body)
		members := filtered.Members(segments)
		if len(members) > len(segments) {
			t.Errorf("%d members of %d values", len(members), len(segments))
		}
		for i := range segments {
			steps := segments[i].Location.Steps()
			if filtered.IsText(steps, members) && !listed.IsText(steps, nil) && !single.IsText(steps, nil) {
				t.Errorf("took %s", segments[i].Location)
			}
			if filtered.IsText(steps, nil) {
				t.Errorf("took %s without its members", segments[i].Location)
			}
		}
	})
}

// BenchmarkFilter parts a large transcript; the time is to grow with its length alone.
func BenchmarkFilter(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		body := `{"transcript":[` + strings.TrimSuffix(strings.Repeat(`{"type":"user","id":"1","value":[["hello"]]},`, n), ",") + `]}`
		o, segments := operation(b, "$.transcript[?type='user'].value | string leaves"), documentOf(body)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if len(texts(o, segments)) != n {
					b.Fatal("lost some")
				}
			}
		})
	}
}

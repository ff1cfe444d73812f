package catalog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// sized returns the embedded catalogue, or one with the given number of hosts more.
func sized(t testing.TB, hosts int) *catalog.Catalog {
	c := embedded(t)
	if hosts == 0 {
		return c
	}
	var b strings.Builder
	for i := range hosts / 4 {
		fmt.Fprintf(&b, "- id: s%d\n  hosts: [s%d.example, \"*.s%d.example\", \"*-api.s%d.example\", api.s%d.amazonaws.com]\n"+
			"  operations: [{kind: prompt, path: \"/v1/{name}/chat\", text: body}]\n", i, i, i, i, i)
	}
	n, d := strictyaml.Parse("big.yaml", []byte(b.String()))
	services := catalog.DecodeServices(d, n)
	if len(d.Problems) > 0 {
		t.Fatal(d.Problems)
	}
	big, problems := c.With(services)
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	return big
}

// BenchmarkMatch looks services up among so many hosts more than the catalogue
// has. "maps" tells how many times longer it takes than one look into a Go map of
// as many hosts, measured at the same time: machines differ, and stall.
func BenchmarkMatch(b *testing.B) {
	queries := map[string]string{
		"exact":   "https://chatgpt.com/backend-api/f/conversation",
		"literal": "https://api.openai.com/v1/chat/completions",
		"glob":    "https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-sonnet-4/converse",
		"suffix":  "https://acme.openai.azure.com/openai/deployments/gpt-4o/chat/completions",
		"miss":    "https://www.shop.acme.example/cart/42",
	}
	for _, hosts := range []int{0, 20000} {
		c := sized(b, hosts)
		for _, name := range []string{"exact", "literal", "glob", "suffix", "miss"} {
			q := query(b, "POST", queries[name], nil)
			b.Run(fmt.Sprintf("%d/%s", hosts, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, ok := c.Match(q); ok != (name != "miss") {
						b.Fatal(ok)
					}
				}
				b.ReportMetric(float64(b.Elapsed())/float64(b.N)/lookIntoMap(hosts+500), "maps")
			})
		}
	}
}

// lookIntoMap returns the nanoseconds that one look into a map of hosts takes now.
func lookIntoMap(hosts int) float64 {
	m := map[string]int{}
	names := make([]string, hosts)
	for i := range hosts {
		names[i] = fmt.Sprintf("api.s%d.amazonaws.com", i)
		m[names[i]] = 1
	}
	found := 0
	start := time.Now()
	const looks = 1 << 18
	for i := range looks {
		found += m[names[i%1024%hosts]]
	}
	return float64(time.Since(start)) / float64(found)
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := catalog.Embedded(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	c := sized(t, 2000)
	for _, raw := range []string{
		"https://chatgpt.com/backend-api/f/conversation", "https://api.openai.com/v1/responses", "https://www.shop.example/",
		"https://bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-sonnet-4/converse",
		"https://acme.openai.azure.com/openai/deployments/gpt-4o/chat/completions", "https://x.s7.example/v1/name/chat",
	} {
		q := query(t, "POST", raw, nil)
		if n := testing.AllocsPerRun(100, func() { c.Match(q) }); n > 0 {
			t.Errorf("%s: %v allocations", raw, n)
		}
	}
}

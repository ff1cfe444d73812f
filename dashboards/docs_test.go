package dashboards

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheDocumentedMetricsAreThoseOfTheProxy(t *testing.T) {
	text, err := os.ReadFile("../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string][]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(daylight_\\w+)` \\| ([^|]*)\\|").FindAllStringSubmatch(string(text), -1) {
		documented[row[1]] = strings.FieldsFunc(row[2], func(r rune) bool { return r == ',' || r == ' ' })
	}
	known := registered(t)
	for name, labels := range known {
		if !strings.HasPrefix(name, "daylight_") {
			continue
		}
		if got, ok := documented[name]; !ok || !slices.Equal(got, labels) {
			t.Errorf("docs/metrics.md gives %s the labels %v, the proxy %v", name, got, labels)
		}
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf("docs/metrics.md tells of %s, which the proxy does not have", name)
	}
}

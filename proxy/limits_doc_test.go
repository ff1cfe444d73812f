package proxy

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestTheDocumentedLimitsAreTheDefaults(t *testing.T) {
	text, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(\\w+)` \\|").FindAllStringSubmatch(string(text), -1) {
		documented[row[1]] = row[2]
	}
	defaults := reflect.ValueOf(Limits{}.WithDefaults())
	for i := range defaults.NumField() {
		key := snakeCase(defaults.Type().Field(i).Name)
		want := asWritten(key, defaults.Field(i))
		if documented[key] != want {
			t.Errorf("docs/configuration.md says %q for %s, the default is %s", documented[key], key, want)
		}
		delete(documented, key)
	}
	for key := range documented {
		t.Errorf("docs/configuration.md tells of %s, which is no limit", key)
	}
}

func snakeCase(name string) string {
	words := regexp.MustCompile(`TLS|[A-Z][a-z]*`).FindAllString(name, -1)
	return strings.ToLower(strings.Join(words, "_"))
}

// asWritten writes a limit as one would in the configuration.
func asWritten(key string, v reflect.Value) string {
	if d, ok := v.Interface().(time.Duration); ok {
		text := d.String() // such as 10m0s
		if strings.HasSuffix(text, "m0s") {
			text = strings.TrimSuffix(text, "0s")
		}
		if strings.HasSuffix(text, "h0m") {
			text = strings.TrimSuffix(text, "0m")
		}
		return text
	}
	n := v.Int()
	switch {
	case !strings.HasSuffix(key, "_bytes"):
		return fmt.Sprint(n)
	case n%(1<<40) == 0:
		return fmt.Sprintf("%dTiB", n>>40)
	case n%(1<<20) == 0:
		return fmt.Sprintf("%dMiB", n>>20)
	default:
		return fmt.Sprintf("%dKiB", n>>10)
	}
}

package proxy

import (
	"sync"
	"testing"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

// embeddedCatalog is read once for all tests: under the race detector it takes
// longer than most of what they look at.
var embeddedCatalog = sync.OnceValues(catalog.Embedded)

// withCatalog fills in the catalogue that a source leaves out.
func withCatalog(t testing.TB, source engine.Source) engine.Source {
	t.Helper()
	if source.Catalog == nil {
		c, err := embeddedCatalog()
		if err != nil {
			t.Fatal(err)
		}
		source.Catalog = c
	}
	return source
}

package proxy

import (
	"fmt"
	"sync"
	"testing"
	"time"

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

// compiledOnce are the snapshots of the sources that tests compiled, by all that is in
// them: a snapshot never changes, and to compile one takes longer than most tests.
var compiledOnce sync.Map // of func() (compiled, error)

// compileSource compiles a source with the embedded catalogue.
func compileSource(t testing.TB, source engine.Source) (compiled, error) {
	t.Helper()
	source = withCatalog(t, source)
	source.Now = time.Time{} // for warnings alone
	key := fmt.Sprintf("%p %q %+v %+v %v %v %q %q", source.Catalog, source.Policy, source.Scanner, source.Extract, source.Monitor, source.OnErrorAllow, source.Intercept, source.Bypass)
	once, _ := compiledOnce.LoadOrStore(key, sync.OnceValues(func() (compiled, error) {
		s, problems := engine.Compile(source)
		return compiled{s}, problems.Err()
	}))
	return once.(func() (compiled, error))()
}

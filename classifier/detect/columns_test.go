package detect

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestNamesOfASCIIAreJudgedAsOthersAre compares the short way with the long one,
// which reads any script.
func TestNamesOfASCIIAreJudgedAsOthersAre(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "B", "Ana", "lopez", "de ", "van ", "O'", " ", ",", "-", ".", "_", "7", "'", "camelCase", "St. "}
	for range 3000 {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		name := []byte(b.String())
		if len(name) < 2 || len(name) > longestName {
			continue
		}
		if got, want := personName(name), foreignName(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

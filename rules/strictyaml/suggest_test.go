package strictyaml

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// plainSuggest looks at every candidate closely.
func plainSuggest(word string, candidates []string) string {
	best, bestDistance := "", len(word)/3+2
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < bestDistance && d <= max(1, len(c)/3) {
			best, bestDistance = c, d
		}
	}
	return best
}

func TestASuggestionIsTheSameWithAndWithoutShortCuts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	word := func() string {
		b := make([]rune, 1+r.IntN(9))
		for i := range b {
			b[i] = []rune("abcdefAB01-é客")[r.IntN(13)]
		}
		return string(b)
	}
	close := 0
	for range 20000 {
		w, candidates := word(), make([]string, 12)
		for i := range candidates {
			candidates[i] = word()
		}
		got, want := Suggest(w, candidates), plainSuggest(w, candidates)
		if got != want {
			t.Fatalf("%q of %q: %q, want %q", w, candidates, got, want)
		}
		if got != "" {
			close++
		}
	}
	if close < 1000 {
		t.Errorf("only %d words had a suggestion", close)
	}
}

func TestSuggestions(t *testing.T) {
	known := []string{"marketing", "sales", "chatgpt", "claude", "openai-api"}
	for word, want := range map[string]string{"marketting": "marketing", "Sales": "sales", "chatgtp": "chatgpt", "cluade": "claude", "openai": "", "x": "", "": ""} {
		if got := Suggest(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	known := make([]string, 1000)
	r := rand.New(rand.NewPCG(5, 6))
	for i := range known {
		w := make([]byte, 4+r.IntN(12))
		for j := range w {
			w[j] = byte('a' + r.IntN(26))
		}
		known[i] = string(w)
	}
	for b.Loop() {
		Suggest("chatgpt-plus", known)
	}
}

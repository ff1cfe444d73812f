package strictyaml

import (
	"fmt"
	"math/bits"
	"strings"
)

// Suggest returns the candidate that word was probably meant to be, or "" when
// none is close enough: at most a third of its letters may differ, in any case.
func Suggest(word string, candidates []string) string {
	word = strings.ToLower(word)
	letters, plain := lettersOf(word)
	best, bestDistance := "", len(word)/3+2
	for _, c := range candidates {
		limit := min(bestDistance-1, max(1, len(c)/3))
		if others, alsoPlain := lettersOf(c); plain && alsoPlain && tooFar(len(word)-len(c), letters^others, limit) {
			continue
		}
		if d := distance(word, strings.ToLower(c)); d <= limit {
			best, bestDistance = c, d
		}
	}
	return best
}

// tooFar tells whether the lengths and letters of two texts show that more than
// limit changes lie between them: one makes at most one letter vanish and another
// one appear. It spares most candidates a closer look.
func tooFar(lengths int, letters uint64, limit int) bool {
	return max(lengths, -lengths) > limit || bits.OnesCount64(letters) > 2*limit
}

// lettersOf returns a set of the letters of a text, without case, of which several
// share a bit; ok is false for a text that is not ASCII.
func lettersOf(text string) (set uint64, ok bool) {
	for i := range len(text) {
		c := text[i]
		if c >= 0x80 {
			return 0, false
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		set |= 1 << (c & 63)
	}
	return set, true
}

// DidYouMean returns a hint, or "" when no candidate is close.
func DidYouMean(word string, candidates []string) string {
	if s := Suggest(word, candidates); s != "" {
		return fmt.Sprintf("did you mean %q?", s)
	}
	return ""
}

// distance is the optimal string alignment distance: insertions, deletions,
// substitutions and swaps of neighbours each cost one.
func distance(a, b string) int {
	const longest = 64
	ra, rb := []rune(a), []rune(b)
	if len(ra) > longest || len(rb) > longest {
		return max(len(ra), len(rb))
	}
	var rows [3][longest + 1]int
	prev2, prev, cur := rows[0][:len(rb)+1], rows[1][:len(rb)+1], rows[2][:len(rb)+1]
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		cur[0] = i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(rb)]
}

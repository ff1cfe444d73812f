package policyfile

import "slices"

// wildcardCovers tells whether a pattern with * takes every text that another
// one takes. A * of the other is a character that only a * can stand for.
func wildcardCovers(pattern, other string) bool {
	i, star, resume := 0, -1, 0
	for j := 0; j < len(other); {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, resume = i, j
			i++
		case i < len(pattern) && pattern[i] == other[j]:
			i++
			j++
		case star >= 0:
			resume++
			i, j = star+1, resume
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == '*' {
		i++
	}
	return i == len(pattern)
}

// wildcardsMeet tells whether some text fits both of two patterns with *.
func wildcardsMeet(a, b string) bool {
	reached := make([]bool, len(b)+1) // b[:j] meets the part of a that was walked
	reached[0] = true
	for j := 0; j < len(b) && b[j] == '*'; j++ {
		reached[j+1] = true
	}
	for i := range len(a) {
		next := make([]bool, len(b)+1)
		for j := range next {
			switch {
			case a[i] == '*': // takes nothing, or one more of b
				next[j] = reached[j] || j > 0 && next[j-1]
			case j > 0 && b[j-1] == '*':
				next[j] = next[j-1] || reached[j]
			case j > 0:
				next[j] = reached[j-1] && a[i] == b[j-1]
			}
		}
		reached = next
	}
	return reached[len(b)]
}

// allCovered tells whether each of the patterns is covered by one of others.
func allCovered(patterns, others []string) bool {
	return !slices.ContainsFunc(patterns, func(p string) bool {
		return !slices.ContainsFunc(others, func(o string) bool { return wildcardCovers(o, p) })
	})
}

// hostCovers tells whether a host or "*.suffix" takes all that another one takes.
func hostCovers(pattern, other string) bool {
	if pattern == other {
		return true
	}
	if len(pattern) == 0 || pattern[0] != '*' {
		return false
	}
	suffix := pattern[1:]
	if other != "" && other[0] == '*' {
		other = other[1:]
	}
	return len(other) > len(suffix) && other[len(other)-len(suffix):] == suffix
}

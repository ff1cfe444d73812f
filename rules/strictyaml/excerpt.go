package strictyaml

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Of a line that is longer than maxLine bytes only so many characters are shown
// before the fault, of it and behind it.
const (
	maxLine   = 400
	maxBefore = 80
	maxMarked = 80
	maxAfter  = 60
)

// excerpt returns the line of the problem in three parts, the middle one being
// what is marked, with everything replaced that would move the cursor.
func (p *Problem) excerpt() (before, marked, after string) {
	rest := source{lines: []string{p.Source}}
	text := rest.from(1, p.Column)
	before, marked, after = p.Source[:len(p.Source)-len(text)], text, ""
	if n := max(1, p.Length); n < len(text) {
		for i := range text {
			if n == 0 {
				marked, after = text[:i], text[i:]
				break
			}
			n--
		}
	}
	if len(p.Source) > maxLine {
		if cut := last(before, maxBefore); len(cut) < len(before) {
			before = "…" + cut
		}
		if cut := first(marked, maxMarked); len(cut) < len(marked) {
			marked, after = cut, "…"
		}
		if cut := first(after, maxAfter); len(cut) < len(after) {
			after = cut + "…"
		}
	}
	return printable(before), printable(marked), printable(after)
}

// first returns at most n characters of the beginning of a text.
func first(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// last returns some n characters of the end of a text.
func last(text string, n int) string {
	i := len(text) - n
	if i <= 0 {
		return text
	}
	for i < len(text) && text[i]&0xc0 == 0x80 { // within a character
		i++
	}
	return text[i:]
}

// printable replaces control characters, which could rewrite the screen.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			return '\ufffd'
		}
		return r
	}, text)
}

// blank returns blanks as wide as a text; tabs stay tabs.
func blank(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r == '\t' {
			b.WriteByte('\t')
			continue
		}
		b.WriteString(strings.Repeat(" ", cells(r)))
	}
	return b.String()
}

// columns returns how many columns of a terminal a text takes.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += cells(r)
	}
	return n
}

// cells is 2 for wide characters, as the Chinese ones and most emoji are, and 0
// for marks that stand over others (Unicode Standard Annex 11).
func cells(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

package classifier

import (
	"strings"
	"unicode/utf8"
)

const stars = "***"

// mask shows a hint of a value: at most a third of its characters.
func mask(d *Detector, value string) string {
	n := utf8.RuneCountInString(value)
	switch {
	case d.Mask != nil:
		return d.Mask(value)
	case d.Rows != nil || d.Distinct > 0 || n < 4:
		return stars
	}
	last := value[len(value)-1]
	if !isDigit(last) {
		first, _ := utf8.DecodeRuneInString(value)
		return string(first) + stars
	}
	shown := 1
	switch {
	case n >= 12:
		shown = 4
	case n >= 6:
		shown = 2
	}
	tail := len(value)
	for ; shown > 0 && isDigit(value[tail-1]); shown-- {
		tail--
	}
	return stars + value[tail:]
}

// MaskEmail shows the first letter of the mailbox and the top-level domain.
func MaskEmail(value string) string {
	first, _ := utf8.DecodeRuneInString(value)
	return string(first) + "***@***" + value[strings.LastIndexByte(value, '.'):]
}

// MaskKey shows the public prefix of a key, such as "sk-".
func MaskKey(prefix string) func(string) string {
	return func(string) string { return prefix + stars }
}

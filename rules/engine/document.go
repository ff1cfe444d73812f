package engine

import (
	"math"
	"slices"
	"unicode/utf8"
)

// document is a text that is edited piece by piece, as much of it as a window
// keeps. Places in it count UTF-16 code units, as in JavaScript.
type document struct {
	text    []byte // UTF-8
	dropped int    // units in front of text that are not kept
	cursor  int    // where the last edit ended
}

func (d *document) clone() document {
	return document{slices.Clone(d.text), d.dropped, d.cursor}
}

// end is the place behind the last character.
func (d *document) end() int { return d.dropped + units(d.text) }

// append puts text at the end.
func (d *document) append(text []byte) {
	d.text = append(d.text, text...)
	d.cursor = math.MaxInt
}

// insert puts text at a place, or at the end if that is nearer, and returns the
// place behind it.
func (d *document) insert(at int, text []byte) int {
	at = min(max(at, d.dropped), d.end())
	d.text = slices.Insert(d.text, d.offset(at), text...)
	d.cursor = at + units(text)
	return d.cursor
}

// remove deletes n units from a place on.
func (d *document) remove(at, n int) {
	from := d.offset(at)
	to := max(from, d.offset(at+n))
	if lost := min(at+n, d.dropped) - at; lost > 0 {
		d.dropped -= lost // of what is not kept
		at += lost
	}
	d.text = slices.Delete(d.text, from, to)
	d.cursor = at
}

// trim makes room when there is too much text, at the end that is farther from
// the last edit, and tells whether it had to.
func (d *document) trim() bool {
	if len(d.text) <= windowBytes {
		return false
	}
	surplus := len(d.text) - windowBytes*windowLeft/4
	if at := d.offset(d.cursor); at < len(d.text)/2 {
		end := len(d.text) - surplus
		for end > 0 && !utf8.RuneStart(d.text[end]) {
			end--
		}
		d.text = slices.Clone(d.text[:end])
		return true
	}
	for surplus < len(d.text) && !utf8.RuneStart(d.text[surplus]) {
		surplus++
	}
	d.dropped += units(d.text[:surplus])
	d.text = slices.Clone(d.text[surplus:])
	return true
}

// offset is the byte of text at which a place is, as near as the text goes.
func (d *document) offset(at int) int {
	at -= d.dropped
	i := 0
	for at > 0 && i < len(d.text) {
		if d.text[i] < utf8.RuneSelf {
			i, at = i+1, at-1
			continue
		}
		r, size := utf8.DecodeRune(d.text[i:])
		i += size
		at -= unitsOf(r)
	}
	return i
}

// units counts the UTF-16 code units of a text.
func units(text []byte) int {
	n := 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i, n = i+1, n+1
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		n += unitsOf(r)
	}
	return n
}

func unitsOf(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

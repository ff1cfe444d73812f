package detect

import "encoding/binary"

func digit(b byte) bool  { return b >= '0' && b <= '9' }
func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' && b < 0x80 }
func word(b byte) bool   { return digit(b) || letter(b) }

func upper(b byte) byte {
	if b >= 'a' && b <= 'z' {
		return b - 0x20
	}
	return b
}

func lower(b byte) byte {
	if b >= 'A' && b <= 'Z' {
		return b + 0x20
	}
	return b
}

// appendLower appends text with its letters of ASCII in small ones.
func appendLower(dst, text []byte) []byte {
	first := len(dst)
	dst = append(dst, text...)
	added := dst[first:]
	if len(added) < 8 {
		for i, b := range added {
			added[i] = lower(b)
		}
		return dst
	}
	for i := 0; i+8 <= len(added); i += 8 {
		lower8((*[8]byte)(added[i:]))
	}
	lower8((*[8]byte)(added[len(added)-8:])) // some of them once more
	return dst
}

// lower8 makes the capitals among eight bytes small.
func lower8(b *[8]byte) {
	const each = 0x0101010101010101
	w := binary.LittleEndian.Uint64(b[:])
	ascii := w & (0x7F * each)
	capitals := (ascii + (0x80-'A')*each) &^ (ascii + (0x7F-'Z')*each) &^ w & (0x80 * each)
	binary.LittleEndian.PutUint64(b[:], w|capitals>>2)
}

// at returns the byte at i, 0 outside of text.
func at(text []byte, i int) byte {
	if i < 0 || i >= len(text) {
		return 0
	}
	return text[i]
}

// class is a set of bytes.
type class [256]bool

// classOf returns the set of ASCII letters and digits and of the bytes in more.
func classOf(more string) *class {
	c := new(class)
	for b := range c {
		c[b] = word(byte(b))
	}
	for i := range len(more) {
		c[more[i]] = true
	}
	return c
}

// run returns the end of the run of c's bytes at i, of at most limit bytes.
func (c *class) run(text []byte, i, limit int) int {
	end := min(len(text), i+limit)
	for i < end && c[text[i]] {
		i++
	}
	return i
}

// bytesOf returns the set of the bytes in list.
func bytesOf(list string) *class {
	c := new(class)
	for i := range len(list) {
		c[list[i]] = true
	}
	return c
}

// foreignAnd returns the set of ASCII letters and digits, of all bytes outside of
// ASCII and of those in more.
func foreignAnd(more string) *class {
	c := classOf(more)
	for b := 0x80; b < len(c); b++ {
		c[b] = true
	}
	return c
}

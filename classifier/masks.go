package classifier

import "encoding/binary"

// blockSize is how many bytes the pass looks at in one step: as many as a word of
// the machine has bits.
const blockSize = 64

// lookAhead is how many bytes behind a block are at hand to compare literals.
const lookAhead = 8

// window is a block and a little of what follows it, zeros behind the text.
type window = [blockSize + lookAhead]byte

// eight reads eight bytes, the first as the lowest of the number.
func eight(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// masks tell of each byte of a block what it is, the first in the lowest bit.
type masks struct {
	word  uint64 // ASCII letters and digits
	digit uint64
	high  bool // some byte is outside of ASCII
}

// kindsOf marks in the high bit of each byte of x whether it is an ASCII letter or
// digit, and whether it is a digit. A byte with seven bits is at least c when
// adding 0x80-c to it sets the high bit.
func kindsOf(x uint64) (word, digit uint64) {
	low := x &^ highBits
	digit = (low + (0x80-'0')*everyByte) &^ (low + (0x7F-'9')*everyByte)
	low |= 0x20 * everyByte
	word = digit | (low+(0x80-'a')*everyByte)&^(low+(0x7F-'z')*everyByte)
	return word &^ x & highBits, digit &^ x & highBits
}

// gatherFactor brings the high bits of eight bytes, when all others are zeros,
// together in the highest byte of the product.
const gatherFactor = 0x0002040810204081

// gather brings the high bits of 64 bytes together; all other bits are zeros.
func gather(x0, x1, x2, x3, x4, x5, x6, x7 uint64) uint64 {
	low := x0*gatherFactor>>56 | x1*gatherFactor>>56<<8 | x2*gatherFactor>>56<<16 | x3*gatherFactor>>56<<24
	return low | x4*gatherFactor>>56<<32 | x5*gatherFactor>>56<<40 | x6*gatherFactor>>56<<48 | x7*gatherFactor>>56<<56
}

// masksOf reads a block eight bytes at a time. It is written out because the
// compiler unrolls no loop, and every body passes through it.
func masksOf(b *window) (m masks) {
	x0, x1 := eight(b[0:8]), eight(b[8:16])
	x2, x3 := eight(b[16:24]), eight(b[24:32])
	x4, x5 := eight(b[32:40]), eight(b[40:48])
	x6, x7 := eight(b[48:56]), eight(b[56:64])
	w0, d0 := kindsOf(x0)
	w1, d1 := kindsOf(x1)
	w2, d2 := kindsOf(x2)
	w3, d3 := kindsOf(x3)
	w4, d4 := kindsOf(x4)
	w5, d5 := kindsOf(x5)
	w6, d6 := kindsOf(x6)
	w7, d7 := kindsOf(x7)
	m.word = gather(w0, w1, w2, w3, w4, w5, w6, w7)
	if d0|d1|d2|d3|d4|d5|d6|d7 != 0 {
		m.digit = gather(d0, d1, d2, d3, d4, d5, d6, d7)
	}
	m.high = (x0|x1|x2|x3|x4|x5|x6|x7)&highBits != 0
	return m
}

// masksOfShort is masksOf for the last n bytes of a text, behind which zeros stand:
// values of objects are no longer.
func masksOfShort(b *window, n int) (m masks) {
	for i := 0; i < min(n, blockSize); i += 8 {
		x := eight(b[i : i+8])
		word, digit := kindsOf(x)
		m.word |= word * gatherFactor >> 56 << i
		m.digit |= digit * gatherFactor >> 56 << i
		m.high = m.high || x&highBits != 0
	}
	return m
}

// foreignMasks tell of sequences of UTF-8 in a block.
type foreignMasks struct {
	two     uint64 // lead bytes of two-byte letters: from 0xC3 on
	other   uint64 // all other lead bytes
	tails   uint64 // the bytes that continue a sequence, if there are lead bytes of two
	parting uint64 // of two: those of Arabic signs that part words
}

// leadsOf marks the lead bytes among eight: of letters of two bytes, and others.
func leadsOf(x uint64) (two, other uint64) {
	lead := x & (x << 1) & highBits                                      // 11......
	two = lead &^ (x << 2) & ((x & (0x1F * everyByte)) + 0x7D*everyByte) // 110....., from 0xC3 on
	return two, lead ^ two
}

// foreignMasksOf reads a block with bytes outside of ASCII.
func foreignMasksOf(b *window) (m foreignMasks) {
	x0, x1 := eight(b[0:8]), eight(b[8:16])
	x2, x3 := eight(b[16:24]), eight(b[24:32])
	x4, x5 := eight(b[32:40]), eight(b[40:48])
	x6, x7 := eight(b[48:56]), eight(b[56:64])
	t0, o0 := leadsOf(x0)
	t1, o1 := leadsOf(x1)
	t2, o2 := leadsOf(x2)
	t3, o3 := leadsOf(x3)
	t4, o4 := leadsOf(x4)
	t5, o5 := leadsOf(x5)
	t6, o6 := leadsOf(x6)
	t7, o7 := leadsOf(x7)
	if o0|o1|o2|o3|o4|o5|o6|o7 != 0 {
		m.other = gather(o0, o1, o2, o3, o4, o5, o6, o7)
	}
	if t0|t1|t2|t3|t4|t5|t6|t7 == 0 {
		return m
	}
	m.two = gather(t0, t1, t2, t3, t4, t5, t6, t7)
	m.tails = gather(x0&highBits, x1&highBits, x2&highBits, x3&highBits, x4&highBits, x5&highBits, x6&highBits, x7&highBits) &^ (m.two | m.other)
	if (t0&(x0<<4) | t1&(x1<<4) | t2&(x2<<4) | t3&(x3<<4) | t4&(x4<<4) | t5&(x5<<4) | t6&(x6<<4) | t7&(x7<<4)) == 0 {
		return m // no 0xD8
	}
	t0, t1, t2, t3 = partingOf(x0, t0, eight(b[1:9])), partingOf(x1, t1, eight(b[9:17])), partingOf(x2, t2, eight(b[17:25])), partingOf(x3, t3, eight(b[25:33]))
	t4, t5, t6, t7 = partingOf(x4, t4, eight(b[33:41])), partingOf(x5, t5, eight(b[41:49])), partingOf(x6, t6, eight(b[49:57])), partingOf(x7, t7, eight(b[57:65]))
	m.parting = gather(t0, t1, t2, t3, t4, t5, t6, t7)
	return m
}

// partingOf marks the Arabic signs that part words among the lead bytes of two:
// behind 0xD8 those in the lower half of the second bytes, behind 0xD9 those in the
// upper. The bytes that follow each stand in next.
func partingOf(x, two, next uint64) uint64 {
	arabic := two &^ ((x^0xD8*everyByte)&^highBits + 0x7E*everyByte)
	return arabic &^ (x<<7 ^ next<<2)
}

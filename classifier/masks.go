package classifier

import "encoding/binary"

// blockSize is how many bytes the pass looks at in one step: as many as a word of
// the machine has bits.
const blockSize = 64

// lookAhead is how many bytes behind a block are at hand to compare literals.
const lookAhead = 8

// window is a block and a little of what follows it, zeros behind the text.
type window = [blockSize + lookAhead]byte

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

// masksOf reads a block eight bytes at a time. It is written out because the
// compiler unrolls no loop, and every body passes through it.
func masksOf(b *window) (m masks) {
	x0, x1 := binary.LittleEndian.Uint64(b[0:8]), binary.LittleEndian.Uint64(b[8:16])
	x2, x3 := binary.LittleEndian.Uint64(b[16:24]), binary.LittleEndian.Uint64(b[24:32])
	x4, x5 := binary.LittleEndian.Uint64(b[32:40]), binary.LittleEndian.Uint64(b[40:48])
	x6, x7 := binary.LittleEndian.Uint64(b[48:56]), binary.LittleEndian.Uint64(b[56:64])
	w, d := kindsOf(x0)
	m.word, m.digit = w*gatherFactor>>56, d*gatherFactor>>56
	w, d = kindsOf(x1)
	m.word, m.digit = m.word|w*gatherFactor>>56<<8, m.digit|d*gatherFactor>>56<<8
	w, d = kindsOf(x2)
	m.word, m.digit = m.word|w*gatherFactor>>56<<16, m.digit|d*gatherFactor>>56<<16
	w, d = kindsOf(x3)
	m.word, m.digit = m.word|w*gatherFactor>>56<<24, m.digit|d*gatherFactor>>56<<24
	w, d = kindsOf(x4)
	m.word, m.digit = m.word|w*gatherFactor>>56<<32, m.digit|d*gatherFactor>>56<<32
	w, d = kindsOf(x5)
	m.word, m.digit = m.word|w*gatherFactor>>56<<40, m.digit|d*gatherFactor>>56<<40
	w, d = kindsOf(x6)
	m.word, m.digit = m.word|w*gatherFactor>>56<<48, m.digit|d*gatherFactor>>56<<48
	w, d = kindsOf(x7)
	m.word, m.digit = m.word|w*gatherFactor>>56<<56, m.digit|d*gatherFactor>>56<<56
	m.high = (x0|x1|x2|x3|x4|x5|x6|x7)&highBits != 0
	return m
}

// foreignMasks tell of sequences of UTF-8 in a block.
type foreignMasks struct {
	two     uint64 // lead bytes of two-byte letters: from 0xC3 on
	other   uint64 // all other lead bytes
	tails   uint64 // the bytes that continue a sequence
	parting uint64 // of two: those of Arabic signs that part words
}

// foreignMasksOf reads a block with bytes outside of ASCII.
func foreignMasksOf(b *window) (m foreignMasks) {
	for i := 0; i < blockSize; i += 8 {
		x := binary.LittleEndian.Uint64(b[i : i+8])
		high := x & highBits
		if high == 0 {
			continue
		}
		lead := high & (x << 1)                                               // 11......
		two := lead &^ (x << 2) & ((x & (0x1F * everyByte)) + 0x7D*everyByte) // 110....., from 0xC3 on
		m.two |= two * gatherFactor >> 56 << (i & 63)
		m.other |= (lead &^ two) * gatherFactor >> 56 << (i & 63)
		m.tails |= (high &^ lead) * gatherFactor >> 56 << (i & 63)
		if arabic := two &^ ((x^0xD8*everyByte)&^highBits + 0x7E*everyByte); arabic != 0 {
			// Behind 0xD8 the lower half of the tails, behind 0xD9 the upper.
			next := binary.LittleEndian.Uint64(b[i+1 : i+9])
			m.parting |= (arabic &^ (x<<7 ^ next<<2)) * gatherFactor >> 56 << (i & 63)
		}
	}
	return m
}

package classifier

import "math/bits"

// block is what is known of 64 bytes of text.
type block struct {
	base int
	masks
	foreignMasks
	// starts marks where words of ASCII, and words or runes of other scripts, begin.
	starts uint64
}

// blocks reads a text block by block, each of them once as long as questions come
// roughly in the order of the text.
type blocks struct {
	text   []byte
	recent [8]block
	tail   window // the last block, completed with zeros
}

func (bs *blocks) reset(text []byte) {
	bs.text = text
	for i := range bs.recent {
		bs.recent[i].base = -1
	}
}

// at returns the block that begins at base, a multiple of blockSize.
func (bs *blocks) at(base int) *block {
	b := &bs.recent[base/blockSize&(len(bs.recent)-1)]
	if b.base != base {
		bs.read(b, base)
	}
	return b
}

func (bs *blocks) read(b *block, base int) {
	w := bs.window(base)
	b.base, b.foreignMasks = base, foreignMasks{}
	if n := len(bs.text) - base; n <= blockSize/2 {
		b.masks = masksOfShort(w, n)
	} else {
		b.masks = masksOf(w)
	}
	before := uint64(0)
	if wordAt(bs.text, base-1) {
		before = 1
	}
	b.starts = b.word &^ (b.word<<1 | before)
	if b.high {
		b.foreignMasks = foreignMasksOf(w)
		b.starts |= b.other | b.two&^b.inside(bs, base)
	}
}

// inside marks the bytes that follow a letter of two bytes.
func (b *block) inside(bs *blocks, base int) uint64 {
	letters := b.two &^ b.parting
	mask := (letters & (b.tails >> 1)) << 2
	if base == 0 {
		return mask
	}
	// Across the border:
	if p := &bs.recent[(base/blockSize-1)&(len(bs.recent)-1)]; p.base == base-blockSize {
		letters = p.two &^ p.parting
		return mask | letters&(p.tails>>1)>>62&1 | letters>>62&(b.tails<<1)&2
	}
	for i := range 2 {
		if at := base + i - 2; at+1 < len(bs.text) && joins(bs.text[at], bs.text[at+1]) {
			mask |= 1 << i
		}
	}
	return mask
}

// joins tells whether two bytes are a letter of two bytes that goes on.
func joins(lead, tail byte) bool {
	return lead >= 0xC3 && lead < 0xE0 && tail&0xC0 == 0x80 && !(lead == 0xD8 && tail < 0xA0 || lead == 0xD9 && tail >= 0xA0)
}

// mostFigure bounds Detector.Figure: the blocks that are asked for at once must not
// displace one another.
const mostFigure = 3 * blockSize

// digitNear tells whether a digit stands in the n bytes before i or in the n from i on.
func (bs *blocks) digitNear(i, n int) bool {
	from, to := max(0, i-n), min(len(bs.text), i+n)
	for base := from &^ (blockSize - 1); base < to; base += blockSize {
		digits := bs.at(base).digit & below(min(to-base, blockSize)) &^ below(max(from-base, 0))
		if digits != 0 {
			return true
		}
	}
	return false
}

// window returns the bytes of the block at base, and a few more.
func (bs *blocks) window(base int) *window {
	if base+len(window{}) <= len(bs.text) {
		return (*window)(bs.text[base:])
	}
	n := copy(bs.tail[:], bs.text[base:])
	clear(bs.tail[n:])
	return &bs.tail
}

// below returns the mask of the bits under i, for i up to 64.
func below(i int) uint64 { return 1<<uint(i) - 1 }

// lowest returns the index of the lowest bit of a mask that is not 0.
func lowest(mask uint64) int { return bits.TrailingZeros64(mask) & (blockSize - 1) }

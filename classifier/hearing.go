package classifier

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// hearing is what was heard of context words in the text of a segment, as far as
// somebody asked: the words that begin in text[low:high]. Questions come roughly
// in the order of the text, so nearly every byte is listened to once at most.
type hearing struct {
	words     *contextWords
	blocks    *blocks
	low, high int
	heard     []heardPhrase // by place
	folded    [longestWord + utf8.UTFMax]byte
}

// heardPhrase is a phrase and where it begins and ends.
type heardPhrase struct {
	at, end int
	phrase  int32
}

const (
	// keptHeard is how many phrases are remembered at least.
	keptHeard = 64
	// listenOn is the gap that is listened to rather than left out; listenBack is
	// how far before a question one begins anew: the next may reach farther back.
	listenOn, listenBack = 32, 16
)

// reset makes ready for the text that b reads.
func (h *hearing) reset(b *blocks) { h.blocks, h.low, h.high, h.heard = b, 0, 0, h.heard[:0] }

// speaksFor adds to set the matchers of which a context word begins in
// text[from:to].
func (h *hearing) speaksFor(text []byte, from, to int, set matcherSet) {
	for _, p := range h.hear(text, from, to) {
		set.join(h.words.phrases[p.phrase].owners)
	}
}

// hear returns the phrases that begin in text[from:to]. They are good until the
// next question.
func (h *hearing) hear(text []byte, from, to int) []heardPhrase {
	if from >= to || h.nothing(text, from, to) {
		return nil // no need to lose what is remembered
	}
	h.listenTo(text, from, to)
	end := len(h.heard)
	for end > 0 && h.heard[end-1].at >= to {
		end--
	}
	first := end
	for first > 0 && h.heard[first-1].at >= from {
		first--
	}
	return h.heard[first:end]
}

// nothing tells whether no word begins in text[from:to] that may open a phrase:
// letters do, and the few digits that phrases begin with.
func (h *hearing) nothing(text []byte, from, to int) bool {
	for base := from &^ (blockSize - 1); base < to; base += blockSize {
		b := h.blocks.at(base)
		starts := (b.starts | b.two) & below(min(to-base, blockSize)) &^ below(max(from-base, 0))
		if starts&^b.digit != 0 || starts != 0 && h.words.withFigure(text[base:], starts&b.digit) != 0 {
			return false
		}
	}
	return true
}

// listenTo makes sure that all of text[from:to] was listened to.
func (h *hearing) listenTo(text []byte, from, to int) {
	if from < h.low || from > h.high+listenOn {
		h.low = max(0, from-listenBack)
		h.high, h.heard = h.low, h.heard[:0]
	}
	if to > h.high {
		h.forget(from)
		h.listen(text, h.high, to)
		h.high = to
	}
}

// hears tells whether a context word begins in text[from:to].
func (h *hearing) hears(text []byte, from, to int) bool { return len(h.hear(text, from, to)) > 0 }

// forget makes room when much was heard that lies before a window, and its like.
func (h *hearing) forget(from int) {
	if len(h.heard) < 4*keptHeard || h.heard[len(h.heard)-keptHeard].at >= from {
		return
	}
	h.heard = h.heard[:copy(h.heard, h.heard[len(h.heard)-keptHeard:])]
	h.low = h.heard[0].at + 1
}

// listen notes the phrases that begin in text[from:to].
func (h *hearing) listen(text []byte, from, to int) {
	for base := from &^ (blockSize - 1); base < to; base += blockSize {
		b := h.blocks.at(base)
		starts := (b.starts | b.two) & below(min(to-base, blockSize)) &^ below(max(from-base, 0))
		if figures := starts & b.digit; figures != 0 {
			starts ^= figures ^ h.words.withFigure(text[base:], figures)
		}
		if starts == 0 {
			continue
		}
		w, plain := h.blocks.window(base), uint64(0)
		if !b.high {
			plain = below(blockSize - openingKey + 1)
		}
		for ; starts != 0; starts &= starts - 1 {
			k := lowest(starts)
			first := binary.LittleEndian.Uint64(w[k : k+8])
			if plain>>k&1 != 0 {
				if !h.words.opensWith(first, b.word>>k) {
					continue
				}
			} else if !h.words.mayOpen(first) {
				continue
			}
			if beginsWord(text, base+k) {
				h.wordAt(text, base+k)
			}
		}
	}
}

// beginsWord tells whether the rune at i begins a word, or is of a script without blanks.
func beginsWord(text []byte, i int) bool {
	if i == 0 || text[i-1] < utf8.RuneSelf && !isWord(text[i-1]) {
		return true
	}
	if first, _ := utf8.DecodeRune(text[i:]); !wordRune(first) {
		return true
	}
	before, _ := utf8.DecodeLastRune(text[:i])
	return !wordRune(before)
}

// wordAt looks up the word, or the rune, at i.
func (h *hearing) wordAt(text []byte, i int) {
	if isWord(text[i]) {
		h.word(text, i)
	} else {
		h.foreign(text, i)
	}
}

// word looks up the word at i, which begins with ASCII.
func (h *hearing) word(text []byte, i int) {
	key, start := uint64(keyFactor), i
	for {
		w, n := leadingWord(text, i)
		i += n
		if n == 8 && i-start < longestWord {
			key = mix(key, w)
			continue
		}
		switch {
		case n == 8: // longer than any
			return
		case i < len(text) && text[i] >= utf8.RuneSelf:
			if r, _ := utf8.DecodeRune(text[i:]); wordRune(r) || foldCase(r) == 0 {
				h.foldedWord(text, start)
				return
			}
		}
		h.noteWord(text, start, i, mix(mix(key, w), uint64(i-start)))
		return
	}
}

// The bytes of a word, eight at once.
const (
	everyByte = 0x0101010101010101
	highBits  = 0x80 * everyByte
)

// leadingWord returns the ASCII letters and digits with which text[i:] begins, at
// most eight, in lower case, and their number.
func leadingWord(text []byte, i int) (w uint64, n int) {
	if i+8 <= len(text) {
		w = binary.LittleEndian.Uint64(text[i:])
	} else {
		for k := range len(text) - i {
			w |= uint64(text[i+k]) << (8 * k)
		}
	}
	low := w &^ highBits
	lower := low | 0x20*everyByte
	letters := (lower + (0x80-'a')*everyByte) &^ (lower + (0x7F-'z')*everyByte)
	digits := (low + (0x80-'0')*everyByte) &^ (low + (0x7F-'9')*everyByte)
	stop := ^(letters | digits) & highBits
	stop |= w & highBits
	n = bits.TrailingZeros64(stop) / 8
	if n == 8 {
		return w | 0x20*everyByte, 8
	}
	return (w | 0x20*everyByte) & (1<<(8*n) - 1), n
}

// foldedWord looks up the word at start, which has runes outside of ASCII.
func (h *hearing) foldedWord(text []byte, start int) {
	folded, i := h.folded[:0], start
	for i < len(text) {
		if c := text[i]; c < utf8.RuneSelf {
			if !isWord(c) {
				break
			}
			folded = append(folded, c|0x20)
			i++
		} else {
			r, size := utf8.DecodeRune(text[i:])
			if !wordRune(r) {
				break
			}
			i += size
			if r = foldCase(r); r != 0 {
				folded = utf8.AppendRune(folded, r)
			}
		}
		if i-start >= longestWord {
			return
		}
	}
	h.note(text, start, wordKey(folded))
}

// foreign looks up the word, or the rune, at i, outside of ASCII.
func (h *hearing) foreign(text []byte, i int) {
	r, size := utf8.DecodeRune(text[i:])
	if wordRune(r) {
		h.foldedWord(text, i)
		return
	}
	if h.words.starts.has(r) {
		h.note(text, i, pairKey(r, 0))
		if second, n := utf8.DecodeRune(text[i+size:]); n > 0 {
			h.note(text, i, pairKey(r, foldCase(second)))
		}
	}
}

// note notes the phrases of a key that stand in text at i.
func (h *hearing) note(text []byte, i int, key uint64) {
	for p := h.words.get(key); p > 0; p = h.words.next[p-1] {
		if end := phraseEnd(text, i, h.words.phrases[p-1].text); end >= 0 {
			h.heard = append(h.heard, heardPhrase{i, end, p - 1})
		}
	}
}

// noteWord notes the phrases that begin with the word of ASCII at text[i:end], whose key
// says all of it. Many phrases begin like the commonest words, so the first letter of
// the second word is compared before anything else.
func (h *hearing) noteWord(text []byte, i, end int, key uint64) {
	next, gap := byte(0), -1
	for p := h.words.get(key); p > 0; p = h.words.next[p-1] {
		phrase, stop := &h.words.phrases[p-1], end
		if phrase.after == ' ' && gap < 0 {
			if gap = gapEnd(text, end); gap < len(text) {
				next = text[gap]
			}
			if next-'A' <= 'Z'-'A' {
				next |= 0x20
			}
		}
		switch {
		case phrase.after == 0:
		case phrase.after == ' ' && next < utf8.RuneSelf && next != phrase.second:
			continue
		default:
			stop = phraseEnd(text, i, phrase.text)
		}
		if stop >= 0 {
			h.heard = append(h.heard, heardPhrase{i, stop, p - 1})
		}
	}
}

package rules

import mathbits "math/bits"

// room is memory for one evaluation: on the stack, so that a verdict over a
// policy of usual size needs none of the heap.
type room struct {
	words  [4][32]uint64 // four sets of 2,048 rules, or approvals of one service
	groups [8]uint64
	seen   [24]seen
	totals [64]int64
}

// bits returns one of the four sets, of n words. What it holds is undefined.
func (r *room) bits(set, n int) bits {
	if n > len(r.words[set]) {
		return make(bits, n)
	}
	return r.words[set][:n]
}

// walk goes through the members of a set in ascending order.
type walk struct {
	set  bits
	at   int // the member that next found
	word int
	left uint64 // of the word
}

func newWalk(set bits) walk {
	w := walk{set: set}
	w.begin()
	return w
}

// begin goes back before the first member.
func (w *walk) begin() {
	w.word, w.left = 0, 0
	if len(w.set) > 0 {
		w.left = w.set[0]
	}
}

// next goes to the next member; false at the end.
func (w *walk) next() bool {
	for w.left == 0 {
		w.word++
		if w.word >= len(w.set) {
			return false
		}
		w.left = w.set[w.word]
	}
	w.at = w.word*64 + mathbits.TrailingZeros64(w.left)
	w.left &= w.left - 1
	return true
}

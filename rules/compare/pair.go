package compare

import (
	"slices"
	"sort"
)

// pairing tells which parts of two policies are the same part.
type pairing struct {
	old []int // for each of the new ones its place in the old policy, or -1
	new []int // and the other way round
}

func newPairing(old, new int) *pairing {
	p := &pairing{old: make([]int, new), new: make([]int, old)}
	for i := range p.old {
		p.old[i] = -1
	}
	for i := range p.new {
		p.new[i] = -1
	}
	return p
}

// by pairs what has the same key and no partner yet, in the order of both. An
// empty key pairs nothing.
func (p *pairing) by(oldKey, newKey func(int) string) {
	waiting := map[string][]int{}
	for i, partner := range p.new {
		if key := oldKey(i); partner < 0 && key != "" {
			waiting[key] = append(waiting[key], i)
		}
	}
	for j, partner := range p.old {
		if partner >= 0 {
			continue
		}
		key := newKey(j)
		if queue := waiting[key]; len(queue) > 0 {
			p.old[j], p.new[queue[0]] = queue[0], j
			waiting[key] = queue[1:]
		}
	}
}

// single pairs what alone has a key on both sides, among those without a partner.
func (p *pairing) single(oldKey, newKey func(int) string) {
	count := map[string][2]int{}
	add := func(key string, side int) {
		n := count[key]
		n[side]++
		count[key] = n
	}
	for i, partner := range p.new {
		if partner < 0 {
			add(oldKey(i), 0)
		}
	}
	for j, partner := range p.old {
		if partner < 0 {
			add(newKey(j), 1)
		}
	}
	only := func(key func(int) string) func(int) string {
		return func(i int) string {
			if k := key(i); count[k] == [2]int{1, 1} {
				return k
			}
			return ""
		}
	}
	p.by(only(oldKey), only(newKey))
}

// moved returns the fewest of the new ones that must move for all pairs to stand
// in their old order.
func (p *pairing) moved() map[int]bool {
	var places, at []int // of the pairs in the order of the new policy
	for j, i := range p.old {
		if i >= 0 {
			places, at = append(places, i), append(at, j)
		}
	}
	keep := longestIncreasing(places)
	out := map[int]bool{}
	for k, j := range at {
		if !keep[k] {
			out[j] = true
		}
	}
	return out
}

// longestIncreasing marks a longest increasing subsequence of distinct numbers.
func longestIncreasing(numbers []int) []bool {
	var tails []int // positions of the last of the best sequences of each length
	before := make([]int, len(numbers))
	for k, n := range numbers {
		length := sort.Search(len(tails), func(i int) bool { return numbers[tails[i]] >= n })
		before[k] = -1
		if length > 0 {
			before[k] = tails[length-1]
		}
		tails = append(tails[:length], append([]int{k}, tails[min(length+1, len(tails)):]...)...)
	}
	marks := make([]bool, len(numbers))
	if len(tails) == 0 {
		return marks
	}
	for k := tails[len(tails)-1]; k >= 0; k = before[k] {
		marks[k] = true
	}
	return marks
}

// crossed returns the pairs that a moved one stood behind and now stands before,
// or the other way round, as places in the new policy.
func (p *pairing) crossed(j int) (nowBehind, nowBefore []int) {
	for k, i := range p.old {
		switch {
		case k == j || i < 0:
		case i < p.old[j] && k > j:
			nowBehind = append(nowBehind, k)
		case i > p.old[j] && k < j:
			nowBefore = append(nowBefore, k)
		}
	}
	slices.Sort(nowBehind)
	return nowBehind, nowBefore
}

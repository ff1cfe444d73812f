package classifier

import "slices"

// mark is a place that counts only together with others.
type mark struct {
	matcher    int
	start, end int
	value      uint64
}

// markReach is how far apart marks may stand that count together.
const markReach = 600

// mark notes the candidate and, once enough distinct ones stand close together,
// makes one finding of them.
func (r *run) mark(m *matcher, c *Candidate) {
	kept, first, distinct := r.marks[:0], c.Start, 1
	value := valueKey(m.seed, c.Value)
	for i, k := range r.marks {
		if c.Start-k.start > markReach || k.matcher == m.index && k.value == value {
			continue
		}
		kept = append(kept, r.marks[i])
		if k.matcher == m.index {
			first = min(first, k.start)
			distinct++
		}
	}
	r.marks = append(kept, mark{m.index, c.Start, c.End, value})
	if distinct < m.Distinct {
		return
	}
	c.Start = first
	r.emit(m, c)
	r.marks = slices.DeleteFunc(r.marks, func(k mark) bool { return k.matcher == m.index })
}

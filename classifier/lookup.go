package classifier

import "math/bits"

// bitmap tells of nearly all keys that are not in a set that they are not. It is
// small enough to stay near the processor.
type bitmap [1 << 10]uint64

func lookupHash(key uint64) uint64 { return key * keyFactor }

func (b *bitmap) has(key uint64) bool {
	h := lookupHash(key) >> 48
	return b[h>>6]>>(h&63)&1 != 0
}

func (b *bitmap) add(key uint64) {
	h := lookupHash(key) >> 48
	b[h>>6] |= 1 << (h & 63)
}

// lookup finds a value by a key that is not 0.
type lookup[T any] struct {
	filter bitmap
	slots  []lookupSlot[T] // open addressing
	used   int
}

type lookupSlot[T any] struct {
	key   uint64
	value T
}

// mayHave tells that the key has no value, or that one should look.
func (l *lookup[T]) mayHave(key uint64) bool { return l.filter.has(key) }

// get returns the value of a key; nil when it has none.
func (l *lookup[T]) get(key uint64) *T {
	if len(l.slots) == 0 {
		return nil
	}
	for i := l.home(key); ; i = (i + 1) & (len(l.slots) - 1) {
		switch l.slots[i].key {
		case key:
			return &l.slots[i].value
		case 0:
			return nil
		}
	}
}

func (l *lookup[T]) home(key uint64) int {
	return int(lookupHash(key) >> (64 - bits.Len(uint(len(l.slots)-1))))
}

// entry returns the value of a key, which it enters if need be. The answer is good
// until the next call.
func (l *lookup[T]) entry(key uint64) *T {
	if value := l.get(key); value != nil {
		return value
	}
	if 2*l.used >= len(l.slots) {
		l.grow()
	}
	l.filter.add(key)
	l.used++
	return l.place(key)
}

func (l *lookup[T]) place(key uint64) *T {
	i := l.home(key)
	for l.slots[i].key != 0 {
		i = (i + 1) & (len(l.slots) - 1)
	}
	l.slots[i].key = key
	return &l.slots[i].value
}

func (l *lookup[T]) grow() {
	old := l.slots
	l.slots = make([]lookupSlot[T], max(64, 2*len(old)))
	for _, slot := range old {
		if slot.key != 0 {
			*l.place(slot.key) = slot.value
		}
	}
}

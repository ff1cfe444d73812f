package fair

import (
	"container/heap"
	"container/list"
)

// Cache is a map of a bounded number of entries, each with an owner. When it is full
// an entry of the owner that has the most goes, the one that was not used for longest:
// who floods it drives out what is his own. (Max-min fairness.)
type Cache[O, K comparable, V any] struct {
	limit   int
	clock   uint64 // counts uses
	entries map[K]*list.Element
	owners  map[O]*owner[O]
	heavy   byWeight[O]
}

type owner[O comparable] struct {
	name  O
	place int       // in heavy
	order list.List // of *entry, the last used first
	last  uint64    // when the oldest of them was used
}

type entry[O, K comparable, V any] struct {
	key   K
	value V
	owner *owner[O]
	used  uint64
}

// NewCache returns an empty cache for limit entries, and for one at least.
func NewCache[O, K comparable, V any](limit int) *Cache[O, K, V] {
	return &Cache[O, K, V]{limit: max(limit, 1), entries: map[K]*list.Element{}, owners: map[O]*owner[O]{}}
}

// Len returns the number of entries.
func (c *Cache[O, K, V]) Len() int { return len(c.entries) }

// Peek returns what is kept for a key, and does not count as a use.
func (c *Cache[O, K, V]) Peek(k K) (value V, ok bool) {
	e, ok := c.entries[k]
	if !ok {
		return value, false
	}
	return e.Value.(*entry[O, K, V]).value, true
}

// Get returns what is kept for a key, and counts as a use.
func (c *Cache[O, K, V]) Get(k K) (value V, ok bool) {
	e, ok := c.entries[k]
	if !ok {
		return value, false
	}
	v := e.Value.(*entry[O, K, V])
	c.use(v)
	v.owner.order.MoveToFront(e)
	c.weigh(v.owner)
	return v.value, true
}

// Put keeps a value. An entry keeps its first owner. When another entry went for it,
// full is true and forgotten its value.
func (c *Cache[O, K, V]) Put(who O, k K, value V) (forgotten V, full bool) {
	if e, ok := c.entries[k]; ok {
		e.Value.(*entry[O, K, V]).value = value
		c.Get(k)
		return forgotten, false
	}
	o := c.owners[who]
	if o == nil {
		o = &owner[O]{name: who}
		c.owners[who] = o
		heap.Push(&c.heavy, o)
	}
	v := &entry[O, K, V]{key: k, value: value, owner: o}
	c.use(v)
	c.entries[k] = o.order.PushFront(v)
	c.weigh(o)
	if full = len(c.entries) > c.limit; full {
		oldest := c.heavy[0].order.Back().Value.(*entry[O, K, V])
		forgotten = oldest.value
		c.Remove(oldest.key)
	}
	return forgotten, full
}

// Remove forgets an entry, if there is one.
func (c *Cache[O, K, V]) Remove(k K) {
	e, ok := c.entries[k]
	if !ok {
		return
	}
	o := e.Value.(*entry[O, K, V]).owner
	delete(c.entries, k)
	if o.order.Remove(e); o.order.Len() > 0 {
		c.weigh(o)
		return
	}
	heap.Remove(&c.heavy, o.place)
	delete(c.owners, o.name)
}

// All calls yield for each entry, in no order. Entries may be removed meanwhile.
func (c *Cache[O, K, V]) All(yield func(K, V) bool) {
	for k, e := range c.entries {
		if !yield(k, e.Value.(*entry[O, K, V]).value) {
			return
		}
	}
}

func (c *Cache[O, K, V]) use(v *entry[O, K, V]) {
	c.clock++
	v.used = c.clock
}

// weigh puts an owner in place whose entries have changed.
func (c *Cache[O, K, V]) weigh(o *owner[O]) {
	o.last = o.order.Back().Value.(*entry[O, K, V]).used
	heap.Fix(&c.heavy, o.place)
}

// byWeight has the owner of the most entries in front, and among equals the one that
// has the oldest.
type byWeight[O comparable] []*owner[O]

func (h byWeight[O]) Len() int { return len(h) }
func (h byWeight[O]) Less(i, j int) bool {
	a, b := h[i].order.Len(), h[j].order.Len()
	return a > b || a == b && h[i].last < h[j].last
}
func (h byWeight[O]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

// Push implements heap.Interface.
func (h *byWeight[O]) Push(x any) {
	o := x.(*owner[O])
	o.place = len(*h)
	*h = append(*h, o)
}

// Pop implements heap.Interface.
func (h *byWeight[O]) Pop() any {
	last := len(*h) - 1
	o := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return o
}

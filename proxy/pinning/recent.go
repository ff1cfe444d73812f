package pinning

import "container/list"

// recent is a map of bounded size; what was not used for longest goes first.
type recent[K comparable, V any] struct {
	limit   int
	order   list.List // of *item[K, V], the last used first
	entries map[K]*list.Element
}

type item[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](limit int) *recent[K, V] {
	return &recent[K, V]{limit: limit, entries: map[K]*list.Element{}}
}

// get returns what is kept for the key, and counts as a use.
func (r *recent[K, V]) get(k K) (value V, ok bool) {
	e := r.entries[k]
	if e == nil {
		return value, false
	}
	r.order.MoveToFront(e)
	return e.Value.(*item[K, V]).value, true
}

// put keeps a value. It tells whether another one was forgotten for it.
func (r *recent[K, V]) put(k K, value V) (full bool) {
	if e := r.entries[k]; e != nil {
		e.Value.(*item[K, V]).value = value
		r.order.MoveToFront(e)
		return false
	}
	if full = len(r.entries) >= r.limit; full {
		oldest := r.order.Back()
		r.order.Remove(oldest)
		delete(r.entries, oldest.Value.(*item[K, V]).key)
	}
	r.entries[k] = r.order.PushFront(&item[K, V]{k, value})
	return full
}

func (r *recent[K, V]) remove(k K) {
	if e := r.entries[k]; e != nil {
		r.order.Remove(e)
		delete(r.entries, k)
	}
}

// all calls yield for each, the last used first.
func (r *recent[K, V]) all(yield func(K, V) bool) {
	for e := r.order.Front(); e != nil; e = e.Next() {
		if i := e.Value.(*item[K, V]); !yield(i.key, i.value) {
			return
		}
	}
}

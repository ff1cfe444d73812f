package catalog

import (
	"slices"
	"strings"
)

// hostIndex finds the values of a host in time that depends on the labels of
// the host, not on the size of the index.
type hostIndex[V any] struct {
	exact map[string][]hostValue[V]
	below map[string][]hostValue[V] // suffixes and globs by the fixed labels at their right end
	port  map[uint16][]hostValue[V] // any host
}

type hostValue[V any] struct {
	pattern HostPattern
	value   V
}

func newHostIndex[V any]() *hostIndex[V] {
	return &hostIndex[V]{map[string][]hostValue[V]{}, map[string][]hostValue[V]{}, map[uint16][]hostValue[V]{}}
}

func (x *hostIndex[V]) add(p HostPattern, value V) {
	v := hostValue[V]{p, value}
	switch p.kind {
	case exactHost:
		x.exact[p.name] = append(x.exact[p.name], v)
	case anyHost:
		x.port[p.port] = append(x.port[p.port], v)
	default:
		x.below[p.fixedSuffix()] = append(x.below[p.fixedSuffix()], v)
	}
}

// sort orders the values of each key: globs before suffixes, then by compare.
func (x *hostIndex[V]) sort(compare func(a, b V) int) {
	order := func(a, b hostValue[V]) int {
		if a.pattern.kind != b.pattern.kind {
			return int(b.pattern.kind) - int(a.pattern.kind)
		}
		return compare(a.value, b.value)
	}
	for _, values := range x.exact {
		slices.SortStableFunc(values, order)
	}
	for _, values := range x.below {
		slices.SortStableFunc(values, order)
	}
	for _, values := range x.port {
		slices.SortStableFunc(values, order)
	}
}

// visit calls yield for the values of a normalised host until it returns false:
// the exact ones first, then from the longest suffix to the shortest, then
// those of any host.
func (x *hostIndex[V]) visit(host string, port uint16, yield func(V) bool) {
	if host == "" || len(host) > maxHostBytes {
		return
	}
	if !visitAll(x.exact[host], host, port, yield) {
		return
	}
	for i := strings.IndexByte(host, '.'); i >= 0; {
		if !visitAll(x.below[host[i+1:]], host, port, yield) {
			return
		}
		next := strings.IndexByte(host[i+1:], '.')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	visitAll(x.port[port], host, port, yield)
}

func visitAll[V any](values []hostValue[V], host string, port uint16, yield func(V) bool) bool {
	for i := range values {
		v := &values[i]
		if v.pattern.fitsPort(port) && v.pattern.matches(host) && !yield(v.value) {
			return false
		}
	}
	return true
}

// same returns the values that were added under exactly this pattern.
func (x *hostIndex[V]) same(p HostPattern) []V {
	var out []V
	for _, values := range [][]hostValue[V]{x.exact[p.name], x.below[p.fixedSuffix()], x.port[p.port]} {
		for _, v := range values {
			if v.pattern == p {
				out = append(out, v.value)
			}
		}
	}
	return out
}

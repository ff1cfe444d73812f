package classifier

// Objects repeat many of their values: kinds, states, cities, names. Short ones in which
// nothing was found are remembered with their keys, and not looked at again.

const (
	// longestQuiet bounds the values that are remembered, in bytes.
	longestQuiet = 24
	// quietSlots is how many there are, by their hash.
	quietSlots = 1 << 8
)

// quietKey is a value and the key it stands under.
type quietKey struct {
	text   [longestQuiet / 8]uint64
	length int
	named  *field
	member bool // named is that of a member, which has columns
	scan   uint32
}

func (k *quietKey) equals(o *quietKey) bool {
	return k.text[0] == o.text[0] && k.text[1] == o.text[1] && k.text[2] == o.text[2] && k.length == o.length && k.named == o.named && k.member == o.member && k.scan == o.scan
}

// quietKeyOf returns what a segment is remembered by, and where; nil for one that is
// not.
func (r *run) quietKeyOf(segment *Segment) (key quietKey, slot *quietKey) {
	n := len(segment.Text)
	if n > longestQuiet || segment.Table != nil {
		return key, nil
	}
	var text [longestQuiet]byte
	copy(text[:], segment.Text)
	key = quietKey{text: [3]uint64{eight(text[0:8]), eight(text[8:16]), eight(text[16:24])}, length: n, named: r.namedField, member: len(r.namedColumns) > 0, scan: r.forms.scan}
	h := mix(mix(key.text[0]^uint64(n), key.text[1]), key.text[2])
	if key.named != nil {
		h += key.named.seed
	}
	return key, &r.quiet[h>>32&(quietSlots-1)]
}

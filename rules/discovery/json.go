package discovery

import "bytes"

// Bounds on what is read of one body.
const (
	maxDepth  = 24
	maxPeek   = 4 << 10   // bytes, of which a text takes at most textCost
	maxReach  = 256 << 10 // bytes in all
	textCost  = 64
	maxFaults = 16 // bytes that do not belong there
	maxAlike  = 3  // objects in one array; the others are like them
	maxMixed  = 16 // elements of one array, which may be a record without names
	maxValues = 128
	skipCost  = 8 // of a byte of other elements
)

// kind is the kind of a value.
type kind uint8

const (
	kindObject kind = iota
	kindArray
	kindString
	kindNumber
	kindWord // true, false, null
)

// frame is an object or an array that was begun. An array, and what is in it,
// has the name of the member that it is the value of.
type frame struct {
	array    bool
	key      key
	elements uint8
	name     []byte
}

// jsonReader goes through JSON that may be cut anywhere, may have other bytes
// around it, and may be several values one after the other. It allocates nothing.
type jsonReader struct {
	b      []byte
	i      int
	budget int
	values int
	faults int
	depth  int // of frames
	frames [maxDepth]frame

	// The value that next came to: its kind, its name in the nearest object, and
	// the bytes of a text or a scalar as they stand there, without quotes.
	kind  kind
	key   key
	name  []byte
	value []byte

	named   bool // the name of a member was read, its value was not
	newName []byte
}

func (r *jsonReader) reset(b []byte) {
	*r = jsonReader{b: b[:min(len(b), maxReach)], budget: maxPeek}
}

// parent is the key of the object that the value is a member of, n objects up.
func (r *jsonReader) parent(n int) key {
	depth := r.depth
	if r.kind <= kindArray {
		depth-- // the value's own frame
	}
	for i := depth - 1; i >= 0; i-- {
		if r.frames[i].array {
			continue
		}
		if n == 0 {
			return r.frames[i].key
		}
		n--
	}
	return otherKey
}

// isElement tells whether the value is in an array, whose name it has.
func (r *jsonReader) isElement() bool {
	depth := r.depth
	if r.kind <= kindArray {
		depth--
	}
	return depth > 0 && r.frames[depth-1].array
}

// next goes to the next value and tells whether there is one.
func (r *jsonReader) next() bool {
	for r.i < len(r.b) && r.budget > 0 && r.faults < maxFaults && r.values < maxValues {
		c := r.b[r.i]
		r.i++
		r.budget--
		switch c {
		case ' ', '\t', '\n', '\r', ':', 0x1e:
		case ',':
			r.named = false
		case '{', '[':
			if r.isOneMore(c == '{') {
				r.skip()
			} else if r.open(c == '[') {
				return true
			}
		case '}', ']':
			r.depth = max(0, r.depth-1)
			r.named = false
		case '"':
			text := r.text()
			if r.inObject() && !r.named {
				r.named, r.newName = true, text
				continue
			}
			if !r.isOneMore(false) {
				r.set(kindString, text)
				return true
			}
		default:
			if !isScalar(c) {
				r.faults++
				continue
			}
			from := r.i - 1
			for r.i < len(r.b) && isScalar(r.b[r.i]) {
				r.i++
			}
			r.budget -= r.i - from
			if !r.isOneMore(false) {
				r.set(scalarKind(c), r.b[from:r.i])
				return true
			}
		}
	}
	return false
}

func (r *jsonReader) inObject() bool { return r.depth > 0 && !r.frames[r.depth-1].array }

// isOneMore counts an element of an array and tells whether there were enough.
func (r *jsonReader) isOneMore(object bool) bool {
	if r.depth == 0 || !r.frames[r.depth-1].array {
		return false
	}
	f := &r.frames[r.depth-1]
	f.elements = min(f.elements+1, maxMixed+1)
	return f.elements > maxMixed || object && f.elements > maxAlike
}

// skip goes behind the object or array that was begun.
func (r *jsonReader) skip() {
	cost := skipCost
	if r.frames[r.depth-1].key != otherKey { // it may be followed by what matters
		cost = 1
	}
	for open := 1; open > 0 && r.i < len(r.b) && r.budget > 0; r.budget -= cost {
		c := r.b[r.i]
		r.i++
		switch c {
		case '{', '[':
			open++
		case '}', ']':
			open--
		case '"':
			r.text()
		}
	}
}

// set makes a value the current one.
func (r *jsonReader) set(k kind, value []byte) {
	r.values++
	r.kind, r.value = k, value
	if r.inObject() && r.named {
		r.name, r.key = r.newName, keyOf(r.newName)
		r.named = false
	} else if r.depth > 0 {
		r.name, r.key = r.frames[r.depth-1].name, r.frames[r.depth-1].key
	} else {
		r.name, r.key = nil, otherKey
	}
}

// open begins an object or an array; what is too deep is not told.
func (r *jsonReader) open(array bool) bool {
	k := kindObject
	if array {
		k = kindArray
	}
	r.set(k, nil)
	if r.depth == maxDepth {
		r.budget = 0
		return false
	}
	r.frames[r.depth] = frame{array: array, key: r.key, name: r.name}
	r.depth++
	return true
}

// text reads to the closing quote, or to the end.
func (r *jsonReader) text() []byte {
	const short = 24
	from := r.i
	for near := r.b[from:min(from+short, len(r.b))]; r.i-from < len(near); r.i++ {
		switch near[r.i-from] {
		case '\\':
			r.i++
		case '"':
			text := r.b[from:r.i]
			r.i++
			r.budget -= len(text)
			return text
		}
	}
	r.budget -= textCost
	for r.i < len(r.b) {
		n := bytes.IndexByte(r.b[r.i:], '"')
		if n < 0 {
			break
		}
		r.i += n + 1
		if text := r.b[from : r.i-1]; !isEscaped(text) {
			return text
		}
	}
	r.i = len(r.b)
	return r.b[from:]
}

// isEscaped tells whether what follows text is escaped by a backslash.
func isEscaped(text []byte) bool {
	n := 0
	for n < len(text) && text[len(text)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

func isScalar(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E'
}

func scalarKind(c byte) kind {
	if 'a' <= c && c <= 'z' {
		return kindWord
	}
	return kindNumber
}

// isProse tells whether a text is written for people: several words, or letters
// beyond ASCII, and not an encoding of bytes.
func isProse(text []byte) bool {
	head := text[:min(len(text), 256)]
	if len(head) > 5 && string(head[:5]) == "data:" {
		return false
	}
	for i, c := range head {
		if c == ' ' || c >= 0x80 || c == 'u' && i > 0 && head[i-1] == '\\' {
			return true
		}
	}
	return false
}

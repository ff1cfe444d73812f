package classifier

// The classes of bytes that the scan tells apart.
const (
	byteOther  uint8 = 0
	byteLetter uint8 = 1 << iota // ASCII letter
	byteDigit
	byteAnchor // '@' or ':'
	byteTail   // continuation of a UTF-8 sequence
	byteLead   // start of a UTF-8 sequence
	byteWord   = byteLetter | byteDigit
	byteStop   = byteWord | byteAnchor | byteLead
)

var byteClass = func() (t [256]uint8) {
	for b := range t {
		switch {
		case b >= '0' && b <= '9':
			t[b] = byteDigit
		case b|0x20 >= 'a' && b|0x20 <= 'z' && b < 0x80:
			t[b] = byteLetter
		case b == '@' || b == ':':
			t[b] = byteAnchor
		case b >= 0xC0:
			t[b] = byteLead
		case b >= 0x80:
			t[b] = byteTail
		}
	}
	return t
}()

func isDigit(b byte) bool  { return b-'0' <= 9 }
func isLetter(b byte) bool { return (b|0x20)-'a' <= 'z'-'a' }
func isWord(b byte) bool   { return byteClass[b]&byteWord != 0 }

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) has(b byte) bool { return s[b>>6]>>(b&63)&1 != 0 }
func (s *byteSet) add(b byte)      { s[b>>6] |= 1 << (b & 63) }

// wordAt tells whether text has an ASCII letter or digit at i; outside of text there is none.
func wordAt(text []byte, i int) bool { return i >= 0 && i < len(text) && isWord(text[i]) }

// digitAt tells whether text has a digit at i.
func digitAt(text []byte, i int) bool { return i >= 0 && i < len(text) && isDigit(text[i]) }

func upper(b byte) byte {
	if b >= 'a' && b <= 'z' {
		return b - 0x20
	}
	return b
}

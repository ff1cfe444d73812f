package extract

import (
	"encoding/binary"
	"slices"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A legacy encoding is told by what the text would be: each candidate reads the
// bytes beyond ASCII and is given marks for each of them, up to likely for pairs
// of letters and characters as the languages have them.
const (
	likely     = 10
	impossible = -30 // a byte that the encoding does not have
)

const (
	// sampledBytes are looked at; more of them would say nothing new.
	sampledBytes = 4096
	// remembered bounds what the texts before say of the next one.
	remembered = 12 * likely
)

// candidate is a legacy encoding with what tells it.
type candidate struct {
	encoding encoding.Encoding
	// score returns the marks of all bytes together.
	score func(b []byte) int
	prior int // marks in advance, for the encodings that are met most
}

// candidates lists the encodings that are guessed at. It is never changed.
var candidates = [...]candidate{
	{charmap.Windows1252, newLatin(charmap.Windows1252, "éèàçùêâîôûëïüöäßñóíáúãõåøæœÉÈÀÇÊÂÔÛÜÖÄÑÓÍÁÚÅØÆ").score, 14},
	{charmap.Windows1251, newCodePage(charmap.Windows1251, cyrillicPairs).score, 4},
	{simplifiedchinese.GB18030, newWide(simplifiedchinese.GB18030, simplifiedChinese, 0xb0, 0xd7).score, 4},
	{charmap.Windows1256, newCodePage(charmap.Windows1256, arabicPairs).score, 2},
	{traditionalchinese.Big5, newWide(traditionalchinese.Big5, traditionalChinese, 0xa4, 0xc6).score, 2},
	{charmap.KOI8U, newCodePage(charmap.KOI8U, cyrillicPairs).score, 0},
	{japanese.ShiftJIS, newWide(japanese.ShiftJIS, japaneseFrequent, 0x88, 0x97).score, 0},
	{japanese.EUCJP, newWide(japanese.EUCJP, japaneseFrequent, 0xb0, 0xcf).score, 0},
	{korean.EUCKR, newWide(korean.EUCKR, koreanFrequent, 0xb0, 0xc8).score, 0},
	{charmap.Windows1250, newLatin(charmap.Windows1250, "ąćęłńóśźżáčďéěíňřšťúůýžőűöüăâîäôşţĄĆĘŁŃÓŚŹŻÁČÉŘŠŽÝÚ").score, 0},
	{charmap.Windows1254, newLatin(charmap.Windows1254, "ığşçöüİĞŞÇÖÜâî").score, 0},
	{charmap.CodePage866, newCodePage(charmap.CodePage866, cyrillicPairs).score, 0},
	{charmap.ISO8859_5, newCodePage(charmap.ISO8859_5, cyrillicPairs).score, 0},
	{charmap.ISO8859_6, newCodePage(charmap.ISO8859_6, arabicPairs).score, 0},
	{charmap.Windows1255, newCodePage(charmap.Windows1255, hebrewPairs).score, 0},
	{charmap.Windows1253, newCodePage(charmap.Windows1253, greekPairs).score, 0},
}

// evidence is what the texts of a body told of its encoding: one document hardly
// mixes them, and a form may have it in values of a few letters.
type evidence [len(candidates)]int

// guess names the legacy encoding of text that is not UTF-8; nil when it looks
// like none. marks is how sure that is, from 0 to likely.
func (e *evidence) guess(b []byte) (enc encoding.Encoding, marks int) {
	sample := sampleOf(b)
	high := 0
	for _, c := range sample {
		if c >= 0x80 {
			high++
		}
	}
	if high == 0 {
		return nil, 0
	}
	best, most := -1, 0
	var scores evidence
	for i := range candidates {
		scores[i] = candidates[i].score(sample)
		if total := scores[i] + e[i] + candidates[i].prior; best < 0 || total > most {
			best, most = i, total
		}
	}
	marks = scores[best] / high
	if most < 0 {
		return nil, marks
	}
	for i := range scores {
		e[i] = min(max(e[i]+scores[i], -remembered), remembered)
	}
	return candidates[best].encoding, marks
}

// sampleOf gathers the bytes beyond ASCII with those beside them; a blank stands
// for what is left out.
func sampleOf(b []byte) []byte {
	var sample []byte
	last := 0 // what was taken ends here
	for i := 0; i < len(b) && len(sample) < sampledBytes; {
		if i+8 <= len(b) && binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 == 0 {
			i += 8
			continue
		}
		if b[i] < 0x80 {
			i++
			continue
		}
		from := max(last, i-1)
		if from > last || len(sample) == 0 {
			sample = append(sample, ' ')
		}
		end := min(len(b), i+2)
		sample = append(sample, b[from:end]...)
		i, last = i+1, end
		for i < len(b) && i < last && b[i] < 0x80 {
			i++
		}
	}
	return sample
}

// codePage is an encoding in which each byte beyond ASCII may be a letter of an alphabet.
type codePage struct {
	letters [256]uint8 // the number of a letter in the alphabet, from 1
	capital [256]bool
	marks   [256]int8 // of what is no letter
	follow  [64]uint64
}

// newCodePage makes the tables of an encoding for an alphabet of at most 63
// letters, given as each letter with those that follow it.
func newCodePage(m *charmap.Charmap, pairs string) *codePage {
	p := &codePage{}
	numbers := map[rune]uint8{}
	number := func(r rune) uint8 {
		if numbers[r] == 0 {
			numbers[r] = uint8(len(numbers) + 1)
		}
		return numbers[r]
	}
	first := uint8(0)
	for _, r := range pairs {
		switch {
		case r == ' ':
			first = 0
		case first == 0:
			first = number(r)
		default:
			p.follow[first] |= 1 << number(r)
		}
	}
	for i := 0x80; i < 0x100; i++ {
		r := m.DecodeByte(byte(i))
		p.letters[i] = numbers[unicode.ToLower(r)]
		p.capital[i] = unicode.IsUpper(r)
		p.marks[i] = markOfOther(r)
	}
	return p
}

// markOfOther is the mark of a character that is no letter of the alphabet.
func markOfOther(r rune) int8 {
	const punctuation = "«»“”„‘’–—…•№\u00a0،؛؟©®€°·¿¡ªº§£²³½×"
	switch {
	case r == unicode.ReplacementChar:
		return impossible
	case slices.Contains([]rune(punctuation), r):
		return 2
	case unicode.Is(unicode.Mn, r), r == 0x200c, r == 0x200d, r == 0x200e, r == 0x200f, r == 'ـ':
		return 0
	default:
		return -likely
	}
}

func (p *codePage) score(b []byte) (marks int) {
	for i, c := range b {
		if c < 0x80 {
			continue
		}
		letter, before := p.letters[c], uint8(0)
		if i > 0 {
			before = p.letters[b[i-1]]
		}
		switch {
		case letter == 0:
			marks += int(p.marks[c])
		case before != 0 && p.capital[c] && !p.capital[b[i-1]]:
			marks -= likely
		case before != 0 && p.follow[before]>>letter&1 != 0:
			marks += likely
		case before != 0:
			marks -= 8
		case asciiLetterBeside(b, i):
			marks -= 8
		default:
			marks += 3
		}
	}
	return marks
}

func asciiLetterBeside(b []byte, i int) bool {
	return i > 0 && isASCIILetter(b[i-1]) || i+1 < len(b) && isASCIILetter(b[i+1])
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// latin is an encoding of languages whose letters are ASCII for the most part.
type latin struct {
	letter [256]bool
	marks  [256]int8 // of what is none of the letters
}

func newLatin(m *charmap.Charmap, letters string) *latin {
	p := &latin{}
	for i := 0x80; i < 0x100; i++ {
		r := m.DecodeByte(byte(i))
		p.letter[i] = slices.Contains([]rune(letters), r)
		if p.marks[i] = markOfOther(r); p.marks[i] == -likely && unicode.IsLetter(r) {
			p.marks[i] = -6
		}
	}
	return p
}

func (p *latin) score(b []byte) (marks int) {
	run := 0 // letters beyond ASCII in a row
	for i, c := range b {
		if c < 0x80 {
			run = 0
			continue
		}
		if !p.letter[c] {
			run = 0
			marks += int(p.marks[c])
			if p.marks[c] < 0 && asciiLetterBeside(b, i) {
				marks -= likely / 2
			}
			continue
		}
		switch run++; {
		case run > 2:
			marks -= 8
		case run == 2:
			marks -= 2
		case asciiLetterBeside(b, i):
			marks += likely
		default:
			marks++
		}
	}
	return marks
}

// wide is an encoding of two bytes for a character.
type wide struct {
	frequent    [1 << 10]uint64 // by both bytes
	first, last byte            // the lead bytes of common characters
	fourBytes   bool            // a second byte that is a digit begins two more
	half        bool            // the bytes A1 to DF are characters of their own
}

func newWide(enc encoding.Encoding, frequent string, first, last byte) *wide {
	w := &wide{first: first, last: last, fourBytes: enc == simplifiedchinese.GB18030, half: enc == japanese.ShiftJIS}
	for _, r := range frequent {
		// Punctuation of one language may be missing in the set of another.
		if b, err := enc.NewEncoder().Bytes([]byte(string(r))); err == nil && len(b) == 2 {
			code := uint(b[0])<<8 | uint(b[1])
			w.frequent[code>>6] |= 1 << (code & 63)
		}
	}
	return w
}

func (w *wide) score(b []byte) (marks int) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		if w.half && lead >= 0xa1 && lead <= 0xdf {
			continue
		}
		if i+1 == len(b) {
			break
		}
		trail := b[i+1]
		code := uint(lead)<<8 | uint(trail)
		switch {
		case w.frequent[code>>6]>>(code&63)&1 != 0:
			marks += 2 * likely
		case lead == 0x80, lead == 0xff, trail == 0x7f, trail == 0xff, trail < 0x40 && !(w.fourBytes && trail-'0' <= 9):
			marks += impossible
			continue
		case lead >= w.first && lead <= w.last && trail >= 0x80, !w.half && lead >= 0xa1 && lead <= 0xa3:
			marks += 4
		case lead >= w.first && lead <= w.last:
			marks -= 2 // half of the characters have such a second byte only in some encodings
		case lead < w.first:
			marks -= 3
		default:
			marks -= 8
		}
		if i++; trail < 0x40 {
			i += 2
		}
	}
	return marks
}

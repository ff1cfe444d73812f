package detect

import "bytes"

// assignment is a value that follows its name, as code, configuration files,
// command lines and letters write it.
type assignment struct {
	from, to int // of the value
	quoted   bool
	prose    bool // nothing but a word or a blank stands between
}

// The bounds of what is read of an assignment.
const (
	longestBlank    = 4   // between name, sign and value
	longestSuffix   = 40  // of a name, after the word that it was found by
	longestAssigned = 160 // of a value
)

var nameBytes = classOf("_-.")

// nameEnd returns the end of the name that goes on at i, such as "_PROD" of
// "PASSWORD_PROD".
func nameEnd(text []byte, i int) int {
	end := nameBytes.run(text, i, longestSuffix)
	for end > i && !word(text[end-1]) {
		end--
	}
	return end
}

// nameStart returns where the name that goes on at i began, such as the "DB_" of
// "DB_PASSWORD".
func nameStart(text []byte, i int) int {
	start := i
	for start > 0 && i-start < longestSuffix && nameBytes[text[start-1]] {
		start--
	}
	return start
}

// assigned reads what is assigned to the name that ends at i.
func assigned(text []byte, name, i int) (a assignment, ok bool) {
	i = skipQuote(text, i)
	if at(text, i) == ']' {
		i++
	}
	blanks := skipBlanks(text, i)
	switch next, ok := sign(text, blanks); {
	case ok:
		i = next
	case blanks > i && bytes.HasPrefix(text[max(0, name-2):name], []byte("--")):
		i = blanks // a command line: --password value
	default:
		if i, a.prose = copula(text, blanks); !a.prose {
			return a, false
		}
	}
	i = skipBlanks(text, i)
	for at(text, i) == '\\' {
		i++ // a quoted quote
	}
	if q := at(text, i); q == '"' || q == '\'' || q == '`' {
		a.quoted = true
		a.from, a.to = i+1, quotedEnd(text, i+1, q)
	} else {
		a.from, a.to = i, bareEnd(text, i)
	}
	return a, a.to > a.from
}

func skipQuote(text []byte, i int) int {
	for at(text, i) == '\\' {
		i++
	}
	if q := at(text, i); q == '"' || q == '\'' || q == '`' {
		i++
	}
	return i
}

func skipBlanks(text []byte, i int) int {
	for end := i + longestBlank; i < end && (at(text, i) == ' ' || at(text, i) == '\t'); i++ {
	}
	return i
}

// sign reads what assigns: = : := => ?= and the full-width colon.
func sign(text []byte, i int) (int, bool) {
	switch b := at(text, i); b {
	case ':', '=':
		i++
		if next := at(text, i); b == ':' && next == '=' || b == '=' && next == '>' {
			i++
		} else if next == '=' || next == ':' {
			return i, false // a comparison, a qualified name
		}
		return i, true
	case '>':
		return i + 1, true
	case 0xEF:
		return i + 3, bytes.HasPrefix(text[i:], []byte("："))
	}
	return i, false
}

// copulas are the words that say in prose what a password is.
var copulas = [][]byte{
	[]byte("is "), []byte("is: "), []byte("ist "), []byte("lautet "), []byte("es "), []byte("est "), []byte("é "), []byte("- "), []byte("это "), []byte("هي "), []byte("هو "),
	[]byte("是"), []byte("为"), []byte("為"),
}

func copula(text []byte, i int) (int, bool) {
	for _, word := range copulas {
		if bytes.HasPrefix(text[i:], word) {
			return i + len(word), true
		}
	}
	return i, false
}

// quotedEnd returns the end of a quoted value; from when the quotes do not close.
func quotedEnd(text []byte, from int, quote byte) int {
	for i := from; i < len(text) && i-from <= longestAssigned; i++ {
		switch text[i] {
		case quote:
			for i > from && text[i-1] == '\\' {
				i--
			}
			return i
		case '\n':
			return from
		}
	}
	return from
}

// valueEnds are the bytes that end a value without quotes.
var valueEnds = func() *class {
	c := new(class)
	for b := range c {
		c[b] = b <= ' ' || b >= 0xE2
	}
	for _, b := range []byte("\"'`,;<>|\\)}]") {
		c[b] = true
	}
	return c
}()

// bareEnd returns the end of a value without quotes: a word of code or prose.
func bareEnd(text []byte, from int) int {
	i := from
	for ; i < len(text) && i-from < longestAssigned; i++ {
		if valueEnds[text[i]] {
			break
		}
	}
	for i > from && (text[i-1] == '.' || text[i-1] == ':' || text[i-1] == '?') {
		i--
	}
	return i
}

package recording

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text is a JSON string as bytes; null is "", as some recorders write. What Python
// could not decode it writes as \udc80 to \udcff, one for each byte (PEP 383):
// these are the bytes again.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = ""
	if string(data) == "null" {
		return nil
	}
	if len(data) < 2 || data[0] != '"' {
		return &json.UnmarshalTypeError{Value: kindOf(data)}
	}
	if !strings.Contains(string(data), `\ud`) && !strings.Contains(string(data), `\uD`) {
		return json.Unmarshal(data, (*string)(t))
	}
	*t = text(unescape(data[1 : len(data)-1]))
	return nil
}

// unescape undoes the escapes of a JSON string, which is known to be valid.
func unescape(s []byte) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'u':
			r, size := codeUnit(s[i+1:])
			i += size
			if r >= 0xdc80 && r <= 0xdcff {
				out = append(out, byte(r-0xdc00))
			} else {
				out = utf8.AppendRune(out, r)
			}
		case 'b', 'f', 'n', 'r', 't':
			out = append(out, "\b\f\n\r\t"[strings.IndexByte("bfnrt", s[i])])
		default:
			out = append(out, s[i])
		}
	}
	return out
}

// codeUnit reads the digits behind \u, and those of the second of a pair. A lone
// surrogate is returned as it is.
func codeUnit(s []byte) (r rune, size int) {
	first := hex(s)
	if utf16.IsSurrogate(first) && len(s) >= 10 && s[4] == '\\' && s[5] == 'u' {
		if pair := utf16.DecodeRune(first, hex(s[6:])); pair != utf8.RuneError {
			return pair, 10
		}
	}
	return first, 4
}

func hex(s []byte) rune {
	if len(s) < 4 {
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(string(s[:4]), 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// number is a JSON number, as a string or not; -1 for what is none.
type number int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(data []byte) error {
	value, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	if err != nil || value != value || value < -1 || value > 1<<53 {
		value = -1
	}
	*n = number(value)
	return nil
}

// kindOf names the kind of a JSON value.
func kindOf(data []byte) string {
	switch {
	case len(data) == 0:
		return "value"
	case data[0] == '{':
		return "object"
	case data[0] == '[':
		return "array"
	case data[0] == '"':
		return "string"
	case data[0] == 't', data[0] == 'f':
		return "boolean"
	}
	return "number"
}

// wrongKind says what stands where something else belongs, without its value.
// whole names what was read.
func wrongKind(e *json.UnmarshalTypeError, whole string) string {
	kind, _, _ := strings.Cut(e.Value, " ") // "number 1.5"
	return cmp.Or(e.Field, whole) + " is a JSON " + kind
}

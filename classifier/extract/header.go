package extract

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// parseHeader reads a header value with parameters, as leniently as browsers
// and servers do: a value; name=token; name="quoted"; name*=utf-8'en'escaped.
// Parameter names are in lower case. params is nil when there are none.
// Sources: RFC 9110 section 5.6.6, RFC 8187.
func parseHeader(header string) (value string, params map[string]string) {
	value, rest, _ := strings.Cut(header, ";")
	for rest != "" {
		var name, text string
		name, rest, _ = strings.Cut(rest, "=")
		if i := strings.LastIndexByte(name, ';'); i >= 0 {
			name = name[i+1:] // a parameter without a value stood before
		}
		text, rest = parameterValue(rest)
		name = strings.ToLower(strings.TrimSpace(name))
		if plain, extended := strings.CutSuffix(name, "*"); extended {
			if decoded, ok := extendedValue(text); ok {
				name, text = plain, decoded
			}
		} else if _, taken := params[name]; taken {
			continue // the extended form wins, whichever comes first
		}
		if params == nil {
			params = make(map[string]string, 2)
		}
		if len(params) < 16 {
			params[name] = text
		}
	}
	return strings.TrimSpace(value), params
}

// parameterValue reads a token or a quoted string and skips the semicolon behind it.
func parameterValue(s string) (value, rest string) {
	s = strings.TrimLeft(s, " \t")
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		return strings.TrimSpace(value), rest
	}
	var b strings.Builder
	i := 1
	for ; i < len(s) && s[i] != '"'; i++ {
		// Browsers leave the backslashes of Windows paths alone.
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
		}
		b.WriteByte(s[i])
	}
	_, rest, _ = strings.Cut(s[min(i, len(s)):], ";")
	return b.String(), rest
}

// extendedValue decodes charset'language'percent-escaped.
func extendedValue(s string) (string, bool) {
	charset, rest, ok := strings.Cut(s, "'")
	if !ok {
		return "", false
	}
	_, escaped, ok := strings.Cut(rest, "'")
	if !ok {
		return "", false
	}
	e := newExtractor(Input{}, Limits{})
	text := e.percentDecode([]byte(escaped), false)
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return "", false
	}
	if decoded, err := enc.NewDecoder().Bytes(text); err == nil && enc != encoding.Replacement {
		text = decoded
	}
	return string(bytes.ToValidUTF8(text, []byte("\ufffd"))), true
}

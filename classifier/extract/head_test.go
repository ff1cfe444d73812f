package extract_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"unicode/utf16"

	"daylight.internal/classifier/extract"
)

func TestHeadIsTheBeginningWithoutItsCoding(t *testing.T) {
	text := `{"a":"` + strings.Repeat("some text ", 900) + `"}`
	var packed, bomb bytes.Buffer
	for b, s := range map[*bytes.Buffer]string{&packed: text, &bomb: strings.Repeat("0", 64<<20)} {
		w := gzip.NewWriter(b)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
	}
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for _, c := range []struct {
		name, encoding string
		body           []byte
		want           string
	}{
		{"plain", "", []byte(text), text[:1000]},
		{"packed", "gzip", packed.Bytes(), text[:1000]},
		{"packed and cut", "gzip", packed.Bytes()[:packed.Len()-6], text[:1000]},
		{"a bomb", "gzip", bomb.Bytes(), strings.Repeat("0", 1000)},
		{"in UTF-16", "", wide, text[:499]},
		{"an unknown coding", "rot13", []byte("abc"), "abc"},
		{"not packed at all", "gzip", []byte("abc"), "abc"},
		{"empty", "gzip", nil, ""},
	} {
		if got := string(extract.Head(c.body, c.encoding, 1000)); got != c.want {
			t.Errorf("%s: %d bytes, want %d: %.40q", c.name, len(got), len(c.want), got)
		}
	}
}

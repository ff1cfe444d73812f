package extract

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// minBase64 is the length from which a string of base64's alphabet is decoded.
const minBase64 = 64

// maxToken is the decoded length up to which base64 that decodes to no known
// format is taken for a token; beyond it, it is a file that was not read.
const maxToken = 4096

// value reads a string: as what it encodes, if it encodes something, else as text.
func (e *extractor) value(s []byte, at classifier.Location, field string, depth int) {
	if len(s) == 0 {
		return
	}
	switch s[0] {
	case '{', '[', ' ', '\n', '\r', '\t':
		if e.nestedJSON(s, at, field, depth) {
			return
		}
	case 'd', 'D':
		if e.dataURI(s, at, field, depth) {
			return
		}
	}
	if len(s) >= minBase64 && e.base64(s, hint{}, at, field, depth) {
		return
	}
	e.text(s, at, field, depth)
}

// dataURI reads a string that is a data: URI as a whole.
// Source: RFC 2397.
func (e *extractor) dataURI(s []byte, at classifier.Location, field string, depth int) bool {
	if len(s) < 6 || !bytes.EqualFold(s[:5], []byte("data:")) {
		return false
	}
	comma := bytes.IndexByte(s[:min(len(s), 256)], ',')
	if comma < 0 || bytes.IndexByte(s[:comma], ' ') >= 0 {
		return false
	}
	head, isBase64 := bytes.CutSuffix(s[5:comma], []byte(";base64"))
	h := newHint(string(head), "")
	if isBase64 {
		return e.base64(s[comma+1:], h, at, field, depth)
	}
	p := place{e.locate(at), field, depth + 1}
	e.content(e.percentDecode(s[comma+1:], false), h, p)
	return true
}

// base64 reads a string that is base64 as a whole, and tells whether nothing is
// left to read in it.
func (e *extractor) base64(s []byte, h hint, at classifier.Location, field string, depth int) bool {
	encoding := base64Encoding(s)
	if encoding == nil {
		return false
	}
	var head [48]byte
	n, _ := encoding.Decode(head[:], firstQuads(s))
	if mediaType := sniffBinary(head[:n], hint{}); isUnread(mediaType) {
		e.skip(classifier.Undecodable, unreadReason(mediaType), len(s))
		return true
	}
	decoded := e.decodeBase64(s, encoding)
	if sniffBinary(decoded, h) == "" && !e.isText(decoded) && !e.isLegacyText(decoded) {
		if len(decoded) > maxToken {
			e.skip(classifier.Undecodable, "binary", len(s))
		}
		return false // a key or token, perhaps: the letters themselves are text
	}
	if depth+1 > e.limits.Depth {
		e.skip(classifier.Truncated, "over_depth", len(s))
		return false
	}
	inner := e.locate(classifier.Location{Parent: e.locate(at), Stage: classifier.StageBase64})
	e.content(decoded, h, place{inner, field, depth + 1})
	return true
}

// isText tells whether decoded bytes, which may be anything, are text.
func (e *extractor) isText(b []byte) bool {
	if isWideUnicode(b) {
		return true
	}
	return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 && !hasControls(b[:min(len(b), 4096)])
}

// isUnread tells whether a format is known and not read.
func isUnread(mediaType string) bool {
	switch mediaType {
	case "", multipartType, connectType, gzipType, zstdType:
		return false
	default:
		return true
	}
}

// decodeBase64 decodes s as far as the limit on decoded bytes goes.
func (e *extractor) decodeBase64(s []byte, encoding *base64.Encoding) []byte {
	room := min(max(e.limits.DecodedBytes-e.decoded, 0), e.left())
	if size := int64(encoding.DecodedLen(len(s))); size > room {
		n := int(room/3) * 4
		e.skip(classifier.Truncated, "over_limit", len(s)-n)
		s = s[:n]
	}
	out := make([]byte, encoding.DecodedLen(len(s)))
	n, _ := encoding.Decode(out, s) // the alphabet was checked; a bad end costs three bytes
	e.decoded += int64(n)
	return out[:n]
}

// firstQuads is the beginning of s, for a look at what it decodes to.
func firstQuads(s []byte) []byte {
	if i := bytes.IndexAny(s[:min(len(s), 64)], "\r\n"); i >= 0 {
		return s[:i&^3]
	}
	return s[:min(len(s), 64)&^3]
}

// base64Encoding tells which kind of base64 all of s is: standard or for URLs,
// padded or not; nil when it is none.
// Source: RFC 4648.
func base64Encoding(s []byte) *base64.Encoding {
	body := bytes.TrimRight(s, "=\r\n")
	padding := bytes.Count(s[len(body):], []byte{'='})
	if padding > 2 || len(body) < 16 {
		return nil
	}
	var standard, forURLs bool
	breaks := 0
	for _, c := range body {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c-'0' <= 9:
		case c == '+' || c == '/':
			standard = true
		case c == '-' || c == '_':
			forURLs = true
		case c == '\r' || c == '\n':
			breaks++
		default:
			return nil
		}
	}
	size := len(body) - breaks
	if standard && forURLs || size%4 == 1 || padding > 0 && (size+padding)%4 != 0 || breaks > 2+size/32 {
		return nil
	}
	switch {
	case forURLs && padding > 0:
		return base64.URLEncoding
	case forURLs:
		return base64.RawURLEncoding
	case padding > 0 || size%4 == 0:
		return base64.StdEncoding
	default:
		return base64.RawStdEncoding
	}
}

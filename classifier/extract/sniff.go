package extract

import (
	"bytes"
	"cmp"
	"strings"
	"unicode/utf8"
)

// The media types that are told apart here.
const (
	octetStream   = "application/octet-stream"
	jsonType      = "application/json"
	linesType     = "application/x-ndjson"
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"
	connectType   = "application/connect"
	htmlType      = "text/html"
	xmlType       = "application/xml"
	plainType     = "text/plain"
	csvType       = "text/csv"
	tsvType       = "text/tab-separated-values"
	gzipType      = "application/gzip"
	zstdType      = "application/zstd"
	zipType       = "application/zip"
)

// Sniff names the media type that the bytes themselves show, such as
// "application/json" or "image/png"; "application/octet-stream" for bytes that
// are neither text nor a format it knows.
func Sniff(body []byte) string {
	if mediaType := sniffBinary(body, hint{}); mediaType != "" {
		return mediaType
	}
	e := &extractor{limits: Limits{}.withDefaults()}
	text, ok := e.toUTF8(body[:min(len(body), 64<<10)], "")
	if !ok {
		return octetStream
	}
	mediaType := sniffText(text, hint{})
	if mediaType == plainType {
		mediaType = cmp.Or(tableType(text), plainType)
	}
	return mediaType
}

// signature is how a file format begins.
type signature struct {
	offset    int
	magic     string
	mediaType string
}

// signatures lists the formats met in uploads, the more specific first. Source:
// https://mimesniff.spec.whatwg.org/ and the formats' own specifications.
// It is never changed.
var signatures = [...]signature{
	{0, "\x89PNG\r\n\x1a\n", "image/png"},
	{0, "\xff\xd8\xff", "image/jpeg"},
	{0, "GIF87a", "image/gif"},
	{0, "GIF89a", "image/gif"},
	{8, "WEBP", "image/webp"},
	{0, "II*\x00", "image/tiff"},
	{0, "MM\x00*", "image/tiff"},
	{0, "8BPS\x00", "image/vnd.adobe.photoshop"},
	{0, "\x00\x00\x01\x00", "image/vnd.microsoft.icon"},
	{4, "ftypheic", "image/heic"},
	{4, "ftypheix", "image/heic"},
	{4, "ftypmif1", "image/heif"},
	{4, "ftypavif", "image/avif"},
	{4, "ftypM4A ", "audio/mp4"},
	{4, "ftyp", "video/mp4"},
	{8, "WAVEfmt", "audio/wav"},
	{8, "AVI LIST", "video/x-msvideo"},
	{0, "\x1aE\xdf\xa3", "video/webm"},
	{0, "OggS\x00", "audio/ogg"},
	{0, "fLaC\x00", "audio/flac"},
	{0, "ID3\x02", "audio/mpeg"},
	{0, "ID3\x03", "audio/mpeg"},
	{0, "ID3\x04", "audio/mpeg"},
	{0, "\xff\xfb", "audio/mpeg"},
	{0, "\xff\xf3", "audio/mpeg"},
	{0, "\xff\xf1", "audio/aac"},
	{0, "\xff\xf9", "audio/aac"},
	{0, "#!AMR", "audio/amr"},
	{0, "%PDF-", "application/pdf"},
	{0, "PK\x03\x04", zipType},
	{0, "PK\x05\x06", zipType},
	{0, "\x1f\x8b\x08", gzipType},
	{0, "\x28\xb5\x2f\xfd", zstdType},
	{0, "Rar!\x1a\x07", "application/vnd.rar"},
	{0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
	{0, "\xfd7zXZ\x00", "application/x-xz"},
	{4, "1AY&SY", "application/x-bzip2"},
	{257, "ustar", "application/x-tar"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"},
	{0, "{\\rtf", "application/rtf"},
	{0, "wOFF", "font/woff"},
	{0, "wOF2", "font/woff2"},
}

// matches tells whether b begins as the format does. Behind its beginning a text
// can have the letters of a signature too: there they count only amid bytes that no text has.
func (s *signature) matches(b []byte) bool {
	if len(b) < s.offset+len(s.magic) || string(b[s.offset:s.offset+len(s.magic)]) != s.magic {
		return false
	}
	head := trimPartialRune(b[:min(len(b), 512)])
	return s.offset == 0 || !utf8.Valid(head) || bytes.IndexByte(head, 0) >= 0
}

// sniffBinary names the format of bytes that are not text as a whole; "" when
// none is recognised.
func sniffBinary(b []byte, h hint) string {
	if len(b) < 4 {
		return ""
	}
	if isEnvelopeType(h.mediaType) && beginsEnvelope(b) {
		return connectType
	}
	// Text of every language and encoding begins with bytes that no signature
	// does, except for a handful.
	for i := range signatures {
		if s := &signatures[i]; s.matches(b) {
			if s.mediaType == zipType {
				return zipContent(b)
			}
			return s.mediaType
		}
	}
	if boundaryOf(b, h) != "" {
		return multipartType
	}
	if isConnect(b) {
		return connectType
	}
	return ""
}

// zipContent tells office documents from other archives by the names of their
// first entries.
func zipContent(b []byte) string {
	head := b[:min(len(b), 4096)]
	const openDocument = "mimetypeapplication/vnd.oasis.opendocument."
	switch {
	case bytes.Contains(head, []byte("[Content_Types].xml")), bytes.Contains(head, []byte("_rels/.rels")):
		return "application/vnd.openxmlformats-officedocument"
	case bytes.Contains(head, []byte(openDocument)):
		return "application/vnd.oasis.opendocument"
	default:
		return zipType
	}
}

// unreadReason is the word of the coverage for a format that is not read.
func unreadReason(mediaType string) string {
	kind, rest, _ := strings.Cut(mediaType, "/")
	switch {
	case kind == "image", kind == "audio", kind == "video", kind == "font":
		return kind
	case rest == "pdf":
		return "pdf"
	case rest == "rtf", rest == "x-ole-storage", strings.Contains(rest, "document"):
		return "office_document"
	case mediaType == octetStream:
		return "binary"
	default:
		return "archive"
	}
}

// sniffText names the kind of a text.
func sniffText(b []byte, h hint) string {
	b = bytes.TrimLeft(trimScriptGuard(b), " \t\r\n\x1e")
	if len(b) == 0 {
		return plainType
	}
	switch b[0] {
	case '{', '[':
		if looksJSON(b) {
			if isLineDelimited(b) {
				return linesType
			}
			return jsonType
		}
	case '"':
		if h.mediaType == jsonType {
			return jsonType
		}
	case '<':
		if mediaType := sniffMarkup(b, h); mediaType != "" {
			return mediaType
		}
	}
	if looksForm(b, h) && base64Encoding(b) == nil { // the equals signs behind base64 part no names from values
		return formType
	}
	return plainType
}

// looksJSON tells whether what follows the opening bracket can follow it.
func looksJSON(b []byte) bool {
	next := bytes.TrimLeft(b[1:], " \t\r\n")
	if len(next) == 0 {
		return true
	}
	if b[0] == '{' {
		return next[0] == '"' || next[0] == '}'
	}
	return strings.IndexByte("{[]\"-0123456789tfn", next[0]) >= 0
}

// isLineDelimited tells whether the first line is a whole value and the next
// begins another. Within one value no object can follow another without a comma.
func isLineDelimited(b []byte) bool {
	first, rest, found := bytes.Cut(b, []byte{'\n'})
	first, rest = bytes.TrimRight(first, " \t\r\x1e"), bytes.TrimLeft(rest, " \t\r\n\x1e")
	if !found || len(rest) == 0 || rest[0] != b[0] {
		return false
	}
	return first[len(first)-1] == b[0]+2 // in ASCII '}' is '{'+2 and ']' is '['+2
}

func sniffMarkup(b []byte, h hint) string {
	head := strings.ToLower(string(b[:min(len(b), 16)]))
	switch {
	case strings.HasPrefix(head, "<!doctype html"), strings.HasPrefix(head, "<html"):
		return htmlType
	case strings.HasPrefix(head, "<?xml"), strings.HasPrefix(head, "<svg"):
		return xmlType
	case h.mediaType == htmlType, h.mediaType == "application/xhtml+xml":
		return htmlType
	case strings.HasSuffix(h.mediaType, "/xml"), strings.HasSuffix(h.mediaType, "+xml"):
		return xmlType
	default:
		return ""
	}
}

// trimScriptGuard drops the prefixes that keep JSON from running as a script.
func trimScriptGuard(b []byte) []byte {
	for _, guard := range [...]string{")]}'", "while(1);", "for(;;);"} {
		if rest, found := bytes.CutPrefix(b, []byte(guard)); found {
			return bytes.TrimPrefix(rest, []byte{','})
		}
	}
	return b
}

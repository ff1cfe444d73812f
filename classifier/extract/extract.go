// Package extract turns a request body into segments of UTF-8 text with the
// place where each sits. It looks at the bytes first: headers lie.
//
// It never fails. What it cannot read becomes the document's coverage, with a
// reason, and what was read until then is kept.
package extract

import "daylight.internal/classifier"

// Input is what is known of one body.
type Input struct {
	MediaType string // the Content-Type header as sent; it may lie or be empty
	Encoding  string // the Content-Encoding header as sent, such as "br, gzip"
	Filename  string // of a file or of the request; may be ""
	Body      []byte
	Truncated bool   // Body is only the beginning
	Query     string // raw query of the URL
	Path      string // decoded path of the URL
}

// Limits bound what one body may cost. Zero or less means the default.
type Limits struct {
	DecodedBytes int64 // total after decompression and base64; 64 MiB
	Ratio        int64 // decoded to encoded bytes of one compression; 100
	Depth        int   // formats nested in each other: parts, JSON in strings, base64; 4
	JSONDepth    int   // nesting of arrays and objects; 512
	Segments     int   // 500,000
	Cells        int   // of all tables together; 4 << 20
}

// Body extracts the text of a body. Segments may alias in.Body, which must not
// change while they are in use. It never panics.
func Body(in Input, limits Limits) classifier.Document {
	return classifier.Document{}
}

// Sniff names the media type that the bytes themselves show, such as
// "application/json" or "image/png"; "application/octet-stream" for bytes that
// are neither text nor a format it knows.
func Sniff(body []byte) string { return "" }

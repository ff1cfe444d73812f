package extract

import "daylight.internal/classifier"

// Head returns the beginning of a body as UTF-8, without its content coding,
// limit bytes of it at most; encoding is the Content-Encoding header as sent. What
// cannot be decoded comes back as it is. It may alias body and never panics.
func Head(body []byte, encoding string, limit int) (head []byte) {
	body = body[:min(len(body), limit)]
	if encoding == "" && !isWide(body) {
		return body
	}
	e := newExtractor(Input{Truncated: true}, Limits{DecodedBytes: int64(limit)})
	e.guard(Input{Body: body}, func(in Input) classifier.Document {
		head, _ = e.decompress(in.Body, encoding)
		if text, ok := e.toUTF8(head, ""); ok {
			head = text
		}
		return classifier.Document{}
	})
	return head[:min(len(head), limit)]
}

// isWide tells whether a text begins with a mark, or with a zero byte as those of
// two or four bytes a letter do.
func isWide(b []byte) bool {
	return len(b) >= 2 && (b[0] == 0 || b[1] == 0 || b[0] >= 0xfe)
}

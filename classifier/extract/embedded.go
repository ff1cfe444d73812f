package extract

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// embedded reads the base64 amid a text, such as the pictures of a Markdown
// document, the parts of a mail or a Kubernetes secret. The text itself keeps it.
func (e *extractor) embedded(s []byte, at classifier.Location, field string, depth int) {
	for from := 0; ; {
		start, end := nextRun(s, from)
		if start == end {
			return
		}
		e.base64Run(s, start, end, at, field, depth)
		from = end
	}
}

// nextRun finds the next run of at least minBase64 letters of base64 from from on,
// with the line breaks of mails; start is end when there is none. Only every
// minBase64th byte is looked at until one is such a letter, with others around.
func nextRun(s []byte, from int) (start, end int) {
	for i := from + minBase64 - 1; i < len(s); {
		if !base64Letters[s[i]] {
			i += minBase64
			continue
		}
		start, end = i, i+1
		for start > from && base64Letters[s[start-1]] {
			start--
		}
		for end < len(s) && base64Letters[s[end]] {
			end++
		}
		if end-start >= minBase64 {
			return start, furtherLines(s, start, end)
		}
		from, i = end, end+minBase64-1
	}
	return len(s), len(s)
}

// furtherLines extends a run that a line ends over the lines behind it.
func furtherLines(s []byte, start, end int) int {
	for width := end - start; ; {
		next := end
		if next < len(s) && s[next] == '\r' {
			next++
		}
		if next >= len(s) || s[next] != '\n' {
			return end
		}
		next++
		line := next
		for line < len(s) && line-next <= width && base64Letters[s[line]] {
			line++
		}
		if size := line - next; size == 0 || size > width || line < len(s) && s[line] != '\r' && s[line] != '\n' && s[line] != '=' {
			return end
		} else if size < width { // the last line is shorter
			return line
		}
		end = line
	}
}

// base64Letters are those of both alphabets of RFC 4648, without the padding.
var base64Letters = func() (letters [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
		letters[c] = true
	}
	return letters
}()

// base64Run reads the run s[start:end], which may be base64. What stands in front
// of it, such as a path or a name, may have put it out of step.
func (e *extractor) base64Run(s []byte, start, end int, at classifier.Location, field string, depth int) {
	run := s[start:end]
	if bytes.HasSuffix(s[:start], []byte(";base64,")) { // a data: URI
		e.base64(wholeQuads(run), hint{}, at, field, depth)
		return
	}
	for skip := range 4 {
		if before, ok := textWithin(run[skip:]); ok {
			e.base64(wholeQuads(run[skip+before:]), hint{}, at, field, depth)
			return
		}
	}
	if run = wholeQuads(run); e.looksEncoded(run) {
		e.base64(run, hint{}, at, field, depth)
	}
}

// wholeQuads drops a last letter that cannot be one of base64.
func wholeQuads(run []byte) []byte {
	if letters := len(run) - bytes.Count(run, []byte{'\n'}) - bytes.Count(run, []byte{'\r'}); letters%4 == 1 {
		return run[:len(run)-1]
	}
	return run
}

// decodeHead decodes the beginning of a run.
func decodeHead(run []byte) []byte {
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(run[:min(len(run), 64)], "-_") {
		encoding = base64.RawURLEncoding
	}
	head := make([]byte, 48)
	n, err := encoding.Decode(head, firstQuads(run))
	if err != nil {
		return nil
	}
	return head[:n]
}

// textWithin tells whether the beginning of a run decodes to plain UTF-8, and how
// many letters stand before it.
func textWithin(run []byte) (before int, ok bool) {
	const shortest = 24
	for head := decodeHead(run); len(head) >= shortest; head = head[3:] {
		if isPrintable(trimPartialRune(head)) {
			return before, true
		}
		before += 4
	}
	return 0, false
}

// looksEncoded tells whether the beginning of a run decodes to something else
// that is known.
func (e *extractor) looksEncoded(run []byte) bool {
	head := decodeHead(run)
	wide := bytes.IndexByte(head, 0) >= 0 && isWideUnicode(head)
	return wide || sniffBinary(head, hint{}) != "" || e.isLegacyText(head)
}

// isLegacyText tells whether bytes are surely text in a legacy encoding.
func (e *extractor) isLegacyText(b []byte) bool {
	const sure, few = likely * 6 / 10, 12
	high := 0
	for _, c := range b[:min(len(b), 4096)] {
		if isControl(c) || c == 0x7f {
			return false
		}
		if c >= utf8.RuneSelf {
			high++
		}
	}
	evidence := e.evidence
	_, marks := evidence.guess(b)
	return high >= few && marks >= sure
}

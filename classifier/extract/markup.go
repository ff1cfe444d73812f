package extract

import "bytes"

// stripTags returns the text of HTML or XML: tags become spaces, tags that end a
// line or a cell become line breaks and tabs, quoted attribute values stay, since
// addresses and captions sit in them. The text is never longer than b.
func (e *extractor) stripTags(b []byte) []byte {
	out, ok := e.reserve(len(b))
	if !ok {
		return b
	}
	for len(b) > 0 {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			out = append(out, b...)
			break
		}
		out, b = append(out, b[:i]...), b[i:]
		if !isTag(b) {
			out, b = append(out, b[0]), b[1:]
			continue
		}
		if data, found := bytes.CutPrefix(b, []byte("<![CDATA[")); found {
			data, b, _ = bytes.Cut(data, []byte("]]>"))
			out = append(out, data...)
			continue
		}
		end, closed := tagEnd(b)
		if closed {
			out = appendTag(out, b[:end])
		} else {
			out = append(out, b[:end]...)
		}
		b = b[end:]
	}
	return e.buffer.keep(e.unescapeEntities(out))
}

// unescapeEntities undoes the entities of HTML, in place.
func (e *extractor) unescapeEntities(b []byte) []byte {
	u := unescaper{e: e, html: true, out: b[:0]}
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return append(u.out, b...)
		}
		u.out, b = append(u.out, b[:i]...), b[i:]
		size := u.entity(b)
		if size == 0 {
			u.out, size = append(u.out, '&'), 1
		}
		b = b[size:]
	}
}

// isTag tells a tag from a less-than sign.
func isTag(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	c := b[1]
	return c == '/' || c == '!' || c == '?' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// maxTag bounds a tag. What is longer is taken for text as far as it was looked
// at, so that no byte is looked at twice.
const maxTag = 64 << 10

// tagEnd is the length of the tag at the beginning of b. Comments are text: only
// their opening is cut.
func tagEnd(b []byte) (end int, closed bool) {
	if opening := "<!--"; bytes.HasPrefix(b, []byte(opening)) {
		return len(opening), true
	}
	b = b[:min(len(b), maxTag)]
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, true
		}
	}
	return len(b), false
}

// appendTag appends what remains of a tag.
func appendTag(out, tag []byte) []byte {
	name := bytes.ToLower(tag[min(1, len(tag)):min(len(tag), 12)])
	if i := bytes.IndexAny(name, " \t\r\n>"); i >= 0 {
		name = name[:i]
	}
	switch string(name) {
	case "/p", "/div", "/tr", "/row", "br", "br/", "/li", "/h1", "/h2", "/h3", "/h4", "/title", "/option":
		return append(out, '\n')
	case "/td", "/th":
		return append(out, '\t')
	case "b", "/b", "i", "/i", "em", "/em", "strong", "/strong", "span", "/span", "a", "/a", "u", "/u", "font", "/font",
		"wbr", "wbr/", "s", "/s", "small", "/small", "sub", "/sub", "sup", "/sup", "mark", "/mark", "big", "/big", "code", "/code", "nobr", "/nobr":
		// They stand inside words.
	default:
		out = append(out, ' ')
	}
	for {
		i := bytes.IndexAny(tag, `"'`)
		if i < 0 {
			return out
		}
		value, rest, closed := bytes.Cut(tag[i+1:], tag[i:i+1])
		if !closed {
			return out
		}
		out = append(append(append(out, ' '), value...), ' ')
		tag = rest
	}
}

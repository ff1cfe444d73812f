package discovery

import (
	"bytes"
	"slices"
	"strings"
)

// maxFields bounds a structure.
const maxFields = 96

// Structure is what a request looks like: names, types and sizes, and no value. A
// proposed entry of the catalogue is made of it. Path is that of the request: who
// keeps a structure replaces it by a template.
type Structure struct {
	Method, Host, Path, MediaType string
	WebSocket                     bool
	Fields                        []Field // in the order of their first appearance
	// Prompt is the place of the longest text for people, in the language of the
	// catalogue's locators, such as "$.messages[*].content"; "" when there is none.
	Prompt string
	// Upload is the place of a file, such as "multipart:file"; "" for none.
	Upload string
	// Stream tells that the answer was a stream; the caller knows.
	Stream bool
}

// Field is a value of a request, or several at one place.
type Field struct {
	Place string // as a locator; a name that may be a value itself is *
	Type  string // object, array, text, number, word (true, false, null), file
	Size  string // of the longest: "", "up to 16", "up to 80", "up to 1000", "longer" bytes
}

// Structure returns the structure of a request with its body. isValue tells of a name
// that looks like one of a programmer whether it is a value all the same; nil: none is.
func (d *Discovery) Structure(r *Request, isValue func(name string) bool) Structure {
	b := structureBuilder{places: map[string]int{}, isValue: isValue}
	b.out = Structure{Method: r.Method, Host: r.Host, Path: r.Path, MediaType: r.MediaType, WebSocket: r.WebSocket}
	body := bytes.TrimLeft(bytes.TrimPrefix(r.Body, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(body) == 0:
	case isEnvelope(body):
		b.json("connect ", body[5:], 0)
	case bytes.HasPrefix(body, []byte("--")):
		eachPart(body, func(head, value []byte) { b.part(head, value) })
	case isForm(r.MediaType, body):
		b.form(body)
	case r.WebSocket:
		b.json("ws:", body[max(0, bytes.IndexAny(body[:min(len(body), 8)], "{[")):], 0)
	default:
		b.json("", body, 0)
	}
	return b.out
}

type structureBuilder struct {
	out     Structure
	isValue func(name string) bool
	places  map[string]int // of fields
	longest int            // bytes of the text at out.Prompt
}

// json adds the fields of a document, which stands at a place.
func (b *structureBuilder) json(place string, text []byte, nested int) {
	var r jsonReader
	r.reset(text)
	for r.next() && len(b.out.Fields) < maxFields {
		at := place + b.path(&r)
		b.add(at, r.kind, r.value)
		if inner := r.value; r.kind == kindString && nested < 2 && isNested(inner) {
			var buffer [maxPeek]byte
			b.json(at+" | json ", buffer[:unescape(&buffer, inner)], nested+1)
		}
	}
}

// path is the place of the current value of r in its document.
func (b *structureBuilder) path(r *jsonReader) string {
	depth := r.depth
	if r.kind <= kindArray {
		depth--
	}
	var path strings.Builder
	path.WriteByte('$')
	for i := range depth {
		name := r.name
		if i+1 < depth {
			name = r.frames[i+1].name
		}
		if r.frames[i].array {
			path.WriteString("[*]")
		} else {
			path.WriteString(b.step(name))
		}
	}
	return path.String()
}

// step is the step of a locator to a member. A name that does not look like one
// that a programmer gave may be a value, such as an id or an address.
func (b *structureBuilder) step(name []byte) string {
	digits, plain := 0, true
	for i, c := range name {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', c == '_':
		case c == '-' && i > 0:
			plain = false
		case '0' <= c && c <= '9' && i > 0:
			digits++
		default:
			return ".*"
		}
	}
	switch {
	case len(name) == 0 || len(name) > 32 || digits > 2 || b.isValue != nil && b.isValue(string(name)):
		return ".*"
	case !plain:
		return "['" + string(name) + "']"
	default:
		return "." + string(name)
	}
}

// add notes a value at a place.
func (b *structureBuilder) add(place string, k kind, value []byte) {
	if k == kindString && isProse(value) && len(value) > b.longest && !isNested(value) {
		b.longest, b.out.Prompt = len(value), place
	}
	size := ""
	if k == kindString {
		size = sizeClass(len(value))
	}
	b.field(Field{place, typeName(k), size})
}

func (b *structureBuilder) field(f Field) {
	if i, ok := b.places[f.Place]; ok {
		if known := &b.out.Fields[i]; slices.Index(sizeClasses(), f.Size) > slices.Index(sizeClasses(), known.Size) {
			known.Size = f.Size
		}
		return
	}
	if len(b.out.Fields) < maxFields {
		b.places[f.Place] = len(b.out.Fields)
		b.out.Fields = append(b.out.Fields, f)
	}
}

func typeName(k kind) string {
	return [...]string{kindObject: "object", kindArray: "array", kindString: "text", kindNumber: "number", kindWord: "word"}[k]
}

func sizeClasses() []string { return []string{"", "up to 16", "up to 80", "up to 1000", "longer"} }

func sizeClass(n int) string {
	for i, limit := range [...]int{16, 80, 1000} {
		if n <= limit {
			return sizeClasses()[i+1]
		}
	}
	return "longer"
}

// named adds a field of a form, or a part.
func (b *structureBuilder) named(carrier string, name, value []byte) {
	label := strings.Trim(b.step(name), ".[']")
	if label == "*" {
		return // the language has no place for any field
	}
	place := carrier + label
	if len(value) > 1 && (value[0] == '{' || value[0] == '[') {
		b.field(Field{place, typeName(kindString), sizeClass(len(value))})
		b.json(place+" | json ", value, 0)
		return
	}
	b.add(place, kindString, value)
}

func (b *structureBuilder) form(body []byte) {
	var name, value [maxPeek]byte
	body = body[:min(len(body), maxPeek)]
	for len(body) > 0 {
		field, rest, _ := bytes.Cut(body, []byte("&"))
		k, v, _ := bytes.Cut(field, []byte("="))
		b.named("form:", name[:unquote(name[:], k)], value[:unquote(value[:], v)])
		body = rest
	}
}

func (b *structureBuilder) part(head, value []byte) {
	name := parameter(head, []byte(` name="`))
	if parameter(head, []byte(`filename="`)) == nil {
		b.named("multipart:", name, value[:min(len(value), maxPeek)])
		return
	}
	if label := strings.Trim(b.step(name), ".[']"); label != "*" {
		b.field(Field{"multipart:" + label, "file", sizeClass(len(value))})
		b.out.Upload = "multipart:" + label
	}
}

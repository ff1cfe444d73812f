// Package classifier finds personal and confidential data in text.
//
// It is pure: bytes in, findings out. It knows no policy, no network and no
// clock, and no matched value leaves it other than masked or as a keyed
// fingerprint.
package classifier

import (
	"slices"
	"strconv"
	"strings"
)

// Segment is one piece of decoded text of a body, with the place where it sits.
type Segment struct {
	// Text is UTF-8. Offsets of findings count bytes of it.
	Text []byte
	// Location is the path of the text inside the body.
	Location Location
	// Field is the nearest key, form field or column name; it serves weak
	// detectors as context. Empty when there is none.
	Field string
	// Table is set when Text is a delimited table as a whole.
	Table *Table
	// Offset is where Text begins in the value that Location names: more than 0
	// only for the pieces of a text in which prose and tables alternate.
	Offset int
}

// Table tells the cells of a delimited text apart.
type Table struct {
	// Name is the name of the sheet, if the format has one.
	Name string
	// Header holds the column names; empty when the first row is data.
	Header []string
	// Columns is the number of columns of the widest row.
	Columns int
	// Cells stand in document order. Quotes, separators and the spaces around
	// them lie outside. Empty cells are left out.
	Cells []Cell
}

// Cell is the half-open byte range of one value in the text of a table.
type Cell struct {
	Start, End uint32
	// Row counts records from 1, the header included, as a spreadsheet does.
	Row uint32
	// Column counts from 0.
	Column uint16
}

// Stage is the kind of one step of a Location.
type Stage uint8

// The stages, written as in the location language of the catalogue.
const (
	StageRoot      Stage = iota // the body itself: "" when it is plain text
	StageDocument               // "$": a JSON document
	StageKey                    // ".name": a member of an object
	StageIndex                  // "[0]": an element of an array
	StageQuery                  // "query:name"
	StageForm                   // "form:name"
	StagePart                   // "multipart:name"
	StageJSON                   // " | json $": the value is itself JSON
	StageBase64                 // " | base64"
	StageSheet                  // `sheet "name"`
	StageRow                    // "row 3"
	StageColumn                 // `column "E-Mail"`
	StageLine                   // "line 7": one record of a line-delimited body
	StageKeyName                // the key itself, not its value: ".name (key)"
	StageFilename               // "filename" of a multipart part
	StagePath                   // "path": the request path
	StageFrame                  // "ws": one message of a WebSocket
	StageConnect                // "connect": a message in a Connect or gRPC envelope
	StageProtobuf               // "protobuf": a protocol buffer, read without its schema
	StageField                  // ".2": a field of one, by its number
	StageUnescaped              // " | unescaped": entities, escapes and percent-encoding in the text are undone
)

// Location is the path of a segment inside a body. The zero value is the whole
// body. Locations share their parents and are never changed after they are made.
type Location struct {
	Parent *Location
	Stage  Stage
	Name   string // of keys, fields, parts, sheets and columns
	Index  int    // of indexes (from 0); of rows, lines, messages and records of messages (from 1); the number of a field
}

// Steps returns the path from the root to l, root excluded.
func (l *Location) Steps() []Location { return l.AppendSteps(nil) }

// AppendSteps appends the path from the root to l, root excluded, to dst.
func (l *Location) AppendSteps(dst []Location) []Location {
	first, n := len(dst), 0
	for p := l; p != nil && p.Stage != StageRoot; p = p.Parent {
		n++
	}
	dst = slices.Grow(dst, n)[:first+n]
	for p := l; p != nil && p.Stage != StageRoot; p = p.Parent {
		n--
		dst[first+n] = *p
	}
	return dst
}

// String renders the path in the location language, for example
// "form:f.req | json $[1] | json $[0][0]"; "" for the whole body.
func (l Location) String() string {
	var b strings.Builder
	for _, s := range l.Steps() {
		s.write(&b)
	}
	return b.String()
}

func (l Location) write(b *strings.Builder) {
	switch l.Stage {
	case StageDocument, StageJSON:
		switch b.String() {
		case "": // the body itself
		case "ws:": // a message that is JSON
		case "connect":
			b.WriteByte(' ')
		default: // inside a form field, a part or a string
			b.WriteString(" | json ")
		}
		b.WriteByte('$')
		return
	case StageKey, StageKeyName:
		writeKey(b, l.Name)
		if l.Stage == StageKeyName {
			b.WriteString(" (key)")
		}
		return
	case StageIndex:
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(l.Index))
		b.WriteByte(']')
		return
	case StageBase64:
		b.WriteString(" | base64")
		return
	case StageUnescaped:
		b.WriteString(" | unescaped")
		return
	}
	if l.Stage != StageField && b.Len() > 0 || strings.HasSuffix(b.String(), "protobuf") {
		b.WriteByte(' ')
	}
	switch l.Stage {
	case StageQuery:
		b.WriteString("query:" + l.Name)
	case StageForm:
		b.WriteString("form:" + l.Name)
	case StagePart:
		b.WriteString("multipart:" + l.Name)
	case StageSheet:
		b.WriteString("sheet " + strconv.Quote(l.Name))
	case StageRow:
		b.WriteString("row " + strconv.Itoa(l.Index))
	case StageColumn:
		b.WriteString("column " + strconv.Quote(l.Name))
	case StageLine:
		b.WriteString("line " + strconv.Itoa(l.Index))
	case StageFilename:
		b.WriteString("filename")
	case StagePath:
		b.WriteString("path")
	case StageFrame:
		b.WriteString("ws:")
	case StageConnect:
		b.WriteString("connect")
	case StageProtobuf:
		b.WriteString("protobuf")
	case StageField:
		b.WriteString("." + strconv.Itoa(l.Index))
	}
}

func writeKey(b *strings.Builder, name string) {
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') && c < 0x80 {
			b.WriteString("['" + strings.ReplaceAll(name, "'", `\'`) + "']")
			return
		}
	}
	b.WriteByte('.')
	b.WriteString(name)
}

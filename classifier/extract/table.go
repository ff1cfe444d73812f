package extract

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// prose reads a body or part that is plain text, perhaps a table, and names its type.
func (e *extractor) prose(b []byte, h hint, p place) (mediaType string) {
	if len(b) >= minBase64 && e.base64(b, hint{filename: h.filename}, p.location(), p.field, p.depth) {
		return plainType
	}
	if delimiter, ok := declaredTable(b, h); ok {
		e.wholeTable(b, delimiter, p)
		return tableStart{delimiter: delimiter}.mediaType()
	}
	e.value(b, p.location(), p.field, p.depth)
	return cmp.Or(tableType(b), plainType)
}

// text emits a text, cut where tables begin and end.
func (e *extractor) text(s []byte, at classifier.Location, field string, depth int) {
	if !e.verbatim && e.disguised(s, at, field, depth) {
		return
	}
	if len(s) <= maxPiece && bytes.IndexByte(s, '\n') < 0 {
		e.emit(s, at, field)
		return
	}
	piece := classifier.Segment{Location: at, Field: field}
	cut := func(end int, table *classifier.Table) {
		for table == nil && end-piece.Offset > maxPiece {
			next := piece.Offset + pieceEnd(s[piece.Offset:])
			piece.Text = s[piece.Offset:next:next]
			e.add(piece)
			piece.Offset = next
		}
		piece.Text, piece.Table = s[piece.Offset:end:end], table
		e.add(piece)
		piece.Offset = end
	}
	finder, wasted := newTableFinder(s), 0
	hand := newHandFinder(s)
	for from := 0; from < len(s) && e.cellRoom() > 0; {
		found, ok := finder.next(from)
		if list, any := hand.next(from); any && (!ok || list.precedes(found)) {
			cut(list.start, nil)
			e.finishTable(list.table, s[list.start:])
			from = list.end
			cut(from, list.table)
			continue
		}
		if !ok {
			break
		}
		r := tableReader{text: s[found.start:], delimiter: found.delimiter, room: e.cellRoom(), wasted: wasted}
		table, size := r.read()
		wasted = r.wasted
		if size == 0 { // quotes told the lines apart
			from = nextLine(s, found.start)
			continue
		}
		cut(found.start, nil)
		e.finishTable(table, s[found.start:])
		from = found.start + size
		cut(from, table)
	}
	cut(len(s), nil)
}

// maxPiece is how much text is one segment: what is made of a segment while it is
// judged is several times as large.
const maxPiece = 1 << 20

// pieceEnd is where a text of more than maxPiece bytes is cut: behind a line, a
// word or, failing both, a character.
func pieceEnd(s []byte) int {
	const search = 64 << 10
	for _, c := range [...]byte{'\n', ' '} {
		if i := bytes.LastIndexByte(s[maxPiece-search:maxPiece], c); i >= 0 {
			return maxPiece - search + i + 1
		}
	}
	end := maxPiece
	for end > maxPiece-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return end
}

// wholeTable emits b, which is said to be one table.
func (e *extractor) wholeTable(b []byte, delimiter byte, p place) {
	at := p.location()
	if plain := e.unescaped(b, true); !e.verbatim && len(plain) < len(b) {
		b, at = plain, e.unescapedPlace(at)
	}
	r := tableReader{text: b, delimiter: delimiter, declared: true, room: e.cellRoom()}
	table, size := r.read()
	e.finishTable(table, b)
	e.add(classifier.Segment{Text: b[:size:size], Location: at, Field: p.field, Table: table})
	if size < len(b) { // more cells than the limit: what is left is text
		e.add(classifier.Segment{Text: b[size:], Location: at, Field: p.field, Offset: size})
	}
}

func (e *extractor) finishTable(t *classifier.Table, text []byte) {
	if cap(t.Cells) > 2*len(t.Cells)+1024 { // the text had less to it than its beginning
		t.Cells = slices.Clone(t.Cells)
	}
	e.cells += len(t.Cells)
	t.Header = e.header(t, text)
	e.memory += int64(tableBytes + cap(t.Cells)*cellBytes + len(t.Header)*2*nameBytes)
}

// cellRoom is how many cells the next table may have. Their array may be copied
// as it grows.
func (e *extractor) cellRoom() int {
	const minTable = 16
	room := min(e.limits.Cells-e.cells, int((e.left()-tableBytes)/(2*cellBytes)))
	if room < minTable && room < e.limits.Cells-e.cells {
		return 0
	}
	return room
}

func nextLine(s []byte, from int) int {
	if i := bytes.IndexByte(s[from:], '\n'); i >= 0 {
		return from + i + 1
	}
	return len(s)
}

// tableReader tells the cells of a delimited text apart.
// Source: RFC 4180, with other delimiters and mistakes allowed.
type tableReader struct {
	text      []byte
	delimiter byte
	declared  bool // all of the text is the table, whatever its lines look like
	room      int  // cells that may be made
	table     classifier.Table
	next      int
	wasted    int // bytes looked at for closing quotes in vain
}

// read returns the table at the beginning of the text and its length; 0 when
// there is none of two rows.
func (r *tableReader) read() (*classifier.Table, int) {
	if r.declared {
		r.table.Cells = make([]classifier.Cell, 0, min(r.room, len(r.text)/12+16))
	}
	fields := 0
	for row := uint32(1); r.next < len(r.text); row++ {
		start, cells := r.next, len(r.table.Cells)
		n := r.row(row)
		if row == 1 {
			fields = n
		}
		over := len(r.table.Cells) > r.room
		if over || !r.declared && !r.belongs(n, fields, len(r.table.Cells) > cells) {
			r.next, r.table.Cells = start, r.table.Cells[:cells]
			if row <= 2 && !r.declared {
				return nil, 0
			}
			break
		}
	}
	r.dropRule()
	return &r.table, r.next
}

// belongs tells whether a row of n fields goes on with a table of rows of want.
func (r *tableReader) belongs(n, want int, filled bool) bool {
	if r.delimiter == '\t' { // trailing empty cells may be missing
		return n >= 2 && filled
	}
	return n == want && filled
}

// row reads one record and returns the number of its fields.
func (r *tableReader) row(row uint32) (fields int) {
	if r.delimiter == '|' && r.next < len(r.text) && r.text[r.next] == '|' {
		r.next++ // Markdown draws the outer borders, too
	}
	for {
		start, end := r.cell()
		if start < end && fields < math.MaxUint16 {
			cell := classifier.Cell{Start: uint32(start), End: uint32(end), Row: row, Column: uint16(fields)}
			if len(r.table.Cells) == cap(r.table.Cells) {
				r.grow()
			}
			r.table.Cells = append(r.table.Cells, cell)
			r.table.Columns = max(r.table.Columns, fields+1)
		}
		fields++
		if r.next >= len(r.text) {
			return fields
		}
		r.next++
		if r.text[r.next-1] == '\n' {
			return fields
		}
	}
}

// grow makes room for more cells: at first as append would, then for as many as
// the rest of the text seems to have, since old and new cells take memory at once.
func (r *tableReader) grow() {
	const sample = 4 << 10 // bytes
	n := len(r.table.Cells)
	more := n + 16
	if r.next > sample {
		more = int(float64(n)*float64(len(r.text)-r.next)/float64(r.next)*1.02) + n/16
	}
	r.table.Cells = append(make([]classifier.Cell, 0, n+max(16, min(more, r.room-n+1))), r.table.Cells...)
}

// cell reads up to the delimiter or line break behind the cell and returns its range.
func (r *tableReader) cell() (start, end int) {
	text := r.text
	for r.next < len(text) && text[r.next] == ' ' {
		r.next++
	}
	if r.next < len(text) && text[r.next] == '"' {
		if start, end, ok := r.quoted(); ok {
			return start, end
		}
	}
	start, end = r.next, r.next
	delimiter := r.delimiter
	for end < len(text) && text[end] != delimiter && text[end] != '\n' {
		end++
	}
	r.next = end
	for end > start && (text[end-1] == ' ' || text[end-1] == '\r') {
		end--
	}
	return start, end
}

// quoted reads a cell in quotes, in which quotes are doubled.
func (r *tableReader) quoted() (start, end int, ok bool) {
	if r.wasted > len(r.text) {
		return 0, 0, false
	}
	text := r.text
	start = r.next + 1
	for end = start; ; end += 2 {
		i := bytes.IndexByte(text[end:], '"')
		if i < 0 {
			r.wasted += len(text) - start
			return 0, 0, false
		}
		end += i
		if end+1 >= len(text) || text[end+1] != '"' {
			break
		}
	}
	behind := end + 1
	for behind < len(text) && (text[behind] == ' ' || text[behind] == '\r') {
		behind++
	}
	if behind < len(text) && text[behind] != r.delimiter && text[behind] != '\n' {
		r.wasted += end - start
		return 0, 0, false
	}
	r.next = behind
	return start, end, true
}

// dropRule drops the line that Markdown draws under a header.
func (r *tableReader) dropRule() {
	if r.delimiter != '|' {
		return
	}
	first := 0
	for first < len(r.table.Cells) && r.table.Cells[first].Row < 2 {
		first++
	}
	last := first
	for ; last < len(r.table.Cells) && r.table.Cells[last].Row == 2; last++ {
		c := r.table.Cells[last]
		if len(bytes.Trim(r.text[c.Start:c.End], ":- ")) > 0 {
			return
		}
	}
	r.table.Cells = append(r.table.Cells[:first], r.table.Cells[last:]...)
}

// Text parts a text into prose and tables, as Body does with a value of a body at
// that place. The segments alias it. It never panics.
func Text(text []byte, at classifier.Location, limits Limits) []classifier.Segment {
	e := newExtractor(Input{}, limits)
	return e.guard(Input{Body: text}, func(in Input) classifier.Document {
		e.text(in.Body, at, "", e.limits.Depth-1)
		return e.document
	}).Segments
}

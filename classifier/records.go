package classifier

// records tells which segments belong to one record: the members of one object,
// the fields of one form.
type records struct {
	ids  map[*Location]uint64
	next uint64
	// The last object that was asked for, and its record.
	object *Location
	record uint64
}

// Numbers of records: rows of tables, objects, and segments on their own.
const (
	rowRecords    = 1 << 63
	objectRecords = 1 << 62
)

func rowRecord(segment int, row uint32) uint64 {
	return rowRecords | uint64(segment)<<32 | uint64(row)
}

// keptRecords is how many objects the memory that is kept has room for.
const keptRecords = 1 << 10

func (r *records) reset() {
	if len(r.ids) > keptRecords {
		r.ids = nil
	}
	clear(r.ids)
	r.next, r.object = 0, nil
}

// of returns the number of the record that a segment belongs to.
func (r *records) of(segments []Segment, segment int) uint64 {
	if segments[segment].Table != nil {
		return rowRecord(segment, 0)
	}
	object, ok := objectOf(&segments[segment].Location)
	if !ok {
		return uint64(segment)
	}
	if object == r.object && r.next > 0 {
		return r.record
	}
	id := r.ids[object]
	if id == 0 {
		if r.ids == nil {
			r.ids = map[*Location]uint64{}
		}
		r.next++
		id = objectRecords | r.next
		r.ids[object] = id
	}
	r.object, r.record = object, id
	return id
}

// objectOf returns the location of the innermost object, form or, failing both,
// array that holds l; false when l is a text of its own.
func objectOf(l *Location) (*Location, bool) {
	for p := l; p != nil; p = p.Parent {
		if isMember(p.Stage) {
			return p.Parent, true
		}
	}
	if l.Stage == StageIndex {
		return l.Parent, true
	}
	return nil, false
}

func isMember(s Stage) bool {
	return s == StageKey || s == StageForm || s == StageQuery || s == StagePart || s == StageField
}

// collectionOf returns what holds objects of the same kind as object: its array,
// its line-delimited body, or the object itself.
func collectionOf(object *Location) *Location {
	p := object
	if p != nil && (p.Stage == StageDocument || p.Stage == StageJSON) && p.Parent != nil {
		p = p.Parent
	}
	if p != nil && (p.Stage == StageIndex || p.Stage == StageLine) {
		return p.Parent
	}
	return object
}

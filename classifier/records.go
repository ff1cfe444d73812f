package classifier

// records tells which segments belong to one record: the members of one object,
// the fields of one form.
type records struct {
	ids  map[*Location]uint64
	list []uint64 // the record of each segment
}

// Numbers of records: rows of tables, objects, and segments on their own.
const (
	rowRecords    = 1 << 63
	objectRecords = 1 << 62
)

func rowRecord(segment int, row uint32) uint64 {
	return rowRecords | uint64(segment)<<32 | uint64(row)
}

func (r *records) of(segment int) uint64 { return r.list[segment] }

// assign numbers the records of segments.
func (r *records) assign(segments []Segment) {
	clear(r.ids)
	r.list = r.list[:0]
	for i := range segments {
		object, ok := objectOf(&segments[i].Location)
		if !ok {
			r.list = append(r.list, uint64(i))
			continue
		}
		if r.ids == nil {
			r.ids = map[*Location]uint64{}
		}
		id := r.ids[object]
		if id == 0 {
			id = objectRecords | uint64(len(r.ids)+1)
			r.ids[object] = id
		}
		r.list = append(r.list, id)
	}
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

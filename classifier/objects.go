package classifier

// objects are the members of objects among the segments. Objects of one array, or
// of one line-delimited body, are judged together, before their text is scanned;
// a body with very many in batches.
type objects struct {
	recordSets
	from, to int     // the segments of the batch
	column   []int32 // for each of them, -1 for none
	byKey    map[columnKey]int32
	guess    int32 // the column that is likely to come next
}

// The bounds of a batch.
const (
	batchSegments = 1 << 16
	batchColumns  = 1 << 12
)

func (o *objects) reset() {
	o.recordSets.reset()
	o.column, o.guess = o.column[:0], -1
	if len(o.byKey) > keptRecords {
		o.byKey = nil
	}
	clear(o.byKey)
}

// begin forgets the last body.
func (o *objects) begin() {
	o.reset()
	o.from, o.to = 0, 0
}

// open judges the members of the next batch of segments.
func (o *objects) open(r *run, from int) {
	o.reset()
	o.from = from
	for o.to = from; o.to < len(r.segments) && len(o.column) < batchSegments && len(o.columns) < batchColumns; o.to++ {
		segment := &r.segments[o.to]
		at := int32(-1)
		if segment.Field != "" && segment.Table == nil && isMember(segment.Location.Stage) {
			if f := r.field(segment.Field); len(f.kinds) > 0 {
				at = o.find(columnKey{collectionOf(segment.Location.Parent), f})
				o.columns[at].values++
				o.sample(&r.s.lexicon, &o.columns[at], trimmed(segment.Text))
			}
		}
		o.column = append(o.column, at)
	}
	for i := range o.sets {
		set := &o.sets[i]
		for c := set.first; c >= 0; c = o.columns[c].next {
			set.records = max(set.records, o.columns[c].values)
		}
		o.judge(r.s, set)
	}
}

// find returns the column of a member; objects mostly repeat their members.
func (o *objects) find(key columnKey) int32 {
	at := o.guess
	if at < 0 || o.columns[at].key != key {
		known := false
		if at, known = o.byKey[key]; !known {
			at = o.add(key)
		}
	}
	if o.guess = o.columns[at].next; o.guess < 0 {
		o.guess = o.sets[o.columns[at].set].first
	}
	return at
}

func (o *objects) add(key columnKey) int32 {
	if o.byKey == nil {
		o.byKey = map[columnKey]int32{}
	}
	set, known := o.byKey[columnKey{collection: key.collection}]
	if !known {
		set = o.addSet()
		o.byKey[columnKey{collection: key.collection}] = set
	}
	at := o.addColumn(set, key)
	o.byKey[key] = at
	return at
}

// report counts the value of a segment.
func (o *objects) report(r *run, index int) {
	if at := o.column[index-o.from]; at >= 0 && o.columns[at].wanted {
		r.report(&o.recordSets, &o.columns[at], 0, len(r.segments[index].Text), -1)
	}
}

package classifier

import "strings"

// field is what the name of a key or a column says.
type field struct {
	kinds   []columnMatch
	columns matcherSet // those that expect their values under the name
	speaks  matcherSet // those, and the ones of which it holds a context word
	heard   []heardPhrase
	length  int // of the folded name
	seed    uint64
	whole   bool // kinds are of the whole name
}

const (
	// knownFields bounds the names whose meaning is remembered in one scan, and
	// keptFields those that are kept for the next: an API uses the same few again
	// and again. A name longer than keptName may be anything.
	knownFields = 4096
	keptFields  = 256
	keptName    = 64
)

// recentField is a name that was looked up lately.
type recentField struct {
	name  string
	field *field
}

// recently returns where a name is remembered that was looked up lately.
func (r *run) recently(name string) *recentField {
	n := len(name)
	return &r.recentFields[(n^int(name[0])^int(name[n-1])<<1)&(len(r.recentFields)-1)]
}

// field returns what a name says.
func (r *run) field(name string) *field {
	if name == "" {
		return r.knownField(name)
	}
	recent := r.recently(name)
	if recent.name != name {
		*recent = recentField{name, r.knownField(name)}
	}
	return recent.field
}

// knownField returns what a name says.
func (r *run) knownField(name string) *field {
	if f := r.fields[name]; f != nil {
		return f
	}
	if len(r.fields) >= knownFields {
		clear(r.fields)
	}
	f := r.s.read(name)
	r.longField = r.longField || len(name) > keptName
	r.fields[strings.Clone(name)] = f // the name may be part of the body
	return f
}

// forgetFields keeps of the names what the next scan may come by.
func (r *run) forgetFields() {
	clear(r.recentFields[:])
	if r.longField || len(r.fields) > keptFields {
		clear(r.fields)
		r.longField = false
	}
}

// read tells what a name says.
func (s *Scanner) read(name string) *field {
	n := len(s.matchers)
	if ofCode(name) {
		return &field{columns: newMatcherSet(n), speaks: newMatcherSet(n)}
	}
	phrase := headerPhrase(name)
	f := &field{kinds: s.lexicon.classify(phrase), columns: newMatcherSet(n), speaks: newMatcherSet(n)}
	for _, k := range f.kinds {
		f.columns.join(s.expecting[k.kind])
	}
	var b blocks
	b.reset([]byte(phrase))
	h := hearing{words: &s.context, blocks: &b}
	f.heard, f.length = h.hear([]byte(phrase), 0, len(phrase)), len(phrase)
	f.seed = wordKey([]byte(phrase))
	f.whole = s.lexicon.phrases[phrase] != nil
	for _, p := range f.heard {
		f.speaks.join(s.context.phrases[p.phrase].owners)
	}
	f.speaks.join(f.columns)
	return f
}

// ofCode tells whether what stands where names do is a line of code or a comment.
func ofCode(name string) bool {
	return strings.ContainsAny(name, "$={};\"\\") || strings.Contains(name, "//") || strings.HasPrefix(name, "#") && strings.Contains(name, " ")
}

// readNames looks up the key of a segment and the names of its columns.
func (r *run) readNames(index int) {
	segment := &r.segments[index]
	if r.cells = nil; segment.Table != nil {
		r.cells = segment.Table.Cells
	}
	r.named, r.namedField, r.namedColumns, r.header, r.headerFields = nil, nil, nil, nil, r.headerFields[:0]
	if segment.Field != "" {
		f := r.field(segment.Field)
		r.named, r.namedField = f.speaks, f
		if isMember(segment.Location.Stage) {
			r.namedColumns = f.columns
		}
	}
	if segment.Table == nil {
		if index >= r.objects.to {
			r.objects.open(r, index)
		}
		return
	}
	r.header = r.tableHeader(index)
	for _, name := range r.header {
		r.headerFields = append(r.headerFields, r.field(name))
	}
	r.sheet.open(r, index)
}

// closeRecords counts what the columns and keys tell of the values of a segment,
// behind the last finding of its text.
func (r *run) closeRecords(index int) {
	if r.steps < 0 {
		return
	}
	if table := r.segments[index].Table; table != nil {
		r.sheet.report(r, len(table.Cells)-1)
	} else {
		r.objects.report(r, index)
	}
}

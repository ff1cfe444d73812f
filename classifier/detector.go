package classifier

// Use says how far a value may be trusted without its surroundings.
type Use uint8

// The uses. The zero value asks for the least.
const (
	// Alone: the value stands for itself.
	Alone Use = iota
	// Form: alone when written with its separators or with capital letters; as bare digits
	// or in small letters it needs context.
	Form
	// Context: only with a context word near it, or under a fitting column or key.
	Context
)

// String returns the word that documentation uses.
func (u Use) String() string {
	return [...]string{"alone", "form", "context"}[u]
}

// Detector finds one kind of value. A detector with Layouts, Literals or an
// anchor reads running text; one with Columns reads tables and objects whose
// column names say what they hold; one may do both.
type Detector struct {
	ID       string // such as "cn_resident_id"
	Name     string // in English, for people
	Class    string // data class, such as "personal"
	Country  string // ISO 3166-1 alpha-2, "" when the value belongs to none
	Identity string // a kind such as "email" when a value identifies one person, else ""
	Use      Use
	Source   string // public source of the format
	// Validator says what a value must satisfy besides its form, such as "Luhn
	// and issuer ranges" or "check letter modulo 23"; "" when nothing.
	Validator string

	// Context holds words of which one must be near when Use asks for it.
	Context []string
	// Columns are the column or key names under which the value is expected.
	// For a detector that reads text they serve as context.
	Columns []Column
	// Yields leaves the values in those columns to the detector that counts the
	// column as a whole.
	Yields bool
	// ColumnValues makes each value of the shape under Columns a finding, also of a
	// detector that reads text: for values that text shows only beside their name.
	ColumnValues bool
	// Confidence of a value that passed every check; 0: 0.9.
	Confidence float64

	// Layouts are the ways of writing the value: d is a digit, A a letter, X
	// either, _ one space or hyphen (the same throughout); any other byte
	// stands for itself. One that opens with "?" needs context whatever Use says.
	// The value must be a whole token.
	Layouts []string
	// Literals open the value; the letters of ASCII match in either case.
	Literals []string
	// Figure, when not 0, is how near to the beginning of a literal a digit must
	// stand, in bytes before it or behind, for the literal to count: at most 192.
	Figure int
	// Series lets bare digits count without context where several values stand
	// one after the other.
	Series bool
	// Distinct, when not 0, is how many different literals must stand close
	// together to make one finding.
	Distinct int
	// Anchor is one more place where Match is tried.
	Anchor Anchor
	// BareNeedsContext tells of AnchorNumber that Match asks for context wherever the
	// number is one group of digits and no plus sign, or plus sign and bracket, leads it.
	BareNeedsContext bool
	// Opening is how tokens begin that AnchorWord means: d is a digit, A a letter,
	// X either. Empty: in any way.
	Opening string
	// Match finds the borders of a value at an anchor. Nil: the layout does.
	Match func(c *Candidate) bool
	// Check tests the value, without separators and in upper case. Nil: all pass.
	Check func(value []byte) bool
	// Confirm is a last and costly check; it is asked after the context.
	Confirm func(c *Candidate) bool
	// Rows tells whether records that have columns of these kinds are findings,
	// one for each record. Nil: each value under a column is one.
	Rows func(t RecordSet) bool
	// Mask shows a hint of a value. Nil: its last digits or its first letter.
	Mask func(value string) string

	// Examples are values (with context, where one is needed) that must be
	// found; NearMisses are texts in which nothing may be.
	Examples, NearMisses []string
}

// Anchor is a kind of place in text where a detector looks closer. A token is a
// run of at most 128 ASCII letters and digits. One of digits that a hyphen or point
// joins to others before it is no anchor, and none is inside of a value that begins
// with a token and is sure. No number is looked for where a layout took a sure one.
type Anchor uint8

// The anchors.
const (
	AnchorNone         Anchor = iota
	AnchorNumber              // a token of digits that, with the groups that follow it (see Group), has seven or more
	AnchorDecimal             // a token of one to three digits before a point and four digits or more
	AnchorQuad                // a token of one to three digits before three more, parted by points
	AnchorPostcode            // a token of two to five digits before one blank and a capital letter
	AnchorWord                // a token that mixes letters and digits, and begins as Opening says
	AnchorAt                  // an "@"
	AnchorColon               // the ":" behind a token of four with a digit in it
	AnchorBehindLetter        // the letter of two bytes before a token of three digits, or before one blank and such a token
)

// Candidate is a place under examination. Match sets Start and End, and
// appends the normalised value to Value.
type Candidate struct {
	Text       []byte // folded text of the segment
	At         int    // the anchor
	Start, End int
	// Number are the groups of digits that begin at a token of digits.
	Number     []Group
	Value      []byte
	Country    string  // overrides the detector's when not ""
	Confidence float64 // overrides the detector's when not 0
	// NeedsContext is set by Match when this way of writing is too weak to
	// stand alone.
	NeedsContext bool
	// Steps is what Match and Confirm charge for their work, beyond what every try
	// costs: one for some 50 ns.
	Steps int
	// Regions are the scanner's regions.
	Regions []string

	run    *run
	layout *layout // that the value has, if it was found by one
	notes  *[MostNotes]Note
	noted  bool // something may stand in notes
}

// Name returns that of the column or key whose value is confirmed; "" when it has none.
func (c *Candidate) Name() string { return c.run.nameAt(c.Start) }

// Note returns the note of a number below MostNotes. Notes are what Match remembers of
// the text from one candidate to the next, so that no byte is walked over again and
// again. They are zero at first; the functions of one detector share them.
func (c *Candidate) Note(i int) *Note {
	c.noted = true
	return &c.notes[i]
}

// MostNotes bounds the notes of a detector.
const MostNotes = 24

// Note is what was found out about a stretch of text.
type Note struct {
	From, To int  // nothing begins in text[From:To]
	Hit      bool // something begins at To
}

// Column is one meaning of a column.
type Column struct {
	Kind string // such as "person_name"
	// Names are folded phrases; one that opens with "=" counts only as the whole
	// name of a column, one with "?" is ambiguous and counts as that, and only
	// beside a column that speaks of a person.
	Names []string
	// Shape tells whether a value looks right; a column counts when three in
	// five do. Nil: every value does.
	Shape func(value []byte) bool
	// Person is set when the column speaks of a person.
	Person bool
}

// RecordSet describes a table, or an array of objects, as a whole.
type RecordSet struct {
	Kinds   map[string]bool // kinds of columns, confirmed by their values
	Persons bool            // some column speaks of a person
	Records int
}

package replay

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// maxRows bounds the rows of one table while it is counted: names of hosts are
// those that clients choose.
const maxRows = 4096

// Rest is the name of the row for all that found no place in a table.
const Rest = "…"

// Report is what a change of a policy does to what is on record.
type Report struct {
	Exchanges int `json:"exchanges"`
	Users     int `json:"users"` // distinct, by name, else by address
	// UsersAtLeast is set when there were more people than can be counted apart:
	// each number of them is one that is reached.
	UsersAtLeast bool       `json:"users_at_least,omitempty"`
	From         *time.Time `json:"from,omitempty"` // of the first exchange; nil without a time
	To           *time.Time `json:"to,omitempty"`
	Unchanged    int        `json:"unchanged"`
	Changes      []Change   `json:"changes"` // one for each kind that there is, in the order of Kinds
}

// Change is all that changes in one way.
type Change struct {
	Kind      Kind    `json:"kind"`
	Exchanges int     `json:"exchanges"`
	Users     int     `json:"users"`
	Share     float64 `json:"share"` // of all exchanges, 0 to 1
	// ByRule names the rule that makes the difference, by its place.
	ByRule    []Row     `json:"by_rule"`
	ByService []Row     `json:"by_service"`
	ByGroup   []Row     `json:"by_group"`
	ByCause   []Row     `json:"by_cause,omitempty"` // of what is unknown
	Examples  []Example `json:"examples"`
}

// Row is one line of a table.
type Row struct {
	Name      string `json:"name"` // "" for the implicit last rule
	At        string `json:"at,omitempty"`
	Exchanges int    `json:"exchanges"`
	Users     int    `json:"users"`
}

// Example is one exchange.
type Example struct {
	ID        string     `json:"id"`
	Time      *time.Time `json:"time,omitempty"`
	User      string     `json:"user"`
	Group     string     `json:"group"`
	Service   string     `json:"service"`
	Operation string     `json:"operation,omitempty"`
	Old       Decision   `json:"old"`
	New       Decision   `json:"new"` // of what is unknown: what may come of it
	Causes    []string   `json:"causes,omitempty"`
}

// Tally adds up cases. It is for one goroutine.
type Tally struct {
	examples  int
	exchanges int
	unchanged int
	from, to  time.Time
	people    people
	kinds     map[Kind]*count
}

// New returns a tally that keeps as many examples of each kind.
func New(examples int) *Tally { return &Tally{examples: examples, kinds: map[Kind]*count{}} }

// count adds up one kind.
type count struct {
	exchanges                int
	crowd                    crowd
	rule, service, group, by table
	examples                 []Example
	shown                    map[[3]string]int // examples by rule, service and group
}

// table counts by name and place.
type table map[[2]string]*row

type row struct {
	exchanges int
	crowd     crowd
}

// Add counts a case.
func (t *Tally) Add(c Case) {
	t.exchanges++
	if !c.Time.IsZero() {
		if t.from.IsZero() || c.Time.Before(t.from) {
			t.from = c.Time
		}
		if c.Time.After(t.to) {
			t.to = c.Time
		}
	}
	person, counted := t.people.number(strings.ToLower(c.User))
	kind, shown := c.Kind()
	if kind == Unchanged {
		t.unchanged++
		return
	}
	n := t.kinds[kind]
	if n == nil {
		n = &count{rule: table{}, service: table{}, group: table{}, by: table{}, shown: map[[3]string]int{}}
		t.kinds[kind] = n
	}
	n.exchanges++
	rows := []*row{n.rule.row(deciding(kind, &c.Old, &shown)), n.service.row([2]string{c.Service}), n.group.row([2]string{c.Group})}
	if kind == Unknown {
		for _, cause := range c.Causes {
			rows = append(rows, n.by.row([2]string{cause}))
		}
	}
	for _, r := range rows {
		r.exchanges++
	}
	if counted {
		t.people.join(&n.crowd, person)
		for _, r := range rows {
			t.people.join(&r.crowd, person)
		}
	}
	n.example(t.examples, &c, kind, shown)
}

// deciding is the rule that makes the difference, with its place: the one that
// stops, or would, and else the new one.
func deciding(kind Kind, old, now *Decision) [2]string {
	if kind == NewlyAllowed || kind == WouldBe && old.wouldBlock() {
		return [2]string{old.Rule, old.At}
	}
	return [2]string{now.Rule, now.At}
}

func (t table) row(key [2]string) *row {
	r, ok := t[key]
	if !ok && len(t) >= maxRows {
		key = [2]string{Rest}
		r, ok = t[key]
	}
	if !ok {
		r = new(row)
		t[key] = r
	}
	return r
}

// example keeps an exchange as an example. One that shows another rule, service
// or group takes the place of the last one of those that show the same.
func (n *count) example(limit int, c *Case, kind Kind, shown Decision) {
	key := func(e *Example) [3]string { return [3]string{deciding(kind, &e.Old, &e.New)[0], e.Service, e.Group} }
	e := Example{ID: c.ID, User: c.User, Group: c.Group, Service: c.Service, Operation: c.Operation, Old: c.Old, New: shown}
	if kind == Unknown {
		e.Causes = c.Causes
	}
	if !c.Time.IsZero() {
		e.Time = &c.Time
	}
	if len(n.examples) >= limit {
		if n.shown[key(&e)] > 0 {
			return
		}
		i := len(n.examples) - 1
		for i >= 0 && n.shown[key(&n.examples[i])] < 2 {
			i--
		}
		if i < 0 {
			return
		}
		n.shown[key(&n.examples[i])]--
		n.examples = slices.Delete(n.examples, i, i+1)
	}
	n.shown[key(&e)]++
	n.examples = append(n.examples, e)
}

// Report is what was counted so far.
func (t *Tally) Report() Report {
	out := Report{Exchanges: t.exchanges, Users: len(t.people.numbers), UsersAtLeast: t.people.full, Unchanged: t.unchanged, Changes: []Change{}}
	if !t.from.IsZero() {
		out.From, out.To = &t.from, &t.to
	}
	for _, kind := range Kinds() {
		n := t.kinds[kind]
		if n == nil {
			continue
		}
		c := Change{
			Kind: kind, Exchanges: n.exchanges, Users: len(n.crowd), Share: float64(n.exchanges) / float64(t.exchanges),
			ByRule: n.rule.rows(), ByService: n.service.rows(), ByGroup: n.group.rows(), Examples: append([]Example{}, n.examples...),
		}
		if kind == Unknown {
			c.ByCause = n.by.rows()
		}
		out.Changes = append(out.Changes, c)
	}
	return out
}

// rows are sorted by their exchanges, the most first.
func (t table) rows() []Row {
	out := make([]Row, 0, len(t))
	for _, key := range slices.SortedFunc(maps.Keys(t), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(t[b].exchanges, t[a].exchanges), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		out = append(out, Row{Name: key[0], At: key[1], Exchanges: t[key].exchanges, Users: len(t[key].crowd)})
	}
	return out
}

// Count returns how many exchanges change in one way.
func (r *Report) Count(kind Kind) int {
	for _, c := range r.Changes {
		if c.Kind == kind {
			return c.Exchanges
		}
	}
	return 0
}

package rules

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// condition is one key of a rule's match.
type condition struct {
	key   string
	given func(*Match) bool
	holds func(*evaluation, *Match) ternary
	// For the trace: what the rule asks for, and what the exchange has.
	wanted func(*Match) string
	saw    func(*evaluation) string
}

// conditions are all there are, the cheap and telling ones first. It is never changed.
var conditions = [...]condition{
	{"traffic", func(*Match) bool { return true }, (*evaluation).traffic,
		func(m *Match) string { return m.Traffic.String() }, (*evaluation).sawTraffic},
	listed("service", func(m *Match) []string { return m.Services }, func(f *Facts) string { return f.Service.ID }),
	listed("category", func(m *Match) []string { return m.Categories }, func(f *Facts) string { return f.Service.Category }),
	listed("vendor", func(m *Match) []string { return m.Vendors }, func(f *Facts) string { return f.Service.Vendor }),
	anyOf("country", func(m *Match) []string { return m.Countries },
		func(e *evaluation, m *Match) ternary { return truth(overlap(m.Countries, e.facts.Service.countries())) },
		func(e *evaluation) string { return strings.Join(e.facts.Service.countries(), ", ") }),
	listed("operation", func(m *Match) []string { return m.Operations }, func(f *Facts) string { return f.Service.Operation }),
	listed("method", func(m *Match) []string { return m.Methods }, func(f *Facts) string { return f.Method }),
	anyOf("groups", func(m *Match) []string { return m.Groups },
		func(e *evaluation, m *Match) ternary { return truth(overlap(m.Groups, e.groups)) },
		func(e *evaluation) string { return strings.Join(e.groups, ", ") }),
	anyOf("users", func(m *Match) []string { return m.Users },
		func(e *evaluation, m *Match) ternary { return truth(matchUser(m.Users, e.user)) },
		func(e *evaluation) string { return e.user }),
	anyOf("host", func(m *Match) []string { return m.Hosts },
		func(e *evaluation, m *Match) ternary { return truth(matchHost(m.Hosts, e.facts.Destination.Host)) },
		func(e *evaluation) string { return e.facts.Destination.Host }),
	anyOf("account", func(m *Match) []AccountKind { return m.Accounts }, (*evaluation).account, (*evaluation).sawAccount),
	anyOf("plan", func(m *Match) []string { return m.Plans }, (*evaluation).plan,
		func(e *evaluation) string { return e.facts.Account.Plan }),
	anyOf("status", func(m *Match) []Status { return m.Statuses }, (*evaluation).status, (*evaluation).sawStatus),
	{"bytes", func(m *Match) bool { return m.Bytes.Op != "" }, (*evaluation).bytes,
		func(m *Match) string { return bytesWanted(m.Bytes) },
		func(e *evaluation) string { return strconv.FormatInt(e.facts.Bytes, 10) }},
	anyOf("coverage", func(m *Match) []string { return m.Coverage }, (*evaluation).coverage, (*evaluation).sawCoverage),
	{"data", func(m *Match) bool { return len(m.Data) > 0 }, (*evaluation).data, dataWanted, (*evaluation).sawData},
}

// anyOf makes a condition that lists what may be.
func anyOf[S ~string](key string, values func(*Match) []S, holds func(*evaluation, *Match) ternary, saw func(*evaluation) string) condition {
	return condition{
		key:    key,
		given:  func(m *Match) bool { return len(values(m)) > 0 },
		holds:  holds,
		wanted: func(m *Match) string { return words(values(m)) },
		saw:    saw,
	}
}

// listed makes a condition on a fact that must be one of the values given.
func listed(key string, values func(*Match) []string, fact func(*Facts) string) condition {
	return anyOf(key, values,
		func(e *evaluation, m *Match) ternary { return truth(slices.Contains(values(m), fact(&e.facts))) },
		func(e *evaluation) string { return fact(&e.facts) })
}

func (e *evaluation) traffic(m *Match) ternary {
	return truth(m.Traffic == TrafficAny || e.facts.Service.IsAI() == (m.Traffic == TrafficAI))
}

func (e *evaluation) sawTraffic() string {
	if e.facts.Service.IsAI() {
		return "ai"
	}
	return "other"
}

func (e *evaluation) status(m *Match) ternary {
	in, possible := 0, e.standing.possible.all()
	for _, s := range possible {
		if slices.Contains(m.Statuses, s) {
			in++
		}
	}
	switch in {
	case 0:
		return no
	case len(possible):
		return yes
	default:
		return unknown
	}
}

func (e *evaluation) sawStatus() string {
	var names []string
	for _, s := range e.standing.possible.all() {
		names = append(names, string(s))
	}
	return strings.Join(names, " or ") + e.standing.note()
}

func (e *evaluation) bytes(m *Match) ternary {
	if e.facts.Bytes < 0 {
		return unknown
	}
	return truth(m.Bytes.Holds(e.facts.Bytes))
}

func (e *evaluation) coverage(m *Match) ternary {
	if e.facts.Content == nil {
		return unknown
	}
	return truth(slices.Contains(m.Coverage, e.facts.Content.Coverage.State.String()))
}

func (e *evaluation) sawCoverage() string {
	if e.facts.Content == nil {
		return ""
	}
	return e.facts.Content.Coverage.State.String()
}

func (e *evaluation) data(m *Match) ternary {
	if e.facts.Content == nil {
		return unknown
	}
	return truth(!slices.ContainsFunc(m.Data, func(d DataMatch) bool { return !d.holds(e.facts.Content) }))
}

func (e *evaluation) sawData() string {
	if e.facts.Content == nil {
		return ""
	}
	return e.facts.Content.String()
}

// holds tells whether a content satisfies the condition.
func (d *DataMatch) holds(c *Content) bool {
	count := d.countIn(c)
	if d.Count.Op == "" && count == 0 {
		return false
	}
	return d.Count.Holds(count) && d.People.Holds(int64(c.People))
}

// countIn counts the findings of a content that the condition speaks of.
func (d *DataMatch) countIn(c *Content) int64 {
	var count int64
	for i := range c.Findings {
		f := &c.Findings[i]
		if (d.Detectors == nil || slices.Contains(d.Detectors, f.Detector)) && d.Confidence.Holds(int64(math.Round(f.Confidence*100))) {
			count += int64(f.Count)
		}
	}
	return count
}

// countries returns all that a rule may ask for.
func (s *Service) countries() []string {
	if s.Country == "" {
		return s.Countries
	}
	return append([]string{s.Country}, s.Countries...)
}

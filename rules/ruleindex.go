package rules

// ruleIndex tells which rules of a policy may match an exchange.
type ruleIndex struct {
	traffic [2]bits // the rules for traffic other than AI, and for AI
	service, category, vendor, country, operation, method, groups, users, host,
	account, plan, status, coverage *dimension
	rules       []ruleConditions
	conditions  []dataCondition // of all rules, in their order
	bytes, data bits            // the rules with these conditions
	stops       bits            // the rules that are enforced for somebody and do more than log
	content     *contentIndex
}

// ruleConditions are the conditions of a rule that are looked at one rule at a time.
type ruleConditions struct {
	bytes    Interval
	from, to uint32 // its part of ruleIndex.conditions
}

func newRuleIndex(rs []Rule, content *contentIndex) *ruleIndex {
	n := len(rs)
	by := func(values func(*Match) []string, s syntax) *dimension {
		return newDimension(n, func(i int) []string { return values(&rs[i].Match) }, s)
	}
	x := &ruleIndex{
		service:   by(func(m *Match) []string { return m.Services }, literal),
		category:  by(func(m *Match) []string { return m.Categories }, literal),
		vendor:    by(func(m *Match) []string { return m.Vendors }, literal),
		country:   by(func(m *Match) []string { return m.Countries }, literal),
		operation: by(func(m *Match) []string { return m.Operations }, literal),
		method:    by(func(m *Match) []string { return m.Methods }, literal),
		groups:    by(func(m *Match) []string { return m.Groups }, literal),
		users:     by(func(m *Match) []string { return m.Users }, starred),
		host:      by(func(m *Match) []string { return m.Hosts }, subdomains),
		plan:      by(func(m *Match) []string { return m.Plans }, literal),
		coverage:  by(func(m *Match) []string { return m.Coverage }, literal),
		account:   newDimension(n, func(i int) []AccountKind { return rs[i].Match.Accounts }, literal),
		status:    newDimension(n, func(i int) []Status { return rs[i].Match.Statuses }, literal),
		traffic:   [2]bits{make(bits, wordsFor(n)), make(bits, wordsFor(n))},
		bytes:     make(bits, wordsFor(n)), data: make(bits, wordsFor(n)), stops: make(bits, wordsFor(n)),
		rules: make([]ruleConditions, n), content: content,
	}
	for i := range rs {
		x.add(i, &rs[i].Match)
		if rs[i].Action < Log && !rs[i].Monitor {
			x.stops.add(i)
		}
	}
	return x
}

// add takes in the conditions of a rule that are no lists.
func (x *ruleIndex) add(i int, m *Match) {
	if m.Traffic != TrafficAI {
		x.traffic[0].add(i)
	}
	if m.Traffic != TrafficOther {
		x.traffic[1].add(i)
	}
	x.rules[i].bytes = m.Bytes.Interval()
	if m.Bytes.Op != "" {
		x.bytes.add(i)
	}
	x.rules[i].from = uint32(len(x.conditions))
	for j := range m.Data {
		x.conditions = append(x.conditions, x.content.condition(&m.Data[j]))
		x.data.add(i)
	}
	x.rules[i].to = uint32(len(x.conditions))
}

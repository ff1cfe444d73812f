package engine

import (
	"maps"
	"reflect"
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Replay judges by one snapshot what was recorded under another. It is safe for
// concurrent use.
type Replay struct {
	now, then *Snapshot
	detectors map[string]bool // of now's policy or then's: what they would have found is not known
	services  map[string]bool // that the catalogues have otherwise
	accounts  map[string]bool // services whose accounts the policies name otherwise
	owned     map[string]bool // services of then's policy
	lost      map[string]bool // detectors that there are no longer
}

// Replay compares the snapshot with the one that was in force when events were
// recorded. Where that is not known (nil), neither is what the detectors, the
// services and the accounts of this policy would have been then.
func (s *Snapshot) Replay(then *Snapshot) *Replay {
	r := &Replay{now: s, then: then, detectors: map[string]bool{}, accounts: map[string]bool{}, lost: map[string]bool{}}
	before, patterns, accounts := s.base, []classifier.Pattern(nil), []rules.NamedAccount(nil)
	if then != nil {
		before, patterns, accounts = then.catalog, then.patterns, then.policy.Accounts
	}
	r.compareDetectors(patterns)
	r.services = otherwise(before, s.catalog)
	if then != nil {
		r.owned = otherwise(then.base, then.catalog)
	}
	for _, a := range slices.Concat(accounts, s.policy.Accounts) {
		r.accounts[a.Service] = !reflect.DeepEqual(accountsOf(a.Service, accounts), accountsOf(a.Service, s.policy.Accounts))
	}
	return r
}

// otherwise are the services that one catalogue has in addition to another, or
// not as the other has them.
func otherwise(old, new *catalog.Catalog) map[string]bool {
	out := map[string]bool{}
	changes := catalog.Compare(old, new)
	for _, id := range changes.Added {
		out[id] = true
	}
	for _, c := range changes.Changed {
		out[c.Service] = true
	}
	return out
}

func (r *Replay) compareDetectors(before []classifier.Pattern) {
	known := map[string]bool{}
	for _, d := range r.now.Detectors() {
		known[d.ID] = true
	}
	for _, p := range r.now.patterns {
		if !slices.ContainsFunc(before, func(o classifier.Pattern) bool { return reflect.DeepEqual(o, p) }) {
			r.detectors[p.ID] = true
		}
	}
	for _, p := range before {
		if !known[p.ID] {
			r.lost[p.ID] = true
		}
	}
}

// accountsOf are the accounts of a service without their places.
func accountsOf(service string, all []rules.NamedAccount) (out []rules.NamedAccount) {
	for _, a := range all {
		if a.At = ""; a.Service == service {
			out = append(out, a)
		}
	}
	return out
}

// Unread are the detectors of which an event of that time cannot tell what they
// would have found, sorted.
func (r *Replay) Unread() []string { return slices.Sorted(maps.Keys(r.detectors)) }

// Judgement is what a snapshot makes of what was recorded.
type Judgement struct {
	Facts rules.Facts // as this snapshot has them
	// Now is what it would decide; Then what the other one would, empty when that
	// is not known.
	Now, Then rules.Possible
	// Same is true when both decide alike whatever it is that is not known.
	Same bool
	// Causes are bounded words for what is not known and matters: the words of
	// rules.Lack, or "detectors", "service" and "account"; none when it is certain.
	Causes []string
}

// Judge decides on facts that were read back, with what they lack.
func (r *Replay) Judge(f rules.Facts, lack rules.Lack) Judgement {
	var out Judgement
	if lack&rules.LackEarlier != 0 && !r.now.joinsMessages(f.Service.ID) {
		lack &^= rules.LackEarlier
	}
	before := rules.Doubt{Lack: lack}
	if r.then != nil { // what was recorded may be older still
		f = r.then.findService(f, &before, r.owned)
		out.Then = r.then.possible(r.then.known(f), before)
	}
	d := before
	f = r.translate(f, &d)
	out.Facts, out.Now = f, r.now.possible(f, d)
	if r.then != nil {
		out.Same = d.Service == before.Service && d.Operation == before.Operation && d.Account == before.Account && r.same(&out, &d)
	}
	if len(out.Now.Verdicts) > 1 {
		out.Causes = causes(out.Now.Open, &d)
	}
	return out
}

// possible is rules.Possible, and knows tunnels: of one that name and rhythm alone
// make suspected it is not recorded whether its name was enough.
func (s *Snapshot) possible(f rules.Facts, d rules.Doubt) rules.Possible {
	out := s.policy.Possible(f, d)
	if f.Method != "CONNECT" || f.Service.ID != rules.Suspected {
		return out
	}
	f.Service, f.Account = rules.Service{}, rules.Account{}
	other := s.policy.Possible(f, d)
	for i, v := range other.Verdicts {
		if v.Action == rules.Allow {
			v.Action = rules.Log
		}
		v.Status = out.Verdicts[0].Status
		if !slices.ContainsFunc(out.Verdicts, func(o rules.Verdict) bool { return alike(o, v) && o.Rule == v.Rule }) {
			out.Verdicts, out.Rules = append(out.Verdicts, v), append(out.Rules, other.Rules[i])
		}
	}
	if len(out.Verdicts) > 1 && len(out.Open) == 0 {
		out.Open = []string{"time"}
	}
	return out
}

// joinsMessages tells whether the messages of a WebSocket of the service are judged
// together with those before.
func (s *Snapshot) joinsMessages(id string) bool {
	service, ok := s.catalog.Service(id)
	return ok && slices.ContainsFunc(service.Operations, func(o catalog.Operation) bool {
		return o.WebSocket && (o.Pieces != catalog.NoPieces || o.Separator() != "")
	})
}

// translate makes facts of then facts of now.
func (r *Replay) translate(f rules.Facts, d *rules.Doubt) rules.Facts {
	d.Detectors = r.detectors
	if f.Content != nil && slices.ContainsFunc(f.Content.Findings, r.isLost) {
		c := *f.Content
		c.Findings = slices.DeleteFunc(slices.Clone(c.Findings), r.isLost)
		f.Content = &c
	}
	f = r.now.findService(f, d, r.services)
	if r.then != nil && r.services[f.Service.ID] {
		d.Operation = true
	}
	if r.accounts[f.Service.ID] && f.Account.Kind != rules.AnonymousAccount {
		d.Account = true
	}
	return r.now.known(f)
}

func (r *Replay) isLost(found classifier.Summary) bool { return r.lost[found.Detector] }

// findService looks up the service of a record again, where the catalogue has
// services that are new or otherwise. What it moves to another service was read
// with the eyes of the first, and nothing is known of its account.
func (s *Snapshot) findService(f rules.Facts, d *rules.Doubt, otherwise map[string]bool) rules.Facts {
	_, listedNow := s.catalog.Service(f.Service.ID)
	isLost := !listedNow && f.Service.IsAI() && f.Service.ID != rules.Suspected
	if d.Lack&rules.LackRest != 0 { // an upload belongs to the service that opened it
		d.Service = d.Service || isLost
		return f
	}
	m, found := s.catalog.Match(catalog.Query{Host: f.Destination.Host, Port: f.Destination.Port, Method: f.Method, Path: f.Path})
	switch {
	case found && m.Service.ID == f.Service.ID:
	case found && (otherwise[m.Service.ID] || m.Host.Paths == nil && !listedNow):
		f.Service, f.Content, f.Account = listed(m), nil, rules.Account{}
		d.Account, d.Operation = true, d.Operation || len(m.Service.Operations) > 0
		d.Lack |= rules.LackContent
	case isLost: // it may be suspected
		d.Service = true
	}
	return f
}

// same tells whether both snapshots walk through rules that ask the same of what is
// not known, to the same ends.
func (r *Replay) same(j *Judgement, d *rules.Doubt) bool {
	now, then := &j.Now, &j.Then
	if len(now.Verdicts) != len(then.Verdicts) {
		return false
	}
	for i := range now.Verdicts {
		if !alike(now.Verdicts[i], then.Verdicts[i]) {
			return false
		}
		a, b := now.Rules[i], then.Rules[i]
		if len(now.Verdicts) == 1 {
			return true
		}
		if (a == nil) != (b == nil) || a != nil && (!reflect.DeepEqual(a.Match, b.Match) || r.touched(a)) {
			return false
		}
	}
	return !slices.Contains(now.Open, "status") && d.Lack&rules.LackAddress == 0 || r.sameStanding(j.Facts.Service.ID)
}

// touched tells whether a rule asks for what a new detector finds.
func (r *Replay) touched(rule *rules.Rule) bool {
	return slices.ContainsFunc(rule.Match.Data, func(m rules.DataMatch) bool {
		return len(r.detectors) > 0 && m.Detectors == nil || slices.ContainsFunc(m.Detectors, func(id string) bool { return r.detectors[id] })
	})
}

// sameStanding tells whether both policies give a service its status in the same way.
func (r *Replay) sameStanding(service string) bool {
	of := func(s *Snapshot) (out []rules.Approval) {
		for _, a := range s.policy.Approvals {
			if a.At = ""; a.Service == service {
				out = append(out, a)
			}
		}
		return out
	}
	return len(r.detectors) == 0 && reflect.DeepEqual(of(r.now), of(r.then)) && reflect.DeepEqual(r.now.policy.Groups, r.then.policy.Groups)
}

// alike tells whether two verdicts do the same. Whether something that stops
// nothing is enforced makes no difference.
func alike(a, b rules.Verdict) bool {
	return a.Action == b.Action && (a.Monitor == b.Monitor || a.Action >= rules.Log)
}

// causes names what made conditions open.
func causes(open []string, d *rules.Doubt) (out []string) {
	add := func(word string) {
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	for _, key := range open {
		switch {
		case d.Service && key != "bytes" && key != "groups" && key != "time" || key == "operation":
			add("service")
		case key == "bytes" || key == "time":
			add(key)
		case key == "groups":
			add("address")
		case key == "account" || key == "plan":
			add("account")
		default: // data, coverage, status
			words := (d.Lack & (rules.LackContent | rules.LackRest | rules.LackEarlier | rules.LackMessage)).Words()
			if len(words) == 0 && key == "status" && d.Lack&rules.LackAddress != 0 {
				words = []string{"address"}
			} else if len(words) == 0 {
				words = []string{"detectors"}
			}
			for _, word := range words {
				add(word)
			}
		}
	}
	slices.Sort(out)
	return out
}

package policyfile

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

func (l *loader) rules() {
	seen := map[string]place{}
	for _, f := range l.files {
		for _, e := range f.Rules {
			l.ruleNames = append(l.ruleNames, e.Name.V)
			if e.Name.Set && f.title(e.Name, "a rule") {
				f.first(seen, e.Name, "rule")
			}
			onError, ofFile := f.ruleOnError(&e)
			l.source.Policy.Rules = append(l.source.Policy.Rules, rules.Rule{
				Name: e.Name.V, At: e.At.String(), Monitor: e.Monitor || f.ruleMode(e.Mode), Enforce: f.enforce(&e),
				OnError: onError, OnErrorOfFile: ofFile,
				Match: l.match(f, &e.Match), Action: f.action(e.Action), Message: f.message(e.Message),
			})
			l.ruleAt, l.ruleEntries = append(l.ruleAt, place{f, e.Name}), append(l.ruleEntries, &e)
			if e.Else.Set {
				f.fault(e.Else, "remove it", "`else` belongs to the action redact, which this version does not have").ID = "unsupported"
			}
		}
	}
}

// action reads the action of a rule; words of other products lead to ours.
func (f *file) action(w text) rules.Action {
	switch w.V {
	case "block":
		return rules.Block
	case "log":
		return rules.Log
	case "allow":
		return rules.Allow
	case "coach":
		f.fault(w, "use block with a `message`, or log", "this version cannot coach").ID = "unsupported"
	case "redact":
		f.fault(w, "use block with a `message`, or log", "this version cannot redact").ID = "unsupported"
	case "deny", "drop", "reject", "refuse", "prevent":
		f.fault(w, "write block", "unknown action %q", w.V).ID = "unknown-action"
	case "permit", "accept", "pass", "ignore":
		f.fault(w, "write allow", "unknown action %q", w.V).ID = "unknown-action"
	case "alert", "audit", "report", "monitor", "warn":
		f.fault(w, "write log, or block together with `mode: monitor`", "unknown action %q", w.V).ID = "unknown-action"
	default:
		if w.Set {
			f.unknown(w, "action", []string{"block", "log", "allow"})
		}
	}
	return rules.Block
}

// message reads texts by language (BCP 47).
func (f *file) message(entries messages) map[string]string {
	out := map[string]string{}
	for _, e := range entries {
		tag, err := language.Parse(e.Name.V)
		switch _, again := out[e.Name.V]; {
		case err != nil || tag == language.Und:
			hint := "use a language tag such as en, zh, ru or ar"
			if strings.Contains(e.Name.V, " ") {
				hint += "; a text with a comma in it needs quotes"
			}
			f.fault(e.Name, hint, "unknown language %q", e.Name.V).ID = "unknown-language"
		case again:
			f.fault(e.Name, "", "the message in %q is given twice", e.Name.V).ID = "repeated-value"
		case strings.TrimSpace(e.V.V) == "" && e.V.Set:
			f.fault(e.V, "write what people should do instead", "the message is empty").ID = "empty-value"
		default:
			out[e.Name.V] = e.V.V
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (l *loader) match(f *file, e *matchEntry) rules.Match {
	m := rules.Match{
		Traffic: f.traffic(e.Traffic),
		Groups:  f.names(e.Groups, "group", l.groupNames),
		Users:   f.users(e.Users), Countries: f.countries(e.Country), Methods: f.methods(e.Method),
		Operations: f.names(e.Operation, "operation", []string{catalog.Prompt, catalog.Upload, catalog.Other}),
		Coverage:   f.names(e.Coverage, "coverage", coverages()),
		Accounts:   l.accountKinds(f, e.Account),
		Plans:      f.names(e.Plan, "plan", catalog.Plans()),
		Bytes:      f.comparison(e.Bytes, byteSize),
	}
	for _, w := range f.names(e.Status, "status", statuses) {
		m.Statuses = append(m.Statuses, rules.Status(w))
	}
	for _, w := range f.distinct(slices.Concat(e.Service, e.Services)) {
		if l.service(f, w, true) {
			m.Services = append(m.Services, w.V)
		}
	}
	for _, w := range f.distinct(e.Host) {
		if host, ok := f.host(w); ok {
			m.Hosts = append(m.Hosts, host)
		}
	}
	m.Categories = f.folded(e.Category, "category", l.offered.categories)
	m.Vendors = f.folded(e.Vendor, "vendor", l.offered.vendors)
	for i := range e.Data {
		m.Data = append(m.Data, l.data(f, &e.Data[i]))
	}
	f.otherTraffic(e, m.Traffic)
	return m
}

func coverages() []string {
	var out []string
	for _, s := range []classifier.CoverageState{classifier.Complete, classifier.Truncated, classifier.Undecodable, classifier.NotInspected} {
		out = append(out, s.String())
	}
	return out
}

func (f *file) traffic(w text) rules.Traffic {
	switch w.V {
	case "", "ai":
		return rules.TrafficAI
	case "other":
		return rules.TrafficOther
	case "any":
		return rules.TrafficAny
	}
	f.unknown(w, "traffic", []string{"ai", "other", "any"})
	return rules.TrafficAI
}

// otherTraffic finds conditions that only AI services can fulfil in a rule for the rest.
func (f *file) otherTraffic(e *matchEntry, t rules.Traffic) {
	if t != rules.TrafficOther {
		return
	}
	for _, ws := range []words{e.Service, e.Services, e.Category, e.Vendor, e.Country, e.Status, e.Account, e.Plan, e.Operation} {
		if len(ws) > 0 {
			f.fault(ws[0], "remove it, or write `traffic: ai`", "only AI services have this, but the rule is for other traffic").ID = "other-traffic"
		}
	}
}

// folded is like names but takes words in any case and returns them as known.
func (f *file) folded(ws words, what string, known []string) []string {
	var out []string
	for _, w := range f.distinct(ws) {
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, w.V) })
		if i < 0 {
			f.unknown(w, what, known)
			continue
		}
		out = append(out, known[i])
	}
	return out
}

// host reads a host name or a "*.suffix".
func (f *file) host(w text) (string, bool) {
	p, err := catalog.ParseHostPattern(w.V)
	if err != nil {
		f.fault(w, "write a name such as chat.example.com or *.example.com", "%s", err).ID = "invalid-host"
		return "", false
	}
	host := p.String()
	if strings.Contains(strings.TrimPrefix(host, "*."), "*") || strings.HasSuffix(w.V, ":") || strings.Count(host, ":") == 1 {
		f.fault(w, "write a name such as chat.example.com or *.example.com", "a rule takes a whole host name or *. before one, no port").ID = "invalid-host"
		return "", false
	}
	return host, true
}

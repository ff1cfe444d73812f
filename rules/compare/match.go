package compare

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules"
)

// relation tells how what a condition takes has changed.
type relation int

const (
	same relation = iota
	wider
	narrower
	different
)

// effect is that on a rule of a weight.
func (r relation) effect(w weight) Effect {
	switch r {
	case wider:
		return w.more()
	case narrower:
		return w.more().opposite()
	case different:
		return Other
	default:
		return NoEffect
	}
}

// texts makes plain texts of words.
func texts[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// lists are the conditions that list what may be, by their keys.
func lists(m *rules.Match) []struct {
	field  string
	values []string
} {
	return []struct {
		field  string
		values []string
	}{
		{"groups", m.Groups}, {"users", m.Users}, {"service", m.Services}, {"category", m.Categories}, {"vendor", m.Vendors},
		{"country", m.Countries}, {"status", texts(m.Statuses)}, {"account", texts(m.Accounts)}, {"plan", m.Plans},
		{"operation", m.Operations}, {"method", m.Methods}, {"host", m.Hosts}, {"coverage", m.Coverage},
	}
}

// matchDetails compares the conditions of a rule of a weight.
func matchDetails(old, new *rules.Match, w weight) []Detail {
	var out []Detail
	if old.Traffic != new.Traffic {
		r := different
		switch rules.TrafficAny {
		case new.Traffic:
			r = wider
		case old.Traffic:
			r = narrower
		}
		out = append(out, valueDetail("traffic", old.Traffic.String(), new.Traffic.String(), r.effect(w))...)
	}
	before, after := lists(old), lists(new)
	for i := range before {
		out = append(out, listDetail(before[i].field, before[i].values, after[i].values, w)...)
	}
	if r := compareSpans(spanOf(old.Bytes, 0), spanOf(new.Bytes, 0)); r != same {
		out = append(out, conditionDetail("bytes", size(old.Bytes), size(new.Bytes), r.effect(w)))
	}
	out = append(out, dataDetails(old.Data, new.Data, w)...)
	for i := range out {
		out[i].Field = "match." + out[i].Field
	}
	return out
}

// listDetail compares lists of which an empty one takes everything.
func listDetail(field string, old, new []string, w weight) []Detail {
	gained, lost := gains(old, new), gains(new, old)
	d := Detail{Field: field, Old: list(old), New: list(new)}
	switch {
	case len(gained)+len(lost) == 0:
		return nil
	case len(old) == 0:
		d.Effect, d.Text = narrower.effect(w), field+": only "+list(new)+"; was any"
	case len(new) == 0:
		d.Effect, d.Text = wider.effect(w), field+": any; was only "+list(old)
	case len(lost) == 0:
		d.Effect, d.Text = wider.effect(w), field+": now also "+list(gained)
	case len(gained) == 0:
		d.Effect, d.Text = narrower.effect(w), field+": no longer "+list(lost)
	default:
		d.Effect, d.Text = Other, field+": now also "+list(gained)+", no longer "+list(lost)
	}
	return []Detail{d}
}

// conditionDetail is a comparison that has changed; "" stands for none.
func conditionDetail(field, old, new string, effect Effect) Detail {
	d := Detail{Field: field, Old: old, New: new, Effect: effect, Text: field + " from " + old + " to " + new}
	switch {
	case old == "":
		d.Text = field + " only " + new + "; was any"
	case new == "":
		d.Text = field + " any; was only " + old
	}
	return d
}

// spanOf returns the numbers that a comparison takes; without one those from least on.
func spanOf(c rules.Comparison, least int64) rules.Interval {
	if c.Op == "" {
		return rules.Interval{From: least, To: math.MaxInt64}
	}
	return c.Interval().And(rules.Interval{From: 0, To: math.MaxInt64})
}

func compareSpans(old, new rules.Interval) relation {
	switch {
	case old == new:
		return same
	case new.Covers(old):
		return wider
	case old.Covers(new):
		return narrower
	default:
		return different
	}
}

// size writes a comparison of sizes with the largest unit that divides it.
func size(c rules.Comparison) string {
	if c.Op == "" {
		return ""
	}
	units := []string{"", "KiB", "MiB", "GiB", "TiB"}
	n, unit := c.Value, 0
	for n > 0 && n%1024 == 0 && unit < len(units)-1 {
		n, unit = n/1024, unit+1
	}
	return c.Op + strconv.FormatInt(n, 10) + units[unit]
}

// dataDetails compares conditions on content, all of which must hold: each more
// takes away from what a rule takes.
func dataDetails(old, new []rules.DataMatch, w weight) []Detail {
	p := newPairing(len(old), len(new))
	p.by(func(i int) string { return old[i].String() }, func(j int) string { return new[j].String() })
	subject := func(m *rules.DataMatch) string { return m.Class + "/" + m.Detector }
	p.by(func(i int) string { return subject(&old[i]) }, func(j int) string { return subject(&new[j]) })
	p.single(func(int) string { return "any" }, func(int) string { return "any" })
	var out []Detail
	for j := range new {
		if i := p.old[j]; i >= 0 {
			out = append(out, dataDetail(&old[i], &new[j], w)...)
			continue
		}
		out = append(out, Detail{Field: "data", New: new[j].String(), Effect: narrower.effect(w), Text: "data: only with " + new[j].String()})
	}
	for i := range old {
		if p.new[i] < 0 {
			out = append(out, Detail{Field: "data", Old: old[i].String(), Effect: wider.effect(w), Text: "data: also without " + old[i].String()})
		}
	}
	return out
}

// dataDetail compares two forms of one condition on content.
func dataDetail(old, new *rules.DataMatch, w weight) []Detail {
	var out []Detail
	about := strings.Join(slices.DeleteFunc([]string{new.Class, new.Detector}, func(s string) bool { return s == "" }), " ")
	if old.Class != new.Class || old.Detector != new.Detector {
		r := different
		switch {
		case old.Count.Op != "" || new.Count.Op != "": // fewer findings may be what it asks for
		case new.Class == "" && new.Detector == "" || new.Class == old.Class && new.Detector == "":
			r = wider
		case old.Class == "" && old.Detector == "" || new.Class == old.Class && old.Detector == "":
			r = narrower
		}
		a, b := *old, *new
		for _, m := range []*rules.DataMatch{&a, &b} {
			m.Count, m.People, m.Confidence = rules.Comparison{}, rules.Comparison{}, rules.Comparison{}
		}
		out = append(out, valueDetail("data", a.String(), b.String(), r.effect(w))...)
	}
	for _, c := range []struct {
		field    string
		old, new rules.Comparison
		least    int64
		unit     string
	}{{"people", old.People, new.People, 0, ""}, {"count", old.Count, new.Count, 1, ""}, {"confidence", old.Confidence, new.Confidence, 0, "%"}} {
		r := compareSpans(spanOf(c.old, c.least), spanOf(c.new, c.least))
		if r == same {
			continue
		}
		if c.field == "confidence" && (new.Count.Op != "" || old.Count.Op != "") {
			r = different // fewer findings of more confidence may be what a count asks for
		}
		write := func(c rules.Comparison, unit string) string {
			if c.Op == "" {
				return ""
			}
			return c.String() + unit
		}
		d := conditionDetail(c.field, write(c.old, c.unit), write(c.new, c.unit), r.effect(w))
		d.Field = "data." + c.field
		if about != "" {
			d.Text += " (" + about + ")"
		}
		out = append(out, d)
	}
	return out
}

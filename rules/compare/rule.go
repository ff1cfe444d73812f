package compare

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules"
)

// weight is what a rule does to what it takes, as far as that is certain.
type weight int

const (
	between weight = iota // it logs, or stops only some of it
	lets                  // nothing is milder than allow
	stops                 // nothing is stricter than an enforced block
)

func weigh(r *rules.Rule) weight {
	switch {
	case r.Action == rules.Allow:
		return lets
	case r.Action == rules.Block && !r.Monitor && (r.Enforce == 0 || r.Enforce >= rules.Everybody):
		return stops
	default:
		return between
	}
}

// more is the effect of the rule taking more than it did, or being asked earlier.
func (w weight) more() Effect {
	switch w {
	case stops:
		return Stricter
	case lets:
		return Looser
	default:
		return Other
	}
}

// compareRules pairs rules by name, then by what they do: those are renamed.
func compareRules(old, new []rules.Rule) []Change {
	p := newPairing(len(old), len(new))
	p.by(func(i int) string { return old[i].Name }, func(j int) string { return new[j].Name })
	p.by(func(i int) string { return content(&old[i]) }, func(j int) string { return content(&new[j]) })
	moved := p.moved()
	var out []Change
	for j := range new {
		i := p.old[j]
		if i < 0 {
			out = append(out, came(RuleSection, new[j].Name, new[j].At, weigh(&new[j]).more(), said(&new[j])))
			continue
		}
		details := ruleDetails(&old[i], &new[j])
		if moved[j] {
			details = append(details, movedDetail(p, new, j))
		}
		if c, ok := changed(RuleSection, new[j].Name, old[i].At, new[j].At, details); ok {
			out = append(out, c)
		}
	}
	for i := range old {
		if p.new[i] < 0 {
			out = append(out, went(RuleSection, old[i].Name, old[i].At, weigh(&old[i]).more().opposite(), said(&old[i])))
		}
	}
	return out
}

// content is all of a rule but its name and place.
func content(r *rules.Rule) string {
	var b strings.Builder
	for _, d := range said(r) {
		fmt.Fprintf(&b, "%q %q\n", d.Field, d.New)
	}
	for _, language := range slices.Sorted(maps.Keys(r.Message)) {
		fmt.Fprintf(&b, "%q %q\n", language, r.Message[language])
	}
	return b.String()
}

// said tells what a rule says, as if it said it for the first time.
func said(r *rules.Rule) []Detail {
	details := []Detail{{Field: "action", New: r.Action.String(), Text: "action " + r.Action.String()}}
	if r.Monitor {
		details = append(details, Detail{Field: "mode", New: "monitor", Text: "is monitored"})
	}
	if r.Enforce != 0 && r.Enforce < rules.Everybody {
		details = append(details, Detail{Field: "enforce", New: r.Enforce.String(), Text: "is enforced for " + r.Enforce.String() + " of the people"})
	}
	if r.OnError != rules.NoOnError {
		details = append(details, onErrorDetail(&rules.Rule{}, r))
	}
	details = append(details, matchDetails(&rules.Match{}, &r.Match, between)...)
	return details
}

// ruleDetails compares two forms of one rule.
func ruleDetails(old, new *rules.Rule) []Detail {
	var out []Detail
	if old.Name != new.Name {
		out = append(out, Detail{Field: "name", Old: old.Name, New: new.Name, Text: "was called " + strconv.Quote(old.Name)})
	}
	if old.Action != new.Action {
		effect := Looser
		if new.Action < old.Action {
			effect = Stricter
		}
		if old.Monitor || new.Monitor || share(old) != share(new) {
			effect = Other
		}
		out = append(out, valueDetail("action", old.Action.String(), new.Action.String(), effect)...)
	}
	if old.Monitor != new.Monitor {
		d := modeDetail("mode", old.Monitor, new.Monitor)
		if new.Action != rules.Block {
			d.Effect = NoEffect
		}
		out = append(out, d)
	}
	if a, b := share(old), share(new); a != b {
		effect := Stricter
		if b < a {
			effect = Looser
		}
		out = append(out, Detail{Field: "enforce", Old: a.String(), New: b.String(), Effect: effect, Text: "is enforced for " + b.String() + " of the people; was " + a.String()})
	}
	if old.OnError != new.OnError {
		out = append(out, onErrorDetail(old, new))
	}
	w := weigh(new)
	if w != weigh(old) {
		w = between
	}
	out = append(out, matchDetails(&old.Match, &new.Match, w)...)
	return append(out, messageDetails(old.Message, new.Message)...)
}

// onErrorDetail is a change of what becomes of what cannot be judged. Between the two
// stands to leave it to the configuration.
func onErrorDetail(old, new *rules.Rule) Detail {
	d := Detail{Field: "on_error", Old: string(old.OnError), New: string(new.OnError), Effect: Stricter, Text: "on_error " + string(new.OnError)}
	switch {
	case old.Monitor && new.Monitor:
		d.Effect = NoEffect
	case old.OnError == rules.OnErrorBlock || new.OnError == rules.OnErrorAllow:
		d.Effect = Looser
	}
	if new.OnError == rules.NoOnError {
		d.Text = "on_error is left to the configuration"
	}
	if old.OnError != rules.NoOnError {
		d.Text += "; was " + string(old.OnError)
	}
	return d
}

// share is that for which a rule is enforced.
func share(r *rules.Rule) rules.Share {
	if r.Enforce == 0 {
		return rules.Everybody
	}
	return r.Enforce
}

func messageDetails(old, new map[string]string) []Detail {
	languages := slices.Sorted(maps.Keys(old))
	for language := range new {
		if _, both := old[language]; !both {
			languages = append(languages, language)
		}
	}
	slices.Sort(languages)
	var out []Detail
	for _, language := range languages {
		a, b := old[language], new[language]
		d := Detail{Field: "message." + language, Old: a, New: b, Text: "message in " + language + ": " + strconv.Quote(b)}
		switch {
		case a == b:
			continue
		case b == "":
			d.Text = "no message in " + language
		}
		out = append(out, d)
	}
	return out
}

// named bounds the rules that a moved one tells it has passed.
const named = 3

// movedDetail says which rules a moved one has passed. Where all of them do the
// same, only the name of the rule that decides is another.
func movedDetail(p *pairing, all []rules.Rule, j int) Detail {
	nowBehind, nowBefore := p.crossed(j)
	word, passed, effect := "before", nowBehind, weigh(&all[j]).more()
	if len(nowBefore) > len(nowBehind) {
		word, passed, effect = "behind", nowBefore, effect.opposite()
	}
	if len(nowBefore) > 0 && len(nowBehind) > 0 {
		effect = Other
	}
	alike := true
	var names []string
	for k, other := range passed {
		alike = alike && all[other].Action == all[j].Action && all[other].Monitor == all[j].Monitor && share(&all[other]) == share(&all[j])
		if k < named {
			names = append(names, strconv.Quote(all[other].Name))
		}
	}
	if alike {
		effect = NoEffect
	}
	text := strings.Join(names, ", ")
	if more := len(passed) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	d := Detail{Field: "order", Old: place(p.old[j]), New: place(j), Effect: effect, Text: "moved " + word + " " + text}
	if word == "before" && !alike {
		d.Text += ": decides first where both match"
	}
	return d
}

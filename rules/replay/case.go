// Package replay says what a change of a policy would do to exchanges that are
// on record. It is pure: decisions in, a report out, in memory that does not grow
// with their number.
package replay

import (
	"slices"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// Decision is a verdict as the report tells it.
type Decision struct {
	Action rules.Action `json:"action"`
	// Enforced is false when the action is only what would be done.
	Enforced bool   `json:"enforced"`
	Rule     string `json:"rule"` // "" for the implicit last rule
	At       string `json:"at,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

// DecisionOf tells of a verdict what the report needs.
func DecisionOf(v rules.Verdict) Decision {
	return Decision{Action: v.Action, Enforced: !v.Monitor, Rule: v.Rule, At: v.At, Reason: v.Reason}
}

// Effect says in a word what comes of a decision: "blocked", "would be blocked",
// "logged", "allowed" and the like.
func (d *Decision) Effect() string {
	switch {
	case d.Action == rules.Block && d.Enforced:
		return "blocked"
	case d.Action == rules.Block:
		return "would be blocked"
	case d.Action == rules.Log:
		return "logged"
	case d.Action == rules.Allow:
		return "allowed"
	case !d.Enforced:
		return "would be " + d.Action.String()
	default:
		return d.Action.String()
	}
}

// blocks tells whether the exchange is stopped.
func (d *Decision) blocks() bool { return d.Action == rules.Block && d.Enforced }

// wouldBlock tells whether it would be, were the rule enforced.
func (d *Decision) wouldBlock() bool { return d.Action == rules.Block && !d.Enforced }

// Case is one exchange that is on record, judged twice.
type Case struct {
	ID        string // of its event, or the name of its recording
	Time      time.Time
	User      string // as the event has it; an address when nobody signed in
	Group     string // the first of the client in the new policy, or "none"
	Service   string // id, or the host of what is not AI
	Operation string
	Old       Decision
	// New are the decisions that may come now: one when it is certain.
	New []Decision
	// Causes says why there is more than one, or none that counts, in bounded words.
	Causes []string
	// Same is true when both policies decide alike, whatever it is that is not known.
	Same bool
}

// Recorded is an exchange as its record tells it.
type Recorded struct {
	Facts    rules.Facts
	Lack     rules.Lack
	Decision Decision
}

// Judge makes a case of an exchange on record; its ID is left to the caller.
// What was decided before is what the other policy says of it where there is one,
// and else what is recorded.
func Judge(r *engine.Replay, rec Recorded) Case {
	j := r.Judge(rec.Facts, rec.Lack)
	c := Case{Old: rec.Decision, Causes: j.Causes, Same: j.Same, Time: rec.Facts.Time, User: Name(rec.Facts.Client), Service: j.Facts.Service.ID, Operation: j.Facts.Service.Operation}
	for _, v := range j.Now.Verdicts {
		c.New = append(c.New, DecisionOf(v))
	}
	switch before := j.Then.Verdicts; {
	case len(before) == 1:
		c.Old = DecisionOf(before[0])
	case len(before) > 1 && !c.Same && !slices.ContainsFunc(before, func(v rules.Verdict) bool { return v.Rule == rec.Decision.Rule && v.Action == rec.Decision.Action }):
		c.Causes = append(c.Causes, "before") // what the other policy would have said is not known either
	}
	if rec.Lack&rules.LackVerdict != 0 && len(j.Then.Verdicts) == 0 {
		c.Causes = append(c.Causes, "verdict")
	}
	if c.Service == "" {
		c.Service = j.Facts.Destination.Host
	}
	c.Group = "none"
	if groups := j.Now.Verdicts[0].Groups; len(groups) > 0 {
		c.Group = groups[0]
	}
	return c
}

// Name is by what a client is counted: the user, else the address.
func Name(c rules.Client) string {
	if c.User == "" && c.Address.IsValid() {
		return c.Address.String()
	}
	return c.User
}

// Kind is how the decision on an exchange changes.
type Kind string

// The kinds, in the order of the report.
const (
	NewlyBlocked Kind = "newly_blocked" // stopped now, and was not
	NewlyAllowed Kind = "newly_allowed" // was stopped, and is not
	WouldBe      Kind = "would_be"      // it is not stopped; whether it would be has changed
	OtherAction  Kind = "other_action"  // such as logged instead of allowed
	OtherRule    Kind = "other_rule"    // the same, by another rule
	Unknown      Kind = "unknown"       // cannot be known from what is on record
	Unchanged    Kind = "unchanged"
)

// Kinds are all kinds of change, without Unchanged.
func Kinds() []Kind {
	return []Kind{NewlyBlocked, NewlyAllowed, WouldBe, OtherAction, OtherRule, Unknown}
}

// Kind says how the decision changes, and which of the new ones shows it. What may
// come to different ends is unknown; which rule leads to one end makes no difference.
func (c *Case) Kind() (Kind, Decision) {
	shown, kind := c.New[0], compare(&c.Old, &c.New[0])
	if c.Same {
		if len(c.New) > 1 || kind != OtherRule {
			kind = Unchanged
		}
		return kind, shown
	}
	if slices.Contains(c.Causes, "before") || slices.Contains(c.Causes, "verdict") {
		return Unknown, shown
	}
	for i := range c.New[1:] {
		d := c.New[i+1]
		switch other := compare(&c.Old, &d); {
		case ending(other) == ending(kind):
			kind, shown = ending(kind), d // the last holds whatever is not known
		case other == NewlyBlocked || ending(kind) == Unchanged: // it tells more
			return Unknown, d
		default:
			return Unknown, shown
		}
	}
	return kind, shown
}

// ending is a kind without the rule.
func ending(k Kind) Kind {
	if k == OtherRule {
		return Unchanged
	}
	return k
}

// compare says how one decision differs from another.
func compare(old, now *Decision) Kind {
	switch {
	case now.blocks() != old.blocks():
		if now.blocks() {
			return NewlyBlocked
		}
		return NewlyAllowed
	case now.wouldBlock() != old.wouldBlock():
		return WouldBe
	case now.Action != old.Action:
		return OtherAction
	case now.Rule != old.Rule:
		return OtherRule
	default:
		return Unchanged
	}
}

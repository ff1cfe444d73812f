package rules

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
)

// Mode says whether what a rule asks for is done.
type Mode string

// The modes. The zero value leaves it to others.
const (
	NoMode  Mode = ""
	Enforce Mode = "enforce"
	Monitor Mode = "monitor" // only say what would be done
)

// The values of Verdict.MonitoredBy: what makes a verdict one that is not enforced.
const (
	ByConfiguration = "configuration" // it monitors, whatever the policy says
	ByRule          = "rule"
	ByGroup         = "group"  // the first group of the client that has a mode
	ByPolicy        = "policy" // a policy file
	ByShare         = "share"  // the client is outside the share for which the rule is enforced
	ByLateness      = "late"   // the body had left when it was judged
)

// Share is a part of all people in hundredths of a percent, 1 to 10,000. The
// zero value is all of them.
type Share uint16

// Everybody is the share of all people.
const Everybody Share = 10_000

// Holds tells whether a client is in the share. The answer depends on the user,
// in any case of letters, or on the address of who has not signed in, and on nothing
// else: the same people are in the share of every rule, and stay in one that grows.
func (s Share) Holds(c Client) bool {
	return s.all() || c.place() < s
}

// all tells whether the share is everybody.
func (s Share) all() bool { return s == 0 || s >= Everybody }

// place is where a client stands in the line of all people, below Everybody.
func (c Client) place() Share {
	name := strings.ToLower(c.User)
	if name == "" && c.Address.IsValid() {
		name = c.Address.Unmap().WithZone("").String()
	}
	sum := sha256.Sum256([]byte(name))
	return Share(binary.BigEndian.Uint64(sum[:8]) % uint64(Everybody))
}

// String returns the share in percent, such as "10%" or "0.5%".
func (s Share) String() string {
	if s == 0 {
		s = Everybody
	}
	return strconv.FormatFloat(float64(s)/100, 'f', -1, 64) + "%"
}

// monitoring is what monitors every rule alike for one client.
type monitoring struct {
	by    string // "" when nothing does
	group string // that has the mode
}

// monitoring finds who says whether the rules that say nothing of it are
// enforced: the first group of the client that has a mode, else the policy files.
func (p *Policy) monitoring(groups []string) monitoring {
	if p.MonitorAll {
		return monitoring{by: ByConfiguration}
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		if g.Mode == NoMode || !slices.Contains(groups, g.Name) {
			continue
		}
		if g.Mode == Monitor {
			return monitoring{by: ByGroup, group: g.Name}
		}
		return monitoring{}
	}
	if p.Monitor {
		return monitoring{by: ByPolicy}
	}
	return monitoring{}
}

// monitoredBy tells what keeps a rule from being enforced for the client, "" for
// nothing. What the configuration says goes before the rule, that before the groups,
// and those before the policy files; a share only matters where all else enforces.
func (e *evaluation) monitoredBy(r *Rule) string {
	switch {
	case e.monitoring.by == ByConfiguration:
		return ByConfiguration
	case r.Monitor:
		return ByRule
	case e.monitoring.by != "":
		return e.monitoring.by
	case !e.inShare(r.Enforce):
		return ByShare
	default:
		return ""
	}
}

// appendEnforcement says why a rule that stops an exchange is or is not enforced,
// when there is something to say.
func (e *evaluation) appendEnforcement(b []byte, r *Rule) []byte {
	const monitored = "; monitored only, "
	switch e.monitoredBy(r) {
	case ByConfiguration:
		return append(b, monitored+"by the configuration"...)
	case ByRule:
		return append(b, monitored+"by the rule"...)
	case ByGroup:
		return append(append(b, monitored+"by the group "...), e.monitoring.group...)
	case ByPolicy:
		return append(b, monitored+"by the policy"...)
	case ByShare:
		b = append(b, monitored+"for the client is outside the "...)
	default:
		if r.Enforce.all() {
			return b
		}
		b = append(b, "; the client is among the "...)
	}
	return append(append(b, r.Enforce.String()...), " for whom the rule is enforced"...)
}

// inShare tells whether the client is in a share. Where the client stands is
// found out once.
func (e *evaluation) inShare(s Share) bool {
	if s.all() {
		return true
	}
	if !e.placed {
		e.place, e.placed = e.facts.Client.place(), true
	}
	return e.place < s
}

package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"daylight.internal/classifier"
)

// reasonFindings bounds the detectors that a reason names.
const reasonFindings = 8

// reason says in one sentence why the verdict is what it is.
func (e *evaluation) reason(r *Rule, s *standing) string {
	var b strings.Builder
	b.Grow(128) // most reasons fit
	switch {
	case r != nil:
		b.WriteString("rule " + strconv.Quote(r.Name) + " matched")
	case e.facts.Service.IsAI():
		b.WriteString("no rule matched: AI traffic is logged")
	default:
		b.WriteString("no rule matched: other traffic is allowed")
	}
	if e.facts.Service.IsAI() {
		name := e.facts.Service.ID
		if name == Suspected {
			name = "an AI service on no list"
		}
		b.WriteString("; " + name + " is " + string(s.possible.list[0]) + s.note())
	}
	if c := e.facts.Content; c != nil && (e.facts.Service.IsAI() || len(c.Findings) > 0) {
		b.WriteString("; found " + c.String())
		if c.Coverage.State != classifier.Complete {
			b.WriteString("; the body was " + strings.ReplaceAll(c.Coverage.State.String(), "_", " "))
			if c.Coverage.Reason != "" {
				b.WriteString(" (" + c.Coverage.Reason + ")")
			}
		}
	}
	if r != nil && r.Action < Log {
		b.WriteString(e.enforcement(r))
	}
	return b.String()
}

// note says which approval did not help.
func (s *standing) note() string {
	switch {
	case s.silent != nil:
		return fmt.Sprintf(" (the approval at %s does not cover %s)", s.silent.At, s.outside)
	case s.approval == nil && s.expired != nil:
		return fmt.Sprintf(" (the approval at %s expired on %s)", s.expired.At, s.expired.Expires.Add(-time.Nanosecond).UTC().Format(time.DateOnly))
	default:
		return ""
	}
}

// String lists what was found by detector and count, such as "250 email, 250
// phone of 250 people".
func (c *Content) String() string {
	if len(c.Findings) == 0 {
		return "nothing"
	}
	var b strings.Builder
	for i, f := range c.Findings {
		if i == reasonFindings {
			fmt.Fprintf(&b, " and %d kinds more", len(c.Findings)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d %s", f.Count, f.Detector)
	}
	switch c.People {
	case 0:
	case 1:
		b.WriteString(" of 1 person")
	default:
		fmt.Fprintf(&b, " of %d people", c.People)
	}
	return b.String()
}

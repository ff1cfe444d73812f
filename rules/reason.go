package rules

import (
	"strconv"
	"strings"
	"time"

	"daylight.internal/classifier"
)

// reasonFindings bounds the detectors that a reason names.
const reasonFindings = 8

// reason says in one sentence why the verdict is what it is.
func (e *evaluation) reason(r *Rule, s *standing) string {
	var room [256]byte // most reasons fit
	b := room[:0]
	switch {
	case r != nil:
		b = append(b, "rule "...)
		b = strconv.AppendQuote(b, r.Name)
		b = append(b, " matched"...)
	case e.facts.Service.IsAI():
		b = append(b, "no rule matched: AI traffic is logged"...)
	default:
		b = append(b, "no rule matched: other traffic is allowed"...)
	}
	if e.facts.Service.IsAI() {
		name := e.facts.Service.ID
		if name == Suspected {
			name = "an AI service on no list"
		}
		b = append(append(b, "; "...), name...)
		b = append(append(b, " is "...), s.possible.list[0]...)
		b = s.appendNote(b)
	}
	if c := e.facts.Content; c != nil && (e.facts.Service.IsAI() || len(c.Findings) > 0) {
		b = c.appendTo(append(b, "; found "...))
		b = appendCoverage(b, c.Coverage)
	}
	if r != nil && r.Action < Log {
		b = e.appendEnforcement(b, r)
	}
	return string(b)
}

// appendCoverage says what was not read.
func appendCoverage(b []byte, c classifier.Coverage) []byte {
	if c.State == classifier.Complete {
		return b
	}
	b = append(append(b, "; the body was "...), strings.ReplaceAll(c.State.String(), "_", " ")...)
	if c.Reason != "" {
		b = append(append(append(b, " ("...), c.Reason...), ')')
	}
	return b
}

// note says which approval did not help; "" when there is none.
func (s *standing) note() string { return string(s.appendNote(nil)) }

func (s *standing) appendNote(b []byte) []byte {
	switch {
	case s.silent != nil:
		b = append(append(b, " (the approval at "...), s.silent.At...)
		b = append(append(b, " does not cover "...), s.outside...)
	case s.approval == nil && s.expired != nil:
		b = append(append(b, " (the approval at "...), s.expired.At...)
		b = s.expired.Expires.Add(-time.Nanosecond).UTC().AppendFormat(append(b, " expired on "...), time.DateOnly)
	default:
		return b
	}
	return append(b, ')')
}

// String lists what was found by detector and count, such as "250 email, 250
// phone of 250 people".
func (c *Content) String() string { return string(c.appendTo(nil)) }

func (c *Content) appendTo(b []byte) []byte {
	if len(c.Findings) == 0 {
		return append(b, "nothing"...)
	}
	for i := range c.Findings {
		if i == reasonFindings {
			b = append(b, " and "...)
			b = strconv.AppendInt(b, int64(len(c.Findings)-i), 10)
			b = append(b, " kinds more"...)
			break
		}
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(b, int64(c.Findings[i].Count), 10)
		b = append(append(b, ' '), c.Findings[i].Detector...)
	}
	switch c.People {
	case 0:
	case 1:
		b = append(b, " of 1 person"...)
	default:
		b = strconv.AppendInt(append(b, " of "...), int64(c.People), 10)
		b = append(b, " people"...)
	}
	return b
}

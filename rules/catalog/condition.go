package catalog

import (
	"errors"
	"fmt"
	"strings"

	"daylight.internal/classifier"
)

var errFilterEnds = errors.New("a condition [?k='v'] chooses objects: say what of them, as in [?k='v'].text or [?k='v'] | string leaves")

// conditions reads "k='v',n=4]" and returns what stands behind it. A value in
// quotes may hold any characters, \' for a quote.
func conditions(text string) (list []Condition, rest string, err error) {
	for {
		end := strings.IndexAny(text, "=,]")
		if end < 0 {
			return nil, "", errors.New(`"[" is not closed`)
		}
		c := Condition{Key: strings.TrimSpace(text[:end])}
		if text[end] != '=' || c.Key == "" {
			return nil, "", fmt.Errorf("%q is not a condition: write key='value'", text[:end])
		}
		if c.Value, text, err = conditionValue(strings.TrimSpace(text[end+1:])); err != nil {
			return nil, "", err
		}
		if strings.HasPrefix(c.Key, "@") || strings.HasPrefix(c.Value, "=") {
			return nil, "", errors.New("a condition is written key='value', without @ and with one =")
		}
		list = append(list, c)
		switch text = strings.TrimSpace(text); {
		case strings.HasPrefix(text, ","):
			text = text[1:]
		case strings.HasPrefix(text, "]"):
			return list, text[1:], nil
		default:
			return nil, "", errors.New(`"[" is not closed`)
		}
	}
}

func conditionValue(text string) (value, rest string, err error) {
	if inside, ok := strings.CutPrefix(text, "'"); ok {
		if value, rest, ok = quoted(inside); !ok {
			err = errors.New("the value of a condition is not closed")
		}
	} else if end := strings.IndexAny(text, ",]"); end >= 0 {
		value, rest = strings.TrimSpace(text[:end]), text[end:]
	}
	if err == nil && value == "" && rest != "" {
		err = errors.New("a condition needs a value: what is empty is not told from what is missing")
	}
	return value, rest, err
}

// quoted reads up to the quote that closes; \' stands for one inside.
func quoted(text string) (value, rest string, ok bool) {
	for i := range len(text) {
		if text[i] == '\'' && (i == 0 || text[i-1] != '\\') {
			return strings.ReplaceAll(text[:i], `\'`, "'"), text[i+1:], true
		}
	}
	return "", "", false
}

// fits tells whether a segment is a member with the value. Capitals make no
// difference: to SignalR, for one, they make none in the name of what is called.
func (c Condition) fits(segment *classifier.Segment) bool {
	l := &segment.Location
	return l.Stage == classifier.StageKey && l.Name == c.Key && strings.EqualFold(string(segment.Text), c.Value)
}

// Members tells of the objects in a body which conditions hold of them. Of a name
// that stands in one several times any value counts: servers differ in which they take.
type Members map[holding]struct{}

// holding is a condition on one object. The members of an object share the parent
// of their locations, by which it is known.
type holding struct {
	of        *classifier.Location
	condition Condition
}

// Members looks through a body for what the filters of the operation ask for; nil
// when they ask for nothing.
func (o *Operation) Members(body []classifier.Segment) Members {
	var members Members
	for i := range o.Text {
		members = members.find(o.Text[i].filters, body)
	}
	for i := range o.Protocol {
		members = members.find(o.Protocol[i].filters, body)
	}
	return members
}

// Members looks through a body for what the filters of the locator ask for; nil
// when they ask for nothing.
func (l *Locator) Members(body []classifier.Segment) Members {
	return Members(nil).find(l.filters, body)
}

func (m Members) find(conditions []Condition, body []classifier.Segment) Members {
	for _, c := range conditions {
		for i := range body {
			if !c.fits(&body[i]) {
				continue
			}
			if m == nil {
				m = Members{}
			}
			m[holding{body[i].Location.Parent, c}] = struct{}{}
		}
	}
	return m
}

// have tells whether all conditions hold of an object.
func (m Members) have(object *classifier.Location, conditions []Condition) bool {
	for _, c := range conditions {
		if _, ok := m[holding{object, c}]; !ok {
			return false
		}
	}
	return true
}

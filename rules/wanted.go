package rules

import (
	"strconv"
	"strings"
)

// wantedValues bounds the values of a list that a trace repeats.
const wantedValues = 8

// words joins the values of a condition as its author wrote them; of many the
// first.
func words[S ~string](values []S) string {
	var b strings.Builder
	for i, v := range values {
		if i == wantedValues {
			b.WriteString(" and " + strconv.Itoa(len(values)-i) + " more")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

// String returns the word that policies use.
func (t Traffic) String() string {
	switch t {
	case TrafficOther:
		return "other"
	case TrafficAny:
		return "any"
	default:
		return "ai"
	}
}

// String returns the comparison as policies write it, such as ">=10"; "" for
// the zero value.
func (c Comparison) String() string {
	if c.Op == "" {
		return ""
	}
	return c.Op + strconv.FormatInt(c.Value, 10)
}

// bytesWanted writes a comparison of sizes with the largest unit that divides it.
func bytesWanted(c Comparison) string {
	units := [...]string{"", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for c.Value > 0 && c.Value%1024 == 0 && i < len(units)-1 {
		c.Value, i = c.Value/1024, i+1
	}
	return c.String() + units[i]
}

// dataWanted writes the conditions on content, all of which must hold.
func dataWanted(m *Match) string {
	var b strings.Builder
	for i := range m.Data {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(m.Data[i].String())
	}
	return b.String()
}

// String returns the condition in the words of a policy, such as "personal,
// people >=10".
func (d DataMatch) String() string {
	var parts []string
	if d.Class != "" {
		parts = append(parts, d.Class)
	}
	if d.Detector != "" {
		parts = append(parts, "detector "+d.Detector)
	}
	for _, c := range []struct{ key, text string }{{"people", d.People.String()}, {"count", d.Count.String()}, {"confidence", d.Confidence.String()}} {
		if c.text != "" {
			parts = append(parts, c.key+" "+c.text)
		}
	}
	if d.Confidence.Op != "" {
		parts[len(parts)-1] += "%"
	}
	if len(parts) == 0 {
		return "anything"
	}
	return strings.Join(parts, ", ")
}

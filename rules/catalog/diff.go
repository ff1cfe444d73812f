package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Diff is what differs between two catalogues, by service id.
type Diff struct {
	Added   []string      `json:"added"`
	Removed []string      `json:"removed"`
	Changed []ServiceDiff `json:"changed"`
}

// ServiceDiff is what differs between two entries of one service.
type ServiceDiff struct {
	Service     string   `json:"service"`
	HostsGained []string `json:"hosts_gained,omitempty"`
	HostsLost   []string `json:"hosts_lost,omitempty"`
	// Operations are written as kind, method, paths and conditions.
	OperationsGained  []string        `json:"operations_gained,omitempty"`
	OperationsLost    []string        `json:"operations_lost,omitempty"`
	OperationsChanged []OperationDiff `json:"operations_changed,omitempty"`
	Risk              []FieldDiff     `json:"risk,omitempty"`
	Fields            []FieldDiff     `json:"fields,omitempty"` // everything else but notes and examples
}

// OperationDiff is what differs between two forms of one operation.
type OperationDiff struct {
	Operation  string   `json:"operation"`
	TextGained []string `json:"text_gained,omitempty"`
	TextLost   []string `json:"text_lost,omitempty"`
	Pieces     string   `json:"pieces,omitempty"` // the new way, "none" for none; "" when it is the same
}

// FieldDiff is one value that differs; "" stands for none.
type FieldDiff struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Compare tells what differs between two catalogues.
func Compare(old, new *Catalog) Diff {
	d := Diff{Added: []string{}, Removed: []string{}, Changed: []ServiceDiff{}}
	for _, id := range new.IDs() {
		before, ok := old.byID[id]
		if !ok {
			d.Added = append(d.Added, id)
		} else if s := compareServices(before, new.byID[id]); !s.isEmpty() {
			d.Changed = append(d.Changed, s)
		}
	}
	for _, id := range old.IDs() {
		if _, ok := new.byID[id]; !ok {
			d.Removed = append(d.Removed, id)
		}
	}
	return d
}

func compareServices(old, new *Service) ServiceDiff {
	d := ServiceDiff{
		Service: new.ID,
		Risk:    compareFields(old.Risk.fields(), new.Risk.fields()),
		Fields:  compareFields(old.fields(), new.fields()),
	}
	d.HostsGained, d.HostsLost = compareLists(old.hostTexts(), new.hostTexts())
	before, after := old.operationTexts(), new.operationTexts()
	d.OperationsGained, d.OperationsLost = compareLists(before, after)
	for i, text := range after {
		if k := slices.Index(before, text); k >= 0 {
			if o := compareOperations(text, &old.Operations[k], &new.Operations[i]); o.TextGained != nil || o.TextLost != nil || o.Pieces != "" {
				d.OperationsChanged = append(d.OperationsChanged, o)
			}
		}
	}
	return d
}

func (d *ServiceDiff) isEmpty() bool {
	return len(d.HostsGained)+len(d.HostsLost)+len(d.OperationsGained)+len(d.OperationsLost)+len(d.OperationsChanged)+len(d.Risk)+len(d.Fields) == 0
}

// fields are the plain values of a service.
func (s *Service) fields() []FieldDiff {
	return []FieldDiff{
		{"name", "", s.Name}, {"vendor", "", s.Vendor}, {"country", "", strings.Join(s.Countries, ", ")}, {"category", "", s.Category},
		{"confidence", "", s.Confidence}, {"verified_on", "", s.VerifiedOn}, {"error_shape", "", s.ErrorShape},
		{"account", "", s.Account.String()},
	}
}

// fields are the values of a risk; of a nil one all are "".
func (r *Risk) fields() []FieldDiff {
	if r == nil {
		r = &Risk{}
	}
	days := ""
	if r.RetentionDays != nil {
		days = strconv.Itoa(*r.RetentionDays)
	}
	return []FieldDiff{
		{"trains_on_input", "", r.TrainsOnInput}, {"retention_days", "", days}, {"regions", "", strings.Join(r.Regions, ", ")},
		{"source", "", r.Source}, {"verified_on", "", r.VerifiedOn},
	}
}

func compareFields(old, new []FieldDiff) []FieldDiff {
	var out []FieldDiff
	for i := range new {
		if new[i].New != old[i].New {
			out = append(out, FieldDiff{new[i].Field, old[i].New, new[i].New})
		}
	}
	return out
}

// compareLists returns what only new has, and what only old has.
func compareLists(old, new []string) (gained, lost []string) {
	for _, v := range new {
		if !slices.Contains(old, v) {
			gained = append(gained, v)
		}
	}
	for _, v := range old {
		if !slices.Contains(new, v) {
			lost = append(lost, v)
		}
	}
	return gained, lost
}

func compareOperations(text string, old, new *Operation) OperationDiff {
	d := OperationDiff{Operation: text}
	d.TextGained, d.TextLost = compareLists(old.textTexts(), new.textTexts())
	if old.Pieces != new.Pieces {
		d.Pieces = string(new.Pieces)
		defaultTo(&d.Pieces, "none")
	}
	return d
}

func (s *Service) hostTexts() []string {
	var out []string
	for i := range s.Hosts {
		out = append(out, s.Hosts[i].String())
	}
	return out
}

// String writes the host with its paths, role and plan, if it has any.
func (h *Host) String() string {
	text := h.Pattern.String()
	for _, p := range h.Paths {
		text += " " + p.String()
	}
	var words []string
	if h.Role != "" {
		words = append(words, h.Role)
	}
	if h.Plan != "" {
		words = append(words, "plan "+h.Plan)
	}
	if words != nil {
		text += " (" + strings.Join(words, ", ") + ")"
	}
	return text
}

func (s *Service) operationTexts() []string {
	var out []string
	for i := range s.Operations {
		out = append(out, s.Operations[i].String())
	}
	return out
}

// String writes the kind, the method, the paths and what else a request must have.
func (o *Operation) String() string {
	method := o.Method
	if o.WebSocket {
		method = "WebSocket"
	}
	text := o.Kind + " " + method
	for i, p := range o.Paths {
		if i > 0 {
			text += " or"
		}
		text += " " + p.String()
	}
	for _, r := range o.Query {
		text += fmt.Sprintf(" ?%s=%s", r.Name, r.Value)
	}
	for _, r := range o.Header {
		text += fmt.Sprintf(" %s: %s", r.Name, r.Value)
	}
	for i, h := range o.Hosts {
		if i == 0 {
			text += " at"
		}
		text += " " + h.String()
	}
	return text
}

func (o *Operation) textTexts() []string {
	var out []string
	for i := range o.Text {
		out = append(out, o.Text[i].String())
	}
	return out
}

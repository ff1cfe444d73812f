package main

import (
	"fmt"
	"io"
	"strings"

	"daylight.internal/rules/catalog"
)

// serviceDetail is everything that the catalogue knows of a service.
type serviceDetail struct {
	catalogEntry
	Hosts      []string          `json:"hosts"`
	Operations []operationDetail `json:"operations"`
	ErrorShape string            `json:"error_shape"`
	Confidence string            `json:"confidence"`
	VerifiedOn string            `json:"verified_on,omitempty"`
	Risk       *riskDetail       `json:"risk,omitempty"`
	Account    string            `json:"account,omitempty"` // where requests tell whose account they use
	Notes      string            `json:"notes,omitempty"`
}

type operationDetail struct {
	Kind   string   `json:"kind"`
	Method string   `json:"method"` // "WebSocket" for one
	Paths  []string `json:"paths"`
	Text   []string `json:"text,omitempty"` // where the text of people sits
}

// riskDetail is what the vendor documents of its handling of what people enter.
type riskDetail struct {
	TrainsOnInput string   `json:"trains_on_input,omitempty"`
	RetentionDays *int     `json:"retention_days,omitempty"`
	Regions       []string `json:"regions,omitempty"`
	Source        string   `json:"source"`
	VerifiedOn    string   `json:"verified_on"`
}

func describeService(s *catalog.Service, e catalogEntry) serviceDetail {
	d := serviceDetail{catalogEntry: e, ErrorShape: s.ErrorShape, Confidence: s.Confidence, VerifiedOn: s.VerifiedOn, Notes: s.Notes, Account: s.Account.String()}
	if s.Risk != nil {
		d.Risk = (*riskDetail)(s.Risk)
	}
	for i := range s.Hosts {
		d.Hosts = append(d.Hosts, s.Hosts[i].String())
	}
	for _, o := range s.Operations {
		od := operationDetail{Kind: o.Kind, Method: o.Method, Paths: pathTexts(o.Paths)}
		if o.WebSocket {
			od.Method = "WebSocket"
		}
		for _, l := range o.Text {
			od.Text = append(od.Text, l.String())
		}
		d.Operations = append(d.Operations, od)
	}
	return d
}

func pathTexts(patterns []catalog.PathPattern) []string {
	var out []string
	for _, p := range patterns {
		out = append(out, p.String())
	}
	return out
}

func (d *serviceDetail) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, by %s (%s)\n", d.Service, d.Name, dash(d.Vendor), dash(d.Country))
	fmt.Fprintf(&b, "  status      %s\n  category    %s\n  founded on  %s", d.Status, d.Category, d.Confidence)
	if d.VerifiedOn != "" {
		fmt.Fprintf(&b, ", checked %s", d.VerifiedOn)
	}
	b.WriteString("\n" + d.Risk.text() + "  hosts       " + strings.Join(d.Hosts, "\n              ") + "\n")
	if d.Account != "" {
		b.WriteString("  account     " + strings.ReplaceAll(d.Account, ", ", "\n              ") + "\n")
	}
	for _, o := range d.Operations {
		fmt.Fprintf(&b, "\n  %s: %s %s\n", o.Kind, o.Method, strings.Join(o.Paths, " or "))
		for _, t := range o.Text {
			fmt.Fprintf(&b, "    text at %s\n", t)
		}
	}
	if d.Notes != "" {
		b.WriteString("\n  " + strings.ReplaceAll(strings.TrimSpace(d.Notes), "\n", "\n  ") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// text writes the facts on one line, and where they are from on another.
func (r *riskDetail) text() string {
	if r == nil {
		return ""
	}
	var facts []string
	if answer := map[string]string{
		catalog.NeverTrains:  "never trains on input",
		catalog.OptInTrains:  "trains on input of who agrees",
		catalog.OptOutTrains: "trains on input unless one objects",
		catalog.AlwaysTrains: "trains on input",
	}[r.TrainsOnInput]; answer != "" {
		facts = append(facts, answer)
	}
	if r.RetentionDays != nil {
		kept := "keeps nothing"
		if *r.RetentionDays > 0 {
			kept = "keeps it for " + plural(*r.RetentionDays, "day")
		}
		facts = append(facts, kept)
	}
	if len(r.Regions) > 0 {
		facts = append(facts, "processes it in "+strings.Join(r.Regions, ", "))
	}
	return fmt.Sprintf("  risk        %s\n              %s, read %s\n", strings.Join(facts, "; "), r.Source, r.VerifiedOn)
}

package main

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"

	"daylight.internal/rules/engine"
)

// print writes the explanation for people or as JSON.
func (x *explainRun) print(e *explanation) error {
	if x.format == "json" {
		return writeJSON(x.env.stdout, e)
	}
	makePrintable(reflect.ValueOf(e))
	p := explainPrinter{e: e, ink: inkFor(x.env.stdout), all: x.all, sources: x.policy.sources}
	p.write()
	if _, err := io.WriteString(x.env.stdout, p.out.String()); err != nil {
		return fmt.Errorf("writing the explanation: %w", err)
	}
	return nil
}

// explainPrinter lays an explanation out: a label at the left, one fact a line.
type explainPrinter struct {
	e       *explanation
	ink     ink
	all     bool
	sources policySources
	out     strings.Builder
}

func (p *explainPrinter) write() {
	p.headline()
	p.who()
	p.where()
	p.tunnel()
	p.reading()
	p.found()
	p.account()
	p.status()
	p.event()
	p.rules()
	p.verdict()
	p.answer()
	p.hints()
}

const (
	labelWidth = 9
	lineWidth  = 100 // behind the label
)

// line writes a fact behind its label; without one below the fact before.
func (p *explainPrinter) line(label, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	indent := strings.Repeat(" ", labelWidth)
	fmt.Fprintf(&p.out, "%s%s\n", p.ink.dim(fmt.Sprintf("%-*s", labelWidth, label)), strings.ReplaceAll(text, "\n", "\n"+indent))
}

// table writes rows of cells behind a label.
func (p *explainPrinter) table(label string, rows [][]string) {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush() // to memory
	for line := range strings.Lines(b.String()) {
		p.line(label, "%s", strings.TrimRight(line, " \n"))
		label = ""
	}
}

func (p *explainPrinter) headline() {
	e, v := p.e, p.e.Verdict
	if e.Event != nil { // what happened is what was asked for
		v = e.Event.Verdict
	}
	word := strings.ToUpper(actionWord(v.Action, v.Enforced))
	paint := p.ink.green
	switch {
	case v.Action == "block" && v.Enforced:
		paint = p.ink.red
	case v.Action != "allow":
		paint = p.ink.yellow
	}
	by := "no rule matched"
	if v.Rule != "" {
		by = fmt.Sprintf("by %q%s", v.Rule, prefixed(", ", v.At))
	}
	fmt.Fprintf(&p.out, "%s  %s\n", paint(word), p.ink.bold(by))
	r := &e.Request
	subject := cmp.Or(e.Subject, fmt.Sprintf("%s %s%s", r.Method, hostAndPort(r.Host, r.Port), r.PathTemplate))
	if r.Message > 0 {
		subject += fmt.Sprintf(", message %d", r.Message)
	}
	fmt.Fprintf(&p.out, "%s\n\n", printable(subject))
}

// hostAndPort leaves out the port that goes without saying.
func hostAndPort(host string, port uint16) string {
	if port == 443 || port == 0 {
		return host
	}
	return fmt.Sprintf("%s:%d", host, port)
}

func (p *explainPrinter) who() {
	c := &p.e.Client
	who := cmp.Or(printable(c.User), "nobody signed in")
	if c.Address != nil {
		who += ", at " + c.Address.String()
	}
	p.line("who", "%s", who)
	for _, g := range c.Groups {
		var by []string
		if g.User != "" {
			by = append(by, "user "+g.User)
		}
		if g.Network != "" {
			by = append(by, "network "+g.Network)
		}
		p.line("", "in the group %s, by %s", g.Name, strings.Join(by, " and "))
	}
	if len(c.Groups) == 0 {
		p.line("", "in no group")
	}
}

func (p *explainPrinter) where() {
	s := &p.e.Service
	if s.ID == "" {
		p.line("service", "none: the host is on no list, and the request does not look like AI")
		p.evidence()
		return
	}
	p.line("service", "%s", strings.Join(notEmpty(serviceTitle(s), s.Vendor, s.Country, s.Category), ", "))
	if s.Operation != "" {
		p.line("", "operation %s", s.Operation)
	}
	switch s.By {
	case engine.ByCatalogue:
		p.line("", "by the host %s in the catalogue, %s", s.Host, s.At)
		if s.Path != "" {
			p.line("", "and the path %s", s.Path)
		} else if len(s.Methods) > 0 {
			p.line("", "the path is an operation for %s only: say so with --method", joinWords(s.Methods))
		} else {
			p.line("", "the catalogue knows no operation with that path")
		}
	case engine.ByDiscovery:
		p.line("", "on no list: it looks like AI, with %s confidence", s.Confidence)
		p.evidence()
	case engine.ByUpload:
		p.line("", "by the call that opened the upload")
	case engine.ByRecord:
		p.line("", "as the event says%s", prefixed(", by ", strings.Join(s.Evidence, ", ")))
	}
}

func serviceTitle(s *engine.ExplainedService) string {
	if s.Name == "" || s.Name == s.ID {
		return s.ID
	}
	return fmt.Sprintf("%s (%s)", s.ID, s.Name)
}

func (p *explainPrinter) evidence() {
	if s := &p.e.Service; len(s.Evidence) > 0 {
		p.line("", "evidence: %s%s", strings.Join(s.Evidence, ", "), prefixed("; points of 100: ", orBlank(s.Score)))
	}
}

func (p *explainPrinter) tunnel() {
	t := p.e.Tunnel
	switch {
	case t == nil:
	case t.Reason == "":
		p.line("tunnel", "TLS is opened")
	default:
		p.line("tunnel", "TLS stays closed (%s), by %s", t.Reason, t.By)
		p.line("", "nothing of the request is seen: this is the verdict on the tunnel")
	}
}

func (p *explainPrinter) account() {
	a := p.e.Account
	if a == nil || a.Kind == "" {
		return
	}
	text := a.Kind
	if a.Name != "" {
		text += fmt.Sprintf(" (%s, %s)", a.Name, a.At)
	}
	p.line("account", "%s%s", text, prefixed(", plan ", a.Plan))
	if a.Kind == "unknown" && a.Markers != "" {
		p.line("", "%s", wrap("requests tell it by "+a.Markers, lineWidth, ""))
	}
}

func (p *explainPrinter) status() {
	s := p.e.Status
	if s == nil {
		return
	}
	p.line("status", "%s", s.Status)
	for _, a := range s.Approvals {
		text := fmt.Sprintf("%s by the approval at %s", a.Status, a.At)
		if a.Decides {
			p.line("", "%s%s%s%s", text, prefixed(", owner ", a.Owner), prefixed(", assessment ", a.Assessment), prefixed(", until ", a.Expires))
		} else {
			p.line("", "not %s: %s", text, a.Reason)
		}
	}
	if len(s.Approvals) == 0 {
		p.line("", "no approval speaks of the service")
	}
}

func (p *explainPrinter) verdict() {
	v, label, action := &p.e.Verdict, "verdict", p.e.Verdict.Action
	if p.e.Event != nil {
		label, action = "now", action+", by what is on record"
	}
	p.line(label, "%s", wrap(action+": "+v.Reason, lineWidth, "  "))
	p.possible()
	if v.At != "" {
		p.out.WriteString(p.sources.excerpt(v.At, labelWidth))
	}
	if f := p.e.OnError; f != nil {
		p.line("on error", "%s", wrap(f.Action+": "+strings.TrimPrefix(f.Reason, "the exchange could not be judged; ")+prefixed(", ", f.At), lineWidth, "  "))
	}
}

func (p *explainPrinter) hints() {
	label := "change"
	for _, h := range p.e.Hints {
		p.line(label, "%s", wrap(h, lineWidth, "  "))
		label = ""
	}
}

func notEmpty(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// prefixed puts a prefix before what is not empty.
func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

func orBlank(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

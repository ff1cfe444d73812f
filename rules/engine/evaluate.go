package engine

import (
	"cmp"
	"slices"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
)

// Evaluate judges an exchange after its body was captured.
func (s *Snapshot) Evaluate(p Plan, b Body) Outcome { return s.Explain(p, b, nil) }

// Explain is Evaluate, and appends the steps of the decision to trace.
func (s *Snapshot) Explain(p Plan, b Body, trace *rules.Trace) Outcome {
	if p.Peek { // nobody has
		p = s.Peeked(p, b.Bytes)
	}
	o := Outcome{Facts: p.Facts, Service: p.Service, PathTemplate: p.PathTemplate}
	o.Facts.Bytes = max(b.Total, int64(len(b.Bytes)))
	if p.Unlisted() {
		if shape := s.shape(&p.Request, b); shape.IsAI() {
			o.Facts.Service, o.Facts.Account = shape, s.suspectedAccount(&p.Request, &shape)
		}
	}
	var after *Window
	if o.Facts.Service.IsAI() || s.readsOther {
		after = s.read(&p, b, &o)
	} else {
		o.Facts.Content = &rules.Content{Coverage: classifier.Coverage{Reason: cmp.Or(b.Reason, "policy")}}
	}
	o.Facts.Account.Pending = false
	o.Verdict = s.policy.Decide(o.Facts, trace)
	s.lacking(&p, b.Reason, &o)
	if p.Need != rules.Hold && !p.Final {
		o.Verdict = afterwards(o.Verdict)
	}
	if after != nil && !o.Verdict.Stops() {
		*b.Window = *after
	}
	return o
}

// afterwards is a verdict on a body that has gone on: it stops nothing.
func afterwards(verdict rules.Verdict) rules.Verdict {
	if verdict.Stops() {
		verdict.Monitor, verdict.MonitoredBy = true, rules.ByLateness
		verdict.Reason += "; found when the body had left already"
	}
	return verdict
}

// read extracts and classifies the body. It returns what the window of the body
// becomes unless the verdict stops it; nil when it has none.
func (s *Snapshot) read(p *Plan, b Body, o *Outcome) (after *Window) {
	open := b.behindOpen(p.operation)
	in := p.Request.input(b)
	if b.Frame != NoFrame && p.operation != nil {
		in.Separator = p.operation.Separator()
	}
	doc := extract.Body(in, s.limits)
	doc.Coverage.BytesRead = max(0, doc.Coverage.BytesRead-int64(open))
	o.MediaType = doc.MediaType
	if p.marks != nil {
		o.Facts.Account = s.settleAccount(p, doc.Segments)
	}
	found := locate(p.operation, doc, b)
	o.ShapeChanged = found.changed
	var before *rules.Content
	o.Result, before, after = s.scan(p.operation, &found, b)
	for i := range o.Result.Summaries {
		o.Result.Summaries[i].Location = s.vocabulary.location(o.Result.Summaries[i].Location)
	}
	read := budgeted(found.listened(doc.Coverage, p.operation, b.Frame), doc.Segments, &o.Result)
	read = b.Part.coverage(coverage(b.Part.whole(read, b), b, o.Result.Exhausted))
	o.Facts.Content = &rules.Content{Findings: o.Result.Summaries, People: o.Result.People, Coverage: read}
	if after != nil {
		o.Added = Added(o.Facts.Content, before)
	}
	return after
}

// input is the part of a request that extraction looks at.
func (r *Request) input(b Body) extract.Input {
	if r.Upload != nil {
		return r.Upload.input(r, b)
	}
	truncated := b.Total > int64(len(b.Bytes)) || b.Reason != ""
	if b.Frame != NoFrame {
		return extract.Input{WebSocket: true, Body: b.Bytes, Truncated: truncated}
	}
	in := extract.Input{
		MediaType: r.header("Content-Type"), Encoding: strings.Join(r.Header["Content-Encoding"], ", "),
		Body: b.Bytes, Truncated: truncated, Query: r.Query, Path: r.Path,
		MessageEncoding: cmp.Or(r.header("Grpc-Encoding"), r.header("Connect-Content-Encoding")),
	}
	if b.Window != nil && b.Window.begun {
		in.Query, in.Path = "", "" // they were read with the first message
	}
	return in
}

// coverage joins what extraction could read with what was captured and scanned.
func coverage(c classifier.Coverage, b Body, exhausted bool) classifier.Coverage {
	switch {
	case b.Frame != NoFrame && len(b.Bytes) == 0 && slices.Contains([]string{"corrupt", "over_ratio", "unknown_encoding"}, b.Reason):
		return classifier.Coverage{State: classifier.Undecodable, Reason: b.Reason} // it could not be decompressed
	case len(b.Bytes) == 0 && b.Reason != "":
		return classifier.Coverage{State: classifier.NotInspected, Reason: b.Reason}
	case c.State == classifier.Complete && (b.Reason != "" || b.Total > int64(len(b.Bytes))):
		c.State, c.Reason = classifier.Truncated, b.Reason
	case c.State == classifier.Complete && exhausted:
		c.State, c.Reason = classifier.Truncated, "scan_budget"
	}
	if c.State == classifier.Truncated && b.Reason != "" {
		c.Reason = b.Reason
	}
	return c
}

// Scan reads and classifies a file. The positions of findings count in the value
// that their location names, also when its text was cut into prose and tables.
func (s *Snapshot) Scan(name string, data []byte) (classifier.Document, classifier.Result) {
	doc := extract.Body(extract.Input{Filename: name, Body: data}, s.limits)
	result := s.scanner.Scan(doc.Segments)
	shift(result.Findings, doc.Segments)
	doc.Coverage = coverage(budgeted(doc.Coverage, doc.Segments, &result), Body{Bytes: data, Total: int64(len(data))}, result.Exhausted)
	return doc, result
}

// shift makes positions in segments positions in the values they were cut from.
func shift(findings []classifier.Finding, segments []classifier.Segment) {
	for i := range findings {
		offset := segments[findings[i].Segment].Offset
		findings[i].Start += offset
		findings[i].End += offset
	}
}

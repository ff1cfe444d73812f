package main

import (
	"fmt"
	"text/tabwriter"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/recording"
)

// explanation is what is printed: that of the engine, and where it comes from.
type explanation struct {
	Subject string `json:"subject"` // of a recording, else ""
	engine.Explanation
	Event *explainedEvent `json:"event,omitempty"`
}

// explain judges an exchange and prints why. Where TLS would stay closed nothing of
// the request is seen, and the tunnel is judged.
func (x *explainRun) explain(exchange *recording.Exchange) error {
	trace := new(rules.Trace)
	j := x.judge(exchange, trace)
	e := explanation{Subject: exchange.Name, Explanation: x.policy.snapshot.Explanation(&j.Plan, j.Body, &j.Outcome, trace)}
	e.Request.Message = j.Message
	return x.print(&e)
}

// judge judges an exchange as the proxy does, which reads so much of a body and no more.
func (x *explainRun) judge(exchange *recording.Exchange, trace *rules.Trace) recording.Judgement {
	exchange.Clip(x.settings.Proxy.Limits.WithDefaults().InspectBytes)
	return exchange.Judge(x.policy.snapshot, trace)
}

// explainedEntry is one entry in the list of a HAR file.
type explainedEntry struct {
	Entry        int    `json:"entry"`
	Method       string `json:"method"`
	Host         string `json:"host"`
	PathTemplate string `json:"path_template"`
	Service      string `json:"service"`
	Operation    string `json:"operation,omitempty"`
	Action       string `json:"action"`
	Enforced     bool   `json:"enforced"`
	Rule         string `json:"rule"`
}

// list prints a line for each entry, and leaves the choice to the reader.
func (x *explainRun) list(exchanges []recording.Exchange) error {
	entries := make([]explainedEntry, len(exchanges))
	for i := range exchanges {
		j := x.judge(&exchanges[i], nil)
		r, v := &exchanges[i].Request, &j.Verdict
		entries[i] = explainedEntry{
			exchanges[i].Entry, r.Method, r.Destination.Host, j.PathTemplate, j.Facts.Service.ID, j.Facts.Service.Operation,
			v.Action.String(), !v.Monitor, v.Rule,
		}
	}
	if x.format == "json" {
		return writeJSON(x.env.stdout, entries)
	}
	hidden := 0
	w := tabwriter.NewWriter(x.env.stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		if e.Service == "" && !x.all {
			hidden++
			continue
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s %s%s\n", e.Entry, actionWord(e.Action, e.Enforced), dash(e.Service), printable(e.Method), printable(e.Host), printable(e.PathTemplate))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing the entries: %w", err)
	}
	if hidden > 0 {
		fmt.Fprintf(x.env.stderr, "%s to other sites, which --all shows\n", plural(hidden, "request"))
	}
	fmt.Fprintln(x.env.stderr, "--entry NUMBER explains one of them")
	return nil
}

// actionWord names an action as what becomes of the exchange.
func actionWord(action string, enforced bool) string {
	switch {
	case action == rules.Block.String() && enforced:
		return "blocked"
	case action == rules.Block.String():
		return "would be blocked"
	case action == rules.Log.String():
		return "logged"
	case action == rules.Allow.String():
		return "allowed"
	}
	return action
}

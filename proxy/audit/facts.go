package audit

import (
	"slices"
	"strconv"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// Facts are what the exchange was judged by, as far as the event tells; Lacks
// says what it does not. The path is its template, and a query is never known.
// Content is nil when nobody read the body because the policy did not ask.
func (e *Event) Facts() rules.Facts {
	f := rules.Facts{
		Time:        e.Time,
		Client:      rules.Client{Address: e.Client.Address, User: e.Client.User},
		Destination: rules.Destination{ConnectHost: e.Destination.ConnectHost, SNI: e.Destination.SNI, Host: e.Destination.Host, Port: e.Destination.Port},
		Service: rules.Service{
			ID: e.Service.ID, Vendor: e.Service.Vendor, Category: e.Service.Category, Country: e.Service.Country,
			Operation: e.Service.Operation, Confidence: e.Service.Confidence, Evidence: e.Service.Evidence,
		},
		Method: e.Request.Method, Path: e.Destination.PathTemplate, MediaType: e.Request.MediaType,
		Bytes: e.Request.Bytes, Content: e.content(),
	}
	if a := e.AIAccount; a != nil {
		fingerprint, _ := strconv.ParseUint(a.Fingerprint, 16, 64) // 0 for none
		f.Account = rules.Account{Kind: a.Kind, Name: a.Name, Plan: a.Plan, Fingerprint: fingerprint}
	}
	if e.Kind == KindTunnel || e.isHandshake() {
		f.Bytes = 0 // what goes through unread behind a verdict is not of its facts
	}
	return f
}

// content is what was judged of the body.
func (e *Event) content() *rules.Content {
	c := &rules.Content{Findings: e.Findings, People: e.People, Coverage: e.Coverage}
	switch {
	case e.isHandshake():
		c.Coverage = classifier.Coverage{State: classifier.Complete}
	case e.Coverage.State == classifier.NotInspected && e.Coverage.Reason == "policy" && len(e.Findings) == 0:
		return nil
	case e.Coverage.Reason == "unfinished": // that came later
		c.Coverage.State, c.Coverage.Reason = classifier.Complete, ""
	}
	return c
}

// isHandshake tells whether the event is of the request that opened a WebSocket,
// or another protocol, and not of a message of it.
func (e *Event) isHandshake() bool {
	return e.Connection == "" && slices.Contains([]string{"websocket", "upgrade"}, e.Destination.Protocol)
}

// isStream tells whether the event is of a call of gRPC or Connect, whose messages
// were judged one by one.
func (e *Event) isStream() bool {
	return strings.HasPrefix(e.Request.MediaType, "application/grpc") || strings.HasPrefix(e.Request.MediaType, "application/connect+")
}

// Lacks tells what Facts does not: what decided beside it when the exchange was judged.
func (e *Event) Lacks() rules.Lack {
	var l rules.Lack
	set := func(on bool, bit rules.Lack) {
		if on {
			l |= bit
		}
	}
	c := e.Facts().Content
	stopped := e.Verdict.Action == rules.Block && e.Verdict.Enforced
	set(c == nil, rules.LackContent)
	set(e.Upload != nil || stopped && c != nil && e.Coverage.State != classifier.Complete, rules.LackRest)
	set(e.Connection != "", rules.LackEarlier)
	set(e.isStream(), rules.LackMessage)
	set(e.Connection != "" || e.isStream() || e.Coverage.Reason == "unfinished" || stopped && c == nil, rules.LackBytes)
	set(e.Service.ID == rules.Suspected && e.Timing.Mode != ModeHold, rules.LackTime)
	set(!e.Client.Address.IsValid(), rules.LackAddress)
	set(e.failed(), rules.LackVerdict)
	return l
}

// failed tells whether the verdict is that of a judgement which failed: the policy
// stops nothing without a rule.
func (e *Event) failed() bool {
	if e.Verdict.OnErrorBy != "" || e.Verdict.Rule == "" && e.Verdict.Action < rules.Log {
		return true
	}
	return e.Verdict.Rule == "" && e.Coverage.State == classifier.NotInspected && slices.Contains([]string{"failed", "disk", "client_gone"}, e.Coverage.Reason)
}

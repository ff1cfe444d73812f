package main

import (
	"fmt"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/recording"
)

// reading says what had to be read, and what was.
func (p *explainPrinter) reading() {
	r := p.e.Reading
	if r == nil {
		return
	}
	size := byteSize(p.e.Request.Bytes)
	switch {
	case p.e.Tunnel != nil && p.e.Tunnel.Reason != "":
		return
	case p.e.Request.Bytes == 0 && r.Coverage.Reason != recording.NotRecorded:
		p.line("body", "none")
		if r.Texts > 0 && r.Need != "nothing" {
			p.line("", "the address was read (%s)", plural(r.Texts, "value"))
		}
		return
	case r.Need == "nothing":
		p.line("body", "%s, not read: no content can change the verdict", size)
		return
	case r.Need == "hold":
		p.line("body", "%s, held until it is read: %q may stop it (%s)", size, r.Rule, r.At)
	default:
		p.line("body", "%s, read from a copy while it goes on: no rule stops it for its content", size)
	}
	p.line("", "%s", coverageText(r))
	p.places(r)
}

func coverageText(r *engine.ExplainedReading) string {
	c := &r.Coverage
	text := strings.ReplaceAll(c.State.String(), "_", " ")
	if c.State != classifier.Complete {
		text += fmt.Sprintf(" (%s), %s read", c.Reason, byteSize(c.BytesRead))
	} else {
		text = "read to its end"
	}
	return text + prefixed(", as ", r.MediaType)
}

// places says where the text of people was.
func (p *explainPrinter) places(r *engine.ExplainedReading) {
	switch {
	case r.ShapeChanged:
		p.line("", "nothing is where the catalogue knows the text: all of it was taken for text (%s)", plural(r.Texts, "value"))
		return
	case len(r.Places) == 0 && r.Elsewhere == 0 && r.LeftOut == 0:
		if r.Texts > 0 {
			p.line("", "all of it was taken for text (%s)", plural(r.Texts, "value"))
		}
		return
	}
	for _, place := range r.Places {
		p.line("", "text at %s: %s, %s", place.At, plural(place.Texts, "value"), byteSize(int64(place.Bytes)))
	}
	if r.Elsewhere > 0 {
		p.line("", "text elsewhere, by the look of it: %s", plural(r.Elsewhere, "value"))
	}
	if r.LeftOut > 0 {
		p.line("", "left out, as identifiers: %s (a list of people among them is read)", plural(r.LeftOut, "value"))
	}
}

// found lists the findings.
func (p *explainPrinter) found() {
	if len(p.e.Findings) == 0 {
		if r := p.e.Reading; r != nil && r.Need != "nothing" && r.Texts > 0 {
			p.line("found", "nothing")
		}
		return
	}
	var rows [][]string
	for _, f := range p.e.Findings {
		class := strings.Join(f.Classes, ", ")
		if class == "" {
			class = f.Class
		}
		rows = append(rows, []string{
			fmt.Sprintf("%d %s", f.Count, f.Detector), class, f.Masked, fmt.Sprintf("%.0f%%", f.Confidence*100), f.Location,
		})
	}
	p.table("found", rows)
	if p.e.People > 0 {
		p.line("", "%s", people(p.e.People))
	}
}

// answer says what the client is told.
func (p *explainPrinter) answer() {
	a := p.e.Answer
	if a == nil {
		return
	}
	when := "the client gets "
	if !a.Given {
		when = "if it were enforced, the client would get "
	}
	p.line("answer", "%s%s", when, refusalText(a.Shape))
	if message := anyMessage(a.Message); message != "" {
		p.line("", "%q", message)
	}
}

// anyMessage is the English message, or else the first by language.
func anyMessage(messages map[string]string) string {
	if text, ok := messages["en"]; ok {
		return text
	}
	for _, language := range sortedKeys(messages) {
		return messages[language]
	}
	return ""
}

// refusalText describes the shape of a refusal.
func refusalText(shape string) string {
	switch shape {
	case "page":
		return "403 with a page that a person reads"
	case "preflight":
		return "204: a preflight is answered, and the request behind it refused"
	case "openai", "anthropic", "google":
		return "403 with an error in the form of " + map[string]string{"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}[shape] + ", which the app shows"
	case "json":
		return "403 with problem details (RFC 9457)"
	case "websocket_close":
		return "the connection closed with the reason"
	case "signalr", "realtime":
		return "an error in a message; the connection stays open"
	case "tunnel":
		return "403 in answer to CONNECT"
	}
	return "PERMISSION_DENIED in the form of its call (" + strings.ReplaceAll(shape, "_", " ") + ")"
}

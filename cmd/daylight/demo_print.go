package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

// stage prints the demo.
type stage struct {
	out io.Writer
	ink ink
}

func (s stage) heading(text string) {
	fmt.Fprintf(s.out, "\n%s\n", s.ink.bold(text))
}

// scene prints one exchange: who sent what where, and what became of it.
func (s stage) scene(number int, sc *scene, r *result) {
	e := &r.event
	s.heading(fmt.Sprintf("%d  %s", number, sc.title))
	to := e.Destination.Host
	if e.Service.ID != "" {
		to += s.ink.dim(fmt.Sprintf(" (%s, %s)", e.Service.ID, e.Service.Status))
	}
	fmt.Fprintf(s.out, "   %s → %s\n   %s\n", sc.user, to, s.ink.dim(sc.says))
	fmt.Fprintf(s.out, "   %s  %s\n", s.verdict(e.Verdict.Action), s.consequence(sc, r))
	if e.Verdict.Rule != "" {
		s.line("rule", fmt.Sprintf("%s, %s", e.Verdict.Rule, filepath.Base(e.Verdict.At)))
	}
	if found := findings(r); found != "" {
		s.line("found", wrap(found, 78, strings.Repeat(" ", 12)))
	}
	if e.Service.Evidence != nil {
		s.line("because", strings.Join(e.Service.Evidence, ", "))
	}
	if e.Upload != nil {
		s.line("file", fmt.Sprintf("%s, opened by the event %s", e.Upload.Filename, e.Upload.OpenedBy))
	}
	if e.Coverage.State == classifier.Undecodable {
		s.line("unread", fmt.Sprintf("%s: %s", byteSize(e.Request.Bytes-e.Coverage.BytesRead), e.Coverage.Reason))
	}
	if e.Verdict.Action == rules.Block {
		s.line("told", wrap(excerpt(r.told, 150), 66, strings.Repeat(" ", 12)))
	}
	if r.then != "" {
		s.line("then", r.then)
	}
	if sc.expect.streams {
		s.line("stream", timeline(r.streamed()))
	}
	for _, d := range sc.differences(r) {
		s.line("WRONG", s.ink.red(d))
	}
}

func (s stage) line(label, text string) {
	fmt.Fprintf(s.out, "   %s  %s\n", s.ink.dim(fmt.Sprintf("%-7s", label)), text)
}

func (s stage) verdict(a rules.Action) string {
	switch a {
	case rules.Block:
		return s.ink.red("BLOCKED")
	case rules.Log:
		return s.ink.yellow("LOGGED ")
	default:
		return s.ink.green("ALLOWED")
	}
}

func (s stage) consequence(sc *scene, r *result) string {
	sent := int64(len(sc.message.body))
	took := ""
	if r.event.Timing.Verdict > 0 {
		took = fmt.Sprintf(", verdict in %.1f ms", 1000*r.event.Timing.Verdict)
	}
	if r.arrived == sent {
		return fmt.Sprintf("all %s reached the service%s", byteSize(sent), took)
	}
	return fmt.Sprintf("%s of %s reached the service%s", byteSize(r.arrived), byteSize(sent), took)
}

// event prints an event with a line for each key and each finding.
func (s stage) event(e *audit.Event) error {
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("writing the event: %w", err)
	}
	members := json.NewDecoder(bytes.NewReader(line))
	if _, err := members.Token(); err != nil { // the brace
		return fmt.Errorf("writing the event: %w", err)
	}
	for members.More() {
		var value json.RawMessage
		key, err := members.Token()
		if err == nil {
			err = members.Decode(&value)
		}
		if err != nil {
			return fmt.Errorf("writing the event: %w", err)
		}
		text := strings.ReplaceAll(string(value), "},{", "},\n"+strings.Repeat(" ", 15)+"{")
		fmt.Fprintf(s.out, "  %s %s\n", s.ink.dim(fmt.Sprintf("%-11s", key)), text)
	}
	return nil
}

// findings sums up what was found.
func findings(r *result) string {
	var parts []string
	for _, f := range r.event.Findings {
		parts = append(parts, fmt.Sprintf("%d × %s (%s)", f.Count, f.Detector, f.Masked))
	}
	if len(parts) > 4 {
		parts = append(parts[:4], fmt.Sprintf("and %s more", plural(len(parts)-4, "kind")))
	}
	text := strings.Join(parts, ", ")
	if r.event.People > 0 {
		text = people(r.event.People) + ": " + text
	}
	return text
}

// answerText finds the sentence for the person in the error of a service.
func answerText(body []byte) string {
	var answer struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	if answer.Error.Message != "" {
		return answer.Error.Message
	}
	return answer.Detail
}

// timeline writes words with the time at which they came.
func timeline(words []chunk) string {
	var parts []string
	for _, w := range words {
		parts = append(parts, fmt.Sprintf("%d ms %q", w.after.Round(time.Millisecond).Milliseconds(), w.text))
	}
	return strings.Join(parts, "  ")
}

// excerpt cuts a text at a blank when it has more than limit bytes.
func excerpt(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	if blank := strings.LastIndexByte(text[:limit], ' '); blank > 0 {
		return text[:blank] + " …"
	}
	return text
}

// wrap breaks a text at blanks into lines of at most width characters.
func wrap(text string, width int, indent string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > width:
			b.WriteString("\n" + indent)
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}

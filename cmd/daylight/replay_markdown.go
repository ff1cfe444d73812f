package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"daylight.internal/rules/replay"
)

// Bounds on Markdown: a comment on a pull request takes some 65,000 characters.
const (
	markdownRows     = 10
	markdownExamples = 20
	markdownEntries  = 50
)

// writeMarkdown writes the report for a comment on a pull request: what matters
// as tables, details folded.
func (p *replayReport) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("### Replay of recorded traffic\n\n" + markdownText(strings.ReplaceAll(p.headline(), "\n", ": ")) + ".\n")
	if len(p.Changes) > 0 {
		b.WriteString("\n| change | exchanges | share | people |\n|---|--:|--:|--:|\n")
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		title := kindTitle(c.Kind)
		if c.Kind == replay.NewlyBlocked {
			title = "**" + title + "**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", title, grouped(c.Exchanges), percent(c.Share), p.persons(c.Users))
	}
	for i := range p.Changes {
		p.markdownChange(&b, &p.Changes[i])
	}
	p.markdownRecordings(&b)
	if note := p.note(); note != "" {
		b.WriteString("\n" + markdownText(note) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *replayReport) markdownChange(b *strings.Builder, c *replay.Change) {
	open := ""
	if c.Kind == replay.NewlyBlocked {
		open = " open"
	}
	fmt.Fprintf(b, "\n<details%s><summary>%s: %s</summary>\n\n| | | exchanges | people |\n|---|---|--:|--:|\n", open, kindTitle(c.Kind), p.amount(c))
	p.markdownRows(b, "rule", c.ByRule, ruleText)
	p.markdownRows(b, "service", c.ByService, nameText)
	p.markdownRows(b, "group", c.ByGroup, nameText)
	p.markdownRows(b, "because", c.ByCause, func(r *replay.Row) string { return p.causeText(r.Name) })
	if len(c.Examples) > 0 {
		b.WriteString("\n| time | who | service | change | event |\n|---|---|---|---|---|\n")
	}
	for i := range c.Examples[:min(len(c.Examples), markdownExamples)] {
		e := &c.Examples[i]
		at := ""
		if e.Time != nil {
			at = e.Time.UTC().Format("2006-01-02 15:04")
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", at, markdownText(who(e)), markdownText(strings.TrimSpace(e.Service+" "+e.Operation)), markdownText(turn(e)), markdownText(e.ID))
	}
	b.WriteString("\n</details>\n")
}

func (p *replayReport) markdownRows(b *strings.Builder, title string, rows []replay.Row, name func(*replay.Row) string) {
	for i := range rows[:min(len(rows), markdownRows)] {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", title, markdownText(name(&rows[i])), grouped(rows[i].Exchanges), p.persons(rows[i].Users))
	}
	if more := len(rows) - markdownRows; more > 0 {
		fmt.Fprintf(b, "| %s | and %d more | | |\n", title, more)
	}
}

func (p *replayReport) markdownRecordings(b *strings.Builder) {
	if len(p.Recordings) == 0 {
		return
	}
	fmt.Fprintf(b, "\n<details><summary>%s, judged by the new policy</summary>\n\n| exchange | decision |\n|---|---|\n", plural(len(p.Recordings), "recorded exchange"))
	for i := range p.Recordings[:min(len(p.Recordings), markdownEntries)] {
		r := &p.Recordings[i]
		fmt.Fprintf(b, "| %s | %s |\n", markdownText(r.Name), markdownText(r.Decision.Effect()+by(&r.Decision)))
	}
	if more := len(p.Recordings) - markdownEntries; more > 0 {
		fmt.Fprintf(b, "| and %d more | |\n", more)
	}
	b.WriteString("\n</details>\n")
}

// markdownText makes text that means nothing in Markdown and HTML, on one line of
// a table: names of users, hosts and rules are not ours.
func markdownText(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '<' || c == '>' || c == '&':
			b.WriteString(map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;"}[c])
		case strings.ContainsRune("\\`*_{}[]#|~!@", c):
			fmt.Fprintf(&b, "&#%d;", c)
		case !unicode.IsGraphic(c):
			b.WriteByte(' ')
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

package proxy

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lead returns the first sentences of a block page and what to do next.
func (t *pageText) lead(n notice) (lead string, next []string) {
	lead, next = t.Block.LeadService, t.Block.NextService
	switch {
	case n.failed:
		lead, next = t.Block.LeadFailed, t.Block.NextFailed
	case len(n.classes) > 0:
		lead, next = t.Block.LeadContent, t.Block.NextContent
	}
	return strings.ReplaceAll(lead, "{service}", cmp.Or(n.service, t.ThisService)), next
}

// className returns the name of a data class; a class of the policy's author
// has only its own.
func (t *pageText) className(class string) string {
	if name, ok := t.Classes[class]; ok {
		return name
	}
	first, size := utf8.DecodeRuneInString(class)
	return string(unicode.ToTitle(first)) + strings.ReplaceAll(class[size:], "_", " ")
}

// found counts people and what else was found; "" when that is nothing.
func (t *pageText) found(n notice) string {
	var found []string
	if n.people > 0 {
		found = append(found, fmt.Sprintf("%s (%d)", t.Block.People, n.people))
	}
	for _, c := range n.classes {
		found = append(found, fmt.Sprintf("%s (%d)", t.className(c.class), c.count))
	}
	return strings.Join(found, t.Separator)
}

// line is the whole notice in one line, for a program that shows it, and its
// language. That is the one of the policy's message where its other words are
// known in it: a line in two languages, perhaps in two directions, is hard to read.
func line(r *http.Request, n notice) (text, language string) {
	own, tag := messageIn(r, n.message)
	t := textIn(r, tag)
	lead, _ := t.lead(n)
	parts := []string{t.sentence(own)}
	if own == "" {
		parts = []string{t.sentence(t.Block.Title), lead}
	}
	for _, p := range []struct{ format, value string }{
		{t.Line.File, n.file}, {t.Line.Found, t.found(n)}, {t.Line.Rule, n.rule}, {t.Line.Event, n.id},
	} {
		if p.value != "" {
			parts = append(parts, strings.ReplaceAll(p.format, "{value}", p.value))
		}
	}
	return strings.Join(parts, " "), cmp.Or(tag, t.Language)
}

// shortLine is the notice in at most limit bytes: the policy's message, or that
// nothing was sent, and the number of the event when there is room.
func shortLine(r *http.Request, n notice, limit int) string {
	own, tag := messageIn(r, n.message)
	t := textIn(r, tag)
	return t.withEvent(shorten(t.sentence(cmp.Or(own, t.Block.Title)), limit), n.id, limit)
}

// withEvent adds the number of the event when there is one, and room for it.
func (t *pageText) withEvent(text, id string, limit int) string {
	if event := " " + strings.ReplaceAll(t.Line.Event, "{value}", id); id != "" && len(text)+len(event) <= limit {
		text += event
	}
	return text
}

// sentence gives a text the stop that its author left out.
func (t *pageText) sentence(text string) string {
	text = strings.TrimSpace(text)
	if end, _ := utf8.DecodeLastRuneInString(text); unicode.IsLetter(end) || unicode.IsDigit(end) {
		return text + t.Line.Stop
	}
	return text
}

// shorten cuts a text to at most limit bytes: behind the last whole sentence, or
// behind a word when the first sentence is longer.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const ellipsis = "…"
	sentence, word, letter := 0, 0, 0
	var before rune
	for i, r := range text {
		if i > limit {
			break
		}
		switch {
		case strings.ContainsRune("。！？", before), unicode.IsSpace(r) && strings.ContainsRune(".!?؟۔", before):
			sentence = i
		case unicode.IsSpace(r) && i+len(ellipsis) <= limit:
			word = i
		}
		if i+len(ellipsis) <= limit {
			letter = i
		}
		before = r
	}
	if sentence > 0 {
		return text[:sentence]
	}
	return text[:cmp.Or(word, letter)] + ellipsis
}

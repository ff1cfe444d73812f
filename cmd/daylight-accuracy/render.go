package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine/accuracy"
)

// examplesShown is how many wrong findings of a detector the document shows.
const examplesShown = 2

// render writes the document.
func render(m *measurement, byHand string) string {
	var b strings.Builder
	b.WriteString(introduction)
	renderBars(&b, m)
	renderClean(&b, m)
	p := m.planted
	fmt.Fprintf(&b, planted, thousands(p.documents), megabytes(p.bytes), m.size.rounds)
	renderScores(&b, "data class", p.classes, nil)
	renderScores(&b, "language", p.languages, nil)
	renderScores(&b, "kind of document", p.kinds, nil)
	renderScores(&b, "detector", p.detectors, m.without)
	renderUnmeasured(&b, m)
	renderRelations(&b)
	renderWrong(&b, m)
	b.WriteString("## The pages that were labelled by hand\n\n" + handLabelled + "\n" + byHand)
	b.WriteString(corpora)
	renderKinds(&b, m)
	renderLuhn(&b, m.luhn)
	b.WriteString(limits)
	return b.String()
}

func renderBars(b *strings.Builder, m *measurement) {
	b.WriteString("| demand | bar | measured | |\n|---|---|---|---|\n")
	for _, bar := range m.barList() {
		met := "met"
		if !bar.met {
			met = "**missed**"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", bar.name, bar.demand, bar.value, met)
	}
	b.WriteString("\n")
}

func renderClean(b *strings.Builder, m *measurement) {
	b.WriteString(cleanTexts)
	b.WriteString("| kind | read | false findings | per megabyte | 95 % | which |\n|---|---:|---:|---:|---:|---|\n")
	for _, t := range m.clean {
		low, high := accuracy.Poisson(t.findings)
		size := float64(t.bytes) / 1e6
		fmt.Fprintf(b, "| %s | %s | %d | %.3f | %.3f to %.3f | %s |\n", t.kind, megabytes(t.bytes), t.findings, float64(t.findings)/size, low/size, high/size, counts(t.detectors))
	}
	visitors := entry(m.visitors.detectors, "ip_address")
	fmt.Fprintf(b, "\nLogs have %s lines; cards found in them: %d. In access logs that show the public addresses of visitors (%s, %s lines of text with %d addresses), %d addresses were found and %d findings were wrong.\n\n",
		thousands(m.logs.lines), m.logs.detectors["payment_card"], megabytes(m.visitors.bytes), "apart from the above", visitors.Expected, visitors.Hit, m.visitors.wrongFindings())
}

func (t *tally) wrongFindings() (n int) {
	for _, s := range t.detectors {
		n += s.Wrong
	}
	return n
}

// counts renders how often each detector was wrong, the most frequent first.
func counts(detectors map[string]int) string {
	names := slices.SortedFunc(maps.Keys(detectors), func(a, b string) int {
		if detectors[a] != detectors[b] {
			return detectors[b] - detectors[a]
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("`%s` %d", name, detectors[name])
	}
	return strings.Join(names, ", ")
}

// renderScores writes a table; without holds names of which nothing was planted.
func renderScores(b *strings.Builder, title string, scores map[string]*accuracy.Score, without []string) {
	fmt.Fprintf(b, "| %s | planted | missed | false | precision | 95 %% | recall | 95 %% | F1 | 95 %% |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n", title)
	for _, name := range slices.Sorted(maps.Keys(scores)) {
		if slices.Contains(without, name) {
			continue
		}
		s := scores[name]
		low, high := s.F1Interval()
		fmt.Fprintf(b, "| %s | %d | %d | %d | %s | %s | %s | %s | %s | %s |\n", name, s.Expected, s.Expected-s.Hit, s.Wrong,
			perCent(s.Hit, s.Hit+s.Wrong), interval(accuracy.Wilson(s.Hit, s.Hit+s.Wrong)), perCent(s.Hit, s.Expected), interval(accuracy.Wilson(s.Hit, s.Expected)),
			perCent(2*s.Hit, s.Expected+s.Hit+s.Wrong), interval(low, high))
	}
	b.WriteString("\n")
}

func renderUnmeasured(b *strings.Builder, m *measurement) {
	if unknown := slices.Sorted(maps.Keys(m.planted.unknown)); len(unknown) > 0 {
		fmt.Fprintf(b, "Values are planted for these, but there is no detector: %s.\n\n", strings.Join(unknown, ", "))
	}
	b.WriteString("Nothing is planted for these, so only their false findings are counted: ")
	for i, id := range m.without {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "`%s`", id)
		if s := m.planted.detectors[id]; s != nil {
			fmt.Fprintf(b, " (%d false)", s.Wrong)
		}
	}
	b.WriteString(".\n\n")
}

func renderRelations(b *strings.Builder) {
	b.WriteString(twins)
	for _, rule := range relationRules() {
		fmt.Fprintf(b, "- %s\n", rule.text)
	}
	b.WriteString("\n")
}

func renderWrong(b *strings.Builder, m *measurement) {
	b.WriteString("## What is wrongly found\n\nExamples out of the made texts, at most " + fmt.Sprint(examplesShown) + " of each detector; ⟦ and ⟧ stand around what was taken for a value.\n\n")
	wrong := map[string][]string{}
	for _, list := range []map[string][]string{m.planted.wrong, m.visitors.wrong} {
		for id, examples := range list {
			wrong[id] = append(wrong[id], examples...)
		}
	}
	for _, t := range m.clean {
		for id, examples := range t.examples {
			wrong[id] = append(wrong[id], examples...)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wrong)) {
		for _, example := range wrong[id][:min(len(wrong[id]), examplesShown)] {
			fmt.Fprintf(b, "- `%s`: %s\n", id, code(example))
		}
	}
	b.WriteString("\n")
}

func renderKinds(b *strings.Builder, m *measurement) {
	b.WriteString("| kind | share of the text | documents are |\n|---|---:|---|\n")
	for _, kind := range corpus.PlantedKinds() {
		fmt.Fprintf(b, "| %s | %s | %s |\n", kind, perCent(int(m.planted.sizes[string(kind)]), int(m.planted.bytes)), corpus.About(kind))
	}
	b.WriteString("\n")
}

// printExamples lists what was missed and what was wrong, for whoever mends it.
func (m *measurement) printExamples(w io.Writer, only string) {
	for _, id := range slices.Sorted(maps.Keys(m.planted.detectors)) {
		if !strings.Contains(id, only) {
			continue
		}
		s := m.planted.detectors[id]
		if s.Hit == s.Expected && s.Wrong == 0 {
			continue
		}
		fmt.Fprintf(w, "%s: %d planted, %d missed, %d false\n", id, s.Expected, s.Expected-s.Hit, s.Wrong)
		for _, example := range m.planted.missed[id] {
			fmt.Fprintln(w, "  missed", example)
		}
		for _, example := range m.planted.wrong[id] {
			fmt.Fprintln(w, "  false ", example)
		}
	}
	for _, t := range m.clean {
		for _, id := range slices.Sorted(maps.Keys(t.examples)) {
			for _, example := range t.examples[id] {
				if strings.Contains(id, only) {
					fmt.Fprintln(w, t.kind, id, example)
				}
			}
		}
	}
}

// code renders a text as code in Markdown.
func code(text string) string {
	return "``" + strings.ReplaceAll(strings.TrimSpace(text), "``", "` `") + "``"
}

// perCent renders a part of a whole, rounded down, so that 100 means all.
func perCent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%d.%d %%", part*100/whole, part*1000/whole%10)
}

func interval(low, high float64) string {
	if low != low { // NaN
		return "-"
	}
	return fmt.Sprintf("%.1f to %.1f", 100*low, 100*high)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

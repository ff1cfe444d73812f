package main

import (
	"fmt"
	"strings"
	"unicode"

	"daylight.internal/classifier"
	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine/accuracy"
)

// tally adds up what became of planted values.
type tally struct {
	classOf                              map[string]string // by detector
	detectors, classes, languages, kinds map[string]*accuracy.Score
	checked                              accuracy.Score // numbers with check digits
	documents                            int
	bytes                                int64
	sizes                                map[string]int64 // bytes of each kind
	unknown                              map[string]int   // values of detectors that do not exist
	missed, wrong                        map[string][]string
	examples                             int // kept of each detector
}

func newTally(detectors []classifier.Detector, examples int) *tally {
	t := &tally{
		classOf: map[string]string{}, detectors: map[string]*accuracy.Score{}, classes: map[string]*accuracy.Score{},
		languages: map[string]*accuracy.Score{}, kinds: map[string]*accuracy.Score{},
		sizes: map[string]int64{}, unknown: map[string]int{}, missed: map[string][]string{}, wrong: map[string][]string{}, examples: examples,
	}
	for _, d := range detectors {
		t.classOf[d.ID] = d.Class
	}
	return t
}

// judged is a document with what became of its labels and findings.
type judged struct {
	document corpus.Document
	verdict  accuracy.Verdict
	findings []foundValue // of verdict.Wrong
}

// foundValue is a finding that is wrong, with what stands around it.
type foundValue struct{ detector, example string }

// judge scans a document and compares.
func judge(scan scanner, d corpus.Document) judged {
	document, result := scan(d.Name, d.Text)
	spans := make([]accuracy.Span, len(d.Labels))
	for i, l := range d.Labels {
		spans[i] = accuracy.Span{Detector: l.Detector, Start: l.Start, End: l.End}
	}
	j := judged{document: d, verdict: accuracy.Judge(d.Text, spans, document, result, related)}
	for _, i := range j.verdict.Wrong {
		j.findings = append(j.findings, foundValue{result.Findings[i].Detector, exampleOf(&result.Findings[i], document)})
	}
	return j
}

// exampleOf shows a finding in the made text around it.
func exampleOf(f *classifier.Finding, document classifier.Document) string {
	before, value, after := accuracy.Around(f, document, 40)
	return oneLine(before) + "⟦" + oneLine(value) + "⟧" + oneLine(after)
}

// oneLine makes a text fit to be shown in a line.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
}

func entry(m map[string]*accuracy.Score, name string) *accuracy.Score {
	if m[name] == nil {
		m[name] = &accuracy.Score{}
	}
	return m[name]
}

// add adds a document.
func (t *tally) add(j judged) {
	d := j.document
	t.documents++
	t.bytes += int64(len(d.Text))
	t.sizes[string(d.Kind)] += int64(len(d.Text))
	for i, l := range d.Labels {
		switch {
		case l.Optional:
		case t.classOf[l.Detector] == "":
			t.unknown[l.Detector]++
		default:
			s := accuracy.Score{Expected: 1}
			if j.verdict.Found[i] {
				s.Hit = 1
			} else {
				t.keep(t.missed, l.Detector, missExample(d, l))
			}
			t.score(l.Detector, d, s)
		}
	}
	for _, f := range j.findings {
		t.score(f.detector, d, accuracy.Score{Wrong: 1})
		t.keep(t.wrong, f.detector, f.example)
	}
}

func (t *tally) score(detector string, d corpus.Document, s accuracy.Score) {
	entry(t.detectors, detector).Add(s)
	entry(t.classes, t.classOf[detector]).Add(s)
	entry(t.languages, string(d.Language)).Add(s)
	entry(t.kinds, string(d.Kind)).Add(s)
	if corpus.HasCheckDigit(detector) {
		t.checked.Add(s)
	}
}

func (t *tally) keep(m map[string][]string, detector, example string) {
	if len(m[detector]) < t.examples {
		m[detector] = append(m[detector], example)
	}
}

func missExample(d corpus.Document, l corpus.Label) string {
	before := strings.ToValidUTF8(string(d.Text[max(0, l.Start-40):l.Start]), "")
	after := strings.ToValidUTF8(string(d.Text[l.End:min(len(d.Text), l.End+40)]), "")
	return fmt.Sprintf("%s: %s⟦%s⟧%s", d.Name, oneLine(before), oneLine(string(d.Text[l.Start:l.End])), oneLine(after))
}

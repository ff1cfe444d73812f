package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// suspects is how many hostile texts are measured well, of those that seem slow.
const suspects = 12

// hostile finds the slowest of texts that are made to be slow. Those that use up
// the budget of steps say so, and are none.
func (w world) hostile(scanner *classifier.Scanner, o options) error {
	type suspect struct {
		text scanText
		took time.Duration
	}
	var list []suspect
	exhausted := 0
	pieces := hostilePieces(detect.All())
	for _, piece := range pieces {
		segments := []classifier.Segment{{Text: bytes.Repeat([]byte(piece), documentSize/len(piece)+1)[:documentSize]}}
		start := time.Now()
		if scanner.Scan(segments).Exhausted {
			exhausted++
			continue
		}
		list = append(list, suspect{scanText{name: piece, body: segments[0].Text, segments: segments}, time.Since(start)})
	}
	slices.SortFunc(list, func(a, b suspect) int { return cmp.Compare(b.took, a.took) })
	slowest := scanText{}
	least := 0.0
	for _, s := range list[:min(len(list), suspects)] {
		speed := 0.0
		for range min(o.rounds, 3) {
			speed = max(speed, speedOf(s.text, func(t scanText) { scanner.Scan(t.segments) }))
		}
		if slowest.name == "" || speed < least {
			slowest, least = s.text, speed
		}
	}
	w.results.note("scan hostile", nameDaylight, least)
	fmt.Printf("  the slowest of %d hostile texts repeats %q: %.0f MB/s; %d use up the budget of steps, and say so\n", len(pieces), slowest.name, least, exhausted)
	return nil
}

// hostilePieces are short texts that, repeated, ask a scanner to try again and
// again: what no rule ends, and the half-finished matches of every detector.
func hostilePieces(detectors []classifier.Detector) []string {
	pieces := []string{
		"eyJabcdefghij-", "eyJ", "sk-", "sk-ant-", "AKIA", "hf_a1", "AIza0a", "-----BEGIN ", "ghp_", "xoxb-1",
		"1 ", "0 0 0 ", "001 ", "1-", "1.1.", "1.2.3.4 ", "12-34-", "+1(1)", "+1 (1) ", "+49 151 1", "(((((1", "٠١", "1\u200b", "1", "1234567890",
		"4111 1111 1111 1111 ", "4532015112830366 ", "DE89 3704 0044 ", "AB12 ", "2024-01-01 ", "1/1/1/", "0.1234,", "51.50735, -0.12776 ",
		"a@", "a.a.a@a.a.", "@", "a:", "1:", "::", "::1:", "://", "?token=", "password=",
		"转化率1", "roas ", "CTR 1 ", "confidential ", "机密", "паспорт 45 11 123456 ", "phone 1234567 ", "born 4 March ", "May 4 ", "手机1381234567 ", "客户", "order no. ", "12 Main Street ", "улица 1 ",
	}
	for _, d := range detectors {
		for _, literal := range d.Literals {
			pieces = append(pieces, literal, literal+" 1 ")
		}
		for _, layout := range d.Layouts {
			value := strings.NewReplacer("d", "1", "A", "A", "X", "1", "_", " ").Replace(layout)
			pieces = append(pieces, value+" ", value[:len(value)-1]+" ", value[:(len(value)+1)/2]+" ")
		}
		for _, example := range d.Examples {
			pieces = append(pieces, example+" ", example[:len(example)*2/3]+" ")
		}
	}
	slices.Sort(pieces)
	return slices.Compact(pieces)
}

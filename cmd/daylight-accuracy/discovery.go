package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"daylight.internal/rules/discovery"
	"daylight.internal/rules/discovery/calibration"
)

// discoveryMain measures what the shapes of exchanges are taken for, and writes
// docs/discovery.md.
func discoveryMain(args []string) error {
	flags := flag.NewFlagSet("discovery", flag.ExitOnError)
	out := flags.String("out", "docs/discovery.md", "the `FILE` that is written; - for standard output")
	folder := flags.String("shapes", "testdata/discovery", "the `FOLDER` of the shapes")
	plays := flags.Int("plays", 100, "how often each shape is played")
	_ = flags.Parse(args) // it exits
	d, err := discovery.New()
	if err != nil {
		return err
	}
	shapes, err := calibration.Load(os.DirFS(*folder))
	if err != nil {
		return err
	}
	later, err := calibration.Load(os.DirFS(filepath.Join(*folder, "later")))
	if err != nil {
		return err
	}
	m := discoveryMeasurement{d: d, plays: *plays, rows: calibration.Measure(d, shapes, *plays), later: calibration.Measure(d, later, *plays), hosts: 50 * *plays}
	m.mixed = calibration.Mixed(d, shapes, m.hosts)
	document := m.render()
	if *out == "-" {
		_, err = os.Stdout.WriteString(document)
		return err
	}
	if err := os.WriteFile(*out, []byte(document), 0o644); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	return nil
}

// discoveryMeasurement is what docs/discovery.md tells.
type discoveryMeasurement struct {
	d            *discovery.Discovery
	plays        int
	rows, later  []calibration.Row
	hosts, mixed int
}

func (m *discoveryMeasurement) render() string {
	var b strings.Builder
	b.WriteString(discoveryIntroduction)
	m.renderTotals(&b)
	m.renderLater(&b)
	for _, part := range []struct{ title, kind string }{{"Model APIs", calibration.API}, {"Web apps, extensions and tools", calibration.Web}} {
		fmt.Fprintf(&b, "## %s\n\n%s", part.title, discoveryShapes)
		b.WriteString("| shape | services | score | request alone | after one answer | found | AI | bare | signs |\n|---|---|---:|---:|---:|---:|---:|---:|---|\n")
		for _, r := range byScore(m.rows, part.kind) {
			fmt.Fprintf(&b, "| %s | %s | %d | %s | %s | %s | %s | %s | %s |\n", r.Shape.Name, strings.Join(r.Shape.Services, ", "), r.Score,
				m.share(r.Head), m.share(r.First), m.share(r.Found), m.share(r.AI), m.share(r.Bare), strings.Join(r.Words, " "))
		}
		b.WriteString("\n")
	}
	b.WriteString("## Ordinary exchanges\n\n" + discoveryOrdinary)
	b.WriteString("| shape | score | wrong | signs |\n|---|---:|---:|---|\n")
	for _, r := range byScore(m.rows, calibration.Ordinary) {
		fmt.Fprintf(&b, "| %s | %d | %d of %d | %s |\n", r.Shape.Name, r.Score, r.Wrong, r.Exchanges, strings.Join(r.Words, " "))
	}
	b.WriteString("\n## The signs\n\n" + discoverySigns)
	b.WriteString("| sign | group | points | telling | what is looked for | what else looks like it |\n|---|---|---:|---|---|---|\n")
	for _, s := range m.d.Signals() {
		telling := ""
		if s.Telling {
			telling = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %d | %s | %s | %s |\n", s.Word, s.Group, s.Points, telling, s.Looks, s.FalsePositives)
	}
	return b.String()
}

// byScore returns the rows of a kind, those of the highest scores first.
func byScore(list []calibration.Row, kind string) []calibration.Row {
	rows := slices.DeleteFunc(slices.Clone(list), func(r calibration.Row) bool { return r.Shape.Kind != kind })
	slices.SortStableFunc(rows, func(a, b calibration.Row) int { return cmp.Compare(b.Score, a.Score) })
	return rows
}

// renderLater tells of the shapes that the points were not set on.
func (m *discoveryMeasurement) renderLater(b *strings.Builder) {
	api, web, ordinary := calibration.Sum(m.later, calibration.API), calibration.Sum(m.later, calibration.Web), calibration.Sum(m.later, calibration.Ordinary)
	fmt.Fprintf(b, discoveryLater, api.ServicesFound, api.Services, web.ServicesFound, web.Services, ordinary.Wrong, ordinary.Exchanges, ordinary.Shapes)
	b.WriteString("| shape | score | found | AI | signs |\n|---|---:|---:|---:|---|\n")
	for _, kind := range []string{calibration.API, calibration.Web} {
		for _, r := range byScore(m.later, kind) {
			fmt.Fprintf(b, "| %s | %d | %s | %s | %s |\n", r.Shape.Name, r.Score, m.share(r.Found), m.share(r.AI), strings.Join(r.Words, " "))
		}
	}
	b.WriteString("\n")
}

func (m *discoveryMeasurement) share(n int) string { return fmt.Sprintf("%d %%", 100*n/m.plays) }

func (m *discoveryMeasurement) renderTotals(b *strings.Builder) {
	percent := func(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of)) }
	b.WriteString("| | shapes | services | played | request alone | after one answer | within three exchanges | of them AI | without headers of the vendor | demanded |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---|\n")
	for _, k := range []struct{ title, kind, demand string }{{"model APIs", calibration.API, "90 %"}, {"web apps", calibration.Web, "60 %"}} {
		t := calibration.Sum(m.rows, k.kind)
		fmt.Fprintf(b, "| %s | %d | %d, of which %d found | %d | %s | %s | **%s** | %s | %s | %s |\n", k.title, t.Shapes, t.Services, t.ServicesFound, t.Played,
			percent(t.Head, t.Played), percent(t.First, t.Played), percent(t.Found, t.Played), percent(t.AI, t.Played), percent(t.Bare, t.Played), k.demand)
	}
	t := calibration.Sum(m.rows, calibration.Ordinary)
	fmt.Fprintf(b, "\nOf %d ordinary exchanges of %d kinds, **%d** are taken for more than they are (less than 0.1 %% is demanded), and of %d hosts that each have three\nordinary exchanges of any kinds, **%d**.\n\n",
		t.Exchanges, t.Shapes, t.Wrong, m.hosts, m.mixed)
}

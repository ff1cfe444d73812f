package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// series maps the name of a time series, labels included, to its value.
type series map[string]float64

// scrape reads the metrics of a running Daylight as Prometheus does.
func scrape(ctx context.Context, url string) (series, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("reading the metrics: %w", err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("reading the metrics: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("reading the metrics: %s", resp.Status)
	}
	return parseMetrics(io.LimitReader(resp.Body, 64<<20))
}

// parseMetrics reads the Prometheus text format, as far as it has no timestamps.
func parseMetrics(r io.Reader) (series, error) {
	all := series{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		space := strings.LastIndexByte(line, ' ')
		if space < 0 || line[0] == '#' {
			continue
		}
		value, err := strconv.ParseFloat(line[space+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("reading the metrics: %w", err)
		}
		all[line[:space]] = value
	}
	return all, lines.Err()
}

// growth returns what Daylight counted between two scrapes. The buckets of
// histograms are left out: their count says enough.
func growth(before, after series) series {
	grown := series{}
	for name, value := range after {
		if !strings.HasPrefix(name, "daylight_") || strings.Contains(name, "_bucket{") {
			continue
		}
		if delta := value - before[name]; delta != 0 {
			grown[name] = delta
		}
	}
	return grown
}

// told are the metrics that say most about the demo.
func told() []string {
	return []string{
		"daylight_exchanges_total", "daylight_people_exposed_total", "daylight_ai_inspected_bytes_total", "daylight_ai_not_inspected_bytes_total",
	}
}

// write writes the series of the metrics that are told, and how many others there are.
func (s series) write(w io.Writer) {
	others := 0
	for _, name := range sortedKeys(s) {
		metric, _, _ := strings.Cut(name, "{")
		if !slices.Contains(told(), metric) {
			others++
			continue
		}
		fmt.Fprintf(w, "  %+10s  %s\n", "+"+strconv.FormatFloat(s[name], 'g', 6, 64), name)
	}
	if others > 0 {
		fmt.Fprintf(w, "  and %s more series, see --keep\n", strconv.Itoa(others))
	}
}

// share tells how much of what went to AI services was read.
func (s series) share() string {
	var all float64
	for name, value := range s {
		if strings.HasPrefix(name, "daylight_ai_inspected_bytes_total") || strings.HasPrefix(name, "daylight_ai_not_inspected_bytes_total") {
			all += value
		}
	}
	return fmt.Sprintf("read %.1f %% of the %s that were sent to AI services (daylight_inspected_share)",
		100*s["daylight_inspected_share"], byteSize(int64(all)))
}

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
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

func (s series) write(w io.Writer) {
	for _, name := range sortedKeys(s) {
		fmt.Fprintf(w, "  %+10s  %s\n", "+"+strconv.FormatFloat(s[name], 'g', 6, 64), name)
	}
}

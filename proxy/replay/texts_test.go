package replay_test

import (
	"cmp"
	"net/http"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

// textsAt returns what stands where the catalogue says that people's text is, by its
// location; nil when no operation fits.
func textsAt(c *catalog.Catalog, r *engine.Request, b engine.Body) map[string]string {
	header := func(name string) string { return http.Header(r.Header).Get(name) }
	m, ok := c.Match(catalog.Query{
		Host: r.Destination.Host, Port: r.Destination.Port, Method: r.Method, Path: r.Path, RawQuery: r.Query,
		Header: header, WebSocket: strings.EqualFold(header("Upgrade"), "websocket"),
	})
	if !ok || m.Operation == nil || r.Upload != nil {
		return nil
	}
	in := extract.Input{
		MediaType: header("Content-Type"), Body: b.Bytes, Query: r.Query, Path: r.Path,
		MessageEncoding: cmp.Or(header("Grpc-Encoding"), header("Connect-Content-Encoding")),
	}
	if b.Frame != engine.NoFrame {
		in = extract.Input{WebSocket: true, Body: b.Bytes, Separator: m.Operation.Separator()}
	}
	out := map[string]string{}
	segments := extract.Body(in, extract.Limits{}).Segments
	members := m.Operation.Members(segments)
	for _, record := range records(segments) {
		for _, segment := range record {
			for _, l := range m.Operation.Text {
				if l.Applies(record) && l.MatchesSteps(segment.Location.Steps(), members) {
					out[segment.Location.String()] += string(segment.Text)
					break
				}
			}
		}
	}
	return out
}

// records cuts the segments of a message where a record ends.
func records(segments []classifier.Segment) (out [][]classifier.Segment) {
	for start, i := 0, 1; i <= len(segments); i++ {
		if i == len(segments) || frame(&segments[i].Location) != frame(&segments[start].Location) {
			out = append(out, segments[start:i])
			start = i
		}
	}
	return out
}

func frame(l *classifier.Location) int {
	for p := l; p != nil; p = p.Parent {
		if p.Stage == classifier.StageFrame {
			return p.Index
		}
	}
	return 0
}

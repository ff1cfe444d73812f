package proxy

import (
	"strings"
	"testing"
	"time"
)

// fuzzPatience is how long an answer is waited for: most bytes are the beginning of something.
const fuzzPatience = 40 * time.Millisecond

// FuzzWhatReachesTheServer sends any bytes inside an opened tunnel. What the server gets must be
// unambiguous to the strict parser, and be what was judged; and what is left
// unread because it is no HTTP must be no HTTP to a server either.
func FuzzWhatReachesTheServer(f *testing.F) {
	ways := map[bool]*wire{true: newWire(f, "clear"), false: newWire(f, "tunnel")}
	for _, w := range ways {
		w.patience = fuzzPatience
	}
	for _, s := range shapes() {
		f.Add([]byte(ways[false].fill(s.request)), false)
		f.Add([]byte(ways[true].fill(s.request)), true)
	}
	f.Fuzz(func(t *testing.T, request []byte, clear bool) {
		if len(request) == 0 || len(request) > 16<<10 {
			return
		}
		w := ways[clear]
		out := w.run(t, string(request)+w.fill(next), false)
		if len(out.tunnels) == 0 {
			out.check(t)
			return
		}
		for _, relayed := range append(out.rest, out.server) {
			if _, _, err := parseStrict([]byte(relayed)); err == nil && relayed != "" {
				t.Errorf("a request was relayed unread (%q): %q", out.tunnels, relayed)
			}
		}
	})
}

// FuzzWhatReachesTheServerFromHTTP2 does so with the fields and data of a stream, to a server that speaks
// HTTP/2 and to one that does not. Fields are lines of a name, a tab and a value.
func FuzzWhatReachesTheServerFromHTTP2(f *testing.F) {
	servers := map[bool]*streamWire{true: newStreamWire(f, "h2"), false: newStreamWire(f, "h1")}
	for _, w := range servers {
		w.patience = 4 * fuzzPatience
	}
	for _, s := range streamShapes() {
		f.Add(joinFields(s.fields), s.data, joinFields(s.trailers), false)
		f.Add(joinFields(s.fields), s.data, joinFields(s.trailers), true)
	}
	f.Fuzz(func(t *testing.T, fields, data, trailers string, h2 bool) {
		if len(fields)+len(data)+len(trailers) > 12<<10 {
			return
		}
		s := streamShape{fields: splitFields(fields), data: data, trailers: splitFields(trailers)}
		out := servers[h2].run(t, &s)
		out.check(t)
	})
}

func joinFields(fields [][2]string) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f[0] + "\t" + f[1] + "\x1e")
	}
	return b.String()
}

func splitFields(text string) (out [][2]string) {
	for line := range strings.SplitSeq(text, "\x1e") {
		if name, value, found := strings.Cut(line, "\t"); found {
			out = append(out, [2]string{name, value})
		}
	}
	return out
}

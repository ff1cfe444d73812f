package proxy

import (
	"bytes"
	"testing"
)

func TestPrefixKeepsTheBeginningAndCountsAll(t *testing.T) {
	for _, c := range []struct {
		name         string
		size, limit  int64
		memory       int64
		kept, reason any
	}{
		{"nothing", 0, 100, 1 << 20, 0, ""},
		{"below the limit", 99, 100, 1 << 20, 99, ""},
		{"at the limit", 100, 100, 1 << 20, 100, ""},
		{"beyond the limit", 101, 100, 1 << 20, 100, "over_limit"},
		{"no limit at all", 5, 0, 1 << 20, 0, "over_limit"},
		{"grows", 1 << 20, 16 << 20, 64 << 20, 1 << 20, ""},
		{"memory is taken", 100, 100, 4095, 0, "busy"},
		{"memory runs out", 100_000, 1 << 20, 30_000, 16384, "busy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := prefix{memory: &memory{limit: c.memory}, limit: c.limit}
			data := noise(c.size)
			for rest := data; len(rest) > 0; {
				n := min(len(rest), 1000)
				p.write(rest[:n])
				rest = rest[n:]
			}
			if len(p.data) != c.kept || p.reason != c.reason || p.total != c.size {
				t.Errorf("kept %d of %d, reason %q", len(p.data), p.total, p.reason)
			}
			if !bytes.Equal(p.data, data[:len(p.data)]) {
				t.Error("what is kept is not the beginning")
			}
			p.release()
			if used := p.memory.used.Load(); used != 0 {
				t.Errorf("%d bytes were not given back", used)
			}
		})
	}
}

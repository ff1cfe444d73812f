package main

import "fmt"

// bar is one promise about speed or memory.
type bar struct {
	promise string
	metric  string
	// of is the contender that the value is divided by, or subtracted from when
	// added is set; "" when the value counts by itself.
	of    string
	added bool
	limit float64
	unit  string
	least bool // the value must be limit at least, not at most
}

func bars() []bar {
	return []bar{
		{promise: "scan of clean texts, harmonic mean", metric: "scan clean", limit: 400, unit: "MB/s", least: true},
		{promise: "scan of English prose", metric: "scan clean en", limit: 500, unit: "MB/s", least: true},
		{promise: "scan of Chinese prose", metric: "scan clean zh", limit: 500, unit: "MB/s", least: true},
		{promise: "scan of Arabic prose", metric: "scan clean ar", limit: 500, unit: "MB/s", least: true},
		{promise: "scan of JSON, a chat", metric: "scan clean json", limit: 500, unit: "MB/s", least: true},
		{promise: "scan of JSON, records full of figures", metric: "scan with figures json", limit: 500, unit: "MB/s", least: true},
		{promise: "scan of Russian prose", metric: "scan clean ru", limit: 450, unit: "MB/s", least: true},
		{promise: "scan of source code", metric: "scan clean code", limit: 450, unit: "MB/s", least: true},
		{promise: "scan of texts full of findings, mean", metric: "scan full of findings", limit: 280, unit: "MB/s", least: true},
		{promise: "scan of customers in CSV", metric: "scan customers csv", limit: 150, unit: "MB/s", least: true},
		{promise: "scan of the slowest hostile text", metric: "scan hostile", limit: 20, unit: "MB/s", least: true},
		{promise: "CPU of a small exchange, page", metric: "exchange page", of: nameBare, limit: 1.2, unit: "x bare"},
		{promise: "CPU of a small exchange, observed", metric: "exchange observed", of: nameBare, limit: 1.2, unit: "x bare"},
		{promise: "CPU of a small exchange, held", metric: "exchange held", of: nameBare, limit: 1.2, unit: "x bare"},
		{promise: "CPU of a small exchange, page", metric: "exchange page", of: nameSquid, limit: 1, unit: "x squid"},
		{promise: "CPU of a small exchange, observed", metric: "exchange observed", of: nameSquid, limit: 1, unit: "x squid"},
		{promise: "CPU of a small exchange, held", metric: "exchange held", of: nameSquid, limit: 1, unit: "x squid"},
		{promise: "CPU of a new connection", metric: "connection", of: nameBare, limit: 1.1, unit: "x bare"},
		{promise: "CPU of a new connection", metric: "connection", of: nameSquid, limit: 1. / 6, unit: "x squid"},
		{promise: "memory of an idle connection, HTTP/1.1", metric: "idle h1", limit: 45, unit: "KiB"},
		{promise: "memory of an idle connection, HTTP/2", metric: "idle h2", limit: 60, unit: "KiB"},
		{promise: "a prompt within a crowd of 7000, fresh, p99", metric: "crowd fresh p99", limit: 100, unit: "ms"},
		{promise: "a prompt within a crowd of 7000, kept, p99", metric: "crowd kept p99", limit: 100, unit: "ms"},
		{promise: "delay of a streamed event, observed, p50", metric: "stream observed p50", limit: 1, unit: "ms"},
		{promise: "delay of a streamed event, observed, p99", metric: "stream observed p99", limit: 3, unit: "ms"},
		{promise: "delay of a streamed event, held, p50", metric: "stream held p50", limit: 1, unit: "ms"},
		{promise: "delay of a streamed event, held, p99", metric: "stream held p99", limit: 3, unit: "ms"},
		{promise: "a WebSocket message, held, p50", metric: "message held p50", of: nameBare, added: true, limit: 0.5, unit: "ms more than bare"},
		{promise: "a WebSocket message, held, p99", metric: "message held p99", of: nameBare, added: true, limit: 0.5, unit: "ms more than bare"},
		{promise: "256 MiB uploaded, observed", metric: "upload observed", of: nameBare, limit: 0.8, unit: "x bare", least: true},
		{promise: "256 MiB uploaded, held", metric: "upload held", limit: 200, unit: "MB/s", least: true},
		{promise: "memory meanwhile, observed", metric: "peak observed", limit: 150, unit: "MiB"},
		{promise: "memory meanwhile, held", metric: "peak held", limit: 150, unit: "MiB"},
		{promise: "a prompt of 4 KiB decided", metric: "decide plain", limit: 100, unit: "µs of CPU"},
		{promise: "4 KiB full of customers decided", metric: "decide customers", limit: 100, unit: "µs of CPU"},
	}
}

// value returns what was measured for a bar; false when it was not.
func (r results) value(b bar) (float64, bool) {
	value, ok := r[b.metric][nameDaylight]
	switch {
	case b.added:
		other, known := r[b.metric][b.of]
		return value - other, ok && known
	case b.of != "":
		value, ok = r[b.metric+" /"][b.of]
	}
	return value, ok
}

// printBars tells of each bar whether it was met.
func (r results) printBars() {
	fmt.Printf("\n%-42s %10s   %s\n", "The bars", "measured", "bar")
	for _, b := range bars() {
		value, ok := r.value(b)
		measured, verdict, relation := "-", "not measured", "at most"
		if ok {
			measured, verdict = fmt.Sprintf("%.2f", value), "met"
			if value > b.limit != b.least && value != b.limit {
				verdict = "MISSED"
			}
		}
		if b.least {
			relation = "at least"
		}
		fmt.Printf("%-42s %10s   %-40s %s\n", b.promise, measured, fmt.Sprintf("%s %.3g %s", relation, b.limit, b.unit), verdict)
	}
}

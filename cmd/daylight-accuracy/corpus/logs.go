package corpus

import (
	"strings"
	"time"
)

// log writes some lines of one kind of log. With visitors, access logs show
// public addresses, which are labelled; without, those of a load balancer.
func (w *writer) log(visitors bool) {
	lines := w.between(8, 30)
	write := []func(bool){w.accessLine, w.errorLine, w.systemLine, w.jsonLine, w.clusterLine, w.applicationLine, w.metricLine}[w.IntN(7)]
	if w.chance(12) {
		w.stackTrace()
		return
	}
	for range lines {
		w.clock += w.Int64N(4000)
		write(visitors)
	}
}

func (w *writer) now() time.Time { return time.UnixMilli(w.clock).UTC() }

func (w *writer) accessLine(visitors bool) {
	w.client(visitors)
	w.put(" - - [", w.now().Format("02/Jan/2006:15:04:05 -0700"), `] "`, w.one("GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD"), " ", w.path(), ` HTTP/1.1" `,
		w.one("200", "200", "200", "204", "301", "304", "400", "403", "404", "499", "500", "502"), " ", itoa(w.IntN(200000)), ` "-" "`, w.agent(), "\"")
	if w.chance(2) {
		w.put(" ", itoa(w.IntN(9)), ".", pad(w.IntN(1000), 3), " ", w.hex(32))
	}
	w.put("\n")
}

// client writes the address of whoever asked.
func (w *writer) client(visitors bool) {
	if visitors {
		w.plant("ip_address", "", w.publicIPv4())
		return
	}
	w.put(w.privateIPv4())
}

// privateIPv4 returns the address of a machine (RFC 1918).
func (w *writer) privateIPv4() string {
	return "10." + itoa(w.IntN(256)) + "." + itoa(w.IntN(256)) + "." + itoa(w.between(1, 254))
}

// publicIPv4 returns an address that somebody could have.
func (w *writer) publicIPv4() string {
	first := w.between(11, 223)
	for first == 127 || first == 100 || first == 169 || first == 172 || first == 192 || first == 198 || first == 203 {
		first = w.between(11, 223)
	}
	return itoa(first) + "." + itoa(w.IntN(256)) + "." + itoa(w.IntN(256)) + "." + itoa(w.between(1, 254))
}

func (w *writer) path() string {
	var b strings.Builder
	for range w.between(1, 3) {
		b.WriteByte('/')
		b.WriteString(w.one(w.programWords()...))
	}
	switch w.IntN(7) {
	case 0:
		b.WriteString("/" + itoa(w.between(1, 99999999)))
	case 1:
		b.WriteString("/" + w.uuid())
	case 2:
		b.WriteString("?page=" + itoa(w.between(1, 400)) + "&_=" + itoa(int(w.clock)))
	case 3:
		b.WriteString("." + w.hex(8) + w.one(".js", ".css", ".woff2", ".png"))
	case 4:
		b.WriteString("?v=" + w.version() + "&ts=" + itoa(int(w.clock/1000)))
	}
	return b.String()
}

func (w *writer) agent() string {
	major := itoa(w.between(98, 141))
	return w.one(
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"+major+".0."+itoa(w.between(4000, 7300))+"."+itoa(w.between(10, 220))+" Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_"+itoa(w.IntN(7))+" like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17."+itoa(w.IntN(7))+" Mobile/15E148 Safari/604.1",
		"curl/8."+itoa(w.IntN(12))+".0", "kube-probe/1."+itoa(w.between(24, 33)), "Go-http-client/2.0", "python-requests/2."+itoa(w.between(25, 32))+".3",
	)
}

func (w *writer) errorLine(visitors bool) {
	w.put(w.now().Format("2006/01/02 15:04:05"), " [", w.one("error", "warn", "crit", "notice"), "] ", itoa(w.between(20, 40000)), "#", itoa(w.IntN(64)), ": *", itoa(w.between(1, 99999999)),
		" ", w.one("connect() failed (111: Connection refused) while connecting to upstream", "upstream timed out (110: Connection timed out) while reading response header from upstream",
			"open() \"/usr/share/nginx/html"+w.path()+"\" failed (2: No such file or directory)", "client intended to send too large body: "+itoa(w.between(1000000, 99999999))+" bytes"))
	if visitors {
		w.put(", client: ")
		w.client(true)
	}
	w.put(", server: ", w.host(), `, request: "GET `, w.path(), ` HTTP/2.0", upstream: "http://`, w.privateIPv4(), ":", itoa(w.between(1024, 9999)), "/\"\n")
}

// host returns the name of a machine of the network.
func (w *writer) host() string {
	return w.one("web", "api", "db", "cache", "queue", "edge", "worker", "auth", "search") + "-" + pad(w.between(1, 40), 2) + w.one("", ".internal", ".svc.cluster.local", "."+w.syllables(1, 2)+".lan")
}

func (w *writer) systemLine(bool) {
	w.put(w.now().Format("Jan _2 15:04:05"), " ", w.host(), " ", w.one("systemd[1]: Started "+w.syllables(2, 2)+".service - "+w.one(w.programWords()...)+" daemon.",
		"kernel: ["+itoa(w.between(1, 9999999))+"."+w.digits(6)+"] eth0: Link is Up - 10Gbps/Full", "CRON["+itoa(w.between(300, 65000))+"]: (root) CMD (/usr/lib/"+w.syllables(2, 2)+" --run "+itoa(w.between(1, 5000))+")",
		"dockerd["+itoa(w.between(300, 9000))+"]: time=\""+w.now().Format("2006-01-02T15:04:05.000000000Z")+"\" level=info msg=\"ignoring event\" container="+w.hex(64),
		"kernel: audit: type=1400 audit("+itoa(int(w.clock/1000))+"."+pad(int(w.clock%1000), 3)+":"+itoa(w.between(10, 9999))+"): apparmor=\"STATUS\" pid="+itoa(w.between(300, 65000)),
		"ntpd["+itoa(w.between(300, 9000))+"]: kernel reports TIME_ERROR: 0x41: Clock Unsynchronized"), "\n")
}

func (w *writer) jsonLine(bool) {
	w.put(`{"ts":`, w.one(itoa(int(w.clock)), itoa(int(w.clock/1000))+"."+w.digits(6), itoa(int(w.clock*1000)+w.IntN(1000)), itoa(int(w.clock*1000000)+w.IntN(1000000)), `"`+w.now().Format(time.RFC3339Nano)+`"`),
		`,"level":"`, w.one("info", "info", "debug", "warn", "error"), `","logger":"`, w.syllables(2, 2), `","trace_id":"`, w.hex(32), `","span_id":"`, w.hex(16), `","msg":"`)
	w.message()
	w.put(`","`, w.one("duration_ms", "bytes", "attempt", "offset", "seq", "order_id", "job_id", "batch"), `":`, itoa(w.between(0, 1<<w.between(4, 50))), `,"request_id":"`, w.uuid(), "\"}\n")
}

// message writes what a program says, in English as programs do.
func (w *writer) message() {
	nouns := w.programWords()
	w.put(w.one("processed", "skipped", "retrying", "cached", "flushed", "loaded", "queued", "rejected", "completed", "dropped", "merged", "started"), " ", w.one(nouns...), " ", w.one("batch", "item", "entry", "shard", "partition", "segment", "file"),
		" ", itoa(w.between(1, 1<<w.between(3, 40))), " ", w.one("in", "after", "of", "at"), " ", itoa(w.between(1, 90000)), w.one("ms", "us", "s", " rows", " bytes", ""))
}

func (w *writer) clusterLine(bool) {
	t := w.now()
	w.put(w.one("I", "I", "W", "E"), t.Format("0102 15:04:05."), w.digits(6), "       ", itoa(w.between(1, 9)), " ", w.one("kubelet", "scheduler", "controller", "reflector", "event"), ".go:", itoa(w.between(20, 1900)),
		"] \"", w.one("Syncing pod", "Pulled image", "Created container", "Scaled up replica set", "Readiness probe failed"), "\" pod=\"", w.syllables(2, 2), "/", w.syllables(2, 2), "-", w.hex(9), "-", string(w.from("bcdfghjklmnpqrstvwxz2456789", 5)),
		"\" uid=\"", w.uuid(), "\" image=\"registry.local/", w.syllables(2, 2), "@sha256:", w.hex(64), "\"\n")
}

func (w *writer) applicationLine(bool) {
	t := w.now()
	w.put(t.Format("2006-01-02 15:04:05,000"), " ", w.one("INFO ", "INFO ", "DEBUG", "WARN ", "ERROR"), " [", w.one("http-nio-8080-exec-", "pool-3-thread-", "scheduler-", "kafka-consumer-"), itoa(w.between(1, 64)), "] com.", w.syllables(2, 2), ".", w.syllables(2, 2), ".", w.brand(), "Service:", itoa(w.between(20, 900)), " - ")
	w.message()
	if w.chance(3) {
		w.put(" [orderId=", itoa(w.between(100000000, 99999999999)), ", sku=", w.partNumber(), ", txn=", w.transaction(), "]")
	}
	w.put("\n")
}

func (w *writer) metricLine(bool) {
	w.put(w.syllables(2, 2), "_", w.one("seconds_total", "bytes", "requests_total", "queue_depth", "duration_seconds_bucket"), `{job="`, w.syllables(2, 2), `",instance="`, w.host(), ":", itoa(w.between(1024, 9999)), `",le="`, itoa(w.IntN(10)), ".", itoa(w.IntN(1000)), `"} `,
		itoa(w.between(0, 1<<w.between(4, 50))), w.one("", ".0", "e+06", "."+w.digits(9)), w.one("", " "+itoa(int(w.clock))), "\n")
}

func (w *writer) stackTrace() {
	w.put(w.now().Format(time.RFC3339), " ", "Exception in thread \"main\" java.lang.", w.one("IllegalStateException", "NullPointerException", "RuntimeException", "OutOfMemoryError"), ": ")
	w.message()
	w.put("\n")
	for range w.between(6, 30) {
		w.put("\tat ", w.one("com", "org", "io", "java.util"), ".", w.syllables(2, 2), ".", w.syllables(1, 2), ".", w.brand(), w.one("Impl", "Factory", "Handler", "$1", "$$Lambda$"+itoa(w.between(10, 900))+"/0x"+w.hex(16)), ".", w.syllables(2, 2), "(", w.brand(), ".java:", itoa(w.between(10, 2400)), ")\n")
	}
	w.put("Caused by: ", w.one("java.net.SocketTimeoutException: Read timed out", "org.postgresql.util.PSQLException: ERROR: deadlock detected"), "\n\t... ", itoa(w.between(5, 60)), " more\n")
}

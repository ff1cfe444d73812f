package discovery_test

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"daylight.internal/rules/discovery"
)

// browser are the headers that a browser sends.
func browser() func(*discovery.Request) {
	return header("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
		"Accept", "*/*", "Accept-Encoding", "gzip, deflate, br, zstd", "Accept-Language", "en-GB,en;q=0.9", "Content-Type", jsonType, "Cookie", "session=0123456789abcdef",
		"Origin", "https://app.svc.example", "Referer", "https://app.svc.example/board/17", "Sec-Fetch-Dest", "empty", "Sec-Fetch-Mode", "cors", "Sec-Fetch-Site", "same-site",
		"X-Csrf-Token", "0123456789abcdef")
}

// ordinaryRequests are requests as a browser makes them all day.
func ordinaryRequests() map[string]*discovery.Request {
	row := `{"id":"c-1","name":"Ana Example","stage":"lead","amount":1250.5,"tags":["new","spring"],"owner":{"id":7,"mail":"ana@corp.example"}},`
	dense := `{"rows":[` + strings.TrimSuffix(strings.Repeat(row, 40), ",") + `]}`
	return map[string]*discovery.Request{
		"no body":     post("", browser()),
		"cart":        post(`{"email":"ana@customers.example","items":[{"sku":"A-1","quantity":2},{"sku":"B-7","quantity":1}],"coupon":null,"note":"Please ring twice"}`, browser(), path("/api/v2/cart/items")),
		"CRM 1 kB":    post(dense[:1<<10], browser(), path("/api/crm/objects/contacts/batch/update")),
		"CRM 4 kB":    post(dense[:4<<10], browser(), path("/api/crm/objects/contacts/batch/update")),
		"form":        post(strings.Repeat("first_name=Ana&last_name=Example&street=Main+Street+1&note=%C3%84pfel&", 8), browser(), media(formType)),
		"parts":       post(strings.Repeat(boundary+"note\"\r\n\r\nPlease ring twice\r\n", 9)+filePart, browser(), media("multipart/form-data")),
		"binary 4 kB": post(strings.Repeat("\x12\x07\xff\x00\x01\x80", 700), browser(), media("application/octet-stream")),
	}
}

func TestAnOrdinaryRequestAllocatesNothing(t *testing.T) {
	d := embedded(t)
	for name, r := range ordinaryRequests() {
		if n := testing.AllocsPerRun(100, func() { d.Request(r) }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// cpuTime is what the process used of the processors: on a machine that others
// use too, the clock tells more of them.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func measured(b *testing.B, f func()) {
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
}

func BenchmarkOrdinary(b *testing.B) {
	d := embedded(b)
	for name, r := range ordinaryRequests() {
		b.Run(name, func(b *testing.B) {
			b.Run("discovery", func(b *testing.B) {
				measured(b, func() {
					if e := d.Request(r); e.Result != "" {
						b.Fatal(e)
					}
				})
			})
			// The yardstick is what it costs only to see whether the body is JSON.
			b.Run("json.Valid", func(b *testing.B) {
				measured(b, func() { json.Valid(r.Body) })
			})
		})
	}
}

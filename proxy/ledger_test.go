package proxy

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"daylight.internal/classifier/extract"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

const aPrompt = "https://chatgpt.com/backend-api/f/conversation"

// TestTheLedgerAccountsForEveryByteOfAClient produces each reason with a real
// client, and compares what the ledger says with what the client counted.
func TestTheLedgerAccountsForEveryByteOfAClient(t *testing.T) {
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01\xfe\xff", 5000)
	words := prompt(strings.Repeat("three headlines for the spring campaign ", 4000))
	onlyLogged := policyOf("version: 1\nrules: [{name: watch, match: {service: chatgpt}, action: log}]\n")
	for _, c := range []struct {
		name   string
		source engine.Source
		judge  JudgeOptions
		send   func(*testing.T, *whole) (sent int64)
		reason string // of all that was not inspected; "" when all was
		some   bool   // some of it was inspected
	}{
		{name: "read and passed on", send: post(aPrompt, words), some: true},
		{name: "read and blocked", send: post(aPrompt, prompt(customers)), some: true},
		{name: "observed", source: onlyLogged, send: post(aPrompt, words), some: true},
		{name: "the policy wants nothing", source: policyOf("version: 1\nrules: [{name: fine, match: {service: chatgpt}, action: allow}]\n"), send: post(aPrompt, words), reason: audit.UnreadPolicy},
		{name: "on the list of the configuration", source: engine.Source{Bypass: []string{"chatgpt.com"}}, send: throughTunnel("chatgpt.com", words), reason: audit.UnreadBypass},
		{name: "an app that pins", send: throughTunnel("ios.chat.openai.com", words), reason: audit.UnreadPinned},
		{name: "nothing is intercepted", source: engine.Source{Intercept: engine.InterceptNone}, send: throughTunnel("chatgpt.com", words), reason: audit.UnreadNotIntercepted},
		{name: "neither TLS nor HTTP", send: unknownProtocol("chatgpt.com"), reason: audit.UnreadNotTLS},
		{name: "longer than is inspected", judge: JudgeOptions{Limits: Limits{InspectBytes: 50_000}}, send: post(aPrompt, words), reason: audit.UnreadOverLimit, some: true},
		{name: "longer than is held", judge: JudgeOptions{Limits: Limits{HoldBytes: 50_000}}, send: post(aPrompt, words), reason: audit.UnreadOverLimit, some: true},
		{name: "compressed, and longer than is inspected", judge: JudgeOptions{Limits: Limits{InspectBytes: 200}}, send: post(aPrompt, zipped(words), "Content-Encoding", "gzip"), reason: audit.UnreadOverLimit, some: true},
		{name: "a picture", send: post("https://chatgpt.com/backend-api/files", png, "Content-Type", "image/png"), reason: audit.UnreadUndecodable},
		{name: "a compression with bytes behind its end", send: post(aPrompt, zipped(words)+strings.Repeat("\xff", 5000), "Content-Encoding", "gzip"), reason: audit.UnreadUndecodable, some: true},
		{name: "an unknown compression", send: post(aPrompt, "\x1f\x9d\x90"+strings.Repeat("\x00\x01\x02", 300), "Content-Encoding", "compress"), reason: audit.UnreadUndecodable},
		{name: "unpacks to far too much", source: engine.Source{Extract: extract.Limits{Ratio: 2}}, send: post(aPrompt, zipped(strings.Repeat("spring campaign ", 1<<19)), "Content-Encoding", "gzip"), reason: audit.UnreadParser, some: true},
		{name: "too many pieces", source: engine.Source{Extract: extract.Limits{Segments: 100}}, send: post(aPrompt, `{"messages":["`+strings.Repeat(`hello","`, 1000)+`"]}`), reason: audit.UnreadParser, some: true},
		{name: "nested too deeply, but read as text", send: post(aPrompt, strings.Repeat(`{"a":`, 600)+`"hello"`+strings.Repeat("}", 600)), some: true},
		{name: "no memory for a copy", source: onlyLogged, judge: JudgeOptions{Limits: Limits{InspectMemoryBytes: 1}}, send: post(aPrompt, words), reason: audit.UnreadQueue},
		{name: "no disk for a long body", judge: JudgeOptions{TempDir: missing(t), Limits: Limits{HoldMemoryBytes: 4096}}, send: post(aPrompt, words), reason: audit.UnreadDisk, some: true},
		{name: "the client leaves in the middle", send: brokenOff, reason: audit.UnreadClientGone},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := startWholeAs(t, c.source, c.judge)
			sent := c.send(t, w)
			w.end(t)
			checkLedger(t, w, sent, c.reason, c.some)
		})
	}
}

// checkLedger compares the ledger of AI with the bytes that a client sent.
func checkLedger(t *testing.T, w *whole, sent int64, reason string, some bool) {
	t.Helper()
	inspected, unread := w.ledger(t, "ai_inspected_bytes_total", ""), w.ledger(t, "ai_not_inspected_bytes_total", "")
	if inspected+unread != sent || sent == 0 {
		t.Errorf("%d inspected and %d not, the client sent %d", inspected, unread, sent)
	}
	if got := w.ledger(t, "ai_not_inspected_bytes_total", `reason="`+reason+`"`); got != unread || (unread > 0) != (reason != "") {
		t.Errorf("%d bytes were not inspected, %d of them for the reason %q", unread, got, reason)
	}
	if (inspected > 0) != some {
		t.Errorf("%d bytes were inspected", inspected)
	}
	if got := w.ledger(t, "not_inspected_bytes_total", ""); got != unread {
		t.Errorf("of all traffic %d bytes were not inspected, of AI %d", got, unread)
	}
	if got, want := w.ledgerText(t, "daylight_inspected_share "), fmt.Sprint(float64(inspected)/float64(sent)); got != want {
		t.Errorf("the share is %s, want %s", got, want)
	}
}

func TestTheLedgerOfAILeavesOtherTrafficOut(t *testing.T) {
	w := startWhole(t)
	sent := throughTunnel("www.chase.com", "a transfer")(t, w)
	w.end(t)
	if got := w.ledger(t, "not_inspected_bytes_total", `reason="bypass"`); got != sent {
		t.Errorf("%d bytes of a bank, the client sent %d", got, sent)
	}
	if got := w.ledger(t, "ai_not_inspected_bytes_total", ""); got != 0 || w.ledgerText(t, "daylight_inspected_share ") != "1" {
		t.Errorf("%d bytes of a bank are in the ledger of AI", got)
	}
}

func TestAClientThatRefusesOurCertificateIsSeenByItsService(t *testing.T) {
	w := startWhole(t)
	c := tls.Client(w.openTunnel(t, "chatgpt.com:443"), &tls.Config{ServerName: "chatgpt.com"})
	if err := c.Handshake(); err == nil {
		t.Fatal("the client trusts our certificate")
	}
	c.Close()
	e := w.end(t)[0]
	if e.Kind != audit.KindTunnel || e.Service.ID != "chatgpt" || e.Destination.Host != "chatgpt.com" || e.Coverage.Reason != "handshake" || e.Error != "client_rejected_certificate" {
		t.Errorf("event %+v", e)
	}
	const series = `ai_intercept_failures_total{reason="client_rejected_certificate",service="chatgpt"}`
	if got := w.ledgerText(t, "daylight_"+series+" "); got != "1" {
		t.Errorf("%s is %q", series, got)
	}
}

func policyOf(text string) engine.Source {
	return engine.Source{Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(text)}}}
}

func missing(t *testing.T) string { return filepath.Join(t.TempDir(), "missing") }

// post sends a body.
func post(url, body string, header ...string) func(*testing.T, *whole) int64 {
	return func(t *testing.T, w *whole) int64 {
		w.do(t, http.MethodPost, url, body, append([]string{"Content-Type", "application/json"}, header...)...)
		return int64(len(body))
	}
}

// throughTunnel sends a body inside TLS that nobody opens, and counts its bytes
// as they travel.
func throughTunnel(host, body string) func(*testing.T, *whole) int64 {
	return func(t *testing.T, w *whole) int64 {
		counted := &countedConn{Conn: w.openTunnel(t, host+":443")}
		c := tls.Client(counted, &tls.Config{InsecureSkipVerify: true, ServerName: host}) // of the stand-in
		fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", host, len(body), body)
		io.Copy(io.Discard, c)
		c.Close()
		return counted.sent.Load()
	}
}

type countedConn struct {
	net.Conn
	sent atomic.Int64
}

func (c *countedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.sent.Add(int64(n))
	return n, err
}

// unknownProtocol sends what is no protocol.
func unknownProtocol(host string) func(*testing.T, *whole) int64 {
	return func(t *testing.T, w *whole) int64 {
		c := w.openTunnel(t, host+":443")
		n, err := c.Write([]byte("\x00\x01\x02 hello"))
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, c) // the server has read it, and ends
		c.Close()
		return int64(n)
	}
}

// brokenOff begins an upload and leaves.
func brokenOff(t *testing.T, w *whole) int64 {
	c := w.openInner(t, "chatgpt.com:443", "http/1.1")
	const begun = "the beginning"
	fmt.Fprintf(c, "POST /backend-api/f/conversation HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n%s", begun)
	c.CloseWrite()
	io.Copy(io.Discard, c)
	c.Close()
	return int64(len(begun))
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// ledger adds up the series of a metric whose labels hold part.
func (w *whole) ledger(t *testing.T, metric, part string) (total int64) {
	t.Helper()
	for line := range strings.Lines(scrapeText(t, w.metrics)) {
		series, number, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(series, "daylight_"+metric+"{") || !strings.Contains(series, part) {
			continue
		}
		value, err := strconv.ParseFloat(number, 64)
		if err != nil {
			t.Fatal(err)
		}
		total += int64(value)
	}
	return total
}

func (w *whole) ledgerText(t *testing.T, series string) string {
	t.Helper()
	_, rest, _ := strings.Cut(scrapeText(t, w.metrics), "\n"+series)
	value, _, _ := strings.Cut(rest, "\n")
	return value
}

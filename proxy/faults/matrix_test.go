package faults_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

const matrixFile = "testdata/matrix.txt"

// Each fault in each protocol leaves what testdata/matrix.txt says: what the
// client sees, the events (error, coverage, verdict) and the metrics that tell of
// it; or why the fault cannot be there. The next request through the same proxy
// works. UPDATE=1 writes the file anew, to be read before it is believed.
func TestEveryFaultInEveryProtocol(t *testing.T) {
	want, got := readMatrix(t), &matrix{cells: map[string]string{}}
	all := slices.Concat(reachFaults, serverFaults, clientFaults, ownFaults)
	if len(all) < 25 {
		t.Fatalf("%d faults", len(all))
	}
	t.Run("cells", func(t *testing.T) {
		for _, f := range all {
			for _, p := range protocols {
				cell := fmt.Sprintf("%s: %-9s", f.name, p)
				if reason, ok := f.absent[p]; ok {
					got.set(cell, "-- "+reason)
					continue
				}
				t.Run(f.name+"/"+string(p), func(t *testing.T) {
					t.Parallel()
					result := run(t, f, p)
					got.set(cell, result)
					if os.Getenv("UPDATE") == "" && !slices.Contains(strings.Split(want[cell], alternative), result) {
						t.Errorf("\n got %s\nwant %s", result, want[cell])
					}
				})
			}
		}
	})
	if os.Getenv("UPDATE") != "" {
		got.write(t, all, want)
		return
	}
	for cell := range want {
		if _, ok := got.cells[cell]; !ok {
			t.Errorf("no fault is called %q", cell)
		}
	}
	for cell, is := range got.cells {
		if strings.HasPrefix(is, "--") && want[cell] != is {
			t.Errorf("%s: got %s, want %s", cell, is, want[cell])
		}
	}
}

// run sets the fault before a proxy of its own and returns the cell.
func run(t *testing.T, f fault, p protocol) string {
	s := &setup{t: t, hosts: map[string]string{well + ":" + p.port(): startWell(t, p, well)}}
	s.proxy.Limits = lenient()
	if f.serve != nil {
		certificate := f.certificate
		if certificate == nil {
			certificate = good
		}
		s.hosts[faulty+":"+p.port()] = startFaulty(t, p, &tls.Config{Certificates: []tls.Certificate{certificate(t)}}, f.serve)
	} else {
		s.hosts[faulty+":"+p.port()] = startWell(t, p, faulty)
	}
	if f.arrange != nil {
		f.arrange(s)
	}
	host := f.host
	if host == "" {
		host = faulty
	}
	w := startWorld(s, p, trusted().pem)
	c := newClient(w, p)
	var saw seen
	switch {
	case f.ask != nil:
		saw = f.ask(c)
	case f.body != "":
		saw = c.ask(t.Context(), host, f.body)
	default:
		saw = c.ask(t.Context(), host, prompt)
	}
	mustWork(t, c, f.hasty)
	var about []audit.Event
	for _, e := range w.end() {
		mustBeSound(t, e)
		if e.Destination.Host != well {
			about = append(about, e)
		}
	}
	mustHelp(t, saw, about)
	return fmt.Sprintf("%s | %s | %s", saw, describe(about), orNone(w.counted(), "no metric"))
}

// mustWork makes the next request through the same proxy; again and again where a
// limit is so short that the machine may meet it.
func mustWork(t *testing.T, c *client, again bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		saw := c.ask(context.Background(), well, prompt)
		if (saw.status == http.StatusOK || saw.status == http.StatusSwitchingProtocols) && !saw.cut && strings.Contains(saw.body, "fine") {
			return
		}
		if !again || time.Now().After(deadline) {
			t.Errorf("the next request: %v %q", saw, saw.body)
			return
		}
	}
}

// mustBeSound checks what holds for every event.
func mustBeSound(t *testing.T, e audit.Event) {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Errorf("event: %v", err)
	}
	if strings.Contains(string(text), "ana.kovac") {
		t.Errorf("the event tells a value: %s", text)
	}
	if e.Timing.Total < 0 || e.Timing.Verdict < 0 || e.Timing.FirstByte < 0 || e.ID == "" || e.Time.IsZero() {
		t.Errorf("event %s", text)
	}
}

// mustHelp checks that an answer of ours is in our words and names its event.
func mustHelp(t *testing.T, saw seen, about []audit.Event) {
	t.Helper()
	for _, leak := range []string{"127.0.0.1", "dial tcp", "goroutine", "ana.kovac", "x509:", "i/o timeout", "EOF"} {
		if strings.Contains(saw.body, leak) {
			t.Errorf("the answer tells %q: %s", leak, saw.body)
		}
	}
	id := saw.head.Get("Daylight-Event-Id")
	named := slices.ContainsFunc(about, func(e audit.Event) bool { return e.ID == id })
	if saw.connect >= 400 && len(about) > 0 && !named {
		t.Errorf("the answer to the CONNECT names event %q, the record has %v", id, about)
	}
	if saw.status < 400 {
		return
	}
	var problem struct{ Title, Detail, Instance string }
	switch kind := saw.head.Get("Content-Type"); {
	case strings.HasPrefix(kind, "text/html"):
		for _, language := range []string{"en", "zh", "ru", "ar"} {
			if !strings.Contains(saw.body, `<section lang="`+language+`"`) {
				t.Errorf("the page is not ours, or not in %s: %s", language, saw.body)
			}
		}
		if !named || !strings.Contains(saw.body, id) {
			t.Errorf("the page names event %q, the record has %v", id, about)
		}
		return
	case !strings.HasSuffix(strings.TrimSuffix(kind, "; charset=utf-8"), "json"):
		t.Errorf("the answer is %q: %s", kind, saw.body)
		return
	}
	if !named {
		t.Errorf("the answer names event %q, the record has %v", id, about)
	}
	if err := json.Unmarshal([]byte(saw.body), &problem); err != nil {
		t.Errorf("the answer is no JSON: %v: %s", err, saw.body)
	}
}

// describe puts events in the words of the matrix.
func describe(events []audit.Event) string {
	var out []string
	for _, e := range events {
		error, coverage := e.Error, e.Coverage.State.String()
		if error == "" {
			error = "no error"
		}
		if e.Coverage.Reason != "" {
			coverage += " " + e.Coverage.Reason
		}
		action := e.Verdict.Action.String()
		if !e.Verdict.Enforced && e.Verdict.Action < rules.Log {
			action = "would " + action
		}
		out = append(out, strings.Join([]string{error, coverage, action}, ", "))
	}
	return orNone(out, "no event")
}

func orNone(words []string, none string) string {
	if len(words) == 0 {
		return none
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), "; ")
}

// matrix collects the cells.
type matrix struct {
	mu    sync.Mutex
	cells map[string]string
}

func (m *matrix) set(cell, is string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cells[cell] = is
}

const matrixHead = `# fault: protocol | what the client sees | event: error, coverage, verdict | metrics
# ~or~ stands between what two sides may see first; -- before why a fault cannot be there.
`

// alternative stands between cells of which either may be: who is faster decides.
const alternative = " ~or~ "

func (m *matrix) write(t *testing.T, all []fault, known map[string]string) {
	t.Helper()
	var b strings.Builder
	b.WriteString(matrixHead)
	for _, f := range all {
		b.WriteString("\n")
		for _, p := range protocols {
			cell := fmt.Sprintf("%s: %-9s", f.name, p)
			is := m.cells[cell]
			if slices.Contains(strings.Split(known[cell], alternative), is) {
				is = known[cell]
			}
			fmt.Fprintf(&b, "%s | %s\n", cell, is)
		}
	}
	if err := os.WriteFile(matrixFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readMatrix(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(matrixFile)
	if err != nil && os.Getenv("UPDATE") == "" {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if cell, is, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " | "); ok && line[0] != '#' {
			cells[cell] = is
		}
	}
	return cells
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// crowded measures a normal client while thousands of others are there. Beside the
// Daylight with the crowd another one without is asked in turn: what the crowd takes
// of the machine slows down both.
func (w world) crowded(ctx context.Context, o options) error {
	within, err := w.daylight(ctx)
	if err != nil {
		return err
	}
	defer within.stop()
	beside, err := w.daylight(ctx)
	if err != nil {
		return err
	}
	defer beside.stop()
	title := "%-30s %26s   %26s\n"
	fmt.Printf("\nA prompt to an AI service, held and judged, from the client's first byte to its last, ms: p50 p99 highest\n"+title, "", "fresh connection", "connection kept alive")
	alone, err := compareNormal(ctx, o, within)
	if err != nil {
		return err
	}
	printLatency("no crowd", alone[0])
	room := rooms{daylight: within, rows: []room{{name: "no crowd"}}}
	if err := room.look(0, 0); err != nil {
		return err
	}
	crowd, err := startSelf(ctx, w.dir, "crowd", "-proxy", within.proxy, "-data", within.data)
	if err != nil {
		return err
	}
	defer crowd.stop()
	if err := room.fill(ctx, crowd); err != nil {
		return err
	}
	before, start := within.cpu(), time.Now()
	began, err := askCrowd(crowd)
	if err != nil {
		return err
	}
	took, err := compareNormal(ctx, o, beside, within)
	if err != nil {
		return err
	}
	elapsed := time.Since(start).Seconds()
	room.rows[len(room.rows)-1].cpu = (within.cpu() - before).Seconds() / elapsed
	ended, err := askCrowd(crowd)
	if err != nil {
		return err
	}
	printLatency("crowd at another Daylight", took[0])
	printLatency("within the crowd", took[1])
	fmt.Printf("  %-28s %26s   %26s\n", "within / at another, p50 p99", took[1].fresh.over(took[0].fresh), took[1].kept.over(took[0].kept))
	for form, l := range map[string]latency{"fresh": took[1].fresh, "kept": took[1].kept} {
		w.results.note("crowd "+form+" p99", nameDaylight, l.p99)
	}
	room.print()
	return ended.judge(began, elapsed)
}

// latency is what was seen of some exchanges, in ms.
type latency struct{ p50, p99, highest float64 }

func latencyOf(took []time.Duration) latency {
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return latency{ms(took[len(took)/2]), ms(took[len(took)*99/100]), ms(took[len(took)-1])}
}

func (l latency) String() string { return fmt.Sprintf("%6.2f %7.2f %8.2f", l.p50, l.p99, l.highest) }

func (l latency) over(m latency) string {
	return fmt.Sprintf("%6.2f %7.2f %8s", l.p50/m.p50, l.p99/m.p99, "")
}

// normal is what a normal client sees of one Daylight.
type normal struct{ fresh, kept latency }

func printLatency(name string, n normal) {
	fmt.Printf("  %-28s %26s   %26s\n", name, n.fresh, n.kept)
}

// normalPause is the time between two exchanges of the normal client.
const normalPause = 10 * time.Millisecond

// compareNormal asks each contender in turn, over a fresh connection and over one
// that is kept.
func compareNormal(ctx context.Context, o options, contenders ...contender) ([]normal, error) {
	fresh, kept := make([][]time.Duration, len(contenders)), make([][]time.Duration, len(contenders))
	open := make([]idler, len(contenders))
	for i, c := range contenders {
		conn, err := openAsker1(c.client, heldHost)
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		if err := conn.ask(); err != nil {
			return nil, err
		}
		open[i] = conn
	}
	for range o.exchanges / 2 {
		for i, c := range contenders {
			if !rest(ctx, normalPause) {
				return nil, ctx.Err()
			}
			start := time.Now()
			if err := open[i].ask(); err != nil {
				return nil, fmt.Errorf("a normal client that keeps its connection: %w", err)
			}
			kept[i] = append(kept[i], time.Since(start))
			start = time.Now()
			if err := c.askAnew(heldHost); err != nil {
				return nil, fmt.Errorf("a normal client that comes anew: %w", err)
			}
			fresh[i] = append(fresh[i], time.Since(start))
		}
	}
	out := make([]normal, len(contenders))
	for i := range contenders {
		out[i] = normal{latencyOf(fresh[i]), latencyOf(kept[i])}
	}
	return out, nil
}

// room is what Daylight takes at one time.
type room struct {
	name                    string
	resident, heap          float64 // MiB
	goroutines, descriptors float64
	clients, tunnels        float64 // connections, by its own count
	intercepted, slow       int     // that were added since the row before
	cpu                     float64 // processors; 0 when it was not measured
}

// rooms is what one Daylight takes as the crowd grows.
type rooms struct {
	daylight contender
	rows     []room
}

// look fills the last row.
func (r *rooms) look(intercepted, slow int) error {
	m, err := readMetrics(r.daylight.admin)
	if err != nil {
		return err
	}
	last := &r.rows[len(r.rows)-1]
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", r.daylight.cmd.Process.Pid))
	last.resident, last.descriptors = r.daylight.memory("VmRSS"), float64(len(entries))
	last.heap, last.goroutines = m["go_memstats_heap_alloc_bytes"]/(1<<20), m["go_goroutines"]
	last.clients, last.tunnels = m["daylight_connections"], m["daylight_tunnels"]
	last.intercepted, last.slow = intercepted, slow
	return nil
}

// crowdPatience is how long the crowd may take to gather.
const crowdPatience = 5 * time.Minute

// fill lets the crowd come, first those who ask and then the slow.
func (r *rooms) fill(ctx context.Context, crowd *process) error {
	await := func(what string, there func(crowdStatus) bool) error {
		for deadline := time.Now().Add(crowdPatience); rest(ctx, 200*time.Millisecond); {
			status, err := askCrowd(crowd)
			if err != nil || there(status) {
				return err
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("%s did not gather: %+v", what, status)
			}
		}
		return ctx.Err()
	}
	if err := await("the intercepted connections", func(s crowdStatus) bool { return s.Intercepted == crowdIntercepted && s.Exchanges >= crowdIntercepted }); err != nil {
		return err
	}
	rest(ctx, 5*time.Second) // what is left of the handshakes is collected
	r.rows = append(r.rows, room{name: fmt.Sprintf("%d intercepted", crowdIntercepted)})
	if err := r.look(crowdIntercepted, 0); err != nil {
		return err
	}
	response, err := http.Post("http://"+crowd.address+"/slow", "", nil)
	if err != nil {
		return fmt.Errorf("asking the slow to come: %w", err)
	}
	response.Body.Close()
	if err := await("the slow clients", func(s crowdStatus) bool { return s.Settled == crowdSlow }); err != nil {
		return err
	}
	rest(ctx, 5*time.Second)
	r.rows = append(r.rows, room{name: fmt.Sprintf("and %d slow", crowdSlow)})
	return r.look(0, crowdSlow)
}

func (r *rooms) print() {
	fmt.Printf("%-30s %12s %10s %12s %12s %12s %9s\n", "Daylight", "resident", "heap", "goroutines", "descriptors", "clients", "tunnels")
	for i, row := range r.rows {
		fmt.Printf("  %-28s %8.0f MiB %6.0f MiB %12.0f %12.0f %12.0f %9.0f", row.name, row.resident, row.heap, row.goroutines, row.descriptors, row.clients, row.tunnels)
		if n := row.intercepted + row.slow; n > 0 {
			fmt.Printf("   %.0f KiB each", (row.resident-r.rows[i-1].resident)*1024/float64(n))
		}
		if row.cpu > 0 {
			fmt.Printf("   %.2f processors", row.cpu)
		}
		fmt.Println()
	}
	fmt.Printf("  highest resident memory: %.0f MiB\n", r.daylight.memory("VmHWM"))
}

func askCrowd(crowd *process) (s crowdStatus, err error) {
	response, err := http.Get("http://" + crowd.address + "/status")
	if err != nil {
		return s, fmt.Errorf("asking the crowd: %w", err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&s); err != nil {
		return s, fmt.Errorf("asking the crowd: %w", err)
	}
	return s, nil
}

// judge prints what the crowd did meanwhile. Not one of its intercepted connections
// may have been let go of.
func (s crowdStatus) judge(before crowdStatus, seconds float64) error {
	var slow []string
	for _, name := range kindNames() {
		slow = append(slow, fmt.Sprintf("%s %d (%d)", name, s.Slow[name], s.Ended[name]-before.Ended[name]))
	}
	fmt.Printf("The crowd: %d intercepted connections, half of them HTTP/2, with %.0f exchanges a second; slow clients (cut off meanwhile): %s\n",
		s.Intercepted, float64(s.Exchanges-before.Exchanges)/seconds, strings.Join(slow, ", "))
	if s.Failed > 0 {
		return fmt.Errorf("%d intercepted connections of the crowd failed: %s", s.Failed, strings.Join(s.Failures, "; "))
	}
	return nil
}

package replay_test

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules/catalog"
)

// run is one session as one client plays it.
type run struct {
	session *session
	client  *client
	proto   string
	text    string
	err     error
}

// playAll plays the runs, some at a time, and waits for all events.
func (w *world) playAll(t *testing.T, runs []*run) {
	t.Helper()
	const atOnce = 8
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, r := range runs {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			defer r.client.close()
			r.err = r.client.play(t, r.session, r.text)
		})
	}
	all.Wait()
	w.end(t)
}

// eventsOf are the events of a run in the order of its requests.
func (w *world) eventsOf(r *run) (out []audit.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events[r.client.address] {
		if e.Kind == audit.KindExchange {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b audit.Event) int { return a.Time.Compare(b.Time) })
	return out
}

func protocols() map[string]bool { return map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} }

// Each exchange of a service is recognised under its true name, its text is taken
// from where it stands and nothing else, and what is planted in it is found there.
func TestServicesAreRecognisedAndTheirTextIsFound(t *testing.T) {
	sessions := readSessions(t, "services")
	w := startWorld(t, sessions)
	runs := w.serviceRuns(sessions)
	w.playAll(t, runs)
	for _, r := range runs {
		variant := "clean"
		if r.text == planted {
			variant = "planted"
		}
		t.Run(r.session.Service+"/"+variant+"/"+r.proto, func(t *testing.T) {
			if r.err != nil {
				t.Fatal(r.err)
			}
			checkService(t, w, r)
		})
	}
}

// serviceRuns are two of each session: with what is planted over one protocol, without
// over the other. A session that has a shape of its own is played with it over both.
func (w *world) serviceRuns(sessions []session) (runs []*run) {
	for i := range sessions {
		s := &sessions[i]
		for proto, http2 := range protocols() {
			isCleanOne := http2 == (i%2 == 0)
			if !isCleanOne || !s.isShared() {
				runs = append(runs, &run{session: s, client: w.newClient(http2, false), proto: proto, text: planted})
			}
			if isCleanOne {
				runs = append(runs, &run{session: s, client: w.newClient(http2, false), proto: proto, text: clean})
			}
		}
	}
	return runs
}

// What is known to carry text is played, so that a location which nobody tried is
// the exception.
func TestServicesWithAKnownShapeArePlayed(t *testing.T) {
	played := map[string]bool{}
	for _, s := range readSessions(t, "services") {
		played[s.Service] = true
	}
	embedded, err := embeddedCatalog()
	if err != nil {
		t.Fatal(err)
	}
	known, missing := 0, []string{}
	for _, s := range embedded.Services() {
		carries := func(o catalog.Operation) bool { return o.Kind != catalog.Other && len(o.Text) > 0 }
		if !slices.ContainsFunc(s.Operations, carries) {
			continue
		}
		known++
		if !played[s.ID] {
			missing = append(missing, s.ID)
		}
	}
	if len(missing)*20 > known {
		t.Errorf("of %d services more than one in twenty is not played: %q", known, missing)
	}
}

func checkService(t *testing.T, w *world, r *run) {
	t.Helper()
	events := w.eventsOf(r)
	for i := range r.session.Exchanges {
		x := &r.session.Exchanges[i]
		name := fmt.Sprintf("exchange %d, %s", i+1, x.URL)
		all := x.allPlaces()
		if len(events) < len(all) {
			t.Fatalf("%s: there is no event", name)
		}
		texts := w.watched.texts[r.client.step(i)]
		for k, at := range all {
			e := &events[k]
			if e.Service.ID != r.session.Service || e.Service.Operation != x.operation() {
				t.Errorf("%s: the service is %q, the operation %q", name, e.Service.ID, e.Service.Operation)
				continue
			}
			checkExchange(t, name, x, r, e)
			want, got := at.filled(r.text), map[string]string(nil)
			if k < len(texts) {
				got = texts[k]
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s: the text is %q, want %q", name, got, want)
			}
			checkFindings(t, name, want, e)
		}
		events = events[len(all):]
	}
	if len(events) > 0 {
		t.Errorf("%d more events", len(events))
	}
}

// allPlaces are the places in what leaves an event each: the request, and each
// message of a WebSocket.
func (x *exchange) allPlaces() []places {
	all := []places{x.At}
	for _, m := range x.Say {
		all = append(all, m.At)
	}
	return all
}

func checkExchange(t *testing.T, name string, x *exchange, r *run, e *audit.Event) {
	t.Helper()
	if x.isSocket() {
		return
	}
	if e.Service.ShapeChanged {
		t.Errorf("%s: nothing is where the catalogue expects it", name)
	}
	proto := r.proto
	if strings.HasPrefix(x.URL, "http:") {
		proto = "HTTP/1.1"
	}
	if e.Timing.Mode != audit.ModeHold || e.Destination.Protocol != proto {
		t.Errorf("%s: the mode is %s over %s", name, e.Timing.Mode, e.Destination.Protocol)
	}
	if want := cmp.Or(x.Coverage, "complete"); fmt.Sprint(e.Coverage.State) != want {
		t.Errorf("%s: the coverage is %+v", name, e.Coverage)
	}
}

// checkFindings asserts that the e-mail address and the card are found where they are
// in the text, and nothing anywhere else.
func checkFindings(t *testing.T, name string, texts map[string]string, e *audit.Event) {
	t.Helper()
	want := map[string]int{}
	var locations []string
	for at, text := range texts {
		if n := strings.Count(text, planted); n > 0 {
			want["email"] += n
			want["payment_card"] += n
			locations = append(locations, at)
		}
	}
	got := map[string]int{}
	for _, f := range e.Findings {
		got[f.Detector] += f.Count
		if !slices.ContainsFunc(locations, func(at string) bool { return isAt(f.Location, at) }) {
			t.Errorf("%s: %s is found at %q, want one of %q", name, f.Detector, f.Location, locations)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%s: found %v, want %v", name, got, want)
	}
}

// isAt tells whether the location of an event, in which "…" stands for words that
// are not told, is that place or inside what is unpacked there.
func isAt(told, at string) bool {
	parts := strings.Split(told, "…")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(at)
}

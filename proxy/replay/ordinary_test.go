package replay_test

import (
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

// Nothing that people do with other sites and programs is taken for AI, and nothing
// of it waits: the first half of each body is at the server before the client sends
// the second, and each piece of an answer is at the client before the next one comes.
// Of a body that tells its length the first discovery.PeekBytes are awaited; those of
// the clients here tell none unless they are longer.
func TestOrdinaryUseIsNeitherCalledAINorHeld(t *testing.T) {
	sessions := readSessions(t, "ordinary")
	w := startWorld(t, sessions)
	var runs []*run
	for i := range sessions {
		for proto, http2 := range protocols() {
			runs = append(runs, &run{session: &sessions[i], client: w.newClient(http2, true), proto: proto, text: planted})
		}
	}
	w.playAll(t, runs)
	for _, r := range runs {
		t.Run(r.session.Name+"/"+r.proto, func(t *testing.T) {
			if r.err != nil {
				t.Fatal(r.err)
			}
			events := w.eventsOf(r)
			if len(events) < len(r.session.Exchanges) {
				t.Fatalf("%d events of %d exchanges", len(events), len(r.session.Exchanges))
			}
			for _, e := range events {
				checkOrdinary(t, &e)
			}
		})
	}
	const fewest = 60
	if len(sessions) < fewest {
		t.Errorf("%d sessions, want %d", len(sessions), fewest)
	}
}

func checkOrdinary(t *testing.T, e *audit.Event) {
	t.Helper()
	if e.Service.ID != "" || e.Service.Confidence != "" {
		t.Errorf("%s%s is called %+v", e.Destination.Host, e.Destination.PathTemplate, e.Service)
	}
	if e.Timing.Mode != audit.ModeNothing {
		t.Errorf("%s%s: the mode is %s", e.Destination.Host, e.Destination.PathTemplate, e.Timing.Mode)
	}
	if len(e.Findings) > 0 || e.Verdict.Action != rules.Allow {
		t.Errorf("%s%s: findings %v, verdict %+v", e.Destination.Host, e.Destination.PathTemplate, e.Findings, e.Verdict)
	}
}

package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

func TestAnUpgradeIsJudgedByItsHeadAndReportedAsUnread(t *testing.T) {
	b := newBench(t, &policy{service: "chat", need: rules.Hold, verdict: rules.Verdict{Action: rules.Log}}, JudgeOptions{}, nil)
	r := httptest.NewRequest(http.MethodGet, "http://chat.example/ws", nil)
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	x := b.judge.exchange(r, rules.Client{}, nil)
	if resp := x.request(r); resp != nil {
		t.Fatalf("answered %d", resp.StatusCode)
	}
	connection := struct{ io.ReadWriteCloser }{}
	resp := x.response(r, &http.Response{StatusCode: http.StatusSwitchingProtocols, Header: http.Header{}, Body: connection}, nil)
	if resp.Body != connection {
		t.Error("the connection of the upgrade was wrapped")
	}
	x.upgraded("websocket", 100, 2000, "")
	x.finish(nil)
	b.served <- struct{}{}
	e := b.only(t, 1)[0]
	want := classifier.Coverage{State: classifier.NotInspected, Reason: "websocket"}
	if e.Coverage != want || e.Request.Bytes != 100 || e.Response.Bytes != 2000 || e.Response.Status != 101 || e.Destination.Protocol != "websocket" {
		t.Errorf("event %+v", e)
	}
}

func TestABodyBehindAnUpgradeIsRead(t *testing.T) {
	b := newBench(t, &policy{service: "chat", need: rules.Hold, evaluate: blocker("SECRET")}, JudgeOptions{}, nil)
	r := httptest.NewRequest(http.MethodGet, "http://chat.example/", io.MultiReader(strings.NewReader("a SECRET")))
	r.ContentLength = -1
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	x := b.judge.exchange(r, rules.Client{}, nil)
	if resp := x.request(r); resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Error("a body behind an upgrade header went unread")
	}
	x.finish(nil)
	b.served <- struct{}{}
	if e := b.only(t, 1)[0]; e.Verdict.Action != rules.Block || len(e.Findings) != 1 || !e.Verdict.Enforced {
		t.Errorf("event %+v", e)
	}
}

func TestATunnelLeavesAnEvent(t *testing.T) {
	b := newBench(t, &policy{service: "chat", need: rules.Observe, verdict: rules.Verdict{Action: rules.Log, Groups: []string{"marketing"}}}, JudgeOptions{}, nil)
	tunnel := &tunnelInfo{ConnectHost: "chat.example", Host: "chat.example", Port: 443}
	b.judge.tunnel(rules.Client{}).closed(tunnel, tunnelReport{Reason: "bypass", Sent: 10, Received: 20, Duration: time.Second})
	b.judge.tunnel(rules.Client{}).closed(tunnel, tunnelReport{Reason: "refused"})
	all := b.end(t)
	if len(all) != 2 {
		t.Fatalf("%d events", len(all))
	}
	e := all[0]
	if e.Kind != "tunnel" || e.Coverage.Reason != "bypass" || e.Request.Bytes != 10 || e.Response.Bytes != 20 || e.Service.ID != "chat" ||
		e.Timing.Total != 1 || e.Client.Group != "marketing" || e.Verdict.Action != rules.Log {
		t.Errorf("event %+v", e)
	}
	if e := all[1]; e.Verdict.Action != rules.Block || !e.Verdict.Enforced {
		t.Errorf("a refused tunnel is not a block: %+v", e.Verdict)
	}
}

func TestATunnelThatWentThroughSaysWhyItWasNotStopped(t *testing.T) {
	for _, c := range []struct {
		name    string
		verdict rules.Verdict
		want    string
	}{
		{"a verdict that came too late", rules.Verdict{Action: rules.Block}, rules.ByLateness},
		{"a rule outside of whose share the client is", rules.Verdict{Action: rules.Block, Monitor: true, MonitoredBy: rules.ByShare}, rules.ByShare},
		{"a verdict that stops nothing", rules.Verdict{Action: rules.Log}, ""},
	} {
		b := newBench(t, &policy{service: "chat", need: rules.Observe, verdict: c.verdict}, JudgeOptions{}, nil)
		b.judge.tunnel(rules.Client{}).closed(&tunnelInfo{ConnectHost: "chat.example", Host: "chat.example", Port: 443}, tunnelReport{Reason: "bypass"})
		if v := b.end(t)[0].Verdict; v.MonitoredBy != c.want || v.Enforced != (c.want == "") {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { panic("the secret") }

func TestABodyThatPanicsIsNeverPassedOnInPart(t *testing.T) {
	for _, allow := range []bool{false, true} {
		b := newBench(t, &policy{service: "chat", need: rules.Hold, evaluate: blocker("SECRET"), onErrorAllow: allow}, JudgeOptions{}, nil)
		r := httptest.NewRequest(http.MethodPost, "http://chat.example/", io.MultiReader(strings.NewReader("half"), brokenReader{}))
		x := b.judge.exchange(r, rules.Client{}, nil)
		resp := x.request(r)
		if resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Fatalf("on error allow %v: %+v", allow, resp)
		}
		x.finish(nil)
		b.served <- struct{}{}
		if e := b.only(t, 1)[0]; e.Error != "panic" || e.Verdict.Action != rules.Block || !e.Verdict.Enforced {
			t.Errorf("event %+v", e)
		}
		if used := b.judge.memory.used.Load(); used != 0 {
			t.Errorf("%d bytes of memory were not given back", used)
		}
	}
}

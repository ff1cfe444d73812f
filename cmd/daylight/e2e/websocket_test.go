package e2e_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestWebSocketIsRelayedAndSaysThatItWasNotRead(t *testing.T) {
	w := start(t, marketingPolicy)
	if out := w.run("", "node", clientFile(t, "websocket.mjs")); strings.TrimSpace(out) != "guten tag" {
		t.Errorf("the client got %q", out)
	}
	e := w.waitEvent("the WebSocket", func(e event) bool { return e.Coverage.Reason == "websocket" })
	if e.Coverage.State != "not_inspected" || e.Response.Status != http.StatusSwitchingProtocols || e.Destination.Host != "www.shop.test" {
		t.Errorf("event: %+v", e)
	}
}

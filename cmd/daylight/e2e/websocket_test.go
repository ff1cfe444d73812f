package e2e_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestWebSocketToNoAIIsRelayedAndSaysThatItWasNotRead(t *testing.T) {
	w := start(t, marketingPolicy)
	if out := w.run("", "node", clientFile(t, "websocket.mjs")); strings.TrimSpace(out) != "guten tag" {
		t.Errorf("the client got %q", out)
	}
	socket := w.waitEvent("the WebSocket", func(e event) bool {
		return e.Destination.Host == "www.shop.test" && e.Response.Status == http.StatusSwitchingProtocols
	})
	if socket.Coverage.State != "not_inspected" || socket.Coverage.Reason != "policy" || socket.Request.Bytes != int64(len("guten tag")) {
		t.Errorf("event: %+v", socket)
	}
}

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
	message := w.waitEvent("the message", func(e event) bool { return e.Destination.Host == "www.shop.test" && e.Request.Bytes > 0 })
	if message.Coverage.State != "not_inspected" || message.Coverage.Reason != "policy" || message.Request.Bytes != int64(len("guten tag")) {
		t.Errorf("event: %+v", message)
	}
	w.waitEvent("the WebSocket itself", func(e event) bool {
		return e.Destination.Host == "www.shop.test" && e.Response.Status == http.StatusSwitchingProtocols && e.Request.Bytes == 0
	})
}

package proxy

import (
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/net/http2"

	"daylight.internal/proxy/proxytest"
)

// Hundreds of clients that read nothing would otherwise have the memory of as many answers.
func TestAnAnswerOverHTTP2WaitsForItsClientInLittleMemory(t *testing.T) {
	const most = 512 << 10
	certificate, root := proxytest.Certificate(t, "download.example")
	window := make(chan uint32, 1)
	address := tcpServer(t, func(raw net.Conn) {
		c := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2"}})
		if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		frame, err := http2.NewFramer(io.Discard, c).ReadFrame()
		if settings, ok := frame.(*http2.SettingsFrame); ok && err == nil {
			size, _ := settings.Value(http2.SettingInitialWindowSize)
			window <- size
		}
	})
	roots := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(roots, root, 0o600); err != nil {
		t.Fatal(err)
	}
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.CAFile, c.Upstream.Hosts["download.example:443"] = roots, address
	})
	response, err := p.client().Get("https://download.example/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if size := wait(t, window, "the settings of HTTP/2"); size == 0 || size > most {
		t.Errorf("a server may send %d bytes of an answer that nobody reads, want at most %d", size, most)
	}
}

package proxy

import (
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/pinning"
)

// OwnOptions configure the handlers of the proxy's own pages.
type OwnOptions struct {
	Snapshots *Snapshots
	Metrics   *metrics.Metrics
	// Reload loads the policy anew and reopens what was rotated. It returns the
	// revision that decides then, also when there is an error.
	Reload func() (revision string, err error)
	// Certificate returns the CA certificate in PEM.
	Certificate func() []byte
	// ProxyAddress is the host:port at which clients reach the proxy, for
	// proxy.pac. Without a host, or with 0.0.0.0 or ::, the address at which the
	// client reached this page is taken.
	ProxyAddress string
	// Bypasses tells what clients would not have opened, for /-/bypass; nil: nothing.
	Bypasses func() (entries []pinning.Entry, enabled bool)
	// AdminAddress is the host:port at which the admin listener was asked to listen.
	AdminAddress string
	// Ready tells whether traffic is served; nil: always.
	Ready func() bool
}

// NewAdmin returns the handler of the admin listener: /metrics, /healthz,
// /readyz, /proxy.pac, /ca.pem, /-/bypass, and /-/reload by POST.
func NewAdmin(o OwnOptions) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", o.Metrics.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", o.serveReady)
	mux.HandleFunc("POST /-/reload", o.serveReload)
	mux.HandleFunc("GET /-/bypass", o.serveBypasses)
	o.addPages(mux)
	return hardened(http.TimeoutHandler(o.guarded(mux), 30*time.Second, "timeout\n"))
}

// NewOwnPages returns the handler of http://daylight.internal/, which people
// reach through the proxy: how to trust its certificate, and proxy.pac.
func NewOwnPages(o OwnOptions) http.Handler {
	mux := http.NewServeMux()
	o.addPages(mux)
	mux.HandleFunc("GET /{$}", o.serveWelcome)
	return hardened(mux)
}

func (o OwnOptions) addPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /ca.pem", o.serveCertificate)
	mux.HandleFunc("GET /proxy.pac", o.servePAC)
}

func (o OwnOptions) serveReady(w http.ResponseWriter, _ *http.Request) {
	switch {
	case !o.Snapshots.Loaded():
		plain(w, http.StatusServiceUnavailable, "no policy is loaded\n")
	case o.Ready != nil && !o.Ready():
		plain(w, http.StatusServiceUnavailable, "not serving\n")
	default:
		plain(w, http.StatusOK, fmt.Sprintf("ready, policy %s, process %d\n", o.Snapshots.Current().Revision(), os.Getpid()))
	}
}

func (o OwnOptions) serveReload(w http.ResponseWriter, _ *http.Request) {
	revision, err := o.Reload()
	if err != nil {
		plain(w, http.StatusInternalServerError, strings.TrimRight(err.Error(), "\n")+"\n")
		return
	}
	plain(w, http.StatusOK, "policy "+revision+"\n")
}

func (o OwnOptions) serveCertificate(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-x509-ca-cert")
	w.Header().Set("Content-Disposition", `attachment; filename="daylight-ca.pem"`)
	w.Write(o.Certificate())
}

func (o OwnOptions) servePAC(w http.ResponseWriter, r *http.Request) {
	address, ok := o.addressFor(r)
	if !ok {
		plain(w, http.StatusInternalServerError, "the address of the proxy is not known\n")
		return
	}
	w.Header().Set("Content-Type", "application/x-ns-proxy-autoconfig")
	fmt.Fprintf(w, pacScript, address)
}

// pacScript sends everything through the proxy but the machine itself, plain
// names and private addresses. Without the proxy there is no way out: falling
// back to DIRECT would let traffic pass unread. No name is looked up, for that
// would block browsers.
const pacScript = `function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || shExpMatch(host, "*.localhost") || shExpMatch(host, "*.local") ||
      /^(127|10)\.\d+\.\d+\.\d+$/.test(host) || /^192\.168\.\d+\.\d+$/.test(host) ||
      /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(host) || /^\[?(::1|f[cd][0-9a-f]{2}:|fe80:)/i.test(host)) {
    return "DIRECT";
  }
  return "PROXY %s";
}
`

// addressFor returns the host:port at which the client of r reaches the proxy.
func (o OwnOptions) addressFor(r *http.Request) (string, bool) {
	host, port, err := net.SplitHostPort(o.ProxyAddress)
	if err != nil {
		return "", false
	}
	if ip, err := netip.ParseAddr(host); host != "" && (err != nil || !ip.IsUnspecified()) {
		return o.ProxyAddress, true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok {
		return "", false
	}
	return net.JoinHostPort(local.AddrPort().Addr().Unmap().String(), port), true
}

// welcomeData is what the page of the proxy itself shows.
type welcomeData struct {
	pageData
	Fingerprint []string // its bytes, between which a line may end
	Proxy       string   // the host:port that answers before the proxy is set up; "" when it is not known
}

func (o OwnOptions) serveWelcome(w http.ResponseWriter, r *http.Request) {
	t := textFor(r)
	address, _ := o.addressFor(r)
	page := render(pages().own, &welcomeData{
		pageData: newPageData(t, t.Own.Title), Fingerprint: strings.SplitAfter(fingerprint(o.Certificate()), ":"), Proxy: address,
	})
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	setPageHeader(h, t)
	w.Write(page)
}

// fingerprint returns the SHA-256 of a PEM certificate as systems show it, in
// pairs of digits; "" when there is none.
func fingerprint(certificate []byte) string {
	block, _ := pem.Decode(certificate)
	if block == nil {
		return ""
	}
	sum := sha256.Sum256(block.Bytes)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, text)
}

package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"sync"
	"syscall"
	"time"

	"github.com/elazarl/goproxy"
)

// bare is the yardstick: goproxy as front door, each CONNECT handed to one shared
// HTTP server that feeds the requests back into goproxy's plain path. It reads
// nothing, judges nothing, records nothing.
func bare(dir, profile string) error {
	ca, err := newAuthority(filepath.Join(dir, "bare-ca.pem"))
	if err != nil {
		return err
	}
	address, err := os.ReadFile(filepath.Join(dir, "server-address"))
	if err != nil {
		return fmt.Errorf("finding the server: %w", err)
	}
	roots, err := readRoots(filepath.Join(dir, "server-ca.pem"))
	if err != nil {
		return err
	}
	front := goproxy.NewProxyHttpServer()
	front.Logger = log.New(io.Discard, "", 0)
	front.KeepAcceptEncoding = true
	front.Tr = &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, string(address))
		},
		TLSClientConfig:     &tls.Config{RootCAs: roots, ClientSessionCache: tls.NewLRUClientSessionCache(128)},
		MaxIdleConnsPerHost: 256, IdleConnTimeout: 90 * time.Second, DisableCompression: true, ForceAttemptHTTP2: true,
	}
	tunnels := &handover{connections: make(chan net.Conn)}
	inner := &http.Server{ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, authorityKey{}, c.(*tls.Conn).NetConn().(tunnelled).authority)
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			authority := r.Context().Value(authorityKey{}).(string)
			r.URL = &url.URL{Scheme: "https", Host: authority, Path: r.URL.Path, RawQuery: r.URL.RawQuery}
			r.RequestURI = r.URL.String()
			front.ServeHTTP(flushing{w, http.NewResponseController(w)}, r)
		})}
	config := interception(ca)
	front.OnRequest().HandleConnectFunc(func(host string, ctx *goproxy.ProxyCtx) (*goproxy.ConnectAction, string) {
		return &goproxy.ConnectAction{Action: goproxy.ConnectHijack, Hijack: func(_ *http.Request, client net.Conn, _ *goproxy.ProxyCtx) {
			if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err == nil {
				tunnels.connections <- tls.Server(tunnelled{client, host}, config)
			}
		}}, host
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	go func() { _ = inner.Serve(tunnels) }()
	fmt.Println("listening", listener.Addr())
	if profile != "" {
		stop, err := startProfile(profile)
		if err != nil {
			return err
		}
		defer stop()
	}
	go func() { _ = (&http.Server{Handler: front, ReadHeaderTimeout: time.Minute}).Serve(listener) }()
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	<-told
	return nil
}

func startProfile(name string) (stop func(), err error) {
	file, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("writing a profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, fmt.Errorf("writing a profile: %w", err)
	}
	return func() { pprof.StopCPUProfile(); file.Close() }, nil
}

type authorityKey struct{}

// tunnelled is a client connection that remembers what its CONNECT asked for.
type tunnelled struct {
	net.Conn
	authority string
}

// handover is a listener that accepts connections from a channel.
type handover struct{ connections chan net.Conn }

func (h *handover) Accept() (net.Conn, error) { return <-h.connections, nil }
func (h *handover) Close() error              { return errors.New("never closed") }
func (h *handover) Addr() net.Addr            { return &net.TCPAddr{} }

// flushing sends each piece of a body at once, as any streaming proxy must.
type flushing struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.ResponseWriter.Write(p)
	if err == nil && f.Header().Get("Content-Length") == "" {
		err = f.control.Flush()
	}
	return n, err
}

func (f flushing) Hijack() (net.Conn, *bufio.ReadWriter, error) { return f.control.Hijack() }

// interception makes one P-256 leaf for each name and keeps it.
func interception(ca authority) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	var mu sync.Mutex
	leaves := map[string]*tls.Certificate{}
	return &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		mu.Lock()
		defer mu.Unlock()
		if leaf := leaves[hello.ServerName]; leaf != nil {
			return leaf, nil
		}
		leaf, err := ca.leaf(key, hello.ServerName)
		leaves[hello.ServerName] = leaf
		return leaf, err
	}}
}

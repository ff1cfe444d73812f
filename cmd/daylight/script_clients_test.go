package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptPatience is how long a script waits for a server.
const scriptPatience = 2 * time.Minute

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// awaits runs "awaits URL": it waits until the page is there.
func awaits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: awaits URL")
	}
	for deadline := time.Now().Add(scriptPatience); ; time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(args[0])
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s does not answer: %v", args[0], err)
		}
	}
}

// browses runs "browses PROXY CA HOST": a client that trusts the certificate asks for a page.
func browses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: browses PROXY CA HOST")
	}
	pem, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{
		Proxy:             http.ProxyURL(&url.URL{Scheme: "http", Host: args[0]}),
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		DisableKeepAlives: true,
	}
	client := http.Client{Transport: transport, Timeout: scriptPatience}
	resp, err := client.Get("https://" + args[2] + "/")
	ts.Check(err)
	resp.Body.Close()
}

// rejects runs "rejects PROXY HOST TIMES": an app that pins tries to reach the host.
func rejects(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: rejects PROXY HOST TIMES")
	}
	times, err := strconv.Atoi(args[2])
	ts.Check(err)
	for range times {
		conn, err := net.Dial("tcp", args[0])
		ts.Check(err)
		conn.SetDeadline(time.Now().Add(scriptPatience))
		fmt.Fprintf(conn, "CONNECT %[1]s:443 HTTP/1.1\r\nHost: %[1]s:443\r\n\r\n", args[1])
		resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), &http.Request{Method: http.MethodConnect})
		ts.Check(err)
		if resp.StatusCode != http.StatusOK {
			ts.Fatalf("CONNECT %s: %s", args[1], resp.Status)
		}
		secure := tls.Client(conn, &tls.Config{RootCAs: x509.NewCertPool(), ServerName: args[1]})
		if secure.Handshake() == nil {
			ts.Fatalf("the certificate of %s was taken", args[1])
		}
		conn.Close()
	}
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// idler is an open connection that can be asked whether it lives.
type idler interface {
	ask() error
	Close() error
}

func (w world) idle(ctx context.Context, _ options) error {
	fmt.Printf("\nMemory with idle intercepted connections, KiB each (MiB resident)\n")
	for _, form := range []struct {
		metric string
		count  int
		open   func(contender) (idler, error)
	}{{"h1", 1000, openIdle1}, {"h2", 1000, openIdle2}, {"h1", 5000, openIdle1}} {
		t := table{results: w.results}
		var resident, each [][]float64
		for _, start := range w.starters() {
			c, err := start(ctx)
			if err != nil {
				return err
			}
			if c.name == nameSquid && form.metric == "h2" { // it speaks none
				c.stop()
				continue
			}
			empty := c.memory("VmRSS")
			full, err := holdIdle(ctx, c, form.count, form.open)
			c.stop()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			t.names = append(t.names, c.name)
			resident, each = append(resident, []float64{full}), append(each, []float64{(full - empty) * 1024 / float64(form.count)})
		}
		t.row("idle "+form.metric, fmt.Sprintf("%5d connections, %s", form.count, form.metric), each, "%4.0f", resident, "%4.0f")
	}
	return nil
}

// holdIdle opens n connections with one exchange each, waits, proves that all
// still live and returns the resident memory.
func holdIdle(ctx context.Context, c contender, n int, open func(contender) (idler, error)) (float64, error) {
	connections := make([]idler, n)
	defer func() {
		for _, conn := range connections {
			if conn != nil {
				conn.Close()
			}
		}
	}()
	use := func(worker int) error {
		for i := worker; i < n; i += 32 {
			if connections[i] == nil {
				conn, err := open(c)
				if err != nil {
					return err
				}
				connections[i] = conn
			}
			if err := connections[i].ask(); err != nil {
				return err
			}
		}
		return nil
	}
	if err := parallel(ctx, 32, use); err != nil {
		return 0, err
	}
	time.Sleep(4 * time.Second)
	resident := c.memory("VmRSS")
	return resident, parallel(ctx, 32, use)
}

type idle1 struct {
	*connection
	request string
}

func (i idle1) ask() error {
	_ = i.SetDeadline(time.Now().Add(patience))
	return i.exchange(i.request)
}

func openIdle1(c contender) (idler, error) { return openAsker1(c.client, plainHost) }

// openAsker1 opens a connection of HTTP/1.1 that asks the question of one host.
func openAsker1(c client, host string) (idler, error) {
	conn, err := c.open(host)
	return idle1{conn, c.small(host)}, err
}

type idle2 struct {
	*http.ClientConn
	method, url, body string
}

func openIdle2(c contender) (idler, error) { return openAsker2(c.client, plainHost) }

// openAsker2 opens one of HTTP/2.
func openAsker2(c client, host string) (idler, error) {
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	transport := &http.Transport{Protocols: &protocols, DialTLSContext: func(context.Context, string, string) (net.Conn, error) {
		conn, err := c.dial(host, "h2")
		if err != nil {
			return nil, err
		}
		if conn.ConnectionState().NegotiatedProtocol != "h2" {
			conn.Close()
			return nil, errors.New("HTTP/2 was not negotiated")
		}
		return conn, conn.SetDeadline(time.Time{}) // each question has its own
	}}
	conn, err := transport.NewClientConn(context.Background(), "https", host+":443")
	if err != nil {
		return nil, fmt.Errorf("opening HTTP/2: %w", err)
	}
	method, path, body := question(host)
	return idle2{conn, method, "https://" + c.authority(host) + path, body}, nil
}

func (i idle2) ask() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, i.method, i.url, strings.NewReader(i.body))
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	if i.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := i.RoundTrip(request)
	if err != nil {
		return fmt.Errorf("asking over HTTP/2: %w", err)
	}
	defer response.Body.Close()
	if n, err := io.Copy(io.Discard, bufio.NewReaderSize(response.Body, 512)); err != nil || n == 0 || response.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("answer %d of %d bytes", response.StatusCode, n), err)
	}
	return nil
}

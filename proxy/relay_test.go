package proxy

import (
	"errors"
	"net"
	"testing"
)

// shut is a connection that the other side has closed altogether.
type shut struct{ net.Conn }

func (shut) CloseWrite() error { return errors.New("not connected") }

func TestATunnelWhoseServerHasClosedEndsInOrder(t *testing.T) {
	client, clientEnd := net.Pipe()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	server, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{client: client, server: shut{server}, buffers: new(bufferPool), idle: patience, lingering: patience}
	clientEnd.Close() // the client ends its sending
	if r.run(); r.err() != "" {
		t.Errorf("it ends with %q", r.err())
	}
}

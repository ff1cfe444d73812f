package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// freeAddress returns a loopback address on which nobody listens.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("finding a port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// waitReady waits until the admin listener says that Daylight serves.
func waitReady(admin string) error {
	client := &http.Client{Timeout: time.Second}
	for range 200 {
		if response, err := client.Get("http://" + admin + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("daylight did not become ready")
}

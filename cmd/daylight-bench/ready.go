package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
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

// readMetrics returns the value of each series of Daylight by its name with labels.
func readMetrics(admin string) (map[string]float64, error) {
	response, err := (&http.Client{Timeout: patience}).Get("http://" + admin + "/metrics")
	if err != nil {
		return nil, fmt.Errorf("asking for metrics: %w", err)
	}
	defer response.Body.Close()
	out := map[string]float64{}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if number, err := strconv.ParseFloat(value, 64); err == nil {
			out[name] = number
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading metrics: %w", err)
	}
	return out, nil
}

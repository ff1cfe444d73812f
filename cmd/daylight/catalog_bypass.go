package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"daylight.internal/proxy"
)

// The sources of a bypass.
const (
	builtInBypass    = "built-in"
	configuredBypass = "configuration"
	learnedBypass    = "learned"
)

// catalogBypass is a host to which TLS is left closed, or one that clients reject the
// certificate for and that is not.
type catalogBypass struct {
	Source string `json:"source"`
	Host   string `json:"host"`
	Reason string `json:"reason"`
	*learnedDetail
}

// learnedDetail is what is known of a learned bypass besides.
type learnedDetail struct {
	Closed      bool       `json:"closed"` // false: Reason says why it is opened all the same
	ConnectHost string     `json:"connect_host,omitempty"`
	Port        uint16     `json:"port"`
	Network     string     `json:"network"`
	Failures    int        `json:"failures"`
	Since       time.Time  `json:"since"`
	Until       *time.Time `json:"until,omitempty"`
}

func (c *catalogRun) bypass(ctx context.Context, env *environment, config *configuration) error {
	sources := []string{builtInBypass, configuredBypass, learnedBypass}
	if c.source != "" && !slices.Contains(sources, c.source) {
		return unknown("source", c.source, sources, "write "+joinWords(sources))
	}
	wants := func(source string) bool { return c.source == "" || c.source == source }
	list := []catalogBypass{}
	if wants(builtInBypass) {
		for _, b := range c.policy.snapshot.Catalog().BypassList() {
			list = append(list, catalogBypass{Source: builtInBypass, Host: b.Host, Reason: b.Reason})
		}
	}
	if wants(configuredBypass) {
		for _, host := range config.Bypass {
			list = append(list, catalogBypass{Source: configuredBypass, Host: host, Reason: "bypass"})
		}
	}
	if wants(learnedBypass) {
		learned, err := askBypasses(ctx, config.AdminListen)
		switch {
		case err == nil:
			list = append(list, learned...)
		case c.source == learnedBypass:
			return err
		default:
			fmt.Fprintf(env.stderr, "what was learned is left out: %v\n", err)
		}
	}
	if c.format == "json" {
		return writeJSON(c.out, list)
	}
	return c.writeBypasses(list)
}

func (c *catalogRun) writeBypasses(list []catalogBypass) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tHOST\tREASON\tNETWORK\tUNTIL")
	for _, b := range list {
		host, network, until := b.Host, "-", "-"
		if d := b.learnedDetail; d != nil {
			network, until = d.Network, "not left closed"
			if d.Port != 443 {
				host += ":" + strconv.Itoa(int(d.Port))
			}
			if d.ConnectHost != "" {
				host += " by " + d.ConnectHost
			}
			if d.Until != nil {
				until = d.Until.Format(time.RFC3339)
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", b.Source, host, b.Reason, network, until)
	}
	return w.Flush()
}

// mostBypasses bounds the answer of the admin listener, in bytes.
const mostBypasses = 16 << 20

// askBypasses asks a running Daylight what it learned.
func askBypasses(ctx context.Context, admin string) ([]catalogBypass, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	url := "http://" + dialable(admin) + "/-/bypass"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("asking the running Daylight: %w", err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy from the environment
	resp, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("asking the running Daylight: %w", err)
	}
	defer resp.Body.Close()
	body, err := readAtMost(resp.Body, mostBypasses)
	if err != nil {
		return nil, fmt.Errorf("asking the running Daylight: %w", err)
	}
	var page proxy.Bypasses
	if resp.StatusCode != http.StatusOK || json.Unmarshal(body, &page) != nil {
		return nil, fmt.Errorf("%s answers %s, and no list", url, resp.Status)
	}
	var list []catalogBypass
	for _, b := range page.Hosts {
		e := catalogBypass{Source: learnedBypass, Host: b.Host, Reason: b.Result, learnedDetail: &learnedDetail{
			Closed: b.Until != nil, ConnectHost: b.ConnectHost, Port: b.Port, Network: b.Network, Failures: b.Failures, Since: b.Since, Until: b.Until,
		}}
		if e.Closed {
			e.Reason = "pinned_learned"
		}
		list = append(list, e)
	}
	return list, nil
}

package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

func healthCommand() command {
	return command{
		name: "healthcheck", group: "Upkeep", summary: "ask a running Daylight whether it is well",
		usage: "healthcheck [flags]",
		about: `Asks the admin listener of the Daylight that runs with the same configuration,
and fails unless it answers that it is alive. Made for containers, which have
no curl.
`,
		examples: `  daylight healthcheck --config /etc/daylight/daylight.yaml
  daylight healthcheck --ready --timeout 1s
`,
		setup: func(fs *flag.FlagSet) action {
			config := addConfigFlags(fs)
			ready := fs.Bool("ready", false, "ask whether it serves and has a policy, not only whether it lives")
			timeout := fs.Duration("timeout", 3*time.Second, "longest `TIME` to wait")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := noArguments(args); err != nil {
					return err
				}
				c, err := config.load()
				if err != nil {
					return err
				}
				ctx, cancel := context.WithTimeout(ctx, *timeout)
				defer cancel()
				path := "/healthz"
				if *ready {
					path = "/readyz"
				}
				return askHealth(ctx, env, "http://"+dialable(c.AdminListen)+path)
			}
		},
	}
}

func askHealth(ctx context.Context, env *environment, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("asking for health: %w", err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy from the environment
	resp, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("asking for health: %w", err)
	}
	defer resp.Body.Close()
	body, err := readAtMost(resp.Body, 1<<10)
	if err != nil {
		return fmt.Errorf("asking for health: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", url, resp.Status, strings.TrimSpace(string(body)))
	}
	_, err = fmt.Fprintln(env.stdout, "ok")
	return err
}

// dialable turns the address of a listener for every interface into one that
// can be dialled from here.
func dialable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	address, err := netip.ParseAddr(host)
	switch {
	case host == "" || err == nil && address.IsUnspecified() && address.Is4():
		host = "127.0.0.1"
	case err == nil && address.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port)
}

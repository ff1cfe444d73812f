package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/proxy/takeover"
)

// Whoever waits for readiness may begin the next process at once, which has to find this
// one and not the one before.
func TestAProcessIsReadyWhenTheFormerOneKnowsOfIt(t *testing.T) {
	d := &daylight{T: t, dir: t.TempDir()}
	asked, answer := make(chan struct{}), make(chan struct{})
	former, err := takeover.Offer(d.dir, nil, takeover.Next{Serving: func(bool) { close(asked); <-answer }, Gone: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	defer former.Close()
	d.policy = filepath.Join(d.dir, "policy.yaml")
	d.writePolicy(lenientPolicy)
	address, config := proxytest.FreeAddress(t), filepath.Join(d.dir, "daylight.yaml")
	d.admin = "http://" + address
	text := fmt.Sprintf("proxy: {listen: '127.0.0.1:0', reuse_port: true}\nadmin: {listen: %q}\ndata_dir: .\npolicy: policy.yaml\n", address)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"run", "--config", config}, strings.NewReader(""), &bytes.Buffer{}, &d.stderr)
	}()
	<-asked
	d.await("an answer", func() bool { return d.adminStatus("/healthz") == http.StatusOK })
	if got := d.adminStatus("/readyz"); got != http.StatusServiceUnavailable {
		t.Errorf("readiness before the former process knows: %d", got)
	}
	close(answer)
	d.await("readiness", func() bool { return d.adminStatus("/readyz") == http.StatusOK })
	end()
	if code := <-ended; code != exitFine {
		t.Errorf("exit code %d: %s", code, d.stderr.String())
	}
}

package dashboards

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// startProcess runs a program until the test ends, and shows what it said if
// the test failed.
func startProcess(t *testing.T, name string, args ...string) {
	t.Helper()
	var said proxytest.Output
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		killed := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		killed.Stop()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(name), said.String())
		}
	})
}

func waitFor(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; {
		resp, err := http.Get(address)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not answer: %v", address, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s %v", address, resp.Status, err)
	}
	return string(body)
}

// prometheusServer is a running Prometheus.
type prometheusServer struct{ url string }

func startPrometheus(t *testing.T, binary, target string) *prometheusServer {
	t.Helper()
	config := fmt.Sprintf(`
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [recording.yaml, alerts.yaml]
scrape_configs:
  - job_name: daylight
    static_configs: [{targets: [%q]}]
`, target)
	files := map[string]string{"prometheus.yaml": config}
	for _, file := range ruleFiles {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(file)] = strings.ReplaceAll(string(text), "interval: 30s", "interval: 1s")
	}
	folder, address := writeFiles(t, files), proxytest.FreeAddress(t)
	startProcess(t, binary, "--config.file="+filepath.Join(folder, "prometheus.yaml"), "--storage.tsdb.path="+filepath.Join(folder, "data"),
		"--web.listen-address="+address, "--log.level=warn")
	p := &prometheusServer{url: "http://" + address}
	waitFor(t, p.url+"/-/ready")
	return p
}

func (p *prometheusServer) get(t *testing.T, path string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(get(t, p.url+path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// query returns the values of an instant vector.
func (p *prometheusServer) query(expr string) ([]float64, error) {
	resp, err := http.PostForm(p.url+"/api/v1/query", url.Values{"query": {expr}})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		Status, Error string
		Data          struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Status != "success" {
		return nil, fmt.Errorf("Prometheus refuses it: %s", answer.Error)
	}
	var values []float64
	for _, r := range answer.Data.Result {
		text, _ := r.Value[1].(string)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

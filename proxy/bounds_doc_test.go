package proxy

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// section returns what stands under a heading of docs/operations.md.
func section(t *testing.T, heading string) string {
	t.Helper()
	text := string(mustRead(t, "../docs/operations.md"))
	_, text, found := strings.Cut(text, "\n"+heading+"\n")
	if !found {
		t.Fatalf("docs/operations.md has no %s", heading)
	}
	level := strings.Fields(heading)[0]
	text, _, _ = strings.Cut(text, "\n"+level+" ")
	return text
}

// sources is the text of the package without its tests.
func sources(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	names = append(names, "../cmd/daylight/run.go") // which keeps to memory_bytes
	var b strings.Builder
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			b.Write(mustRead(t, name))
		}
	}
	return b.String()
}

// Every limit stands in docs/operations.md with its default, a reason, and the word
// under which it is counted.
func TestEveryLimitHasItsDefaultItsMetricAndItsReason(t *testing.T) {
	type row struct{ value, counted, reason string }
	documented := map[string]row{}
	for _, r := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(\\w+)` \\| `?(\\w+)`? \\| (.+) \\|$").FindAllStringSubmatch(section(t, "## What is bounded"), -1) {
		documented[r[1]] = row{r[2], r[3], r[4]}
	}
	code, metrics := sources(t), string(mustRead(t, "../docs/metrics.md"))
	defaults := reflect.ValueOf(Limits{}.WithDefaults())
	for i := range defaults.NumField() {
		key := snakeCase(defaults.Type().Field(i).Name)
		r, want := documented[key], asWritten(key, defaults.Field(i))
		if r.value != want || len(r.reason) < 10 {
			t.Errorf("docs/operations.md says %+v of %s, the default is %s", r, key, want)
		}
		if strings.HasPrefix(r.counted, "daylight_") && !strings.Contains(metrics, "`"+r.counted) {
			t.Errorf("%s is counted as %s, which docs/metrics.md does not know", key, r.counted)
		} else if !strings.HasPrefix(r.counted, "daylight_") && r.counted != "none" && !strings.Contains(code, `"`+r.counted+`"`) {
			t.Errorf("%s is counted as %s, which no code counts", key, r.counted)
		}
		if r.counted == "none" && strings.Contains(code, `LimitHit("`+key+`")`) {
			t.Errorf("%s is counted", key)
		}
		delete(documented, key)
	}
	for key := range documented {
		t.Errorf("docs/operations.md tells of %s, which is no limit", key)
	}
}

// The bounds without a key are as they are written.
func TestTheBoundsWithoutAKeyAreDocumented(t *testing.T) {
	documented := map[string]string{}
	for _, r := range regexp.MustCompile(`(?m)^\| ([^|`+"`"+`]+) \| ([^|]+) \| .+ \|$`).FindAllStringSubmatch(section(t, "### Bounds without a key"), -1) {
		documented[r[1]] = r[2]
	}
	kib := func(n int) string { return fmt.Sprintf("%d KiB", n>>10) }
	mib := func(n int) string { return fmt.Sprintf("%d MiB", n>>20) }
	for bound, want := range map[string]string{
		"bytes of a stream of HTTP/2 that the client may send ahead":                      kib(streamWindow),
		"bytes of a whole connection of HTTP/2 that it may send ahead":                    mib(connectionWindow + 1),
		"streams of a connection of HTTP/2":                                               fmt.Sprint(streams),
		"bytes read of a body that was refused":                                           mib(drainLimit),
		"time for that":                                                                   written(drainTime),
		"time that a held body waits for memory":                                          written(memoryPatience),
		"observed bodies that wait for a processor":                                       fmt.Sprint(queueLength),
		"time for which refused requests of a client share an event":                      written(refusalTime),
		"bytes of an unknown protocol that are read before a tunnel is decided on":        fmt.Sprint(maxAhead),
		"time that an idle connection is left alone before another may take its place":    written(idleGrace),
		"time to listen to a client that finds no place, before the answer and behind it": written(turnAwayTime),
		"bytes read of it": mib(turnAwayBytes),
		"connections of the admin listener, of one client":                                              fmt.Sprintf("%d, %d", adminConnections, adminClientConnections),
		"clients that the log names for reaching a limit per client, for each limit; within which time": fmt.Sprintf("%d, %s", warnedClients, written(limitWarningTime)),
		"time after which a certificate may go without being counted":                                   inFile(t, "ca/issuer.go", `const wantedAgain = 10 * time.Minute`, "10m"),
		"bytes from which a message that is only looked at is not paced":                                kib(bulkMessage),
		"time to close a WebSocket in order":                                                            written(closingTime),
		"head of a request to the admin listener":                                                       inServer(t, `MaxHeaderBytes: 16 << 10`, "16 KiB"),
		"time for such a head, such a request, its answer, between two":                                 inServer(t, `ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute`, "10s, 20s, 1m, 2m"),
		"time for the admin listener to make an answer":                                                 inAdmin(t, `, 30*time.Second, "timeout\n")`, "30s"),
	} {
		if documented[bound] != want {
			t.Errorf("docs/operations.md says %q for %q, it is %s", documented[bound], bound, want)
		}
	}
}

func written(d time.Duration) string { return asWritten("", reflect.ValueOf(d)) }

// inServer returns the value if the command has the code for it.
func inServer(t *testing.T, code, value string) string {
	return inFile(t, "../cmd/daylight/server.go", code, value)
}

func inAdmin(t *testing.T, code, value string) string { return inFile(t, "admin.go", code, value) }

func inFile(t *testing.T, name, code, value string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), code) {
		return "another: " + name + " has no " + code
	}
	return value
}

package proxy

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// transcript is all that came of some bytes.
type transcript struct {
	client   []string // answers: status, and page or reason
	server   string   // the bytes of whole requests
	rest     []string // that came to no end
	requests []strictRequest
	fault    error
	judged   []*judgedRequest
	counted  []string
	tunnels  []string // why they were not read
	framed   bool     // server has no bytes but a list of fields
}

// check asserts what holds for every request, whatever its shape: what reached the server can
// be read in one way only, and is what was judged.
func (out *transcript) check(t *testing.T) {
	t.Helper()
	if out.fault != nil {
		t.Errorf("the server cannot read what it got: %v", out.fault)
	}
	for _, rest := range out.rest {
		if strings.Contains(rest, "/next") && !awaitsItsLength(rest) {
			t.Errorf("the next request is part of another that did not end: %q", rest)
		}
	}
	if len(out.requests) > len(out.judged) {
		t.Errorf("%d requests reached the server, %d were judged\n%q", len(out.requests), len(out.judged), out.server)
		return
	}
	rest := out.judged
	for _, r := range out.requests { // what was judged but broke off does not arrive
		i := slices.IndexFunc(rest, func(j *judgedRequest) bool { return j.is(r) })
		if i < 0 {
			t.Errorf("the server got %s %s %q with %q, which was not judged", r.method, r.target, r.values("host"), r.body)
			return
		}
		rest = rest[i+1:]
	}
}

// checkRelayed asserts that the bytes were left to the server, and that this is known.
func (out *transcript) checkRelayed(t *testing.T, request string) {
	t.Helper()
	if len(out.rest) != 1 || out.rest[0] != request || len(out.judged) != 0 || !slices.Equal(out.tunnels, []string{"not_tls"}) {
		t.Errorf("rest %q, judged %d, tunnels %q", out.rest, len(out.judged), out.tunnels)
	}
}

func (j *judgedRequest) is(r strictRequest) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.method == r.method && j.target == r.target && j.host == r.values("host")[0] && bytes.Equal(j.body.Bytes(), r.body)
}

// String is the form of the golden files.
func (out *transcript) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "client: %s\n", strings.Join(out.client, "; "))
	if len(out.counted) > 0 {
		fmt.Fprintf(&b, "refused: %s\n", strings.Join(out.counted, " "))
	}
	switch {
	case out.server == "":
		b.WriteString("server: nothing\n")
	case out.framed:
		b.WriteString("server:\n" + out.server)
	default:
		b.WriteString("server:\n" + quoteLines(out.server))
	}
	return b.String()
}

// quoteLines puts one line of bytes on each line, with what cannot be seen escaped.
func quoteLines(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		quoted := fmt.Sprintf("%q", line)
		b.WriteString("    " + quoted[1:len(quoted)-1] + "\n")
	}
	return b.String()
}

// goldenSections compares with a file, or rewrites it when UPDATE is set.
func goldenSections(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "smuggling", name)
	if os.Getenv("UPDATE") != "" {
		mustWrite(t, file, []byte(got))
		return
	}
	want := string(mustRead(t, file))
	if got == want {
		return
	}
	wanted := strings.Split(want, "\n\n")
	for i, section := range strings.Split(got, "\n\n") {
		if i >= len(wanted) || section != wanted[i] {
			t.Errorf("%s: got\n%s\nwant\n%s", file, section, wanted[min(i, len(wanted)-1)])
		}
	}
}

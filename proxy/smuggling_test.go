package proxy

import (
	"fmt"
	"strings"
	"testing"
)

// shape is the bytes of a request that some parser reads in another way than the
// next. In it, {/a} stands for the target in the form that the way wants, and NAME for the host.
type shape struct {
	name, request string
	cut           bool // the client ends its sending: it would be waited for
	// In the clear it is not taken for HTTP: it is relayed unread, with an event that says so.
	relayed bool
}

// next stands behind each shape, in the same write.
const next = "GET {/next} HTTP/1.1\r\nHost: NAME\r\nConnection: close\r\n\r\n"

// What reached the server is asserted byte for byte, by the golden files, and
// for every shape: it is unambiguous, and it is what was judged.
func TestWhatReachesTheServerIsUnambiguousAndJudged(t *testing.T) {
	for _, way := range []string{"tunnel", "clear", "plain"} {
		t.Run(way, func(t *testing.T) {
			w := newWire(t, way)
			var all strings.Builder
			for _, s := range shapes() {
				ok := t.Run(s.name, func(t *testing.T) {
					request := w.fill(s.request)
					if !s.cut {
						request += w.fill(next)
					}
					out := w.run(t, request, s.cut)
					if s.relayed && way == "clear" {
						out.checkRelayed(t, request)
						return
					}
					out.check(t)
					fmt.Fprintf(&all, "## %s\n%s%s\n", s.name, quoteLines(w.fill(s.request)), &out)
				})
				if !ok {
					t.Fail()
				}
			}
			goldenSections(t, way+".txt", all.String())
		})
	}
}

func (w *wire) fill(request string) string {
	for {
		before, rest, found := strings.Cut(request, "{")
		target, after, ended := strings.Cut(rest, "}")
		if !found || !ended || !strings.HasPrefix(target, "/") && target != "*" {
			return strings.ReplaceAll(request, "NAME", "ai.example")
		}
		request = before + w.target(target) + after
	}
}

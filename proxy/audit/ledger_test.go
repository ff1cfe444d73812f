package audit_test

import (
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
)

func TestAnAccountAddsUpToWhatWasSent(t *testing.T) {
	event := func(sent, read int64, state classifier.CoverageState, reason string) audit.Event {
		return audit.Event{Request: audit.Request{Bytes: sent}, Coverage: classifier.Coverage{State: state, Reason: reason, BytesRead: read}}
	}
	for _, c := range []struct {
		name  string
		event audit.Event
		want  audit.Account
	}{
		{"read as a whole", event(10, 10, classifier.Complete, ""), audit.Account{Inspected: 10}},
		{"without a body", event(0, 0, classifier.NotInspected, "policy"), audit.Account{}},
		{"the beginning was read", event(10, 4, classifier.Truncated, "over_limit"), audit.Account{Inspected: 4, Unread: 6, Reason: "over_limit"}},
		{"a picture", event(10, 0, classifier.Undecodable, "image"), audit.Account{Unread: 10, Reason: "undecodable"}},
		{"an app that was found to pin", event(10, 0, classifier.NotInspected, "pinned_learned"), audit.Account{Unread: 10, Reason: "pinned"}},
		{"an app that pins", event(10, 0, classifier.NotInspected, "pinned_app"), audit.Account{Unread: 10, Reason: "pinned"}},
		{"one message of two was read", event(10, 6, classifier.NotInspected, "busy"), audit.Account{Inspected: 6, Unread: 4, Reason: "queue"}},
		{"more read than sent", event(10, 12, classifier.Truncated, "over_ratio"), audit.Account{Inspected: 10}},
		{"a rest without a reason", event(10, 9, classifier.Complete, ""), audit.Account{Inspected: 9, Unread: 1, Reason: "other"}},
		{"numbers that cannot be", event(-1, -2, classifier.Truncated, "over_limit"), audit.Account{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.event.Account(); got != c.want {
				t.Errorf("account %+v, want %+v", got, c.want)
			}
		})
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		e := event(r.Int64N(1<<40), r.Int64N(1<<40), classifier.CoverageState(r.IntN(4)), "over_limit")
		if a := e.Account(); a.Inspected+a.Unread != e.Request.Bytes || a.Inspected < 0 || a.Unread < 0 || (a.Unread > 0) != (a.Reason != "") {
			t.Fatalf("%+v of %+v", a, e)
		}
	}
}

// documentedReasons reads the table of docs/metrics.md: the coverage reasons by
// the reason of the ledger.
func documentedReasons(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "## What was not read")
	if !found {
		t.Fatal("docs/metrics.md has no section about what was not read")
	}
	rows := map[string][]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| ([^|]*) \\| ([^|]+) \\|$").FindAllStringSubmatch(section, -1) {
		rows[row[1]] = strings.FieldsFunc(strings.ReplaceAll(row[2], "`", ""), func(r rune) bool { return r == ',' || r == ' ' })
	}
	return rows
}

func TestTheDocumentedReasonsAreThoseOfTheLedger(t *testing.T) {
	documented := documentedReasons(t)
	for _, reason := range audit.UnreadReasons() {
		if _, ok := documented[reason]; !ok {
			t.Errorf("docs/metrics.md does not tell of the reason %s", reason)
		}
	}
	for reason, words := range documented {
		if !slices.Contains(audit.UnreadReasons(), reason) {
			t.Errorf("docs/metrics.md tells of %s, which is no reason", reason)
		}
		for _, word := range words {
			if got := audit.Unread(word); got != reason {
				t.Errorf("docs/metrics.md puts %s under %s, the ledger under %s", word, reason, got)
			}
		}
	}
}

// TestEveryReasonInTheCodeIsDocumented looks for the literals that become the
// reason of a coverage.
func TestEveryReasonInTheCodeIsDocumented(t *testing.T) {
	var documented []string
	for _, words := range documentedReasons(t) {
		documented = append(documented, words...)
	}
	found := reasonsInCode(t)
	for word, at := range found {
		if audit.Unread(word) == audit.UnreadOther || !slices.Contains(documented, word) {
			t.Errorf("%s: %q is a reason that docs/metrics.md and audit.Unread do not know", at, word)
		}
	}
	// The kinds of media types name themselves; the others are constants.
	elsewhere := []string{"image", "audio", "video", "font", "not_grpc", "parts", "undecodable"}
	for _, word := range documented {
		if _, ok := found[word]; !ok && !slices.Contains(elsewhere, word) {
			t.Errorf("no code gives the reason %q that docs/metrics.md tells of", word)
		}
	}
}

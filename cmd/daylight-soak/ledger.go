package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"daylight.internal/proxy/audit"
)

// mark is what an exchange and its event share: a user that only one connection
// of a client has, what it was, and the size of its body, which is another one for
// each exchange of a connection.
type mark struct {
	user string // of the header that Daylight believes
	kind string // kindExchange, kindMessage or kindTunnel
	size int64  // bytes of the body; 0 for users whose exchanges are only counted
}

const (
	kindExchange = "exchange"
	kindMessage  = "message"
	kindTunnel   = "tunnel"
)

// counted begins the names of users whose exchanges are told by their number alone:
// how many bytes are read of a body that is broken off is not known.
const counted = "counted-"

// ledger holds what clients sent, to be held against the events.
type ledger struct {
	mu       sync.Mutex
	users    int
	expected map[mark]int
	total    int
}

func newLedger() *ledger { return &ledger{expected: map[mark]int{}} }

// user returns a name that nobody had.
func (l *ledger) user(prefix, kind string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users++
	return prefix + kind + "-" + strconv.Itoa(l.users)
}

// sent notes an exchange whose head has reached Daylight.
func (l *ledger) sent(user, kind string, size int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	l.expected[newMark(user, kind, int64(size))]++
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

func newMark(user, kind string, size int64) mark {
	if strings.HasPrefix(user, counted) {
		size = 0
	}
	return mark{user, kind, size}
}

func markOf(e *audit.Event) mark {
	kind := kindExchange
	switch {
	case e.Kind == audit.KindTunnel:
		kind = kindTunnel
	case e.Connection != "":
		kind = kindMessage
	}
	return newMark(e.Client.User, kind, e.Request.Bytes)
}

// reconcile reads all events and returns how many there are, with an error that tells
// of every exchange that has none or too many, of every one in which Daylight itself
// was at fault, and of every line that is no event.
func (l *ledger) reconcile(events io.Reader) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	told, ids := map[mark]int{}, map[string]bool{}
	var faults []error
	total := 0
	for e, err := range audit.Read(events) {
		if err != nil {
			faults = append(faults, fmt.Errorf("reading events: %w", err))
			continue
		}
		if e.Kind == audit.KindRefused {
			continue // of no exchange
		}
		total++
		if ids[e.ID] {
			faults = append(faults, fmt.Errorf("event %s is there twice", e.ID))
		}
		ids[e.ID] = true
		if e.Error == "panic" || e.Coverage.Reason == "internal_error" {
			faults = append(faults, fmt.Errorf("event %s tells of a fault inside of Daylight: %q, coverage %q", e.ID, e.Error, e.Coverage.Reason))
		}
		told[markOf(&e)]++
	}
	var lost, doubled []string
	for m, want := range l.expected {
		if got := told[m]; got < want {
			lost = append(lost, fmt.Sprintf("%s: %d of %d", m, got, want))
		} else if got > want {
			doubled = append(doubled, fmt.Sprintf("%s: %d of %d", m, got, want))
		}
	}
	for m, got := range told {
		if l.expected[m] == 0 {
			doubled = append(doubled, fmt.Sprintf("%s: %d of 0", m, got))
		}
	}
	return total, errors.Join(append(some(faults), listed("lost", lost), listed("doubled, or of nothing that was sent", doubled))...)
}

func (m mark) String() string { return fmt.Sprintf("%s of %s, %d bytes", m.kind, m.user, m.size) }

// shown is how many of many faults are told.
const shown = 10

// listed returns nil for an empty list.
func listed(what string, marks []string) error {
	if len(marks) == 0 {
		return nil
	}
	slices.Sort(marks)
	text := strings.Join(marks[:min(shown, len(marks))], "\n  ")
	return fmt.Errorf("%d kinds of events %s:\n  %s", len(marks), what, text)
}

// some returns the first of many errors, and how many more there are.
func some(errs []error) []error {
	if len(errs) <= shown {
		return errs
	}
	return append(slices.Clone(errs[:shown]), fmt.Errorf("and %d more", len(errs)-shown))
}

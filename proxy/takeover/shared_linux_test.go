package takeover

import (
	"context"
	"strings"
	"testing"
)

// The next process may be the first to end. What it does to sockets that are not its own
// alone would be done to the former one.
func TestTheNextProcessLeavesTheSocketsToTheFormerOne(t *testing.T) {
	for name, end := range map[string]func(l *Listener, p *Predecessor){
		"in order": func(l *Listener, p *Predecessor) { l.Leave(context.Background(), false) },
		"killed while it left them": func(l *Listener, p *Predecessor) {
			ignoreNew(l.TCPListener)
			_ = l.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			_, first, told := offered(t, dir)
			p := asked(t, dir)
			second := p.Take("proxy 127.0.0.1:0")
			if err := p.Serving(false); err != nil {
				t.Fatal(err)
			}
			serve(first, "first")
			serve(second, "second")
			end(second, p)
			p.Close()
			<-told
			if got := <-told; got != "gone" {
				t.Errorf("told %q", got)
			}
			for range 10 {
				if got := answer(t, first.Addr().String()); got != "first" {
					t.Errorf("%s answers", got)
				}
			}
		})
	}
}

func TestTheNextProcessLearnsThatItHasTheSocketsAlone(t *testing.T) {
	for name, leave := range map[string]func(*Host){
		"after it serves":  func(h *Host) { h.Close() },
		"before it serves": func(*Host) {},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			h, _, _ := offered(t, dir)
			p := asked(t, dir)
			second := p.Take("proxy 127.0.0.1:0")
			defer second.Close()
			if !second.former.shares() {
				t.Error("it takes the sockets for its own alone")
			}
			if strings.HasPrefix(name, "before") {
				h.Close()
			}
			if err := p.Serving(false); err != nil {
				t.Fatal(err)
			}
			leave(h)
			eventually(t, "it has them alone", func() bool { return !second.former.shares() })
		})
	}
}

// An answer that came too late to be read is no farewell.
func TestAFormerProcessThatAnsweredLateHasTheSocketsStill(t *testing.T) {
	dir := t.TempDir()
	h, _, told := offered(t, dir)
	p := asked(t, dir)
	second := p.Take("proxy 127.0.0.1:0")
	defer second.Close()
	if _, err := p.conn.Write([]byte(wordServing)); err != nil {
		t.Fatal(err)
	}
	<-told
	eventually(t, "it has answered", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.heir != nil
	})
	if !second.former.shares() {
		t.Error("the sockets are taken for those of one process")
	}
	h.Close()
	eventually(t, "it has them alone", func() bool { return !second.former.shares() })
}

// The middle one of three ends first: neither of the others knows of the other.
func TestTheLastOfThreeDoesNotTakeTheSocketsFromTheFirst(t *testing.T) {
	dir := t.TempDir()
	host, first, _ := offered(t, dir)
	serve(first, "first")
	middle := asked(t, dir)
	second := middle.Take("proxy 127.0.0.1:0")
	if err := middle.Serving(false); err != nil {
		t.Fatal(err)
	}
	h, err := Offer(dir, map[string]*Listener{"proxy 127.0.0.1:0": second}, make(steps, 10).next())
	if err != nil {
		t.Fatal(err)
	}
	last := asked(t, dir)
	third := last.Take("proxy 127.0.0.1:0")
	if err := last.Serving(false); err != nil {
		t.Fatal(err)
	}
	serve(second, "second")
	second.Leave(t.Context(), h.Close())
	middle.Close()
	eventually(t, "the first and the last believe to have them alone", func() bool {
		host.mu.Lock()
		defer host.mu.Unlock()
		return !host.given && !third.former.shares()
	})
	serve(third, "third")
	third.Leave(t.Context(), false)
	if got := answer(t, first.Addr().String()); got != "first" {
		t.Errorf("%s answers", got)
	}
}

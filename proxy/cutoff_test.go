package proxy

import (
	"net/http/httptest"
	"testing"
	"time"
)

// deadlined is a ResponseWriter that tells of its write deadlines, and sets them when it may.
type deadlined struct {
	*httptest.ResponseRecorder
	set chan time.Time
	may chan struct{}
}

func (d deadlined) SetWriteDeadline(at time.Time) error {
	d.set <- at
	<-d.may
	return nil
}

// Both clocks that watch a write may strike when it has ended. Then what is behind the
// response may be that of another client already.
func TestACutIsOfTheWriteThatWaits(t *testing.T) {
	p, counts := crowded(t, Limits{IdleTimeout: time.Hour}, nil)
	for name, cut := range map[string]func(*responseWriter){
		"a client that is slow":    func(w *responseWriter) { w.slowClient.bite() },
		"an answer among too many": func(w *responseWriter) { w.stall.cut() },
	} {
		d := deadlined{httptest.NewRecorder(), make(chan time.Time, 9), make(chan struct{})}
		w := newResponseWriter(d, httptest.NewRequest("GET", "http://shop.example/", nil), p.Proxy)
		w.written = stallsFrom
		w.beginWriting()
		go cut(w)
		if at := wait(t, d.set, "the cut"); at.After(time.Now()) {
			t.Errorf("%s: cut off at %s", name, at)
		}
		ended := make(chan struct{})
		go func() {
			w.endWriting()
			close(ended)
		}()
		select {
		case <-ended:
			t.Errorf("%s: the write ends while it is cut off", name)
		case <-time.After(20 * time.Millisecond): // too short shows nothing, and fails nothing
		}
		close(d.may)
		wait(t, ended, "the end of the write")
		cut(w)
		if len(d.set) != 0 {
			t.Errorf("%s: cut off after its write", name)
		}
	}
	if got := counts.get("limit idle_timeout"); got != 1 {
		t.Errorf("counted %d times, for one that was cut off", got)
	}
}

package proxy

import "time"

// watchdog ends a wait that takes too long. One goroutine at a time waits under it.
type watchdog struct {
	limit time.Duration
	bite  func()
	timer *time.Timer
}

// start starts the limit anew; stop ends it.
func (w *watchdog) start() {
	if w.timer == nil {
		w.timer = time.AfterFunc(w.limit, func() {
			defer func() { _ = recover() }() // a timer's goroutine is nobody's
			w.bite()
		})
		return
	}
	w.timer.Reset(w.limit)
}

func (w *watchdog) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
}

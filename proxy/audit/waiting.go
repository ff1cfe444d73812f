package audit

import "sync"

const (
	// wakeAt bytes of lines are worth a write of their own.
	wakeAt = 64 << 10
	// keptLines bytes of memory for lines, and keptLine for one, are used again.
	keptLines = 1 << 20
	keptLine  = 64 << 10
)

// waiting holds the lines that wait to be written.
type waiting struct {
	limit int           // of events
	wake  chan struct{} // told when there is much to write

	mu     sync.Mutex
	lines  []byte
	spare  []byte // for the next lines, while others are written
	events int
	closed bool
}

// add takes a line, or says why not.
func (w *waiting) add(line []byte) (lost string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return "closed"
	case w.events >= w.limit:
		return "queue_full"
	}
	if cap(w.lines) == 0 {
		w.lines = make([]byte, 0, 2*wakeAt)
	}
	w.lines = append(w.lines, line...)
	w.events++
	if len(w.lines) >= wakeAt {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
	return ""
}

// take returns the lines that wait, whole ones only.
func (w *waiting) take() (lines []byte, events int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	lines, events = w.lines, w.events
	w.lines, w.spare, w.events = w.spare[:0], nil, 0
	return lines, events
}

// giveBack lets the memory of lines that were taken be used again.
func (w *waiting) giveBack(lines []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if cap(lines) <= keptLines {
		w.spare = lines[:0]
	}
}

// close refuses further lines; false when it was closed before.
func (w *waiting) close() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	first := !w.closed
	w.closed = true
	return first
}

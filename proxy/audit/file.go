package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// FileOptions configure a File. The zero value of each means its default.
type FileOptions struct {
	// Queue is the number of events that may wait to be written: 8192.
	Queue int
	// Flush is the longest time that an event waits in memory: 1s.
	Flush time.Duration
	// Dropped is told of every event that was lost, with the reason: "queue_full",
	// "encode", "write" or "closed". It is called from several goroutines.
	Dropped func(reason string)
}

// File appends events to a file, one JSON object a line. Record never blocks:
// when the queue is full the event is dropped and counted.
type File struct {
	path    string
	dropped func(string)
	queue   chan Event
	control chan command
	done    chan struct{} // closed when the writer has ended

	mu     sync.RWMutex // guards closed against a Record under way
	closed bool
}

// command runs on the writer's goroutine, between events.
type command struct {
	run    func(*lineWriter) error
	last   bool // the writer ends after it
	result chan error
}

// OpenFile opens the file at path for appending, and makes it with mode 0600
// when there is none.
func OpenFile(path string, o FileOptions) (*File, error) {
	if o.Queue <= 0 {
		o.Queue = 8192
	}
	if o.Flush <= 0 {
		o.Flush = time.Second
	}
	if o.Dropped == nil {
		o.Dropped = func(string) {}
	}
	file, err := openAppend(path)
	if err != nil {
		return nil, err
	}
	f := &File{
		path: path, dropped: o.Dropped,
		queue: make(chan Event, o.Queue), control: make(chan command), done: make(chan struct{}),
	}
	go f.run(newLineWriter(file, o.Dropped), o.Flush)
	return f, nil
}

func openAppend(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the event file: %w", err)
	}
	return file, nil
}

// Record implements Sink.
func (f *File) Record(e Event) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.closed {
		f.dropped("closed")
		return
	}
	select {
	case f.queue <- e:
	default:
		f.dropped("queue_full")
	}
}

// Len returns the number of events that wait.
func (f *File) Len() int { return len(f.queue) }

// Flush returns when every event recorded before is with the operating system.
func (f *File) Flush() error {
	return f.do(command{run: (*lineWriter).flush})
}

// Reopen writes what waits to the old file and goes on with a new one at the
// same path, for use after the old one was moved away. When the new one cannot
// be opened, the old one stays in use.
func (f *File) Reopen() error {
	return f.do(command{run: func(w *lineWriter) error {
		next, err := openAppend(f.path)
		if err != nil {
			return err
		}
		return errors.Join(w.close(), w.reset(next))
	}})
}

// Close writes what waits and closes the file. Events that come later are
// dropped and counted.
func (f *File) Close() error {
	f.mu.Lock()
	closed := f.closed
	f.closed = true
	f.mu.Unlock()
	if closed {
		return nil
	}
	return f.do(command{run: (*lineWriter).close, last: true})
}

// do waits for the writer, but not for ever: a dead network disk must not hold up a shutdown.
func (f *File) do(c command) error {
	c.result = make(chan error, 1)
	timeout := time.NewTimer(10 * time.Second)
	defer timeout.Stop()
	select {
	case f.control <- c:
	case <-f.done:
		return os.ErrClosed
	case <-timeout.C:
		return errors.New("the event file takes no bytes")
	}
	select {
	case err := <-c.result:
		return err
	case <-timeout.C:
		return errors.New("the event file takes no bytes")
	}
}

// run writes events until the last command. It owns the file.
func (f *File) run(w *lineWriter, every time.Duration) {
	defer close(f.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case e := <-f.queue:
			w.write(e)
		case <-ticker.C:
			w.flush()
		case c := <-f.control:
			for range len(f.queue) { // what was recorded before the command
				w.write(<-f.queue)
			}
			c.result <- c.run(w)
			if c.last {
				return
			}
		}
	}
}

// lineWriter writes events to a file and counts those that it loses.
type lineWriter struct {
	file    *os.File
	buffer  *bufio.Writer
	pending int // events in the buffer
	dropped func(string)
}

func newLineWriter(file *os.File, dropped func(string)) *lineWriter {
	return &lineWriter{file: file, buffer: bufio.NewWriterSize(file, 64<<10), dropped: dropped}
}

func (w *lineWriter) write(e Event) {
	line, err := json.Marshal(e)
	if err != nil {
		w.dropped("encode")
		return
	}
	if w.buffer.Available() <= len(line) {
		w.flush() // so that a line is never cut between two writes unless it is longer than the buffer
	}
	w.pending++
	w.buffer.Write(line) // an error is kept and comes back from Flush
	w.buffer.WriteByte('\n')
}

func (w *lineWriter) flush() error {
	err := w.buffer.Flush()
	if err != nil {
		for range w.pending {
			w.dropped("write")
		}
		w.buffer.Reset(w.file) // a full disk may have room again later
		err = fmt.Errorf("writing events: %w", err)
	}
	w.pending = 0
	return err
}

func (w *lineWriter) close() error {
	return errors.Join(w.flush(), w.file.Close())
}

func (w *lineWriter) reset(file *os.File) error {
	w.file = file
	w.buffer.Reset(file)
	return nil
}

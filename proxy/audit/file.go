package audit

import (
	"errors"
	"fmt"
	"os"
	"reflect"
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
// when too many events wait the event is dropped and counted.
type File struct {
	path    string
	dropped func(string)
	encode  encoder
	scratch sync.Pool // of *scratch
	waiting waiting
	control chan command
	done    chan struct{} // closed when the writer has ended
}

// command runs on the writer's goroutine, when all that was recorded before is written.
type command struct {
	run    func(*os.File) (*os.File, error) // returns the file to go on with
	last   bool                             // the writer ends after it
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
		path: path, dropped: o.Dropped, encode: newEncoder(reflect.TypeFor[Event]()),
		waiting: waiting{limit: o.Queue, wake: make(chan struct{}, 1)},
		control: make(chan command), done: make(chan struct{}),
	}
	go f.run(file, o.Flush)
	return f, nil
}

func openAppend(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the event file: %w", err)
	}
	return file, nil
}

// Record implements Sink. The caller makes the line, so that the writer need not
// be woken for each.
func (f *File) Record(e Event) {
	s, _ := f.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	defer f.scratch.Put(s)
	s.event = e
	err := s.encode(f.encode)
	if err != nil {
		f.dropped("encode")
		return
	}
	if lost := f.waiting.add(s.line); lost != "" {
		f.dropped(lost)
	}
	if cap(s.line) > keptLine {
		s.line = nil
	}
}

// scratch is the memory in which a line is made.
type scratch struct {
	event Event
	line  []byte
}

func (s *scratch) encode(encode encoder) (err error) {
	s.line, err = encode(s.line[:0], reflect.ValueOf(&s.event).Elem())
	s.line = append(s.line, '\n')
	s.event = Event{}
	return err
}

// Flush writes the events that wait.
func (f *File) Flush() error {
	return f.do(command{run: func(file *os.File) (*os.File, error) { return file, nil }})
}

// Reopen writes what waits to the old file and goes on with a new one at the
// same path, for use after the old one was moved away. When the new one cannot
// be opened, the old one stays in use.
func (f *File) Reopen() error {
	return f.do(command{run: func(old *os.File) (*os.File, error) {
		next, err := openAppend(f.path)
		if err != nil {
			return old, err
		}
		return next, old.Close()
	}})
}

// Close writes what waits and closes the file. Events that come later are
// dropped and counted.
func (f *File) Close() error {
	if !f.waiting.close() {
		return nil
	}
	return f.do(command{run: func(file *os.File) (*os.File, error) { return file, file.Close() }, last: true})
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
func (f *File) run(file *os.File, every time.Duration) {
	defer close(f.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-f.waiting.wake:
			_ = f.write(file)
		case <-ticker.C:
			_ = f.write(file)
		case c := <-f.control:
			written := f.write(file)
			next, err := c.run(file)
			file = next
			c.result <- errors.Join(written, err)
			if c.last {
				return
			}
		}
	}
}

// write writes the lines that wait, and counts those that it loses. A full disk
// may have room again later.
func (f *File) write(file *os.File) error {
	lines, events := f.waiting.take()
	if events == 0 {
		return nil
	}
	defer f.waiting.giveBack(lines)
	if _, err := file.Write(lines); err != nil {
		for range events {
			f.dropped("write")
		}
		return fmt.Errorf("writing events: %w", err)
	}
	return nil
}

package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// MaxLine is how many bytes a line of a log may have. The longest event that is
// written, with 64 findings and a shape, has a tenth of it.
const MaxLine = 1 << 20

// LineError is a line of a log that holds no event. It never quotes the line,
// which may be of another log.
type LineError struct {
	Line int // counted from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

var (
	errLongLine = fmt.Errorf("the line is longer than %d bytes", MaxLine)
	errNoEvent  = errors.New("the line is no event: it has no id, time or kind")
)

// Read yields the events of a log, one JSON object a line, in their order. A
// line that holds none yields a *LineError, and reading goes on behind it; any
// other error is of r and the last. Memory is bounded by MaxLine.
func Read(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for line, err := range Lines(r) {
			var e Event
			if err == nil {
				e, err = Parse(line)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// Line is a line of a log and its number, counted from 1. Text is valid until
// the next one is read.
type Line struct {
	Number int
	Text   []byte
}

// Lines yields the lines of a log that are not blank, without their ends. One
// that is longer than MaxLine yields a *LineError; any other error is of r and
// the last.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		var buffer []byte
		for number := 1; ; number++ {
			text, long, err := readLine(in, buffer[:0])
			buffer = text
			line := Line{number, bytes.TrimSpace(text)}
			switch {
			case long:
				if !yield(line, &LineError{number, errLongLine}) {
					return
				}
			case len(line.Text) > 0:
				if !yield(line, nil) {
					return
				}
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield(Line{Number: number}, fmt.Errorf("reading events: %w", err))
				}
				return
			}
		}
	}
}

// readLine appends the next line to buffer. Of a long one nothing is kept.
func readLine(in *bufio.Reader, buffer []byte) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(buffer)+len(part) > MaxLine; long {
			buffer = buffer[:0]
		} else {
			buffer = append(buffer, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buffer, long, err
		}
	}
}

// Parse reads the event of one line; the error is a *LineError.
func Parse(line Line) (Event, error) {
	var e Event
	if err := json.Unmarshal(line.Text, &e); err != nil {
		return Event{}, &LineError{line.Number, withoutText(err)}
	}
	if e.ID == "" || e.Time.IsZero() || e.Kind != KindExchange && e.Kind != KindTunnel && e.Kind != KindRefused {
		return Event{}, &LineError{line.Number, errNoEvent}
	}
	return e, nil
}

// withoutText says what is wrong with JSON without a part of it.
func withoutText(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("the line is no JSON from byte %d on", syntax.Offset)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("the value of %s is of another kind", kind.Field)
	case errors.As(err, &kind):
		return errNoEvent
	default:
		return errors.New("a value of the line cannot be read, such as a time or an action")
	}
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// batchQuestion is one line of a batch. ID is given back as it came.
type batchQuestion struct {
	ID   json.RawMessage `json:"id"`
	Text *string         `json:"text"`
}

// batchAnswer is the line that answers it. ID is null when the question could
// not be read; Error then says why.
type batchAnswer struct {
	ID       json.RawMessage `json:"id"`
	Findings []foundLine     `json:"findings,omitzero"` // nil beside an error
	Error    string          `json:"error,omitempty"`
}

// batchLine is one line on its way through the workers.
type batchLine struct {
	text   []byte
	err    error              // the line could not be read
	answer chan<- batchAnswer // takes one
}

// runBatch reads lines, scans several at once and answers in order. A line that
// cannot be read gets an error in its place.
func (s *scanRun) runBatch(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work := make(chan batchLine)
	order := make(chan (<-chan batchAnswer), 2*s.workers) // bounds the answers that wait for an earlier one
	for range s.workers {
		go func() {
			for line := range work {
				line.answer <- s.answer(line)
			}
		}()
	}
	readErr := make(chan error, 1)
	go func() {
		defer close(order)
		defer close(work)
		readErr <- s.readLines(ctx, work, order)
	}()
	if err := s.writeAnswers(order); err != nil {
		return fmt.Errorf("writing the answers: %w", err)
	}
	if err := <-readErr; err != nil {
		return fmt.Errorf("reading the batch: %w", err)
	}
	switch {
	case s.totals.failed:
		return errors.New("not every line could be read; the answers in their place say why")
	case s.totals.findings > 0:
		return errFindings
	default:
		return nil
	}
}

func (s *scanRun) answer(line batchLine) batchAnswer {
	var question batchQuestion
	err := line.err
	if err == nil {
		err = json.Unmarshal(line.text, &question)
	}
	switch {
	case errors.Is(err, errLongLine):
		return batchAnswer{Error: "the line is longer than " + byteSize(s.maxSize) + " (--max-size)"}
	case err != nil:
		// The error of the parser may quote the text.
		return batchAnswer{ID: question.ID, Error: `the line is not JSON of the form {"id": ..., "text": "..."}`}
	case question.Text == nil:
		return batchAnswer{ID: question.ID, Error: `key "text" is missing`}
	}
	_, result := s.scan("", []byte(*question.Text))
	answer := batchAnswer{ID: question.ID, Findings: make([]foundLine, len(result.Findings))}
	for i := range result.Findings {
		answer.Findings[i] = lineOf("", &result.Findings[i])
	}
	return answer
}

func (s *scanRun) readLines(ctx context.Context, work chan<- batchLine, order chan<- (<-chan batchAnswer)) error {
	r := bufio.NewReaderSize(s.env.stdin, 64<<10)
	for {
		text, err := readLine(r, s.maxSize)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return err
		}
		if err == nil && len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		answer := make(chan batchAnswer, 1)
		select {
		case order <- answer:
		case <-ctx.Done():
			return ctx.Err()
		}
		work <- batchLine{text: text, err: err, answer: answer}
	}
}

// writeAnswers flushes whenever no further question waits, so that a program
// that asks line by line is answered at once.
func (s *scanRun) writeAnswers(order <-chan (<-chan batchAnswer)) error {
	w := bufio.NewWriter(s.env.stdout)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for pending := range order {
		answer := <-pending
		s.totals.failed = s.totals.failed || answer.Error != ""
		s.totals.findings += len(answer.Findings)
		if err := e.Encode(answer); err != nil {
			return err
		}
		if len(order) == 0 {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}

var errLongLine = errors.New("the line is too long")

// readLine returns the next line without its end. Of a line longer than limit
// nothing is kept; it is read over.
func readLine(r *bufio.Reader, limit int64) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if int64(len(line)+len(part)) > limit {
			line, long = nil, true
		}
		if !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (long || len(line) > 0), err == nil:
			if long {
				return nil, errLongLine
			}
			return bytes.TrimRight(line, "\r\n"), nil
		default:
			return nil, err
		}
	}
}

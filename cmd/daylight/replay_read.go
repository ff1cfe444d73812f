package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/recording"
	"daylight.internal/rules/replay"
)

// toldFaults is how many bad lines are told one by one.
const toldFaults = 5

// read takes one file of events or of a browser.
func (r *replayRun) read(ctx context.Context, name string) error {
	in, err := openReplay(r.env, name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, fileReason(err))
	}
	defer in.Close()
	if strings.EqualFold(filepath.Ext(strings.TrimSuffix(name, ".gz")), ".har") {
		return r.readHAR(name, in)
	}
	return r.readEvents(ctx, name, in)
}

// openReplay opens a file, or standard input, and unpacks what gzip packed.
func openReplay(env *environment, name string) (io.ReadCloser, error) {
	source := io.NopCloser(env.stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		if info, err := f.Stat(); err == nil && info.IsDir() {
			f.Close()
			return nil, errors.New("is a folder; name the files in it")
		}
		source = f
	}
	in := bufio.NewReaderSize(source, 64<<10)
	if magic, _ := in.Peek(2); string(magic) != "\x1f\x8b" {
		return closing{in, source}, nil
	}
	unpacked, err := gzip.NewReader(in)
	if err != nil {
		source.Close()
		return nil, err
	}
	return closing{unpacked, source}, nil
}

// closing reads from one and closes another.
type closing struct {
	io.Reader
	io.Closer
}

// Lines are judged in batches, several at once, and counted in their order.
const (
	batchLines = 256
	batchBytes = 1 << 20
)

// replayLine is what came of a line.
type replayLine struct {
	replay.Case
	err       error
	outOfTime bool
}

// replayBatch is a run of lines on its way.
type replayBatch struct {
	lines []audit.Line
	text  []byte // of all lines
	fault error  // of the line behind them; *audit.LineError, or of the reader
	done  chan []replayLine
}

func (r *replayRun) readEvents(ctx context.Context, name string, in io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := runtime.GOMAXPROCS(0)
	work := make(chan *replayBatch, workers)
	order := make(chan *replayBatch, 2*workers)
	for range workers {
		go func() {
			for b := range work {
				b.done <- r.judgeBatch(b)
			}
		}()
	}
	go func() {
		defer close(order)
		defer close(work)
		sendBatches(ctx, in, func(b *replayBatch) bool {
			select {
			case order <- b:
				work <- b
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	for b := range order {
		for _, line := range <-b.done {
			if err := r.count(name, &line); err != nil {
				return err
			}
		}
		if b.fault != nil {
			if err := r.count(name, &replayLine{err: b.fault}); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// sendBatches cuts a log into batches until send refuses one.
func sendBatches(ctx context.Context, in io.Reader, send func(*replayBatch) bool) {
	next := func() *replayBatch { return &replayBatch{done: make(chan []replayLine, 1)} }
	b := next()
	for line, err := range audit.Lines(in) {
		if err == nil {
			from := len(b.text)
			b.text = append(b.text, line.Text...)
			b.lines = append(b.lines, audit.Line{Number: line.Number, Text: b.text[from:len(b.text):len(b.text)]})
		}
		if b.fault = err; err == nil && len(b.lines) < batchLines && len(b.text) < batchBytes {
			continue
		}
		if !send(b) || ctx.Err() != nil {
			return
		}
		b = next()
	}
	if len(b.lines) > 0 {
		send(b)
	}
}

func (r *replayRun) judgeBatch(b *replayBatch) []replayLine {
	out := make([]replayLine, len(b.lines))
	for i, line := range b.lines {
		out[i] = r.judgeLine(line)
	}
	return out
}

// judgeLine judges the event of a line. A line that makes us fail costs itself.
func (r *replayRun) judgeLine(line audit.Line) (out replayLine) {
	defer func() {
		if recover() != nil {
			out = replayLine{err: &audit.LineError{Line: line.Number, Err: errors.New("the event could not be judged")}}
		}
	}()
	e, err := audit.Parse(line)
	switch {
	case err != nil:
		return replayLine{err: err}
	case !r.includes(e.Time):
		return replayLine{outOfTime: true}
	}
	c := r.judgeRecorded(e.Revision, replay.Recorded{Facts: e.Facts(), Lack: e.Lacks(), Decision: replay.Decision{
		Action: e.Verdict.Action, Enforced: e.Verdict.Enforced, Rule: e.Verdict.Rule, At: e.Verdict.At, Reason: e.Verdict.Reason,
	}})
	c.ID = e.ID
	for _, text := range []*string{&c.ID, &c.User, &c.Service, &c.Operation, &c.Old.Rule, &c.Old.At, &c.Old.Reason} {
		*text = printable(*text)
	}
	return replayLine{Case: c}
}

// judgeRecorded judges what was recorded under the policy of that revision. Under
// this very policy its detectors were there, and what an event cannot tell makes no
// difference; what was decided then may still be another thing, such as for the mode
// of the configuration.
func (r *replayRun) judgeRecorded(revision string, rec replay.Recorded) replay.Case {
	if r.before != nil || revision != r.policy.snapshot.Revision() || rec.Lack&rules.LackVerdict != 0 {
		return replay.Judge(r.engine, rec)
	}
	c := replay.Judge(r.same, rec)
	c.Old, c.Same = rec.Decision, len(c.New) > 1
	return c
}

// count adds a line to the tally. A bad one is told; only a reader that fails ends it.
func (r *replayRun) count(name string, line *replayLine) error {
	var fault *audit.LineError
	switch {
	case errors.As(line.err, &fault):
		if r.faults++; r.faults <= toldFaults {
			fmt.Fprintf(r.env.stderr, "%s:%d: %v\n", name, fault.Line, fault.Err)
		} else if r.faults == toldFaults+1 {
			fmt.Fprintln(r.env.stderr, "more bad lines follow; they are counted")
		}
	case line.err != nil:
		return fmt.Errorf("%s: %w", name, line.err)
	case line.outOfTime:
		r.outOfTime++
	default:
		r.tally.Add(line.Case)
	}
	return nil
}

// judgedRecording is an exchange that was recorded where Daylight was not.
type judgedRecording struct {
	Name      string          `json:"name"`
	Service   string          `json:"service"`
	Operation string          `json:"operation,omitempty"`
	Decision  replay.Decision `json:"decision"`
}

func (r *replayRun) readHAR(name string, in io.Reader) error {
	data, err := readAtMost(in, recording.MaxFileBytes+1)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, fileReason(err))
	}
	exchanges, err := recording.HAR(name, data)
	if err != nil {
		return err
	}
	for i := range exchanges {
		r.judgeRecording(&exchanges[i])
	}
	return nil
}

// judgeRecording judges all of a recorded exchange, as the proxy would.
func (r *replayRun) judgeRecording(x *recording.Exchange) {
	at := x.Request.Time
	if !at.IsZero() && !r.includes(at) {
		r.outOfTime++
		return
	}
	if at.IsZero() {
		x.Request.Time = r.now
	}
	x.Request.Client = r.client
	x.Clip(r.inspect)
	o := x.Judge(r.policy.snapshot, nil)
	service := o.Facts.Service.ID
	if service == "" {
		service = o.Facts.Destination.Host
	}
	decision := replay.DecisionOf(o.Verdict)
	if r.before == nil {
		r.judged = append(r.judged, judgedRecording{x.Name, service, o.Facts.Service.Operation, decision})
		return
	}
	before := x.Judge(r.before.snapshot, nil)
	c := replay.Case{
		ID: x.Name, Time: at, User: replay.Name(r.client), Group: "none", Service: service, Operation: o.Facts.Service.Operation,
		Old: replay.DecisionOf(before.Verdict), New: []replay.Decision{decision},
	}
	if len(o.Verdict.Groups) > 0 {
		c.Group = o.Verdict.Groups[0]
	}
	r.tally.Add(c)
}

// report is what was found, with what is not of the tally.
func (r *replayRun) report() replayReport {
	slices.SortStableFunc(r.judged, func(a, b judgedRecording) int { return int(a.Decision.Action) - int(b.Decision.Action) })
	out := replayReport{Report: r.tally.Report(), BadLines: r.faults, OutOfTime: r.outOfTime, Recordings: r.judged, Unread: r.engine.Unread()}
	out.Policy, out.Against = r.policy.origin, "recorded"
	if r.before != nil {
		out.Against = r.before.origin
	}
	return out
}

package main

import (
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/recording"
	"daylight.internal/rules/strictyaml"
)

// exchanges reads what is to be explained; several when the choice is not made.
func (x *explainRun) exchanges(args []string) ([]recording.Exchange, error) {
	s := &x.subject
	switch {
	case s.har != "":
		return s.entries()
	case s.http != "":
		return readRecording(s.http, recording.HTTP)
	case s.transcript != "":
		return readRecording(s.transcript, recording.Transcript)
	}
	exchange, err := x.request(args)
	return []recording.Exchange{exchange}, err
}

// readRecording reads a file that holds one exchange.
func readRecording(path string, parse func(string, []byte) (recording.Exchange, error)) ([]recording.Exchange, error) {
	data, err := readRecordingFile(path)
	if err != nil {
		return nil, err
	}
	exchange, err := parse(path, data)
	return []recording.Exchange{exchange}, recordingError(path, err)
}

// readRecordingFile reads a file up to its limit, and one byte more so that a longer
// one is refused.
func readRecordingFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, fileReason(err))
	}
	defer f.Close()
	data, err := readAtMost(f, recording.MaxFileBytes+1)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, fileReason(err))
	}
	return data, nil
}

// recordingError reports a fault of a recording with its place.
func recordingError(path string, err error) error {
	var problem strictyaml.Problem
	if errors.As(err, &problem) {
		return &invalidError{what: path, problems: strictyaml.Problems{problem}}
	}
	return err
}

// entries reads a HAR file and chooses.
func (s *explainSubject) entries() ([]recording.Exchange, error) {
	data, err := readRecordingFile(s.har)
	if err != nil {
		return nil, err
	}
	all, err := recording.HAR(s.har, data)
	if err != nil {
		return nil, recordingError(s.har, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has no entries that were sent over a network", s.har)
	}
	var chosen []recording.Exchange
	for i := range all {
		r := &all[i].Request
		if s.entry == all[i].Entry || s.entry == 0 && (s.match == "" || strings.Contains(r.Destination.Host+r.Path, strings.TrimPrefix(s.match, "https://"))) {
			chosen = append(chosen, all[i])
		}
	}
	last := all[len(all)-1].Entry
	switch {
	case len(chosen) > 0:
		return chosen, nil
	case s.entry != 0 && s.entry <= last:
		return nil, fmt.Errorf("entry %d of %s was not sent over a network", s.entry, s.har)
	case s.entry != 0:
		return nil, fmt.Errorf("%s has no entry %d; the last is %d", s.har, s.entry, last)
	}
	return nil, fmt.Errorf("no entry of %s has a URL with that text; `daylight explain --har %s` lists them", s.har, s.har)
}

// request makes a request of the URL and the flags.
func (x *explainRun) request(args []string) (recording.Exchange, error) {
	var exchange recording.Exchange
	u, err := url.Parse(args[0])
	if err != nil || u.Host == "" || u.Scheme == "" {
		return exchange, notAWholeURL(args[0])
	}
	data := x.subject.data
	if len(args) == 2 {
		data = "@-"
	}
	header, err := parseHeaders(x.subject.headers)
	if err != nil {
		return exchange, err
	}
	body, file, err := x.body(data)
	if err != nil {
		return exchange, err
	}
	method := strings.ToUpper(x.subject.method)
	if method == "" && data != "" {
		method = "POST"
	} else if method == "" {
		method = "GET"
	}
	if header["Content-Type"] == nil && len(body) > 0 {
		header["Content-Type"] = []string{recording.MediaTypeOf(filepath.ToSlash(file), body)}
	}
	if exchange.Request, err = recording.NewRequest(method, u, header); err != nil {
		return exchange, &usageError{message: err.Error()}
	}
	exchange.Request.Length = int64(len(body))
	exchange.Body.Bytes, exchange.Body.Total = body, int64(len(body))
	if exchange.IsWebSocket() && len(body) > 0 { // the body is its first message
		message := exchange.Body
		message.Frame = engine.TextFrame
		exchange.Messages, exchange.Body, exchange.Request.Length = []engine.Body{message}, engine.Body{}, 0
		exchange.Request.Method = "GET"
	}
	return exchange, nil
}

// parseHeaders reads fields as 'Name: value'. The error does not repeat them.
func parseHeaders(fields []string) (map[string][]string, error) {
	header := map[string][]string{}
	for _, field := range fields {
		name, value, ok := strings.Cut(field, ":")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, usagef("a header is written as --header 'Name: value'")
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		header[name] = append(header[name], strings.TrimSpace(value))
	}
	return header, nil
}

// notAWholeURL guesses what was meant. Only the host is repeated: the rest may hold
// anything.
func notAWholeURL(text string) error {
	host, _, _ := strings.Cut(strings.TrimPrefix(text, "//"), "/")
	host, _, _ = strings.Cut(host, "?")
	if u, err := url.Parse("https://" + host); err == nil && strings.Contains(u.Hostname(), ".") && u.User == nil && !strings.ContainsAny(host, "@ ") {
		return &usageError{message: "the URL has no scheme", help: fmt.Sprintf("did you mean https://%s/…?\n", u.Host)}
	}
	return usagef("give the whole URL, such as https://chatgpt.com/backend-api/f/conversation")
}

// body reads the body: a text, or @ and the name of a file.
func (x *explainRun) body(data string) (body []byte, file string, err error) {
	file, isFile := strings.CutPrefix(data, "@")
	switch {
	case !isFile:
		return []byte(data), "", nil
	case file == "-":
		body, err = io.ReadAll(io.LimitReader(x.env.stdin, recording.MaxFileBytes+1))
		if err != nil {
			return nil, "", fmt.Errorf("reading standard input: %w", err)
		}
	default:
		if body, err = readRecordingFile(file); err != nil {
			return nil, "", err
		}
	}
	if len(body) > recording.MaxFileBytes {
		return nil, "", fmt.Errorf("the body is larger than %d MiB", recording.MaxFileBytes>>20)
	}
	return body, file, nil
}

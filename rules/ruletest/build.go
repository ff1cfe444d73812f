package ruletest

import (
	"errors"
	"maps"
	"net/url"
	"path"
	"slices"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/recording"
	"daylight.internal/rules/strictyaml"
)

// build makes the exchanges of a test: one, but for a HAR file of which every entry
// is meant. What it made of files is shared and must not be changed.
func (r *runner) build(t *policyfile.Test) (exchanges []recording.Exchange, problem *strictyaml.Problem) {
	q := &t.Request
	switch {
	case q.HAR.Set:
		exchanges, problem = r.har(q)
	case q.HTTP.Set:
		exchanges, problem = r.recorded(q.HTTP, single(recording.HTTP))
	case q.WebSocket.Set:
		exchanges, problem = r.recorded(q.WebSocket, single(recording.Transcript))
	case q.Service.Set:
		exchanges, problem = r.drafted(q)
	default:
		exchanges, problem = r.written(t)
	}
	if problem != nil {
		return nil, problem
	}
	client, err := r.client(q)
	if err != nil {
		at := policyfile.Place{At: t.At}
		return nil, problemOf(at, err)
	}
	for i := range exchanges {
		x := &exchanges[i]
		x.Request.Client, x.Request.Account = client, q.Account
		x.Request.Time, x.Fails = r.timeOf(q, x), q.Fail
		x.Clip(r.fixtures.inspect)
	}
	return exchanges, nil
}

func (r *runner) timeOf(q *policyfile.TestRequest, x *recording.Exchange) time.Time {
	switch {
	case !q.Time.IsZero():
		return q.Time
	case !x.Request.Time.IsZero():
		return x.Request.Time
	}
	return r.now
}

// client is who asks: as the test says, or somebody of its group.
func (r *runner) client(q *policyfile.TestRequest) (rules.Client, error) {
	if q.Group == "" {
		return rules.Client{Address: q.Address, User: q.User}, nil
	}
	client, ok := r.snapshot.Member(q.Group)
	if !ok {
		return client, errors.New("the policy has no group of that name")
	}
	return client, nil
}

func single(parse func(string, []byte) (recording.Exchange, error)) func(string, []byte) ([]recording.Exchange, error) {
	return func(name string, data []byte) ([]recording.Exchange, error) {
		x, err := parse(name, data)
		return []recording.Exchange{x}, err
	}
}

// recorded reads a recording.
func (r *runner) recorded(at policyfile.Place, parse func(string, []byte) ([]recording.Exchange, error)) ([]recording.Exchange, *strictyaml.Problem) {
	file, fault := r.fixtures.open(at, recording.MaxFileBytes+1)
	if fault != nil {
		return nil, fault
	}
	exchanges, err := file.recording(parse)
	if err != nil {
		return nil, problemOf(at, err)
	}
	return slices.Clone(exchanges), nil
}

// har reads a HAR file, or one entry of it.
func (r *runner) har(q *policyfile.TestRequest) ([]recording.Exchange, *strictyaml.Problem) {
	all, fault := r.recorded(q.HAR, recording.HAR)
	if fault != nil || q.Entry == 0 {
		return all, fault
	}
	i := slices.IndexFunc(all, func(x recording.Exchange) bool { return x.Entry == q.Entry })
	if i < 0 {
		return nil, problem(q.HAR, "", "the recording has no entry %d: there are %d", q.Entry, len(all))
	}
	return all[i : i+1], nil
}

// problemOf turns an error about a fixture into a fault at the place that names it;
// one that has a place of its own keeps it.
func problemOf(at policyfile.Place, err error) *strictyaml.Problem {
	var own strictyaml.Problem
	if errors.As(err, &own) {
		return &own
	}
	return problem(at, "", "%v", err)
}

// written is a request that the test spells out.
func (r *runner) written(t *policyfile.Test) ([]recording.Exchange, *strictyaml.Problem) {
	q := &t.Request
	var body engine.Body
	mediaType := ""
	switch {
	case q.BodyFile.Set:
		file, fault := r.fixtures.open(q.BodyFile, r.fixtures.inspect)
		if fault != nil {
			return nil, fault
		}
		body = engine.Body{Bytes: file.data, Total: file.total}
		mediaType = recording.MediaTypeOf(q.BodyFile.V, file.data)
	case q.HasBody:
		body = engine.Body{Bytes: []byte(q.Body), Total: int64(len(q.Body))}
		mediaType = recording.MediaTypeOf("", body.Bytes)
	}
	return r.request(policyfile.Place{At: t.At}, q.Method, q.URL, mediaType, q.Headers, body)
}

// request makes an exchange of its parts. headers go over mediaType.
func (r *runner) request(at policyfile.Place, method string, u *url.URL, mediaType string, headers map[string]string, body engine.Body) ([]recording.Exchange, *strictyaml.Problem) {
	header := map[string][]string{}
	if mediaType != "" {
		header["Content-Type"] = []string{mediaType}
	}
	for name, value := range headers {
		header[name] = []string{value}
	}
	head, err := recording.NewRequest(method, u, header)
	if err != nil {
		return nil, problem(at, "", "%v", err)
	}
	head.Length = body.Total
	return []recording.Exchange{{Request: head, Body: body}}, nil
}

// drafted is a prompt or an upload to a service, made as the catalogue says.
func (r *runner) drafted(q *policyfile.TestRequest) ([]recording.Exchange, *strictyaml.Problem) {
	service, ok := r.snapshot.Catalog().Service(q.Service.V)
	if !ok {
		return nil, problem(q.Service, "", "unknown service %q", q.Service.V)
	}
	draft, fault := r.draft(q, service)
	if fault != nil {
		return nil, fault
	}
	u, err := url.Parse(draft.URL)
	if err != nil {
		return nil, problem(q.Service, "", "its example in the catalogue cannot be read: %v", err)
	}
	headers := maps.Clone(draft.Header)
	maps.Copy(headers, q.Headers)
	body := engine.Body{Bytes: draft.Body, Total: int64(len(draft.Body))}
	exchanges, fault := r.request(q.Service, draft.Method, u, "", headers, body)
	if fault != nil || draft.Message == nil {
		return exchanges, fault
	}
	message := engine.Body{Bytes: draft.Message, Total: int64(len(draft.Message)), Frame: engine.TextFrame}
	if draft.Binary {
		message.Frame = engine.BinaryFrame
	}
	exchanges[0].Messages = []engine.Body{message}
	return exchanges, nil
}

func (r *runner) draft(q *policyfile.TestRequest, service *catalog.Service) (draft catalog.Draft, fault *strictyaml.Problem) {
	text, at := []byte(q.Prompt.V), q.Prompt
	for _, name := range []policyfile.Place{q.PromptFile, q.Upload} {
		if !name.Set {
			continue
		}
		file, fault := r.fixtures.open(name, r.fixtures.inspect)
		if fault != nil {
			return draft, fault
		}
		text, at = file.data, name
	}
	var err error
	if q.Upload.Set {
		draft, err = service.DraftUpload(path.Base(q.Upload.V), recording.MediaTypeOf(q.Upload.V, text), text)
	} else {
		draft, err = service.DraftPrompt(text)
	}
	if err != nil {
		return draft, problem(at, "write the request with a `url` and a `body`", "%v", err)
	}
	return draft, nil
}

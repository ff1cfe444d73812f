package discovery

import "time"

// Exchange is what is known of one request and its answer so far, or of one
// WebSocket. It is a small value; only an answer that is watched has memory of
// its own. It is not safe for concurrent use.
type Exchange struct {
	discovery *Discovery
	words     Words
	prompted  bool // a body with text for people was sent by a method that sends one
	json      bool // that body has keys
	pasted    bool // the text is long
	stream    *stream
}

// Exchange begins an exchange with the head of its request, and its body if that
// is there.
func (d *Discovery) Exchange(r *Request) Exchange {
	x := Exchange{discovery: d, words: d.head(r)}
	if len(r.Body) > 0 {
		x.Body(r)
	}
	return x
}

// Request judges a request alone, without an answer.
func (d *Discovery) Request(r *Request) Evidence {
	x := d.Exchange(r)
	return x.Evidence()
}

// Body adds the beginning of the request body, r.Body, when it came after the
// head. What extends a body is given with it from the beginning.
func (x *Exchange) Body(r *Request) {
	var s shape
	x.discovery.body(&s, r)
	x.words |= s.request(r)
	x.prompted = x.prompted || s.text > 0 && r.Method != "GET"
	x.json = x.json || s.seen != keySet{} || len(r.Body) > 0 && (r.Body[0] == '{' || r.Body[0] == '[')
	x.pasted = x.pasted || s.text > longText
}

// longText is how many bytes of text are pasted rather than typed.
const longText = 50 << 10

// Note adds a word that only the caller can know: NewHost, UploadThenPrompt.
func (x *Exchange) Note(w Word) { x.words = x.words.With(w) }

// Response is the head of an answer.
type Response struct {
	Status    int
	Header    map[string][]string // names as of net/http
	MediaType string              // declared, without parameters and in lower case
}

// Answer adds the head of the answer.
func (x *Exchange) Answer(r *Response) {
	d := x.discovery
	for name := range r.Header {
		if w, ok := d.names.answers.find(name); ok {
			x.words = x.words.With(w)
		}
	}
	if d.names.media[r.MediaType] {
		x.words = x.words.With(CertificateStatus)
	}
	kind := kindOf(r.MediaType)
	switch {
	case kind == soundAnswer && x.json && x.prompted:
		x.words = x.words.With(MediaAnswer)
	case kind == amazonAnswer && x.json:
		x.words = x.words.With(EventStream)
	}
	if kind != otherAnswer && kind != soundAnswer && (x.json || x.prompted) {
		x.stream = &stream{kind: kind, failed: r.Status >= 400}
	}
}

// Watches tells whether the body of the answer, or more of it, can still tell
// something: only then Stream need be called.
func (x *Exchange) Watches() bool { return x.stream != nil && !x.stream.done() }

// Stream adds a piece of the body of the answer, without its content coding, as
// it came; at is the time since any moment before it.
func (x *Exchange) Stream(at time.Duration, piece []byte) {
	if x.Watches() {
		x.stream.add(x.discovery, at, piece)
	}
}

// Evidence is what the exchange told so far.
func (x *Exchange) Evidence() Evidence {
	words := x.words
	if x.stream != nil {
		words |= x.stream.evidence(x)
	}
	if !words.Has(PromptText) && !words.Has(CompletionBody) { // other work has jobs, too
		words &^= Words(0).With(JobAnswer)
	}
	if !x.pasted || !words.Has(StreamAnswer) {
		words &^= Words(0).With(LongPaste)
	}
	return x.discovery.Judge(words)
}

package discovery

// Exchange is what is known of one request and its answer so far. It is a small
// value; only an answer that is watched has memory of its own.
type Exchange struct {
	discovery *Discovery
	words     Words
	shape     exchangeShape
	stream    *stream
}

// exchangeShape is what the answer is judged by, of the request.
type exchangeShape struct {
	post, json, text bool
	prompt           bool
}

// Exchange begins an exchange with the head of its request, and its body if that
// is there.
func (d *Discovery) Exchange(r *Request) Exchange {
	x := Exchange{discovery: d, words: d.head(r)}
	x.shape.post = r.Method != "GET" && r.Method != "HEAD" && r.Method != "OPTIONS" && r.Method != "CONNECT"
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

// Body adds the beginning of the request body, r.Body, when it came after the head.
func (x *Exchange) Body(r *Request) {
	var s shape
	x.discovery.body(&s, r)
	x.words |= s.request(r)
	x.shape.text = x.shape.text || s.text > 0
	x.shape.json = x.shape.json || s.seen != keySet{}
}

// Evidence is what the exchange told so far.
func (x *Exchange) Evidence() Evidence { return x.discovery.Judge(x.settled()) }

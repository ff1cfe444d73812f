package calibration

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"daylight.internal/rules/discovery"
)

// peek is how much of a request body is shown, as of a proxy.
const peek = 4 << 10

// Played is what one to three exchanges of a shape came to.
type Played struct {
	Request  discovery.Evidence // of the first one, before its answer
	Evidence discovery.Evidence // of all
	// After is the exchange after which it was more than ordinary, 0 for none.
	After int
	// Alone tells of each exchange whether it was, by itself.
	Alone []discovery.Evidence
}

// Play plays a shape with the values of a seed. Shapes of AI have a made-up host
// and path, and are played three times at most; with bare also without any header
// of their own. Ordinary ones are varied: members are added, names rewritten,
// bodies cut.
func Play(d *discovery.Discovery, s *Shape, seed uint64, bare bool) Played {
	v := &values{rand: rand.New(rand.NewPCG(seed, 1))}
	host, path := s.Host, v.fill(s.Path)
	if host == "" {
		host = v.word() + "." + v.word() + ".example"
	}
	if path == "" {
		path = "/" + v.word() + "/" + v.word()
	}
	rounds := 3
	if s.Kind == Ordinary {
		rounds = len(s.Exchanges)
	}
	var p Played
	var history discovery.History
	for i := range rounds {
		t := &s.Exchanges[i%len(s.Exchanges)]
		r := v.request(s, t, bare)
		r.Host, r.Path = host, path
		x := d.Exchange(r)
		if i == 0 {
			p.Request = x.Evidence()
		}
		v.answer(&x, s, t)
		e := x.Evidence()
		history.Add(e)
		p.Alone = append(p.Alone, e)
		p.Evidence = history.Evidence(d)
		if p.Evidence.Result != discovery.Ordinary && p.After == 0 {
			p.After = i + 1
		}
	}
	return p
}

// Requests returns a request of each shape of a kind.
func Requests(shapes []*Shape, kind string) (list []*discovery.Request) {
	for i, s := range shapes {
		if s.Kind != kind {
			continue
		}
		v := &values{rand: rand.New(rand.NewPCG(uint64(i), 1))}
		r := v.request(s, &s.Exchanges[0], false)
		r.Host, r.Path = v.word()+".example", v.fill(s.Path)
		list = append(list, r)
	}
	return list
}

// request makes the request of an exchange.
func (v *values) request(s *Shape, t *template, bare bool) *discovery.Request {
	method := s.Method
	if method == "" {
		method = "POST"
	}
	body, media := v.body(t)
	if s.Kind == Ordinary && strings.HasPrefix(body, "{") {
		body = v.vary(body)
	}
	r := &discovery.Request{Method: method, MediaType: media, Header: v.headers(t, bare), Length: int64(len(body)), Body: []byte(body[:min(len(body), peek)])}
	if t.Socket != nil {
		r.Method, r.WebSocket = "GET", true
	}
	return r
}

func (v *values) headers(t *template, bare bool) map[string][]string {
	header := map[string][]string{
		"User-Agent": {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"},
		"Accept":     {"*/*"}, "Accept-Language": {"en-GB,en;q=0.9"}, "Cookie": {"session=" + v.value("id")}, "Authorization": {"Bearer " + v.value("jwt")},
		"Origin": {"https://app.example"}, "Sec-Fetch-Mode": {"cors"},
	}
	if bare {
		return header
	}
	for _, name := range slices.Sorted(maps.Keys(t.Headers)) {
		header[name] = []string{v.fill(t.Headers[name])}
	}
	return header
}

// body is the body and its media type.
func (v *values) body(t *template) (body, media string) {
	switch {
	case t.Form != nil:
		var fields []string
		for _, name := range slices.Sorted(maps.Keys(t.Form)) {
			fields = append(fields, url.QueryEscape(name)+"="+url.QueryEscape(v.fill(t.Form[name])))
		}
		return strings.Join(fields, "&"), "application/x-www-form-urlencoded"
	case t.Parts != nil:
		var b strings.Builder
		boundary := "--" + v.value("id")
		for _, name := range slices.Sorted(maps.Keys(t.Parts)) {
			value := v.fill(t.Parts[name])
			fmt.Fprintf(&b, "%s\r\nContent-Disposition: form-data; name=%q", boundary, name)
			if file, ok := strings.CutPrefix(value, "@"); ok {
				fmt.Fprintf(&b, "; filename=%q\r\nContent-Type: application/octet-stream", file)
				value = v.value("base64")
			}
			fmt.Fprintf(&b, "\r\n\r\n%s\r\n", value)
		}
		return b.String() + boundary + "--\r\n", "multipart/form-data"
	case t.Body == "":
		return "", t.Media
	}
	body, media = v.fill(t.Body), t.Media
	if media == "" {
		media = "application/json"
	}
	if t.Envelope {
		body = envelope(body)
	}
	return body, media
}

// envelope puts a message of Connect into its envelope.
func envelope(message string) string {
	n := len(message)
	return string([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + message
}

// vary changes a document of JSON as other makers would have written it.
func (v *values) vary(body string) string {
	for range v.rand.IntN(4) {
		body = fmt.Sprintf(`{"%s":%s,%s`, v.word(), []string{v.value("int"), `"` + v.value("id") + `"`, `"` + v.value("text") + `"`, "true", "null"}[v.rand.IntN(5)], body[1:])
	}
	if v.rand.IntN(3) == 0 {
		body = camelCase(body)
	}
	if v.rand.IntN(5) == 0 {
		body = strings.ReplaceAll(body, ":", ": ")
	}
	if v.rand.IntN(8) == 0 {
		body = body[:1+v.rand.IntN(len(body))]
	}
	return body
}

// camelCase writes every name_of_words as nameOfWords.
func camelCase(body string) string {
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		if body[i] == '_' && i+1 < len(body) && 'a' <= body[i+1] && body[i+1] <= 'z' {
			i++
			b.WriteByte(body[i] - 'a' + 'A')
			continue
		}
		b.WriteByte(body[i])
	}
	return b.String()
}

// answer plays the answer of an exchange.
func (v *values) answer(x *discovery.Exchange, s *Shape, t *template) {
	switch {
	case t.Socket != nil:
		v.socket(x, s, t.Socket)
	case t.Stream != nil:
		v.stream(x, s, t.Stream)
	default:
		media := t.AnswerMedia
		if media == "" {
			media = "application/json"
		}
		x.Answer(&discovery.Response{Status: 200, Header: map[string][]string{"Date": {"x"}, "Server": {"x"}}, MediaType: media})
		answer := v.fill(t.Answer)
		for from := 0; from < len(answer) && x.Watches(); from += 1400 {
			x.Stream(time.Duration(from)*time.Microsecond, []byte(answer[from:min(from+1400, len(answer))]))
		}
	}
}

// pause is the time between two pieces.
func (v *values) pause(s *Shape, gap []int) time.Duration {
	if len(gap) != 2 {
		gap = []int{8, 110}
		if s.Kind == Ordinary {
			gap = []int{1, 900}
		}
	}
	return time.Duration(gap[0]+v.rand.IntN(gap[1]-gap[0]+1)) * time.Millisecond
}

// stream plays an answer of many events, some of which come together.
func (v *values) stream(x *discovery.Exchange, s *Shape, t *streamTemplate) {
	media := t.Media
	if media == "" {
		media = "text/event-stream"
	}
	x.Answer(&discovery.Response{Status: 200, Header: map[string][]string{"Cache-Control": {"no-cache"}}, MediaType: media})
	v.grown, v.percent = "", 0
	line := v.steady(s, t.Event)
	at := time.Duration(300+v.rand.IntN(1500)) * time.Millisecond
	var piece strings.Builder
	send := func(event string) {
		piece.WriteString(event)
		if v.rand.IntN(4) == 0 {
			return // it waits for the next one
		}
		if x.Watches() {
			x.Stream(at, []byte(piece.String()))
		}
		piece.Reset()
		at += v.pause(s, t.Gap)
	}
	for _, first := range t.First {
		send(framed(t, media, v.fill(first)))
	}
	for range 25 + v.rand.IntN(120) {
		if !x.Watches() {
			break
		}
		send(framed(t, media, v.fill(line)))
	}
	for _, last := range t.Last {
		send(framed(t, media, v.fill(last)))
	}
	x.Stream(at, []byte(piece.String()))
}

// steady fills in what does not change while a model writes: the ids of its answer.
func (v *values) steady(s *Shape, event string) string {
	if s.Kind == Ordinary {
		return event
	}
	for _, name := range []string{"id", "uuid"} {
		event = strings.ReplaceAll(event, "${"+name+"}", v.value(name))
	}
	return event
}

// framed is an event as it travels.
func framed(t *streamTemplate, media, event string) string {
	switch {
	case t.Envelope:
		return envelope(event)
	case media == "text/event-stream":
		return event + "\n\n"
	case media == "text/plain" && !strings.Contains(event, "{"), strings.HasPrefix(media, "application/vnd."), strings.HasPrefix(media, "application/connect"):
		return event
	default:
		return event + "\n"
	}
}

// socket plays a WebSocket: something is asked, and the server answers.
func (v *values) socket(x *discovery.Exchange, s *Shape, t *socketTemplate) {
	at := time.Duration(0)
	for range 40 {
		if t.Push {
			x.ServerMessage(at, []byte(v.fill(t.Event)))
			at += v.pause(s, t.Gap)
		}
	}
	for range 1 + v.rand.IntN(2) {
		v.grown = ""
		line := v.steady(s, t.Event)
		x.ClientMessage(at, []byte(v.fill(t.Client)))
		at += time.Duration(300+v.rand.IntN(900)) * time.Millisecond
		for i := range 25 + v.rand.IntN(80) {
			x.ServerMessage(at, []byte(v.fill(line)))
			at += v.pause(s, t.Gap)
			if t.Talk && i%(2+v.rand.IntN(3)) == 0 {
				x.ClientMessage(at, []byte(v.fill(t.Client)))
			}
		}
		for _, last := range t.Last {
			x.ServerMessage(at, []byte(v.fill(last)))
		}
		at += 5 * time.Second
	}
}

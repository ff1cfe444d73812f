// Package discovery tells traffic to AI services that are on no list from other
// traffic, by what the exchanges look like: request, answer and rhythm. It sums
// up points for signals, which weights.yaml holds as data.
//
// It is pure: it reads the first kilobytes it is given, keeps no value of them,
// has no clock and no state but that of its own small values. On ordinary
// traffic it allocates nothing.
//
// An exchange is judged in steps, each of which may be left out:
//
//	x := d.Exchange(&discovery.Request{...}) // head, and body if it is there
//	x.Body(first)                            // the body, if it came later
//	x.Answer(&discovery.Response{...})       // the head of the answer
//	x.Stream(since, chunk)                   // each piece of its body, while x.Watches()
//	e := x.Evidence()                        // at any time
//
// and up to three exchanges of one host together by a History.
package discovery

import (
	"strings"
	"sync"
)

// Result is what an exchange, or a host, is taken for.
type Result string

// The results.
const (
	Ordinary  Result = ""
	Suspected Result = "suspected"
	AI        Result = "ai"
)

// The confidences. A result of its telling signs is surer than one of weak ones.
const (
	High   = "high"   // AI, by a telling sign
	Medium = "medium" // AI by many weak signs, or suspected by a telling one
	Low    = "low"    // suspected by weak signs, or a tunnel
)

// Discovery judges exchanges. It is safe for concurrent use.
type Discovery struct {
	signals       [wordCount]Signal
	ai, suspected int
	cadence       cadence
	names         names
	digest        string    // of the weights
	buffers       sync.Pool // of *[maxPeek]byte; nothing of them is read before it is written
}

// Evidence is what an exchange, or several of one host, told. The zero value
// tells nothing.
type Evidence struct {
	Words Words
	Score int // 0 to 100
	// Result and Confidence follow from Words; Confidence is "" when Result is Ordinary.
	Result     Result
	Confidence string
}

// Judge adds the points of the words up: of each group the strongest counts.
// Tunnel words alone are never more than suspected, at low confidence.
func (d *Discovery) Judge(words Words) Evidence {
	e := Evidence{Words: words, Score: min(max(d.sum(words), 0), 100)}
	telling, tunnel := false, false
	for w := range words.All() {
		telling = telling || d.signals[w].Telling
		tunnel = tunnel || w == TunnelName || w == TunnelRhythm || w == TunnelUpload
	}
	switch {
	case e.Score < d.suspected:
	case tunnel && !telling:
		e.Result, e.Confidence = Suspected, Low
	case e.Score >= d.ai && telling:
		e.Result, e.Confidence = AI, High
	case e.Score >= d.ai:
		e.Result, e.Confidence = AI, Medium
	case telling:
		e.Result, e.Confidence = Suspected, Medium
	default:
		e.Result, e.Confidence = Suspected, Low
	}
	return e
}

// sum is the score before it is cut to 0 and 100.
func (d *Discovery) sum(words Words) (score int) {
	for w := range words.All() {
		if d.strongest(w, words) {
			score += d.signals[w].Points
		}
	}
	return score
}

// strongest tells whether a word counts for its group: no other one of the group
// has more points, nor as many and comes first.
func (d *Discovery) strongest(w Word, words Words) bool {
	s := &d.signals[w]
	for other := range (words & d.names.groups[w]).All() {
		points := magnitude(d.signals[other].Points)
		if own := magnitude(s.Points); points > own || points == own && other < w {
			return false
		}
	}
	return true
}

func magnitude(n int) int { return max(n, -n) }

// Digest tells weights from others.
func (d *Discovery) Digest() string { return d.digest }

// Signals returns the signals in the order of their words.
func (d *Discovery) Signals() []Signal { return append([]Signal(nil), d.signals[:]...) }

// Vocabulary returns every word that evidence can have.
func Vocabulary() []string {
	names := wordNames()
	return names[:]
}

// names are the names of the signals, compiled for search.
type names struct {
	groups  [wordCount]Words // the words of the same group, without the word itself
	headers nameSet          // of requests
	answers nameSet          // headers of answers
	agents  map[string]bool
	// agentBegins are the letters that agents begin with.
	agentBegins [256]bool
	methods     map[string]Word // of MCP
	hosts       map[string]Word
	labels      map[string]bool // AI words in host names
	paths       []pathName
	roles       map[string]bool
	purposes    map[string]bool
	media       map[string]bool // of certificate status
	telemetry   map[string]bool // last parts of paths
	signIn      map[string]bool
	types       map[string]Word // values of events
	errors      map[string]bool
	models      modelNames
}

// compile makes the names of the signals ready for search.
func (d *Discovery) compile() {
	n := &d.names
	for w := range d.signals {
		for other := range d.signals {
			if w != other && d.signals[w].Group == d.signals[other].Group {
				n.groups[w] = n.groups[w].With(Word(other))
			}
		}
	}
	n.headers = newNameSet(d.signals[:], AIHeader, SDKHeader, GoogleKey)
	n.answers = newNameSet(d.signals[:], AnswerHeader, TokenLimitHeader)
	n.agents, n.methods = d.set(AIUserAgent), d.words(MCPBody)
	for name := range n.agents {
		n.agentBegins[name[0]] = true
	}
	n.hosts = d.words(KnownHost, PushDelivery)
	n.labels, n.roles, n.purposes = d.set(AIName), d.set(ChatBody), d.set(PurposeUpload)
	n.media, n.errors = d.set(CertificateStatus), d.set(ErrorWords)
	n.telemetry, n.signIn = d.set(Telemetry), d.set(SignIn)
	n.types = d.words(ModelFrames, ChatFrames)
	n.models = newModelNames(d.signals[ModelName].Names)
	for _, w := range []Word{APIPath, MessagesPath, ChatPath} {
		for _, name := range d.signals[w].Names {
			trimmed := strings.TrimSuffix(name, "/")
			n.paths = append(n.paths, pathName{text: trimmed, anywhere: trimmed != name, word: w})
		}
	}
}

func (d *Discovery) set(w Word) map[string]bool {
	set := map[string]bool{}
	for _, name := range d.signals[w].Names {
		set[name] = true
	}
	return set
}

func (d *Discovery) words(list ...Word) map[string]Word {
	words := map[string]Word{}
	for _, w := range list {
		for _, name := range d.signals[w].Names {
			words[name] = w
		}
	}
	return words
}

package discovery

// historyLength is how many exchanges of one host are judged together.
const historyLength = 3

// History is what the last exchanges of one host told that told anything. It is a
// small value; the zero value is empty.
type History struct {
	recent [historyLength]Words
	next   uint8
}

// Add adds the evidence of an exchange. One that speaks for ordinary traffic adds
// nothing: a chat has its telemetry and its sign-in too.
func (h *History) Add(e Evidence) {
	if e.Score <= 0 {
		return
	}
	h.recent[h.next] = e.Words
	h.next = (h.next + 1) % historyLength
}

// Words are those of the exchanges together.
func (h *History) Words() (words Words) {
	for _, w := range h.recent {
		words |= w
	}
	return words
}

// Merge joins what two exchanges of one host told, in any order.
func (d *Discovery) Merge(a, b Evidence) Evidence {
	switch {
	case a.Score <= 0:
		return b
	case b.Score <= 0:
		return a
	default:
		return d.Judge(a.Words | b.Words)
	}
}

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

// Evidence judges the exchanges together: the one that speaks most clearly, and
// the telling signs of the others. Weak signs count only where they come together:
// a host may well have a search, a chat and a report that streams.
func (h *History) Evidence(d *Discovery) Evidence {
	var best Evidence
	for i, words := range h.recent {
		for j, other := range h.recent {
			if i != j {
				words |= d.telling(other)
			}
		}
		if e := d.Judge(words); e.Score > best.Score {
			best = e
		}
	}
	return best
}

// Judge is the evidence of an exchange in the light of the earlier ones. One that
// has a sign of ordinary traffic stands for itself.
func (h History) Judge(d *Discovery, e Evidence) Evidence {
	for w := range e.Words.All() {
		if d.signals[w].Points < 0 {
			return e
		}
	}
	h.Add(e)
	return h.Evidence(d)
}

// telling are the words that hardly anything but AI has.
func (d *Discovery) telling(words Words) (telling Words) {
	for w := range words.All() {
		if d.signals[w].Telling {
			telling = telling.With(w)
		}
	}
	return telling
}

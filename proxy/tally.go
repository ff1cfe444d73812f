package proxy

import (
	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// tally adds the judgements of the messages of one exchange up to the one that
// its event tells.
type tally struct {
	messages int
	judged   int64          // bytes of them
	decisive engine.Outcome // of the message that was stopped, else of the last with the strictest verdict
	content  *rules.Content // nil while nothing was read
}

// add adds the judgement of a message of so many bytes. None comes after one that stops,
// and one that could not be judged is told before others of its action.
func (t *tally) add(o engine.Outcome, bytes int64) {
	t.messages++
	t.judged += bytes
	v, known := &o.Verdict, &t.decisive.Verdict
	if t.messages == 1 || v.Stops() || v.Action < known.Action || v.Action == known.Action && known.OnErrorBy == "" {
		t.decisive = o
	}
	content, added := o.Facts.Content, o.Added
	if content == nil {
		content = &rules.Content{Coverage: classifier.Coverage{Reason: "failed"}}
	}
	if added == nil {
		added = content
	}
	t.cover(content.Coverage)
	t.content.People += added.People
	for _, s := range added.Findings {
		t.find(s)
	}
}

// find adds the findings of one kind. There are as many kinds as detectors.
func (t *tally) find(s classifier.Summary) {
	for i := range t.content.Findings {
		known := &t.content.Findings[i]
		if known.Detector == s.Detector && known.Class == s.Class && known.Country == s.Country {
			known.Count += s.Count
			known.Confidence = max(known.Confidence, s.Confidence)
			return
		}
	}
	t.content.Findings = append(t.content.Findings, s)
}

// cover joins a coverage with those before: the worst state stands, with its reason.
func (t *tally) cover(c classifier.Coverage) {
	if t.content == nil {
		t.content = &rules.Content{Coverage: c}
		return
	}
	worst, read := &t.content.Coverage, c.BytesRead
	if c.State < worst.State {
		c.BytesRead = worst.BytesRead
		*worst = c
	}
	worst.BytesRead += read
}

// refuse makes a refusal the verdict: what came could not be judged.
func (t *tally) refuse(reason string) {
	v := &t.decisive.Verdict
	*v = rules.Verdict{Action: rules.Block, Reason: "the request was refused: " + reason, Status: v.Status, Groups: v.Groups}
}

// outcome is the judgement of all, of a body of so many bytes. unread says why
// some of them belong to no message.
func (t *tally) outcome(bytes int64, unread string) engine.Outcome {
	if bytes > t.judged {
		state := classifier.Truncated
		if t.judged == 0 {
			state = classifier.NotInspected
		}
		t.cover(classifier.Coverage{State: state, Reason: unread})
	}
	o := t.decisive
	o.Facts.Bytes, o.Facts.Content, o.Added = bytes, t.content, nil
	return o
}

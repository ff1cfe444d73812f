package engine

import (
	"sort"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
)

// ExplainedReading is what had to be read of the body, and what was.
type ExplainedReading struct {
	Need string `json:"need"` // hold, observe or nothing
	// Rule is the first one that may stop the exchange for what the body holds, for
	// which it is held; At is where it stands.
	Rule      string              `json:"rule,omitempty"`
	At        string              `json:"at,omitempty"`
	Coverage  classifier.Coverage `json:"coverage"`
	MediaType string              `json:"media_type,omitempty"` // of the bytes
	// Places are those of the catalogue where the text of people was; empty when all
	// of the body was taken for text.
	Places []ExplainedPlace `json:"places"`
	// Elsewhere counts the texts beside them that read like writing, LeftOut the
	// values that do not.
	Elsewhere    int  `json:"elsewhere"`
	LeftOut      int  `json:"left_out"`
	Texts        int  `json:"texts"` // all that was read
	ShapeChanged bool `json:"shape_changed"`
}

// ExplainedPlace is a place of the catalogue and how many texts were there.
type ExplainedPlace struct {
	At    string `json:"at"`
	Texts int    `json:"texts"`
	Bytes int    `json:"bytes"`
}

func (s *Snapshot) explainReading(p *Plan, b Body, o *Outcome) *ExplainedReading {
	x := &ExplainedReading{Need: needWord(p.Need), MediaType: o.MediaType, Places: []ExplainedPlace{}, ShapeChanged: o.ShapeChanged}
	if p.Final {
		x.Need = needWord(rules.Nothing)
	}
	if c := o.Facts.Content; c != nil {
		x.Coverage = c.Coverage
	}
	if rule := s.heldBy(p); rule != nil {
		x.Rule, x.At = rule.Name, rule.At
	}
	if !p.Final && (o.Facts.Service.IsAI() || s.readsOther) {
		s.explainPlaces(p, b, x)
	}
	return x
}

func needWord(n rules.Need) string {
	return [...]string{rules.Hold: "hold", rules.Observe: "observe", rules.Nothing: "nothing"}[n]
}

// heldBy returns the first rule because of which the request is held; nil when it
// is not. That is the last one of the fewest rules with which it would be.
func (s *Snapshot) heldBy(p *Plan) *rules.Rule {
	if p.Need != rules.Hold || p.Final {
		return nil
	}
	all := s.policy.Rules
	n := sort.Search(len(all), func(i int) bool {
		policy := *s.policy.Policy // a copy: the snapshot stays as it is
		policy.Rules = all[:i+1]
		need, _, _ := policy.Plan(p.Facts)
		return need == rules.Hold
	})
	if n == len(all) {
		return nil
	}
	return &all[n]
}

// explainPlaces finds again where the text of the body was.
func (s *Snapshot) explainPlaces(p *Plan, b Body, x *ExplainedReading) {
	in := p.Request.input(b)
	if b.Frame != NoFrame && p.operation != nil {
		in.Separator = p.operation.Separator()
	}
	doc := extract.Body(in, s.limits)
	found := locate(p.operation, doc, b)
	x.Texts = len(doc.Segments)
	if found.isText == nil {
		return
	}
	placed, members := found.placed, p.operation.Members(doc.Segments)
	var steps []classifier.Location
	for i := range doc.Segments {
		segment := &doc.Segments[i]
		switch {
		case len(placed) > 0 && placed[0] == i:
			placed = placed[1:]
			steps = segment.Location.AppendSteps(steps[:0])
			for k := range p.operation.Text {
				if l := &p.operation.Text[k]; l.MatchesSteps(steps, members) {
					x.addPlace(l.String(), len(segment.Text))
					break
				}
			}
		case found.isText[i]:
			x.Elsewhere++
		default:
			x.LeftOut++
			x.Texts--
		}
	}
}

func (x *ExplainedReading) addPlace(at string, bytes int) {
	for i := range x.Places {
		if x.Places[i].At == at {
			x.Places[i].Texts++
			x.Places[i].Bytes += bytes
			return
		}
	}
	x.Places = append(x.Places, ExplainedPlace{At: at, Texts: 1, Bytes: bytes})
}

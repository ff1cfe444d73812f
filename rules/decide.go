package rules

// Decide returns the verdict of the first rule whose conditions all hold, or the
// implicit one: log for AI services, allow for the rest. Content that nobody
// read (nil) counts as not inspected and without findings, an unknown size as 0.
// The steps of the evaluation are appended to trace unless it is nil.
//
// Policy walks through its rules one after the other, which defines what a
// verdict is. A Decider comes to the same faster.
func (p *Policy) Decide(f Facts, trace *Trace) Verdict {
	f.settle()
	e := p.newEvaluation(f)
	for i := range p.Rules {
		if e.rule(&p.Rules[i], trace) == yes {
			return e.verdict(&p.Rules[i])
		}
	}
	return e.verdict(nil)
}

// settle makes of the facts those of an exchange of which nothing more is learnt.
func (f *Facts) settle() {
	if f.Content == nil {
		f.Content = &Content{}
	}
	f.Bytes = max(f.Bytes, 0)
}

// Plan tells, before the body was read (f.Content is nil), what must be read of
// it. When final is true no content can change the verdict and nothing need be
// read; otherwise verdict is the zero value and Decide gives the real one later.
func (p *Policy) Plan(f Facts) (need Need, verdict Verdict, final bool) {
	e := p.newEvaluation(f)
	undecided := false // an earlier rule may yet turn out to hold
	for i := range p.Rules {
		t := e.rule(&p.Rules[i], nil)
		if t == no {
			continue
		}
		undecided = undecided || t == unknown
		if p, done := e.consider(&p.Rules[i], t, undecided); done {
			return p.need, p.verdict, p.final
		}
	}
	end := e.withoutIntervention(nil, undecided)
	return end.need, end.verdict, end.final
}

// plan is the answer of Plan.
type plan struct {
	need    Need
	verdict Verdict
	final   bool
}

// consider plans for a rule that holds or may turn out to. done tells that later
// rules make no difference.
func (e *evaluation) consider(r *Rule, t ternary, undecided bool) (p plan, done bool) {
	switch {
	case e.intervenes(r) && t == yes && r.Action == Block && !undecided:
		return plan{Nothing, e.verdict(r), true}, true
	case e.intervenes(r):
		return plan{need: Hold}, true
	case t == yes:
		return e.withoutIntervention(r, undecided), true
	default:
		return plan{}, false
	}
}

// withoutIntervention ends a plan of which no outcome stops or changes the
// exchange: only what is let through unrecorded need not be read.
func (e *evaluation) withoutIntervention(r *Rule, undecided bool) plan {
	if e.action(r) == Allow && !undecided {
		return plan{Nothing, e.verdict(r), true}
	}
	return plan{need: Observe}
}

// intervenes tells whether the rule stops, changes or delays an exchange of the client.
func (e *evaluation) intervenes(r *Rule) bool {
	return r.Action < Log && e.monitoredBy(r) == ""
}

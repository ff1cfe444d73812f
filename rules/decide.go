package rules

// Decide returns the verdict of the first rule whose conditions all hold, or the
// implicit one: log for AI services, allow for the rest. Content that nobody
// read (nil) counts as not inspected and without findings, an unknown size as 0.
// The steps of the evaluation are appended to trace unless it is nil.
func (p *Policy) Decide(f Facts, trace *Trace) Verdict {
	if f.Content == nil {
		f.Content = &Content{}
	}
	f.Bytes = max(f.Bytes, 0)
	e := p.newEvaluation(&f, trace)
	for i := range p.Rules {
		if e.rule(&p.Rules[i]) == yes {
			return e.verdict(&p.Rules[i])
		}
	}
	return e.verdict(nil)
}

// Plan tells, before the body was read (f.Content is nil), what must be read of
// it. When final is true no content can change the verdict and nothing need be
// read; otherwise verdict is the zero value and Decide gives the real one later.
func (p *Policy) Plan(f Facts) (need Need, verdict Verdict, final bool) {
	e := p.newEvaluation(&f, nil)
	undecided := false // an earlier rule may yet turn out to hold
	for i := range p.Rules {
		r := &p.Rules[i]
		t := e.rule(r)
		if t == no {
			continue
		}
		undecided = undecided || t == unknown
		switch {
		case !e.intervenes(r):
		case t == yes && r.Action == Block && !undecided:
			return Nothing, e.verdict(r), true
		default:
			return Hold, Verdict{}, false
		}
		if t == yes {
			return e.withoutIntervention(r, undecided)
		}
	}
	return e.withoutIntervention(nil, undecided)
}

// withoutIntervention ends a plan of which no outcome stops or changes the
// exchange: only what is let through unrecorded need not be read.
func (e *evaluation) withoutIntervention(r *Rule, undecided bool) (Need, Verdict, bool) {
	if verdict := e.verdict(r); verdict.Action == Allow && !undecided {
		return Nothing, verdict, true
	}
	return Observe, Verdict{}, false
}

// intervenes tells whether the rule stops, changes or delays an exchange of the client.
func (e *evaluation) intervenes(r *Rule) bool {
	return r.Action < Log && e.monitoredBy(r) == ""
}

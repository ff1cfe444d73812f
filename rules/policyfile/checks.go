package policyfile

// checks looks for what is well written and yet cannot be meant. It is done only
// when no file has a fault: a condition that could not be read would seem to take
// everything.
func (l *loader) checks() {
	for _, f := range l.files {
		if f.Problems.Err() != nil {
			return
		}
	}
	m := newReachMap(l.newUniverse(), &l.source.Policy)
	reaches := make([]reach, len(l.source.Policy.Rules))
	for i := range reaches {
		reaches[i] = m.of(&l.source.Policy.Rules[i].Match)
	}
	l.impossible(m, reaches)
	l.shadowed(m, reaches)
	l.shadowedApprovals(m)
	l.overlapping()
	l.unused()
	l.absentUsers()
}

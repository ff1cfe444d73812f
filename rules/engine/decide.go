package engine

import "daylight.internal/rules"

// Decide is the verdict on facts that are known already, such as those of an
// event. What the catalogue says of a listed service is taken from this
// snapshot: a record does not hold all of it. The steps are appended to trace
// unless it is nil.
func (s *Snapshot) Decide(f rules.Facts, trace *rules.Trace) rules.Verdict {
	return s.policy.Decide(s.known(f), trace)
}

// known completes facts that were read back from a record.
func (s *Snapshot) known(f rules.Facts) rules.Facts {
	if entry, ok := s.catalog.Service(f.Service.ID); ok {
		f.Service.Vendor, f.Service.Category = entry.Vendor, entry.Category
		f.Service.Country, f.Service.Countries = entry.Country, entry.Countries
	}
	if f.Content == nil && !f.Service.IsAI() && !s.readsOther {
		f.Content = &rules.Content{} // nobody will
	}
	return f
}

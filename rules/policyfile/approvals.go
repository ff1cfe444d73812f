package policyfile

import (
	"slices"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

var statuses = []string{string(rules.Sanctioned), string(rules.Tolerated), string(rules.Prohibited), string(rules.Unreviewed)}

func (l *loader) groups() {
	seen := map[string]place{}
	for _, f := range l.files {
		for _, e := range f.Groups {
			if !slices.Contains(l.groupNames, e.Name.V) {
				l.groupNames = append(l.groupNames, e.Name.V) // a faulty name is not unknown as well
			}
			if !f.identifier(e.Name, "group") {
				continue
			}
			if e.Name.V == "none" {
				f.fault(e.Name, "choose another name", "%q stands for clients without a group", e.Name.V).ID = "invalid-name"
				continue
			}
			if !f.first(seen, e.Name, "group") {
				continue
			}
			if len(e.V.Networks) == 0 && len(e.V.Users) == 0 && !e.V.Faulty {
				f.fault(e.Name, "give it `networks` or `users`", "group %q has nobody in it", e.Name.V).ID = "empty-group"
			}
			g := rules.Group{Name: e.Name.V, Users: f.users(e.V.Users), Mode: f.mode(e.V.Mode)}
			for _, w := range f.distinct(e.V.Networks) {
				if p, ok := f.network(w); ok {
					g.Networks = append(g.Networks, p)
				}
			}
			l.source.Policy.Groups = append(l.source.Policy.Groups, g)
			l.groupAt = append(l.groupAt, groupAt{f, e})
		}
	}
}

func (l *loader) approvals() {
	for _, f := range l.files {
		for _, e := range f.Approvals {
			a := rules.Approval{
				Service: e.Service.V, Status: rules.Status(e.Status.V),
				Groups: f.names(e.Groups, "group", l.groupNames),
				Data:   f.names(e.Data, "data class", l.classNames()),
				Owner:  e.Owner.V, Assessment: e.Assessment.V, At: e.At.String(),
			}
			l.service(f, e.Service, false)
			f.approvalStatus(e.Status)
			a.Detectors = l.detectorsOf(a.Data)
			a.Expires = l.expiry(f, e.Expires)
			l.contradiction(f, e, &a)
			l.source.Policy.Approvals = append(l.source.Policy.Approvals, a)
			l.approvalAt = append(l.approvalAt, place{f, e.Service})
		}
	}
}

func (f *file) approvalStatus(w text) {
	switch {
	case !w.Set:
	case w.V == string(rules.Unreviewed):
		f.fault(w, "leave the approval out: a service without one is unreviewed", "an approval cannot set the status %q", w.V).ID = "invalid-status"
	case !slices.Contains(statuses, w.V):
		f.unknown(w, "status", statuses[:3])
	}
}

// expiry reads a date; the approval holds to the end of that day in UTC.
func (l *loader) expiry(f *file, w text) time.Time {
	if !w.Set {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, w.V)
	if err != nil {
		f.fault(w, "write it as 2027-03-31", "%q is not a date", w.V).ID = "invalid-date"
		return time.Time{}
	}
	end := day.AddDate(0, 0, 1)
	switch left := end.Sub(l.known.Now); {
	case l.known.Now.IsZero():
	case left <= 0:
		f.doubt(w, "review it or remove it: the service is unreviewed again", "the approval has expired").ID = "expired-approval"
	case left <= expiryNotice:
		f.doubt(w, "review it before that", "the approval expires within 30 days, at the end of %s UTC", w.V).ID = "expiring-approval"
	}
	return end
}

// contradiction finds an earlier approval of the same service for the same
// groups and data that is in force with another status.
func (l *loader) contradiction(f *file, e approvalEntry, a *rules.Approval) {
	if !slices.Contains(statuses, e.Status.V) {
		return
	}
	for i := range l.source.Policy.Approvals {
		o := &l.source.Policy.Approvals[i]
		if o.Service == a.Service && o.Status != a.Status && o.Status != "" && sameSet(o.Groups, a.Groups) && sameSet(o.Data, a.Data) && !l.hasExpired(o.Expires) && !l.hasExpired(a.Expires) {
			f.fault(e.Status, "remove one of them", "%q is already %s for the same groups and data at %s", a.Service, o.Status, o.At).ID = "conflicting-approvals"
			return
		}
	}
}

// hasExpired tells whether an approval with that end holds no more.
func (l *loader) hasExpired(end time.Time) bool {
	return !end.IsZero() && !l.known.Now.IsZero() && !l.known.Now.Before(end)
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// service checks the id of a service.
func (l *loader) service(f *file, w text, suspectedToo bool) bool {
	if !w.Set || suspectedToo && w.V == rules.Suspected {
		return w.Set
	}
	if l.source.Catalog == nil {
		f.unknown(w, "service", nil)
		return false
	}
	if _, ok := l.source.Catalog.Service(w.V); ok {
		return true
	}
	if m, ok := l.source.Catalog.Match(catalog.Query{Host: w.V, Path: "/"}); ok {
		f.fault(w, "write "+m.Service.ID, "%q is a host; services are named by their id", w.V).ID = "unknown-service"
		return false
	}
	f.unknown(w, "service", l.offered.services)
	return false
}

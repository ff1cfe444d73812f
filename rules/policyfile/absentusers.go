package policyfile

import (
	"slices"
	"strings"

	"daylight.internal/rules/strictyaml"
)

// absentUsers warns of users in groups and rules whom nobody who can sign in is,
// when all of those are known.
func (l *loader) absentUsers() {
	if l.known.Users == nil {
		return
	}
	known := make([]string, len(l.known.Users))
	for i, u := range l.known.Users {
		known[i] = strings.ToLower(u)
	}
	look := func(f *file, ws words) {
		for _, w := range once(ws) {
			pattern := strings.ToLower(w.V)
			if slices.ContainsFunc(known, func(user string) bool { return wildcardCovers(pattern, user) }) {
				continue
			}
			hint := ""
			if !strings.Contains(pattern, "*") {
				hint = strictyaml.DidYouMean(pattern, known)
			}
			f.doubt(w, hint, "no user of the configuration is %q", w.V).ID = "unknown-user"
		}
	}
	for _, at := range l.groupAt {
		look(at.file, at.entry.V.Users)
	}
	for i, e := range l.ruleEntries {
		look(l.ruleAt[i].file, e.Match.Users)
	}
}

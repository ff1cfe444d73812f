package detect_test

import "testing"

func TestAnEmailAddressBeginsBehindWhatLeadsToIt(t *testing.T) {
	s := newScanner(t)
	for text, want := range map[string]string{
		"mailto:ana@example.com":                  "ana@example.com",
		"?to=ana@example.com&cc=olga@example.com": "ana@example.com",
		"?new&olga@example.com":                   "olga@example.com",
		"/users/ana@example.com":                  "ana@example.com",
		"a|b|ana+b_c@example.com|d":               "ana+b_c@example.com",
		"'ana@example.com'":                       "ana@example.com",
		"**ana.b@mail.example.com.**":             "ana.b@mail.example.com",
		"ana@example.com-":                        "ana@example.com",
		"ana@example.com..":                       "ana@example.com",
	} {
		findings := scan(s, text).Findings
		if len(findings) == 0 || findings[0].Detector != "email" {
			t.Errorf("%q: no address found: %+v", text, findings)
		} else if got := text[findings[0].Start:findings[0].End]; got != want {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
}

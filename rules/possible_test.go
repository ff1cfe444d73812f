package rules

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"daylight.internal/classifier"
)

// forget makes facts what a record tells of them, and says what it does not.
func forget(r *rand.Rand, f Facts) (Facts, Doubt) {
	d := Doubt{Detectors: map[string]bool{}}
	c := *f.Content
	c.Findings = slices.Clone(c.Findings)
	f.Content = &c
	switch r.IntN(7) {
	case 0:
		f.Content, d.Lack = nil, LackContent
	case 1: // more was judged than is recorded
		c.Findings, c.People, d.Lack = c.Findings[:r.IntN(len(c.Findings)+1)], r.IntN(c.People+1), LackEarlier
	case 2: // less was
		d.Lack = LackMessage
		c.People += r.IntN(20)
		for i := range c.Findings {
			c.Findings[i].Count += r.IntN(3)
		}
		c.Findings = append(c.Findings, classifier.Summary{Detector: "email", Class: "personal", Count: 1, Confidence: 1})
	case 3:
		d.Lack, f.Bytes = LackBytes, r.Int64N(4)
	case 4:
		if len(f.Content.Findings) > 0 {
			d.Detectors[c.Findings[0].Detector] = true
			c.Findings = c.Findings[1:]
		} else {
			d.Detectors["card"] = true
		}
	case 5:
		d.Lack, f.Client.Address = LackAddress, netip.Addr{}
	case 6:
		d.Service, f.Service = true, Service{}
	}
	return f, d
}

// Whatever a record leaves out, the verdict is among those that it allows.
func TestTheVerdictIsAmongThePossibleOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	certain, open := 0, 0
	for range 60000 {
		p, f := randomPolicy(r), randomHead(r)
		p.Groups[0].Networks = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
		f.Client.Address = netip.AddrFrom4([4]byte{10, byte(r.IntN(2)), 0, 1})
		f.Content, f.Bytes = randomContent(r), r.Int64N(4)
		want := p.Decide(f, nil)
		head, doubt := forget(r, f)
		possible := p.Possible(head, doubt)
		if !slices.ContainsFunc(possible.Verdicts, func(v Verdict) bool {
			return v.Action == want.Action && v.Rule == want.Rule && (v.Action >= Log || v.Monitor == want.Monitor)
		}) {
			t.Fatalf("%+v is not among %+v\npolicy %+v\nfacts %+v\n      %+v\nthen  %+v\ndoubt %+v", want, possible, p, f, *f.Content, head, doubt)
		}
		if len(possible.Verdicts) == 1 {
			certain++
		} else {
			open++
		}
		if (len(possible.Verdicts) > 1) != (len(possible.Open) > 0) {
			t.Fatalf("%d verdicts, open are %v", len(possible.Verdicts), possible.Open)
		}
	}
	if min(certain, open) < 5000 {
		t.Errorf("%d certain, %d open: the random facts are too alike", certain, open)
	}
}

func TestWithoutADoubtThereIsOneVerdict(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 5000 {
		p, f := randomPolicy(r), randomHead(r)
		f.Content, f.Bytes = randomContent(r), r.Int64N(4)
		want, got := p.Decide(f, nil), p.Possible(f, Doubt{})
		if fast := Compile(*p).Possible(f, Doubt{}); fast.Verdicts[0].Rule != want.Rule {
			t.Fatalf("the decider says %+v, want %+v", fast, want)
		}
		if len(got.Verdicts) != 1 || got.Verdicts[0].Rule != want.Rule || got.Verdicts[0].Reason != want.Reason {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
}

func TestWhatIsNotKnownMattersOnlyWhereARuleAsksForIt(t *testing.T) {
	block := Rule{Name: "lists", Action: Block, Match: Match{Data: []DataMatch{personal(), {Class: "personal", Detectors: personal().Detectors, People: Comparison{">=", 10}}}}}
	log := Rule{Name: "posts", Action: Log, Match: Match{Methods: []string{"POST"}}}
	emails := classifier.Summary{Detector: "email", Class: "personal", Count: 3, Confidence: 1}
	for _, c := range []struct {
		name  string
		facts Facts
		doubt Doubt
		rules []string
		open  string
	}{
		{"nobody read the body", prompt(), Doubt{Lack: LackContent}, []string{"lists", "posts"}, "data"},
		{"nobody read it, and nothing asks", prompt(func(f *Facts) { f.Service = Service{} }), Doubt{Lack: LackContent}, []string{""}, ""},
		{"enough was found, and there may be more", prompt(found(12, emails)), Doubt{Lack: LackRest}, []string{"lists"}, ""},
		{"too little was found, but there may be more", prompt(found(9, emails)), Doubt{Lack: LackEarlier}, []string{"lists", "posts"}, "data"},
		{"enough was found in all messages together", prompt(found(12, emails)), Doubt{Lack: LackMessage}, []string{"lists", "posts"}, "data"},
		{"too little was found even in all of them", prompt(found(9, emails)), Doubt{Lack: LackMessage}, []string{"posts"}, ""},
		{"a new detector of another class", prompt(found(9, emails)), Doubt{Detectors: map[string]bool{"project": true}}, []string{"posts"}, ""},
		{"the size", prompt(found(9, emails)), Doubt{Lack: LackBytes}, []string{"posts"}, ""},
	} {
		p := Policy{Rules: []Rule{block, log}}
		got := p.Possible(c.facts, c.doubt)
		var names []string
		for _, v := range got.Verdicts {
			names = append(names, v.Rule)
		}
		open := ""
		if len(got.Open) > 0 {
			open = got.Open[0]
		}
		if !slices.Equal(names, c.rules) || open != c.open {
			t.Errorf("%s: %q open %q, want %q open %q", c.name, names, open, c.rules, c.open)
		}
	}
}

package calibration

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"daylight.internal/rules/discovery"
)

// Row is what a shape came to, played with many seeds.
type Row struct {
	Shape  *Shape
	Played int
	// Found counts the plays that were more than ordinary within three exchanges,
	// Head those that were by the first request alone, First those that were after
	// its answer, AI those that were AI, Bare those that were found without the
	// headers and keys of the vendor.
	Found, Head, First, AI, Bare int
	Score                        int // median
	// Exchanges counts all, Wrong those that were more than ordinary by themselves.
	Exchanges, Wrong int
	Words            []string // of the first play
}

// Totals are the counts of one kind.
type Totals struct {
	Shapes, Services           int
	Played, Found, Head, First int
	AI, Bare                   int
	Exchanges, Wrong           int
	ServicesFound              int // services of shapes that were found in nine of ten plays
	WrongShapes                int // that were ever more than ordinary
}

// Measure plays every shape with n seeds.
func Measure(d *discovery.Discovery, shapes []*Shape, n int) []Row {
	rows := make([]Row, len(shapes))
	for i, s := range shapes {
		rows[i] = measure(d, s, n)
	}
	return rows
}

func measure(d *discovery.Discovery, s *Shape, n int) Row {
	row := Row{Shape: s, Played: n}
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(s.Kind + s.Name))
	var scores []int
	for i := range n {
		seed := hash.Sum64() + uint64(i)
		p := Play(d, s, seed, false)
		scores = append(scores, p.Evidence.Score)
		if p.After > 0 {
			row.Found++
		}
		if p.Request.Result != discovery.Ordinary {
			row.Head++
		}
		if p.After == 1 {
			row.First++
		}
		if p.Evidence.Result == discovery.AI {
			row.AI++
		}
		if s.Kind != Ordinary && Play(d, s, seed, true).After > 0 {
			row.Bare++
		}
		for _, e := range p.Alone {
			row.Exchanges++
			if e.Result != discovery.Ordinary {
				row.Wrong++
			}
		}
		if i == 0 {
			row.Words = p.Evidence.Words.Strings()
		}
	}
	slices.Sort(scores)
	row.Score = scores[n/2]
	return row
}

// Sum adds the rows of a kind up.
func Sum(rows []Row, kind string) (t Totals) {
	for _, r := range rows {
		if r.Shape.Kind != kind {
			continue
		}
		services := len(r.Shape.Services)
		t.Shapes++
		t.Services += services
		t.Played += r.Played
		t.Found += r.Found
		t.Head += r.Head
		t.First += r.First
		t.AI += r.AI
		t.Bare += r.Bare
		t.Exchanges += r.Exchanges
		t.Wrong += r.Wrong
		if r.Wrong > 0 {
			t.WrongShapes++
		}
		if 10*r.Found >= 9*r.Played {
			t.ServicesFound += services
		}
	}
	return t
}

// Mixed plays n hosts of which each has three exchanges of ordinary shapes, drawn
// at random, and counts those that are more than ordinary.
func Mixed(d *discovery.Discovery, shapes []*Shape, n int) (wrong int) {
	var ordinary []*Shape
	for _, s := range shapes {
		if s.Kind == Ordinary {
			ordinary = append(ordinary, s)
		}
	}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range n {
		var history discovery.History
		for range 3 {
			p := Play(d, ordinary[random.IntN(len(ordinary))], uint64(i), false)
			for _, e := range p.Alone {
				history.Add(e)
			}
		}
		if e := history.Evidence(d); e.Result != discovery.Ordinary {
			wrong++
		}
	}
	return wrong
}

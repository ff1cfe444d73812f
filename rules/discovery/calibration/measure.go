package calibration

import (
	"hash/fnv"
	"slices"

	"daylight.internal/rules/discovery"
)

// Row is what a shape came to, played with many seeds.
type Row struct {
	Shape  *Shape
	Played int
	// Found counts the plays that were more than ordinary within three exchanges,
	// First those that were after one, AI those that were AI, Bare those that were
	// without the headers and keys of the vendor.
	Found, First, AI, Bare int
	Score                  int // median
	// Exchanges counts all, Wrong those that were more than ordinary by themselves.
	Exchanges, Wrong int
	Words            []string // of the first play
	Request          []string // of its request alone
}

// Totals are the counts of one kind.
type Totals struct {
	Shapes, Services     int
	Played, Found, First int
	AI, Bare             int
	Exchanges, Wrong     int
	ServicesFound        int // services of shapes that were found in nine of ten plays
	WrongShapes          int // that were ever more than ordinary
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
			row.Words, row.Request = p.Evidence.Words.Strings(), p.Request.Words.Strings()
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

package corpus

import (
	"slices"
	"sync"
)

// species is one kind of value that is planted.
type species struct {
	detector string // id of the detector that is to find it
	country  string // ISO 3166-1 alpha-2, "" when the value belongs to none
	local    string // what it is called where it is given out, ways parted by "|"
	english  string // in English; "": the local words
	// make returns the ways of writing one value, parted by "|". What stands
	// behind "||" is written only with a word before it, or in a column or under a
	// key that says what it is.
	make func(w *writer) string
}

var everything = sync.OnceValue(func() []species {
	return slices.Concat(britishIsles(), france(), germanSpeaking(), iberia(), italyAndBenelux(), nordic(), centralEurope(), balkansAndBaltics(), easternEurope(),
		northAmerica(), latinAmerica(), brazil(), eastAsia(), southeastAsia(), southAsia(), middleEast(), africa(), oceania(), international())
})

// PlantedDetectors returns the ids of the detectors of which values are planted.
func PlantedDetectors() (ids []string) {
	for _, s := range everything() {
		ids = append(ids, s.detector)
	}
	for _, s := range secrets() {
		ids = append(ids, s.detector)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

package main

import "testing"

func TestWhatStopsInTheMiddleIsNotDoneThroughout(t *testing.T) {
	a := newActivity()
	for window := range 7 {
		a.note("always")
		if window < 4 {
			a.note("stops")
		}
		if window > 3 {
			a.note("begins late")
		}
		a.endWindow()
	}
	expectLines(t, a.throughout("always"), nil)
	expectLines(t, a.throughout("always", "stops", "begins late", "never"), []string{
		"in third 3 of the run there was nothing of this: stops",
		"in third 1 of the run there was nothing of this: begins late",
		"in third 2 of the run there was nothing of this: begins late",
		"in third 1 of the run there was nothing of this: never",
		"in third 2 of the run there was nothing of this: never",
		"in third 3 of the run there was nothing of this: never",
	})
	if newActivity().throughout("always") == nil {
		t.Error("no window shows that all was done")
	}
}

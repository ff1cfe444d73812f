//go:build !race

package classifier_test

const (
	differentialRounds = 160
	seedEvery          = 2
)

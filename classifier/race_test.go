//go:build race

package classifier_test

// The reference is slow, and five times slower under the race detector, which has
// little to say of it.
const (
	differentialRounds = 25
	seedEvery          = 12
)

//go:build race

package classifier_test

// The reference is slow, and five times slower under the race detector, which has
// little to say of it.
const (
	rememberedRounds   = 150
	differentialRounds = 25
	seedEvery          = 12
	// streamSeedEvery is of many thousands, and greedyText of megabytes.
	streamSeedEvery = 40
	greedyText      = 1 << 20
	streamRounds    = 15
	cutsOfExample   = 3
)

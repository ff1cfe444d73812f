//go:build !race

package classifier_test

const (
	rememberedRounds   = 3000
	differentialRounds = 160
	seedEvery          = 2
	streamSeedEvery    = 4
	greedyText         = 4 << 20
	streamRounds       = 100
	cutsOfExample      = 16
)

package detect

import (
	"slices"

	"daylight.internal/classifier"
)

func americas() []classifier.Detector {
	return slices.Concat(unitedStates(), usDriving(), canada(), mexico(), brazil(), latinAmerica())
}

func asia() []classifier.Detector {
	return slices.Concat(mainlandChina(), hongKongAndTaiwan(), japanAndKorea(), southeastAsia(), india(), southAsia(), centralAsia())
}

func middleEast() []classifier.Detector {
	return slices.Concat(gulf(), iranAndIsrael())
}

//go:build race

package calibration_test

// playsOfShape are few under the race detector: the plays run one after another.
const playsOfShape = 5

//go:build !race

package calibration_test

const playsOfShape = 40

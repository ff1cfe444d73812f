// Package detect holds the built-in detectors and their validators.
package detect

import "daylight.internal/classifier"

// All returns the built-in detectors in a fresh slice, in the order of the documentation.
func All() []classifier.Detector {
	return nil
}

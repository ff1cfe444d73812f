// Package detect holds the built-in detectors and their validators. Each stands
// with its public source, values that must be found and near misses that must not.
package detect

import "daylight.internal/classifier"

// The data classes of the built-in detectors.
const (
	personal     = "personal"
	company      = "company"
	payment      = "payment"
	purchases    = "purchase_history"
	location     = "location"
	campaign     = "campaign_performance"
	creative     = "creative"
	competitive  = "competitive_research"
	credentials  = "credentials"
	confidential = "confidential"
)

// All returns the built-in detectors in a fresh slice, in the order of the
// documentation.
func All() []classifier.Detector {
	return inEnglish(
		contact(), paymentCards(), americas(), europe(), asia(), middleEast(), withShapes(africa(), oceania(), international(), bankAccounts()), dates(),
		places(), vendorKeys(), standardKeys(), assignments(), urls(), cryptoAddresses(), addresses(), columns(), business(), marks(),
	)
}

// column is the column of one kind of value, with a shape.
func column(kind string, person bool, shape func([]byte) bool, names ...string) classifier.Column {
	return classifier.Column{Kind: kind, Person: person, Shape: shape, Names: names}
}

func number(b []byte) int {
	n := 0
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n
}

package metrics

// Trigger is what a reload was asked for by.
type Trigger string

// The triggers.
const (
	BySignal Trigger = "signal"
	ByPage   Trigger = "page" // a POST to the admin listener
	ByFile   Trigger = "file" // it changed
)

// Reloaded counts a reload, and whether the new policy was taken.
func (m *Metrics) Reloaded(by Trigger, taken bool) {
	m.policyReloads.WithLabelValues(string(by), result(taken)).Inc()
}

func (m *Metrics) initialiseReloads() {
	for _, by := range []Trigger{BySignal, ByPage, ByFile} {
		m.policyReloads.WithLabelValues(string(by), result(true))
		m.policyReloads.WithLabelValues(string(by), result(false))
	}
}

func result(taken bool) string {
	if taken {
		return "taken"
	}
	return "refused"
}

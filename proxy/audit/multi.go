package audit

// Multi returns a sink that hands every event to each of sinks, in order.
func Multi(sinks ...Sink) Sink { return multi(sinks) }

type multi []Sink

// Record implements Sink.
func (m multi) Record(e Event) {
	for _, s := range m {
		s.Record(e)
	}
}

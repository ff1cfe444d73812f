package classifier

// Fingerprint is the keyed hash of a value of some kind, as findings have it: equal
// values have equal fingerprints, and nothing else is told of them. 0 when the
// scanner has no key.
func (s *Scanner) Fingerprint(kind string, value []byte) uint64 {
	if len(s.options.Key) == 0 {
		return 0
	}
	message := make([]byte, 0, len(kind)+1+len(value))
	return s.sip.hash(append(append(append(message, kind...), 0), value...))
}

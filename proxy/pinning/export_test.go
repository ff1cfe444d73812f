package pinning

// Remembered returns how many entries of any kind are kept.
func (m *Memory) Remembered() int {
	return len(m.watched.entries) + len(m.learned.entries) + len(m.accepted.entries) + len(m.trusting.entries)
}

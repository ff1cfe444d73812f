package engine

// SharesScanner tells whether one scanner serves two snapshots.
func SharesScanner(a, b *Snapshot) bool { return a.scanner == b.scanner }

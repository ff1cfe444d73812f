//go:build !unix

package proxy

// OpenFiles returns how many files the process may have open; false when that is not known.
func OpenFiles() (limit uint64, known bool) { return 0, false }

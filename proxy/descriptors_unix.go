//go:build unix

package proxy

import "syscall"

// OpenFiles returns how many files the process may have open; false when that is not
// known. The Go runtime has raised it to what may be had.
func OpenFiles() (limit uint64, known bool) {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0, false
	}
	return uint64(l.Cur), true
}

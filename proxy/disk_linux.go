package proxy

import (
	"os"

	"golang.org/x/sys/unix"
)

// openUnnamed makes a file that never had a name, so that a process which is
// killed leaves nothing behind; O_EXCL keeps it from ever getting one (open(2)).
// File systems without O_TMPFILE get one whose name is removed at once.
func openUnnamed(dir string) (diskFile, error) {
	file, err := os.OpenFile(dir, unix.O_TMPFILE|unix.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return openNamed(dir)
	}
	return file, nil
}

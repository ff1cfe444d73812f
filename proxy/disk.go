package proxy

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// disk lends the space for what held bodies cannot keep in memory.
type disk struct {
	dir   string // "" for the system's folder
	limit int64  // bytes of all files together
	used  atomic.Int64
	// open makes a file without a name; nil for openUnnamed.
	open func(dir string) (diskFile, error)
}

// diskFile is what a spill needs of a file.
type diskFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// errDiskBudget marks a disk that may not be used any more, though it works.
var errDiskBudget = errors.New("held bodies take all the disk that they may")

// reserve takes n bytes, to be given back by release.
func (d *disk) reserve(n int64) error {
	if d.used.Add(n) > d.limit {
		d.used.Add(-n)
		return errDiskBudget
	}
	return nil
}

func (d *disk) release(n int64) { d.used.Add(-n) }

// create returns a new file that has no name.
func (d *disk) create() (diskFile, error) {
	if d.open != nil {
		return d.open(d.dir)
	}
	dir := d.dir
	if dir == "" {
		dir = os.TempDir()
	}
	return openUnnamed(dir)
}

// openNamed makes a file and removes its name, where the system cannot make one
// without. Its mode is 0600.
func openNamed(dir string) (diskFile, error) {
	file, err := os.CreateTemp(dir, "daylight-*")
	if err != nil {
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("unlinking a temporary file: %w", err), file.Close())
	}
	return file, nil
}

//go:build !linux

package proxy

// openUnnamed makes a file whose name is removed at once.
func openUnnamed(dir string) (diskFile, error) { return openNamed(dir) }

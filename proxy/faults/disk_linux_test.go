package faults_test

import (
	"os"
	"syscall"
	"testing"
)

// smallDisk is a file system of 128 KiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128k"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("THE FULL DISK IS NOT TESTED: a small file system cannot be mounted: %v", err)
		}
		t.Skipf("THE FULL DISK IS NOT TESTED: a small file system cannot be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmounting: %v", err)
		}
	})
	return dir
}

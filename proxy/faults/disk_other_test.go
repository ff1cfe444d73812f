//go:build !linux

package faults_test

import "testing"

func smallDisk(t *testing.T) string {
	t.Helper()
	t.Skip("THE FULL DISK IS NOT TESTED: there is no tmpfs")
	return ""
}

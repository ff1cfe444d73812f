package main

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestTheKeyOfFingerprintsIsMadeOnceAndKept(t *testing.T) {
	dir := t.TempDir()
	keys := make([][]byte, 8)
	var group sync.WaitGroup
	for i := range keys { // processes that start together
		group.Go(func() {
			var err error
			if keys[i], err = fingerprintKey(dir); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, key := range keys {
		if len(key) != fingerprintKeyBytes || !bytes.Equal(key, keys[0]) {
			t.Errorf("%d bytes, others than the first", len(key))
		}
	}
	info, err := os.Stat(filepath.Join(dir, fingerprintFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("files are left over: %v", files)
	}
	if other, err := fingerprintKey(t.TempDir()); err != nil || bytes.Equal(other, keys[0]) {
		t.Errorf("another one is the same: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, fingerprintFile), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := fingerprintKey(dir); err == nil {
		t.Error("a damaged key is taken")
	}
}

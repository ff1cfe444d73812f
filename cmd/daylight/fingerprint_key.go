package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// fingerprintFile holds the key of fingerprints, in the data directory.
const fingerprintFile = "fingerprint.key"

const fingerprintKeyBytes = 32

// fingerprintKey reads the key of fingerprints, and makes one when there is none.
// It is kept, so that an account has the same fingerprint after a restart.
func fingerprintKey(dir string) ([]byte, error) {
	name := filepath.Join(dir, fingerprintFile)
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeFingerprintKey(name); err == nil {
			key, err = os.ReadFile(name) // that of a process which started together with this one, perhaps
		}
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key of fingerprints: %w", err)
	}
	if len(key) < fingerprintKeyBytes {
		return nil, fmt.Errorf("%s is damaged: restore it, or remove it to have a new one made", name)
	}
	return key, nil
}

// makeFingerprintKey writes a new key, whole or not at all; one that is there stays.
func makeFingerprintKey(name string) error {
	f, err := os.CreateTemp(filepath.Dir(name), fingerprintFile+".*") // readable by its owner alone
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	key := make([]byte, fingerprintKeyBytes)
	rand.Read(key) // never fails
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Link(f.Name(), name); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

package ca

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// The names of the files in a data directory.
const (
	CertFile = "ca.pem"
	KeyFile  = "ca.key"
)

const maxFileBytes = 1 << 20

// Ensure loads the authority of a directory, and makes it first when there is
// none. Processes that start together end with the same one.
func Ensure(dir string) (*Authority, error) {
	certFile, keyFile := filepath.Join(dir, CertFile), filepath.Join(dir, KeyFile)
	if absent(keyFile) {
		// The key is written first. One that is there once the certificate was
		// seen is that of a process which started together with this one.
		if !absent(certFile) && absent(keyFile) {
			return nil, fmt.Errorf("%s is there but its key %s is not: restore the key, or move the certificate away to have a new CA made", certFile, keyFile)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("making the data directory: %w", err)
		}
		_, keyPEM, err := generate(time.Now())
		if err != nil {
			return nil, err
		}
		if err := createFile(keyFile, keyPEM, 0o600); err != nil {
			return nil, fmt.Errorf("writing the CA key: %w", err)
		}
	}
	if absent(certFile) {
		if err := certify(certFile, keyFile); err != nil {
			return nil, err
		}
	}
	return Load(certFile, keyFile)
}

func absent(name string) bool {
	_, err := os.Stat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// certify writes a certificate for the key that is there: the first step after
// a key was made, also when a process died between the two.
func certify(certFile, keyFile string) error {
	keyPEM, err := readKey(keyFile)
	if err != nil {
		return err
	}
	key, err := parseKey(keyPEM)
	if err != nil {
		return err
	}
	certPEM, err := selfSign(key, time.Now())
	if err != nil {
		return err
	}
	if err := createFile(certFile, certPEM, 0o644); err != nil {
		return fmt.Errorf("writing the CA certificate: %w", err)
	}
	return nil
}

// Load reads an authority that somebody made: a certificate, perhaps followed
// by its issuers, and its key, both PEM. A key that others may read is refused.
func Load(certFile, keyFile string) (*Authority, error) {
	certPEM, err := readBounded(certFile)
	if err != nil {
		return nil, fmt.Errorf("reading the CA certificate: %w", err)
	}
	keyPEM, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	a, err := parse(certPEM, keyPEM, time.Now())
	if err != nil {
		return nil, fmt.Errorf("loading the CA %s: %w", certFile, err)
	}
	return a, nil
}

// Rotate makes a new authority in place of that of the directory. The old
// certificate is kept beside it, so that clients can be told to drop it; the old key is gone.
// Clients must trust the new certificate before a process loads it.
func Rotate(dir string) (*Authority, error) {
	certFile, keyFile := filepath.Join(dir, CertFile), filepath.Join(dir, KeyFile)
	old, err := Load(certFile, keyFile)
	if err != nil {
		return nil, err
	}
	certPEM, keyPEM, err := generate(time.Now())
	if err != nil {
		return nil, err
	}
	kept := filepath.Join(dir, "ca-"+old.Fingerprint()[:16]+".pem")
	if err := replaceFile(kept, old.pem, 0o644); err != nil {
		return nil, fmt.Errorf("keeping the old CA certificate: %w", err)
	}
	if err := replaceFile(keyFile, keyPEM, 0o600); err != nil {
		return nil, fmt.Errorf("writing the CA key: %w", err)
	}
	if err := replaceFile(certFile, certPEM, 0o644); err != nil {
		return nil, fmt.Errorf("writing the CA certificate: %w", err)
	}
	return Load(certFile, keyFile)
}

func readKey(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("reading the CA key: %w", err)
	}
	// Windows has no such bits; its files carry access lists.
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("the CA key %s can be read by others (mode %04o): run chmod 600 on it, and make a new CA if somebody may have copied it", name, mode)
	}
	data, err := readBounded(name)
	if err != nil {
		return nil, fmt.Errorf("reading the CA key: %w", err)
	}
	return data, nil
}

func readBounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFileBytes))
}

// createFile writes a file whole or not at all. A file that is already there
// stays as it is: another process was faster.
func createFile(name string, data []byte, mode fs.FileMode) error {
	temporary, err := writeTemporary(name, data, mode)
	if err != nil {
		return err
	}
	defer os.Remove(temporary)
	if err := os.Link(temporary, name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(name))
}

func replaceFile(name string, data []byte, mode fs.FileMode) error {
	temporary, err := writeTemporary(name, data, mode)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, name); err != nil {
		os.Remove(temporary)
		return err
	}
	return syncDir(filepath.Dir(name))
}

// writeTemporary writes beside name. os.CreateTemp makes the file 0600, so that a
// key is never readable by others, not even for a moment.
func writeTemporary(name string, data []byte, mode fs.FileMode) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	// Not every file system can; the files themselves are on the disk.
	_ = d.Sync()
	return nil
}

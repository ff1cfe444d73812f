package proxy

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// newSpill returns a spill on a disk of its own, and that disk's folder.
func newSpill(t *testing.T) (s *spillFile, dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := newSpillFile(t.Context(), &disk{dir: dir, limit: 1 << 30}, &memory{limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.close() })
	return s, dir
}

// fill writes b and returns how much was kept.
func fill(s *spillFile, b []byte) (kept int, err error) {
	for kept < len(b) {
		room, err := s.room()
		if err != nil {
			return kept, err
		}
		n := copy(room, b[kept:])
		s.filled(n)
		kept += n
	}
	return kept, nil
}

func TestSpillFileHasNoNameAndIsUnreadable(t *testing.T) {
	s, dir := newSpill(t)
	secret := bytes.Repeat([]byte("ana.kovac@customer.example;"), 12_000)
	if _, err := fill(s, secret); err != nil {
		t.Fatal(err)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("the folder holds %v", names)
	}
	info, err := s.file.(*os.File).Stat()
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || info.Size() < 4*sealedChunk {
		t.Errorf("mode %v, size %d", info.Mode(), info.Size())
	}
	raw := make([]byte, info.Size())
	if _, err := s.file.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("customer")) {
		t.Error("the file holds plain text")
	}
	if got, err := io.ReadAll(s.reader()); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
}

func TestEqualChunksLookDifferentOnTheDisk(t *testing.T) {
	s, _ := newSpill(t)
	if _, err := fill(s, make([]byte, 3*spillChunk)); err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 2*sealedChunk)
	if _, err := s.file.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(raw[:spillChunk], raw[sealedChunk:sealedChunk+spillChunk]) {
		t.Error("equal chunks look equal on the disk")
	}
}

func TestAFileWhoseNameIsRemovedDoesAsWell(t *testing.T) {
	dir := t.TempDir()
	file, err := openNamed(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("the folder holds %v", names)
	}
	if _, err := file.WriteAt([]byte("text"), 0); err != nil {
		t.Error(err)
	}
}

func TestSpillFileNoticesEveryChange(t *testing.T) {
	s, _ := newSpill(t)
	if _, err := fill(s, noise(3*spillChunk)); err != nil {
		t.Fatal(err)
	}
	one := make([]byte, 1)
	if _, err := s.file.ReadAt(one, sealedChunk+100); err != nil {
		t.Fatal(err)
	}
	one[0] ^= 1
	if _, err := s.file.WriteAt(one, sealedChunk+100); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(s.reader()); err == nil || len(got) != spillChunk {
		t.Errorf("read %d bytes without an error", len(got))
	}
}

func TestSpillFileKeepsWhatAFullDiskRefuses(t *testing.T) {
	s, _ := newSpill(t)
	want := noise(spillChunk + 10)
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	s.file.Close()
	s.file = full
	n, err := fill(s, want)
	if !errors.Is(err, syscall.ENOSPC) || n != spillChunk {
		t.Fatalf("wrote %d, %v", n, err)
	}
	if got, err := io.ReadAll(s.reader()); err != nil || !bytes.Equal(got, want[:n]) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	if used := s.disk.used.Load(); used != 0 {
		t.Errorf("%d bytes of the disk are taken for nothing", used)
	}
}

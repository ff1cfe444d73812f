package proxy

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// spillChunk is the number of plain bytes that are sealed together.
const spillChunk = 64 << 10

// spillFile keeps bytes in a temporary file that has no name any more and that
// is encrypted with a key of its own, which only this value knows: what is on
// the disk cannot be read by anybody, also after a crash. Whole chunks are in
// the file, sealed with AES-256-GCM (NIST SP 800-38D) under their number; the
// last, partial one stays in memory.
type spillFile struct {
	file    *os.File
	aead    cipher.AEAD
	chunks  int64
	partial []byte // of the chunk that is being filled
	sealed  []byte // scratch
}

// newSpillFile makes the file in dir, "" for the system's folder.
func newSpillFile(dir string) (*spillFile, error) {
	file, err := os.CreateTemp(dir, "daylight-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("unlinking a temporary file: %w", err), file.Close())
	}
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &spillFile{file: file, aead: aead, partial: make([]byte, 0, spillChunk)}, nil
}

// Write implements io.Writer. The first n bytes are kept and can be read, also
// when there is an error such as a full disk.
func (s *spillFile) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		if len(s.partial) == spillChunk {
			if err := s.seal(); err != nil {
				return n, err
			}
		}
		k := min(len(b), spillChunk-len(s.partial))
		s.partial = append(s.partial, b[:k]...)
		b, n = b[k:], n+k
	}
	return n, nil
}

func (s *spillFile) seal() error {
	s.sealed = s.aead.Seal(s.sealed[:0], s.nonce(s.chunks), s.partial, nil)
	if _, err := s.file.WriteAt(s.sealed, s.chunks*int64(len(s.sealed))); err != nil {
		return fmt.Errorf("writing a temporary file: %w", err)
	}
	s.chunks++
	s.partial = s.partial[:0]
	return nil
}

// nonce is the number of the chunk: it is never used twice, for a chunk is
// sealed once (again only with the same bytes, after a failed write) and the
// key belongs to this file.
func (s *spillFile) nonce(chunk int64) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	binary.BigEndian.PutUint64(nonce[4:], uint64(chunk))
	return nonce
}

func (s *spillFile) size() int64 { return s.chunks*spillChunk + int64(len(s.partial)) }

func (s *spillFile) close() error { return s.file.Close() }

// reader returns a reader over all bytes. Nothing may be written any more.
func (s *spillFile) reader() io.Reader { return &spillReader{spill: s} }

type spillReader struct {
	spill *spillFile
	next  int64 // chunk
	plain []byte
	cache []byte // scratch
	ended bool
}

// Read implements io.Reader.
func (r *spillReader) Read(b []byte) (int, error) {
	for len(r.plain) == 0 {
		switch {
		case r.next < r.spill.chunks:
			if err := r.open(); err != nil {
				return 0, err
			}
		case !r.ended:
			r.plain, r.ended = r.spill.partial, true
		default:
			return 0, io.EOF
		}
	}
	n := copy(b, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

func (r *spillReader) open() error {
	size := spillChunk + r.spill.aead.Overhead()
	if r.cache == nil {
		r.cache = make([]byte, size)
	}
	if _, err := r.spill.file.ReadAt(r.cache, r.next*int64(size)); err != nil {
		return fmt.Errorf("reading a temporary file: %w", err)
	}
	plain, err := r.spill.aead.Open(r.cache[:0], r.spill.nonce(r.next), r.cache, nil)
	if err != nil {
		return fmt.Errorf("opening a temporary file: %w", err)
	}
	r.plain = plain
	r.next++
	return nil
}

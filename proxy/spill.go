package proxy

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A chunk is what is sealed together. On the disk it takes sealedChunk bytes, in
// plain form spillChunk: the rest is its tag.
const (
	sealedChunk = 64 << 10
	spillTag    = 16
	spillChunk  = sealedChunk - spillTag
)

// errBusy marks that there was no memory to go on with.
var errBusy = errors.New("no memory is free")

// spillFile keeps bytes in a file that has no name and that is encrypted with a
// key of its own, which only this value knows: what is on the disk cannot be read
// by anybody, also after a crash. Whole chunks are in the file, sealed with
// AES-256-GCM (NIST SP 800-38D) under their number; the last one, which is being
// filled, stays in memory and is sealed where it lies.
type spillFile struct {
	disk    *disk
	memory  *memory
	file    diskFile
	aead    cipher.AEAD
	chunks  int64
	partial []byte // of the chunk that is being filled; its room is sealedChunk
	scratch []byte // of the reader
}

// newSpillFile makes a file on d, with a buffer of m, for which it waits until ctx ends.
func newSpillFile(ctx context.Context, d *disk, m *memory) (*spillFile, error) {
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	partial := m.await(ctx, sealedChunk)
	if partial == nil {
		return nil, errBusy
	}
	file, err := d.create()
	if err != nil {
		m.put(partial)
		return nil, err
	}
	return &spillFile{disk: d, memory: m, file: file, aead: aead, partial: partial}, nil
}

// room returns where the next bytes go: at least one. What was kept before stays
// whole when there is an error, such as a full disk.
func (s *spillFile) room() ([]byte, error) {
	if len(s.partial) == spillChunk {
		if err := s.seal(); err != nil {
			return nil, err
		}
	}
	return s.partial[len(s.partial):spillChunk], nil
}

// filled tells that n bytes were put where room said.
func (s *spillFile) filled(n int) { s.partial = s.partial[:len(s.partial)+n] }

// write keeps all of b, or nothing more of anything when there is an error.
func (s *spillFile) write(b []byte) error {
	for len(b) > 0 {
		room, err := s.room()
		if err != nil {
			return err
		}
		n := copy(room, b)
		s.filled(n)
		b = b[n:]
	}
	return nil
}

// seal writes the chunk that is full.
func (s *spillFile) seal() error {
	if err := s.disk.reserve(sealedChunk); err != nil {
		return err
	}
	sealed := s.aead.Seal(s.partial[:0], s.nonce(s.chunks), s.partial, nil)
	if _, err := s.file.WriteAt(sealed, s.chunks*sealedChunk); err != nil {
		s.disk.release(sealedChunk)
		plain, openErr := s.aead.Open(sealed[:0], s.nonce(s.chunks), sealed, nil)
		s.partial = plain
		return errors.Join(fmt.Errorf("writing a temporary file: %w", err), openErr)
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

func (s *spillFile) close() error {
	s.memory.put(s.partial)
	s.memory.put(s.scratch)
	s.partial, s.scratch = nil, nil
	s.disk.release(s.chunks * sealedChunk)
	return s.file.Close()
}

// reader returns a reader over all bytes. Nothing may be written any more, and
// one reader is used at a time.
func (s *spillFile) reader() io.Reader { return &spillReader{spill: s} }

type spillReader struct {
	spill *spillFile
	next  int64 // chunk
	plain []byte
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
	s := r.spill
	if s.scratch == nil {
		if s.scratch = s.memory.get(sealedChunk); s.scratch == nil {
			s.scratch = make([]byte, 0, sealedChunk) // what is held must go on, whoever has the memory
			s.memory.force(sealedChunk)
		}
	}
	sealed := s.scratch[:sealedChunk]
	if _, err := s.file.ReadAt(sealed, r.next*sealedChunk); err != nil {
		return fmt.Errorf("reading a temporary file: %w", err)
	}
	plain, err := s.aead.Open(sealed[:0], s.nonce(r.next), sealed, nil)
	if err != nil {
		return fmt.Errorf("opening a temporary file: %w", err)
	}
	r.plain = plain
	r.next++
	return nil
}

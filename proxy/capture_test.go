package proxy

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/iotest"
)

// noise returns n bytes that do not repeat.
func noise(n int64) []byte {
	out := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(out)
	return out
}

func newHeld(memoryBytes int64) *held {
	return &held{head: prefix{memory: &memory{limit: 64 << 20}, limit: memoryBytes}}
}

func TestHeldBodyIsReplayedExactly(t *testing.T) {
	const inMemory, limit = 16 << 10, 3*spillChunk + 16<<10
	var sizes []int64
	for _, border := range []int64{0, 1, smallestBuffer, inMemory, inMemory + spillChunk, inMemory + 2*spillChunk, 32 << 10, limit, limit + 32<<10, 2 * limit} {
		sizes = append(sizes, max(0, border-1), border, border+1)
	}
	for _, size := range sizes {
		for name, wrap := range map[string]func(io.Reader) io.Reader{
			"whole reads":       func(r io.Reader) io.Reader { return r },
			"odd reads":         iotest.HalfReader,
			"data with the end": iotest.DataErrReader,
		} {
			t.Run(fmt.Sprint(size, " ", name), func(t *testing.T) {
				want := noise(size)
				client := io.NopCloser(wrap(bytes.NewReader(want)))
				h := newHeld(inMemory)
				if err := h.hold(client, limit, t.TempDir()); err != nil {
					t.Fatal(err)
				}
				if size <= limit && !h.whole || size > limit+readBuffer && h.whole {
					t.Errorf("whole is %v", h.whole)
				}
				if (h.file != nil) != (size > inMemory) {
					t.Errorf("in a file: %v", h.file != nil)
				}
				data, err := h.inspect(10_000)
				if err != nil || !bytes.Equal(data, want[:min(size, 10_000)]) {
					t.Errorf("inspect gives %d bytes that differ, %v", len(data), err)
				}
				var total atomic.Int64
				total.Store(h.total)
				body := newReplayBody(h, client, &total)
				got, err := io.ReadAll(body)
				if err != nil || sha256.Sum256(got) != sha256.Sum256(want) {
					t.Errorf("replayed %d bytes of %d, %v", len(got), size, err)
				}
				if total.Load() != size {
					t.Errorf("counted %d bytes of %d", total.Load(), size)
				}
				if err := body.Close(); err != nil {
					t.Error(err)
				}
				if used := h.head.memory.used.Load(); used != 0 {
					t.Errorf("%d bytes of memory were not given back", used)
				}
				if _, err := body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
					t.Errorf("reading after Close: %v", err)
				}
			})
		}
	}
}

func TestHeldBodyGoesToAFileWhenMemoryIsTaken(t *testing.T) {
	h := newHeld(1 << 20)
	h.head.memory.limit = 0
	want := noise(200_000)
	if err := h.hold(bytes.NewReader(want), 1<<20, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(h.reader())
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("replayed %d bytes, %v", len(got), err)
	}
	h.release()
}

func TestHeldBodyThatTheDiskRefusesIsStillReplayed(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	want := noise(300_000)
	source := bytes.NewReader(want)
	h := newHeld(10_000)
	if err := h.hold(source, 1<<20, gone); !errors.Is(err, errSpill) {
		t.Fatalf("err is %v, want errSpill", err)
	}
	var total atomic.Int64
	got, err := io.ReadAll(newReplayBody(h, io.NopCloser(source), &total))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("replayed %d bytes of %d, %v", len(got), len(want), err)
	}
}

func TestHeldBodyThatBreaksOffTellsWhy(t *testing.T) {
	broken := errors.New("broken")
	h := newHeld(10_000)
	if err := h.hold(io.MultiReader(bytes.NewReader(noise(100)), iotest.ErrReader(broken)), 1<<20, ""); !errors.Is(err, broken) {
		t.Errorf("err is %v", err)
	}
	if h.total != 100 || h.whole {
		t.Errorf("total %d, whole %v", h.total, h.whole)
	}
}

func TestSpillFileHasNoNameAndIsUnreadable(t *testing.T) {
	dir := t.TempDir()
	s, err := newSpillFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	secret := bytes.Repeat([]byte("ana.kovac@customer.example;"), 10_000)
	if _, err := s.Write(secret); err != nil {
		t.Fatal(err)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("the folder holds %v", names)
	}
	info, err := s.file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || info.Size() < 4*spillChunk {
		t.Errorf("mode %v, size %d", info.Mode(), info.Size())
	}
	raw := make([]byte, info.Size())
	if _, err := s.file.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("customer")) {
		t.Error("the file holds plain text")
	}
	if bytes.Equal(raw[:spillChunk], raw[spillChunk+16:2*spillChunk+16]) {
		t.Error("equal chunks look equal on the disk")
	}
}

func TestSpillFileNoticesEveryChange(t *testing.T) {
	s, err := newSpillFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if _, err := s.Write(noise(3 * spillChunk)); err != nil {
		t.Fatal(err)
	}
	one := make([]byte, 1)
	if _, err := s.file.ReadAt(one, spillChunk+100); err != nil {
		t.Fatal(err)
	}
	one[0] ^= 1
	if _, err := s.file.WriteAt(one, spillChunk+100); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(s.reader()); err == nil || len(got) != spillChunk {
		t.Errorf("read %d bytes without an error", len(got))
	}
}

func TestSpillFileKeepsWhatAFullDiskRefuses(t *testing.T) {
	s, err := newSpillFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	want := noise(spillChunk + 10)
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	s.close()
	s.file = full
	n, err := s.Write(want)
	if err == nil || n != spillChunk {
		t.Fatalf("wrote %d, %v", n, err)
	}
	if got, err := io.ReadAll(s.reader()); err != nil || !bytes.Equal(got, want[:n]) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
}

func TestPrefixKeepsTheBeginningAndCountsAll(t *testing.T) {
	for _, c := range []struct {
		name         string
		size, limit  int64
		memory       int64
		kept, reason any
	}{
		{"nothing", 0, 100, 1 << 20, 0, ""},
		{"below the limit", 99, 100, 1 << 20, 99, ""},
		{"at the limit", 100, 100, 1 << 20, 100, ""},
		{"beyond the limit", 101, 100, 1 << 20, 100, "over_limit"},
		{"no limit at all", 5, 0, 1 << 20, 0, "over_limit"},
		{"grows", 1 << 20, 16 << 20, 64 << 20, 1 << 20, ""},
		{"memory is taken", 100, 100, 4095, 0, "busy"},
		{"memory runs out", 100_000, 1 << 20, 30_000, 16384, "busy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := prefix{memory: &memory{limit: c.memory}, limit: c.limit}
			data := noise(c.size)
			for rest := data; len(rest) > 0; {
				n := min(len(rest), 1000)
				p.write(rest[:n])
				rest = rest[n:]
			}
			if len(p.data) != c.kept || p.reason != c.reason || p.total != c.size {
				t.Errorf("kept %d of %d, reason %q", len(p.data), p.total, p.reason)
			}
			if !bytes.Equal(p.data, data[:len(p.data)]) {
				t.Error("what is kept is not the beginning")
			}
			p.release()
			if used := p.memory.used.Load(); used != 0 {
				t.Errorf("%d bytes were not given back", used)
			}
		})
	}
}

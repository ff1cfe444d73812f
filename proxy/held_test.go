package proxy

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/iotest"
)

// noise returns n bytes that do not repeat.
func noise(n int64) []byte {
	out := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(out)
	return out
}

func newHeld(t *testing.T, memoryBytes int64) *held {
	t.Helper()
	return &held{
		head: prefix{memory: &memory{limit: 64 << 20}, limit: memoryBytes},
		disk: &disk{dir: t.TempDir(), limit: 1 << 30},
	}
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
				h := newHeld(t, inMemory)
				if err := h.hold(t.Context(), client, limit); err != nil {
					t.Fatal(err)
				}
				if size <= limit && !h.whole || size > limit+lookahead && h.whole || (h.short.reason == "") != (size <= limit) {
					t.Errorf("whole is %v, short of %+v", h.whole, h.short)
				}
				if size != inMemory && (h.file != nil) != (size > inMemory) {
					t.Errorf("in a file: %v", h.file != nil)
				}
				data, err := h.inspect(10_000, func(n int64) []byte { return make([]byte, n) })
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
	h := newHeld(t, 1<<20)
	h.head.memory.limit = 140 << 10 // a small beginning and one chunk
	want := noise(200_000)
	if err := h.hold(t.Context(), bytes.NewReader(want), 1<<20); err != nil {
		t.Fatal(err)
	}
	if h.file == nil || !h.whole {
		t.Errorf("in a file: %v, whole: %v", h.file != nil, h.whole)
	}
	got, err := io.ReadAll(h.reader())
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("replayed %d bytes, %v", len(got), err)
	}
	h.release()
	if used := h.head.memory.used.Load(); used != 0 {
		t.Errorf("%d bytes of memory were not given back", used)
	}
}

// faultyFile refuses to write from a given chunk on.
type faultyFile struct {
	diskFile
	good int // writes that work
}

func (f *faultyFile) WriteAt(b []byte, at int64) (int, error) {
	if f.good--; f.good < 0 {
		n, _ := f.diskFile.WriteAt(b[:len(b)/3], at)
		return n, syscall.ENOSPC
	}
	return f.diskFile.WriteAt(b, at)
}

// What cannot be kept is not lost: the body goes on exactly as it came, and is
// judged by what was read.
func TestHeldBodyOutlivesEveryShortage(t *testing.T) {
	const inMemory = 64 << 10
	for _, c := range []struct {
		name string
		make func(*held)
		want shortfall
		kept int64
	}{
		{"nothing is short", func(*held) {}, shortfall{}, 1_000_000},
		{"the folder is gone", func(h *held) { h.disk.dir = filepath.Join(h.disk.dir, "gone") }, shortfall{"disk", "hold_disk"}, inMemory},
		{"the folder is a file", func(h *held) { h.disk.dir = "/dev/null" }, shortfall{"disk", "hold_disk"}, inMemory},
		{"the budget is used up", func(h *held) { h.disk.limit = 0 }, shortfall{"disk", "hold_disk_bytes"}, inMemory},
		{"the budget is used up on the way", func(h *held) { h.disk.limit = 3 * sealedChunk }, shortfall{"disk", "hold_disk_bytes"}, 4 * spillChunk},
		{"the disk is full", func(h *held) { h.disk.open = faultyDisk(0) }, shortfall{"disk", "hold_disk"}, inMemory},
		{"the disk fills up on the way", func(h *held) { h.disk.open = faultyDisk(2) }, shortfall{"disk", "hold_disk"}, 3 * spillChunk},
		{"no memory", func(h *held) { h.head.memory.limit = 0 }, shortfall{"busy", "inspect_memory"}, 0},
		{"no memory for a chunk", func(h *held) { h.head.memory.limit = 30 << 10 }, shortfall{"busy", "inspect_memory"}, 16 << 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := noise(1_000_000)
			source := bytes.NewReader(want)
			h := newHeld(t, inMemory)
			c.make(h)
			if err := h.hold(t.Context(), source, 1<<20); err != nil {
				t.Fatal(err)
			}
			if h.short != c.want || h.kept() != c.kept || h.whole != (c.want.reason == "") {
				t.Errorf("kept %d, short of %+v, whole %v; want %d, %+v", h.kept(), h.short, h.whole, c.kept, c.want)
			}
			var total atomic.Int64
			total.Store(h.total)
			body := newReplayBody(h, io.NopCloser(source), &total)
			got, err := io.ReadAll(body)
			if err != nil || !bytes.Equal(got, want) || total.Load() != int64(len(want)) {
				t.Errorf("replayed %d bytes of %d, counted %d, %v", len(got), len(want), total.Load(), err)
			}
			if err := body.Close(); err != nil {
				t.Error(err)
			}
			if memory, disk := h.head.memory.used.Load(), h.disk.used.Load(); memory != 0 || disk != 0 {
				t.Errorf("%d bytes of memory and %d of the disk were not given back", memory, disk)
			}
		})
	}
}

// faultyDisk makes files of which so many chunks can be written.
func faultyDisk(good int) func(string) (diskFile, error) {
	return func(dir string) (diskFile, error) {
		file, err := openUnnamed(dir)
		return &faultyFile{file, good}, err
	}
}

func TestHeldBodyThatBreaksOffTellsWhy(t *testing.T) {
	broken := errors.New("broken")
	h := newHeld(t, 10_000)
	if err := h.hold(t.Context(), io.MultiReader(bytes.NewReader(noise(100)), iotest.ErrReader(broken)), 1<<20); !errors.Is(err, broken) {
		t.Errorf("err is %v", err)
	}
	if h.total != 100 || h.whole {
		t.Errorf("total %d, whole %v", h.total, h.whole)
	}
}

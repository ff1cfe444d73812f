package strictyaml

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// maxReaders are the files that are read at once; YAML is slow to read, and a
// start waits for it.
const maxReaders = 8

// File is the text of a file. Its faults are reported under Name.
type File struct {
	Name string
	Data []byte
}

// ReadAll reads several files at once, on as many processors as there are, and
// returns the results in the order of the files. The reads share nothing. A read
// that panics makes a fault of its file instead, for nothing above its goroutine
// could recover: failed gets the decoder that holds it.
func ReadAll[R any](files []File, read func(File) R, failed func(*Decoder) R) []R {
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	// The largest go first, so that none ends long after the others.
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(files[b].Data), len(files[a].Data)) })
	results := make([]R, len(files))
	var next atomic.Int64
	var readers sync.WaitGroup
	for range min(len(files), runtime.GOMAXPROCS(0), maxReaders) {
		readers.Go(func() {
			for n := next.Add(1) - 1; n < int64(len(order)); n = next.Add(1) - 1 {
				results[order[n]] = readSafely(files[order[n]], read, failed)
				runtime.Gosched() // traffic that goes on beside need not wait for all files
			}
		})
	}
	readers.Wait()
	return results
}

func readSafely[R any](f File, read func(File) R, failed func(*Decoder) R) (result R) {
	defer func() {
		if fault := recover(); fault != nil {
			d := &Decoder{File: f.Name}
			d.ErrorAt(Position{File: f.Name, Line: 1, Column: 1}, 1, "", "reading the file failed: %T", fault).ID = "fault"
			result = failed(d)
		}
	}()
	return read(f)
}

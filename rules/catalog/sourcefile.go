package catalog

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"daylight.internal/rules/strictyaml"
)

// maxReaders are the files that are read at once; YAML is slow to read, and a
// start waits for it.
const maxReaders = 8

// sourceFile is a file that was read.
type sourceFile struct {
	decoder *strictyaml.Decoder
	list    serviceList
}

// readFiles reads several files at once, on as many processors as there are. They
// share nothing. The largest go first, so that none ends long after the others.
func readFiles(files []File) []sourceFile {
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(files[b].Data), len(files[a].Data)) })
	sources := make([]sourceFile, len(files))
	var next atomic.Int64
	var readers sync.WaitGroup
	for range min(len(files), runtime.GOMAXPROCS(0), maxReaders) {
		readers.Go(func() {
			for n := next.Add(1) - 1; n < int64(len(order)); n = next.Add(1) - 1 {
				sources[order[n]] = readSafely(files[order[n]])
			}
		})
	}
	readers.Wait()
	return sources
}

// readSafely is readFile, and makes a fault of a panic: nothing above this
// goroutine could recover.
func readSafely(f File) (source sourceFile) {
	defer func() {
		if fault := recover(); fault != nil {
			d := &strictyaml.Decoder{File: f.Name}
			d.ErrorAt(strictyaml.Position{File: f.Name, Line: 1, Column: 1}, 1, "", "reading the file failed: %T", fault)
			source = sourceFile{decoder: d}
		}
	}()
	return readFile(f)
}

func readFile(f File) sourceFile {
	n, d := strictyaml.Parse(f.Name, f.Data)
	var content struct {
		Services serviceList `yaml:"services,required"`
	}
	content.Services.complete = true
	switch {
	case n != nil:
		d.Decode(n, &content)
	case len(d.Problems) == 0:
		d.ErrorAt(strictyaml.Position{File: f.Name, Line: 1, Column: 1}, 1, "it begins with `services:`", "the file is empty")
	}
	return sourceFile{d, content.Services}
}

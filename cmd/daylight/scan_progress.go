package main

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal how far a scan of files is. The nil progress
// shows nothing.
type progress struct{ bar *progressbar.ProgressBar }

// progressFor returns the progress of a scan of paths, which stays nil where
// nobody watches: standard error is no terminal, or standard input is read.
func progressFor(ctx context.Context, w io.Writer, paths []string, maxSize int64) *progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	return newProgress(w, sizeOf(ctx, paths, maxSize))
}

func newProgress(w io.Writer, total int64) *progress {
	if total == 0 {
		return nil
	}
	return &progress{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true), progressbar.OptionUseIECUnits(true),
		progressbar.OptionSetWidth(24), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetDescription("scanning"),
	)}
}

// sizeOf adds up what of the files will be read. Standard input has no size.
func sizeOf(ctx context.Context, paths []string, maxSize int64) (total int64) {
	for _, path := range paths {
		if path == "-" {
			return 0
		}
		// What cannot be read is told of when its turn comes.
		_ = walkFiles(ctx, path, func(_ string, d fs.DirEntry, err error) error {
			if err == nil {
				if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
					total += min(info.Size(), maxSize)
				}
			}
			return nil
		})
	}
	return total
}

// walkFiles calls visit for each file that a scan of path reads, and with the
// error for each that it cannot find.
func walkFiles(ctx context.Context, path string, visit func(name string, d fs.DirEntry, err error) error) error {
	return filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return visit(name, d, err)
		case d.IsDir():
			if d.Name() == ".git" && name != path {
				return filepath.SkipDir
			}
			return nil
		case !d.Type().IsRegular() && name != path:
			return nil // a link, a socket, a device: what it leads to is not in this folder
		}
		return visit(name, d, nil)
	})
}

// add counts bytes that were read.
func (p *progress) add(n int64) {
	if p != nil {
		_ = p.bar.Add64(n)
	}
}

// hide makes room for a line of output; the bar comes back with the next file.
func (p *progress) hide() {
	if p != nil {
		_ = p.bar.Clear()
	}
}

// finish removes the bar.
func (p *progress) finish() {
	if p != nil {
		_ = p.bar.Finish()
	}
}

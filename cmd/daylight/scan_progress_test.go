package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProgressShowsHowFarAScanIs(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, 4<<20)
	p.add(1 << 20)
	p.hide()
	p.add(3 << 20)
	p.finish()
	if text := out.String(); !strings.Contains(text, "scanning") || !strings.HasSuffix(text, "\r") {
		t.Errorf("the bar is not shown, or not removed: %q", text)
	}
}

func TestProgressIsForTerminalsOnly(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if progressFor(context.Background(), file, []string{file.Name()}, 1) != nil {
		t.Error("a file is no terminal")
	}
}

func TestProgressCountsWhatWillBeRead(t *testing.T) {
	dir := t.TempDir()
	for name, size := range map[string]int{"a.txt": 10, "sub/b.txt": 100, ".git/c": 1000} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := sizeOf(context.Background(), []string{dir, filepath.Join(dir, "missing")}, 50); got != 60 {
		t.Errorf("%d bytes", got)
	}
	if got := sizeOf(context.Background(), []string{dir, "-"}, 50); got != 0 {
		t.Errorf("standard input has no size, not %d", got)
	}
}

package e2e_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// sumPath is where the stand-in answers the length and the SHA-256 of a body,
// which it does not keep.
const sumPath = "/v1/sum"

func answerSum(w http.ResponseWriter, r *http.Request) {
	hash := sha256.New()
	n, err := io.Copy(hash, r.Body)
	if err != nil {
		http.Error(w, "short body", http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "%d %x", n, hash.Sum(nil))
}

// peakMemory returns the highest resident memory that the process ever had, in bytes.
func (w *world) peakMemory() int64 {
	w.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.process.Process.Pid))
	if err != nil {
		w.t.Skip("this system does not tell the memory of a process: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				w.t.Fatal(err)
			}
			return kib << 10
		}
	}
	w.t.Fatal("the process has no VmHWM")
	return 0
}

// spills returns the open files of the process that lie in dir without a name.
func (w *world) spills(dir string) (files []string) {
	descriptors, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", w.process.Process.Pid))
	for _, file := range descriptors {
		target, err := os.Readlink(file)
		if err == nil && strings.HasPrefix(target, dir) && strings.HasSuffix(target, "(deleted)") {
			files = append(files, file)
		}
	}
	return files
}

// holdsPlain tells whether the first megabyte of an open file of the process
// holds a text. It may be gone meanwhile.
func holdsPlain(file string, text []byte) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, 1<<20))
	return bytes.Contains(data, text)
}

// mustBeEmpty fails the test for each name in a folder.
func mustBeEmpty(t *testing.T, dir string) {
	t.Helper()
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Errorf("the folder for temporary files holds %s", name.Name())
	}
}

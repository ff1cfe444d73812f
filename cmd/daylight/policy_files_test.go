package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// The name of a file is shown with every fault in it, and may be proposed by anybody.
func TestAPolicyFileWithAControlCharacterInItsNameIsRefused(t *testing.T) {
	for _, name := range []string{"a\x1b[2J.yaml", "a\n::error::b.yaml", "a\u202e.yml", "a\xff.yaml"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("version: 1\n"), 0o600); err != nil {
			t.Skip("this system has no such names: ", err)
		}
		_, err := readPolicyFiles([]string{dir})
		if err == nil || !utf8.ValidString(err.Error()) || strings.ContainsAny(err.Error(), "\x1b\n\u202e") {
			t.Errorf("%q: %v", name, err)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "маркетинг 市场.yaml"), []byte("version: 1\n"), 0o600); err != nil {
		t.Skip("this system has no such names: ", err)
	}
	if files, err := readPolicyFiles([]string{dir}); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// program builds daylight without the race detector, with which each of the thousand
// commands of the scripts would take a second more, and returns its directory. What the
// detector should see runs inside the tests.
func program(t *testing.T) string {
	dir := t.TempDir()
	// Without a commit: the scripts are the same before and after one.
	text, err := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "daylight"), ".").CombinedOutput()
	if err != nil {
		t.Fatalf("building daylight: %v\n%s", err, text)
	}
	return dir
}

// UPDATE=1 go test ./cmd/daylight rewrites the expected output in the scripts.
func TestScripts(t *testing.T) {
	dir := program(t)
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", dir+string(filepath.ListSeparator)+env.Getenv("PATH"))
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			for _, name := range []string{"PROXY", "ADMIN"} { // for a daylight that runs in the script
				address, err := freeAddress()
				if err != nil {
					return err
				}
				env.Setenv(name, address)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "awaits": awaits, "browses": browses, "rejects": rejects,
		},
	})
}

// exits runs "exits CODE COMMAND ARGUMENT..." and holds the exit code against CODE.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// grpcurlModule is where Go finds grpcurl.
const grpcurlModule = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4"

// buildGRPCurl returns grpcurl, from the PATH or built here.
func buildGRPCurl(t *testing.T) string {
	t.Helper()
	if file, err := exec.LookPath("grpcurl"); err == nil {
		return file
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "install", grpcurlModule)
	build.Dir = dir // its versions are its own, not those of this module
	build.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		missing(t, "grpcurl cannot be built: "+string(out))
	}
	return filepath.Join(dir, "grpcurl")
}

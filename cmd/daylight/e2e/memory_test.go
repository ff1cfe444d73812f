package e2e_test

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"
)

// heldPolicy notes customers and has to hold whatever it reads, for a key would be stopped.
const heldPolicy = `version: 1
rules:
  - name: customers-are-noted
    match: {data: {class: personal, people: ">=10"}}
    action: log
  - name: no-keys-anywhere
    match: {data: {class: credentials}}
    action: block
`

// startForUploads runs Daylight with a folder for temporary files of its own.
func startForUploads(t *testing.T) (w *world, tmp string) {
	t.Helper()
	if _, err := binary(); err != nil { // it is built elsewhere, and once
		t.Fatal(err)
	}
	tmp = t.TempDir()
	t.Setenv("TMPDIR", tmp)
	w = start(t, heldPolicy, "limits: {evaluation_wait: 1h}\n") // all are to be read, also on a machine that stalls
	mustBeEmpty(t, tmp)
	return w, tmp
}

// client returns a client that goes through the proxy and has much time.
func (w *world) client() *http.Client {
	w.t.Helper()
	pem, err := os.ReadFile(w.ca)
	if err != nil {
		w.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	proxy, err := url.Parse(w.proxy)
	if err != nil {
		w.t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots}, WriteBufferSize: 256 << 10}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Hour}
}

// send uploads u and returns what differs from what the server should get, or nil.
func sendUpload(client *http.Client, u *largeBody) error {
	hash := sha256.New()
	request, err := http.NewRequest(http.MethodPost, "https://api.openai.com"+sumPath, io.TeeReader(u.reader(), hash))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", u.mediaType)
	if request.ContentLength = u.size; u.number%5 == 4 {
		request.ContentLength = -1 // in chunks: nobody knows how much will come
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if want := fmt.Sprintf("%d %x", u.size, hash.Sum(nil)); string(got) != want {
		return fmt.Errorf("upload %d: the server answered %d %q, want %q, %v", u.number, response.StatusCode, got, want, err)
	}
	return nil
}

// The stated cap: whatever is uploaded at once, it costs no more than this.
const memoryCap = 250_000_000

func TestHeldUploadsStayWithinTheStatedMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it moves three gigabytes")
	}
	const uploads, size = 100, 20_000_000
	w, tmp := startForUploads(t)
	client := w.client()
	errs := make([]error, uploads)
	var all sync.WaitGroup
	for i := range uploads {
		all.Go(func() { errs[i] = sendUpload(client, newLargeBody(i, size)) })
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	if most := w.watchSpills(tmp, ended); most < 10 {
		t.Errorf("at most %d files were open at once: the test does not see what it looks for", most)
	}
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	t.Logf("%d held uploads of %d MB: at most %d MB resident", uploads, size/1_000_000, w.peakMemory()/1_000_000)
	if err := sendUpload(client, newLargeBody(uploads, 1<<30)); err != nil {
		t.Error(err)
	}
	if peak := w.peakMemory(); peak > memoryCap {
		t.Errorf("%d MB were resident, more than %d", peak/1_000_000, memoryCap/1_000_000)
	} else {
		t.Logf("after one of 1 GiB: at most %d MB resident", peak/1_000_000)
	}
	w.checkUploads(uploads)
	eventually(t, "no file is open any more", func() bool { return len(w.spills(tmp)) == 0 })
	mustBeEmpty(t, tmp)
}

// watchSpills looks at the temporary files until the uploads have ended, and
// returns how many were open at once.
func (w *world) watchSpills(tmp string, ended <-chan struct{}) (most int) {
	w.t.Helper()
	for {
		select {
		case <-ended:
			return most
		case <-time.After(50 * time.Millisecond):
		}
		mustBeEmpty(w.t, tmp)
		files := w.spills(tmp)
		most = max(most, len(files))
		for _, file := range files[:min(len(files), 3)] {
			if holdsPlain(file, []byte(uploadMarker)) {
				w.t.Error("a temporary file holds what was sent")
			}
		}
	}
}

// checkUploads looks at the events: all was held, and what has customers was noted.
func (w *world) checkUploads(uploads int) {
	w.t.Helper()
	eventually(w.t, "all events", func() bool { return len(w.events()) == uploads+1 })
	noted := 0
	for _, e := range w.events() {
		if e.Timing.Mode != "hold" || e.Verdict.Action != "log" || e.Error != "" {
			w.t.Errorf("event %+v", e)
		}
		if e.Verdict.Rule == "customers-are-noted" && e.People >= 10 {
			noted++
		}
	}
	if want := (uploads+1)*3/4 - 1; noted < want {
		w.t.Errorf("customers were found in %d uploads, want %d", noted, want)
	}
}

// endless gives bytes up to a point, then waits until it is closed.
type endless struct {
	rest    io.Reader
	release <-chan struct{}
}

func (e *endless) Read(p []byte) (int, error) {
	n, err := e.rest.Read(p)
	if err == io.EOF {
		<-e.release
	}
	return n, err
}

func TestNothingIsLeftWhenTheProcessIsKilled(t *testing.T) {
	w, tmp := startForUploads(t)
	client := w.client()
	release := make(chan struct{})
	var all sync.WaitGroup
	const uploads = 5
	for i := range uploads {
		all.Go(func() {
			body := &endless{newLargeBody(i, 8_000_000).reader(), release}
			response, err := client.Post("https://api.openai.com"+sumPath, "text/csv", io.MultiReader(body))
			if err == nil {
				response.Body.Close()
			}
		})
	}
	eventually(t, "every upload has a file", func() bool { return len(w.spills(tmp)) == uploads })
	if err := w.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = w.process.Wait()
	close(release)
	all.Wait()
	mustBeEmpty(t, tmp)
}

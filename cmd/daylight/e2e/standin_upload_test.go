package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// uploads are the stand-ins that take files in steps: a call opens an upload, and
// the bytes go to the address that its answer names.
type uploads struct {
	mu    sync.Mutex
	files map[string]*storedFile // by path of the address
	cut   map[string]bool        // addresses of tus that have already lost a connection
}

type storedFile struct {
	data []byte
	size int64
	name string
	done bool
}

func newUploads() *uploads { return &uploads{files: map[string]*storedFile{}, cut: map[string]bool{}} }

// stored returns what arrived of an upload, and whether it was finished.
func (u *uploads) stored(path string) (data string, done bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if f := u.files[path]; f != nil {
		return string(f.data), f.done
	}
	return "", false
}

// arrived returns all bytes of all uploads.
func (u *uploads) arrived() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	n := 0
	for _, f := range u.files {
		n += len(f.data)
	}
	return n
}

// takes says whether a request belongs to an upload in steps. The paths that a
// form posts to stay with the chat.
func (u *uploads) takes(host string, r *http.Request) bool {
	switch host {
	case "files.oaiusercontent.com", "bucket.blob.test", "tus.blob.test":
		return true
	case "chatgpt.com":
		return strings.HasPrefix(r.URL.Path, "/backend-api/files") && strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || r.Header.Get("Tus-Resumable") != ""
	case "generativelanguage.googleapis.com":
		return strings.HasPrefix(r.URL.Path, "/upload/") || strings.HasPrefix(r.URL.Path, "/v1/files/")
	case "www.kimi.com":
		return r.URL.Path == "/api/pre-sign-url"
	}
	return false
}

func (u *uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" {
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
	switch {
	case r.Method == http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	case r.Header.Get("Tus-Resumable") != "":
		u.tus(w, r)
	case strings.HasPrefix(r.Host, "generativelanguage."):
		u.google(w, r)
	case r.Method == http.MethodPut && r.Header.Get("Content-Range") != "":
		u.contentRange(w, r)
	case r.Method == http.MethodPut:
		u.put(w, r)
	default:
		u.open(w, r)
	}
}

// open answers the call that names a file with the address for its bytes, as
// ChatGPT and Kimi do, and the calls that follow the bytes.
func (u *uploads) open(w http.ResponseWriter, r *http.Request) {
	var request struct {
		FileName string `json:"file_name"`
		Name     string
	}
	_ = json.NewDecoder(r.Body).Decode(&request)
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/uploaded"):
		_, _ = io.WriteString(w, `{"status":"success"}`)
	case r.URL.Path == "/api/pre-sign-url":
		path := u.create(request.Name, 0)
		fmt.Fprintf(w, `{"url":"https://bucket.blob.test%s?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature=5d67","object_name":%q}`, path, request.Name)
	default:
		path := u.create(request.FileName, 0)
		fmt.Fprintf(w, `{"status":"success","file_id":%q,"upload_url":"https://files.oaiusercontent.com%s?se=2099-11-22T10%%3A00%%3A00Z&sp=w&sv=2024-08-04&sig=0bMC%%3D"}`, strings.TrimPrefix(path, "/"), path)
	}
}

func (u *uploads) create(name string, size int64) (path string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	path = fmt.Sprintf("/file-8JqvX2kPdW3m%04d", len(u.files))
	u.files[path] = &storedFile{name: name, size: size}
	return path
}

// add keeps bytes of an upload that exists; what came before an error stays.
func (u *uploads) add(path string, body io.Reader, done bool) (size int64, found bool) {
	data, err := io.ReadAll(body)
	u.mu.Lock()
	defer u.mu.Unlock()
	f := u.files[path]
	if f == nil {
		return 0, false
	}
	f.data = append(f.data, data...)
	f.done = err == nil && (done || f.size > 0 && int64(len(f.data)) >= f.size)
	return int64(len(f.data)), true
}

// put takes a whole file, as a bucket does.
func (u *uploads) put(w http.ResponseWriter, r *http.Request) {
	if _, found := u.add(r.URL.Path, r.Body, true); !found {
		http.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// contentRange takes the chunks of a resumable upload of Google: 308 until the last.
func (u *uploads) contentRange(w http.ResponseWriter, r *http.Request) {
	var first, last, total int64
	if _, err := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &total); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	size, found := u.add(r.URL.Path, r.Body, last+1 == total)
	switch {
	case !found:
		http.NotFound(w, r)
	case last+1 < total:
		w.Header().Set("Range", fmt.Sprintf("bytes=0-%d", size-1))
		w.WriteHeader(http.StatusPermanentRedirect)
	}
}

// google speaks both resumable protocols of Google: X-Goog-Upload-Command, as its
// SDKs do, and Location with Content-Range, as its REST guide does.
func (u *uploads) google(w http.ResponseWriter, r *http.Request) {
	path, command := r.URL.Query().Get("upload_id"), r.Header.Get("X-Goog-Upload-Command")
	switch {
	case r.Header.Get("Content-Range") != "":
		r.URL.Path = path
		u.contentRange(w, r)
	case path == "":
		_, _ = io.Copy(io.Discard, r.Body)
		size, _ := strconv.ParseInt(r.Header.Get("X-Goog-Upload-Header-Content-Length"), 10, 64)
		address := "https://" + r.Host + "/upload/v1beta/files?upload_id=" + u.create(r.Header.Get("X-Goog-Upload-File-Name"), size)
		w.Header().Set("X-Goog-Upload-URL", address+"&upload_protocol=resumable")
		w.Header().Set("X-Goog-Upload-Status", "active")
		w.Header().Set("Location", address)
		_, _ = io.WriteString(w, "{}")
	default:
		final := strings.Contains(command, "finalize")
		size, _ := u.add(path, r.Body, final)
		w.Header().Set("X-Goog-Upload-Status", map[bool]string{true: "final", false: "active"}[final])
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"file":{"name":"files%s","uri":"https://%s/v1beta/files%[1]s","sizeBytes":"%[3]d","state":"ACTIVE"}}`, path, r.Host, size)
	}
}

// tus speaks tus 1.0.0: creation, PATCH and HEAD. It loses the connection in the
// middle of the second piece of each upload, once.
func (u *uploads) tus(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Tus-Resumable", "1.0.0")
	switch r.Method {
	case http.MethodPost:
		size, _ := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
		w.Header().Set("Location", "https://tus.blob.test"+u.create(r.Header.Get("Upload-Metadata"), size))
		w.WriteHeader(http.StatusCreated)
	case http.MethodHead:
		data, _ := u.stored(r.URL.Path)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Upload-Offset", strconv.Itoa(len(data)))
		u.mu.Lock()
		w.Header().Set("Upload-Length", strconv.FormatInt(u.files[r.URL.Path].size, 10))
		u.mu.Unlock()
	case http.MethodPatch:
		body := io.Reader(r.Body)
		cut := r.Header.Get("Upload-Offset") != "0" && u.losesNow(r.URL.Path)
		if cut {
			body = io.LimitReader(body, 100)
		}
		size, found := u.add(r.URL.Path, body, false)
		if cut {
			panic(http.ErrAbortHandler)
		}
		if !found {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Upload-Offset", strconv.FormatInt(size, 10))
		w.WriteHeader(http.StatusNoContent)
	}
}

// losesNow is true once for each upload.
func (u *uploads) losesNow(path string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.cut[path] {
		return false
	}
	u.cut[path] = true
	return true
}

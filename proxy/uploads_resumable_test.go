package proxy

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"
)

// thirds cuts a text in three, not at the ends of lines.
func thirds(s string) []string {
	return []string{s[:len(s)/3], s[len(s)/3 : 2*len(s)/3], s[2*len(s)/3:]}
}

// resumable is a way to send a file in parts.
type resumable struct {
	name   string
	open   func(t *testing.T, w *uploadWorld) // returns when the client knows where to send
	serve  func(w *uploadWorld, rw http.ResponseWriter, r *http.Request)
	method string
	url    func(part int) string
	header func(start, end, total int) []string
	host   string
	again  bool // the client asks in between how much has come
}

func resumables() []resumable {
	contentRange := func(start, end, total int) []string {
		return []string{"Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, end-1, total), "Content-Type", "application/octet-stream"}
	}
	chatgptOpens := func(t *testing.T, w *uploadWorld) {
		w.do(t, "POST", "https://chatgpt.com/backend-api/files", `{"file_name":"crm.csv"}`, "Content-Type", "application/json")
	}
	// answers gives the address out in the answer of ChatGPT.
	answers := func(body string, status int) func(*uploadWorld, http.ResponseWriter, *http.Request) {
		return func(w *uploadWorld, rw http.ResponseWriter, r *http.Request) {
			if r.Host == "chatgpt.com" {
				rw.Header().Set("Content-Type", "application/json")
				fmt.Fprint(rw, body)
				return
			}
			w.store(rw, r, status)
		}
	}
	const session = "https://storage.googleapis.com/upload/storage/v1/b/b/o?uploadType=resumable&upload_id=AB"
	return []resumable{
		{
			name: "Google's X-Goog-Upload", host: "content-push.googleapis.com", method: "POST",
			open: func(t *testing.T, w *uploadWorld) {
				w.do(t, "POST", "https://content-push.googleapis.com/upload/", "File name: crm.csv", "X-Goog-Upload-Command", "start", "X-Goog-Upload-Protocol", "resumable",
					"Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
			},
			serve: func(w *uploadWorld, rw http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Goog-Upload-Command") == "start" {
					rw.Header().Set("X-Goog-Upload-URL", "https://content-push.googleapis.com/upload/?upload_id=AB&upload_protocol=resumable")
					return
				}
				w.store(rw, r, 200)
			},
			url: func(int) string {
				return "https://content-push.googleapis.com/upload/?upload_id=AB&upload_protocol=resumable"
			},
			header: func(start, end, total int) []string {
				command := "upload"
				if end == total {
					command = "upload, finalize"
				}
				return []string{"X-Goog-Upload-Command", command, "X-Goog-Upload-Offset", fmt.Sprint(start), "Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}
			},
		},
		{
			name: "a session of Google Cloud Storage that a signed URL opens", host: "storage.googleapis.com", method: "PUT",
			open: func(t *testing.T, w *uploadWorld) {
				chatgptOpens(t, w)
				w.do(t, "POST", "https://storage.googleapis.com/b/crm?X-Goog-Signature=ab", "", "X-Goog-Resumable", "start", "Content-Type", "text/csv")
			},
			serve: func(w *uploadWorld, rw http.ResponseWriter, r *http.Request) {
				switch {
				case r.Host == "chatgpt.com":
					rw.Header().Set("Content-Type", "application/json")
					fmt.Fprint(rw, `{"signed_url":"https://storage.googleapis.com/b/crm?X-Goog-Signature=ab"}`)
				case r.Method == "POST":
					rw.Header().Set("Location", session)
					rw.WriteHeader(http.StatusCreated)
				default:
					w.store(rw, r, http.StatusPermanentRedirect)
				}
			},
			url: func(int) string { return session }, header: contentRange,
		},
		{
			name: "a session of Google Cloud Storage", host: "storage.googleapis.com", method: "PUT", open: chatgptOpens,
			serve: func(w *uploadWorld, rw http.ResponseWriter, r *http.Request) {
				if r.Host == "chatgpt.com" {
					rw.Header().Set("Location", session)
					rw.WriteHeader(http.StatusCreated)
					return
				}
				w.store(rw, r, http.StatusPermanentRedirect)
			},
			url: func(int) string { return session }, header: contentRange,
		},
		{
			name: "tus", host: "claude.ai", method: "PATCH", again: true,
			open: func(t *testing.T, w *uploadWorld) {
				w.do(t, "POST", "https://claude.ai/api/uploads", "", "Tus-Resumable", "1.0.0", "Upload-Length", fmt.Sprint(len(customers)),
					"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("crm.csv"))+",filetype dGV4dC9jc3Y=")
			},
			serve: func(w *uploadWorld, rw http.ResponseWriter, r *http.Request) {
				if r.Method == "POST" {
					rw.Header().Set("Location", "/api/uploads/24e533e0")
					rw.WriteHeader(http.StatusCreated)
					return
				}
				w.store(rw, r, http.StatusNoContent)
			},
			url: func(int) string { return "https://claude.ai/api/uploads/24e533e0" },
			header: func(start, _, _ int) []string {
				return []string{"Tus-Resumable", "1.0.0", "Upload-Offset", fmt.Sprint(start), "Content-Type", "application/offset+octet-stream"}
			},
		},
		{
			name: "S3 in parts", host: "bucket.s3.amazonaws.com", method: "PUT", open: chatgptOpens,
			serve: answers(`{"uploadUrls":["https://bucket.s3.amazonaws.com/k?partNumber=1&uploadId=z&X-Amz-Signature=a","https://bucket.s3.amazonaws.com/k?partNumber=2&uploadId=z&X-Amz-Signature=b","https://bucket.s3.amazonaws.com/k?partNumber=3&uploadId=z&X-Amz-Signature=c"]}`, 200),
			url: func(part int) string {
				return fmt.Sprintf("https://bucket.s3.amazonaws.com/k?partNumber=%d&uploadId=z&X-Amz-Signature=%c", part+1, "abc"[part])
			},
			header: func(int, int, int) []string { return []string{"Content-Type", ""} },
		},
		{
			name: "blocks of Azure at a host on no list", host: "blob.example.test", method: "PUT", open: chatgptOpens,
			serve: answers(`{"upload_url":"https://blob.example.test/c/crm?sp=cw&sv=1&sig=ab"}`, 201),
			url: func(part int) string {
				return fmt.Sprintf("https://blob.example.test/c/crm?sp=cw&sv=1&sig=ab&comp=block&blockid=QkxLMD%d%%3D", part)
			},
			header: func(int, int, int) []string { return []string{"X-Ms-Blob-Type", "BlockBlob", "Content-Type", ""} },
		},
	}
}

package recording

import (
	"encoding/json"
	"path"
	"strings"
	"unicode/utf8"
)

// MediaTypeOf tells what a body is by the name of its file, else by what it looks like.
func MediaTypeOf(name string, data []byte) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
		return "application/json"
	case ".jsonl", ".ndjson":
		return "application/x-ndjson"
	case ".csv":
		return "text/csv"
	case ".tsv":
		return "text/tab-separated-values"
	case ".txt", ".md", ".log":
		return "text/plain; charset=utf-8"
	case ".html", ".htm":
		return "text/html"
	case ".xml":
		return "application/xml"
	case ".eml":
		return "message/rfc822"
	case ".vcf":
		return "text/vcard"
	case ".pdf":
		return "application/pdf"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".pptx":
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".zip":
		return "application/zip"
	}
	start := strings.TrimLeft(string(data[:min(len(data), 512)]), " \t\r\n")
	switch {
	case (strings.HasPrefix(start, "{") || strings.HasPrefix(start, "[")) && json.Valid(data):
		return "application/json"
	case strings.Contains(start, "\x00") || !utf8.Valid(data):
		return "application/octet-stream"
	}
	return "text/plain; charset=utf-8"
}

package engine

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// maxFilename is the longest name of a file in bytes that file systems take.
const maxFilename = 255

// fileName is what a call says of one file.
type fileName struct {
	name, mediaType string
	size            int64
	indexes         []int // of the arrays around it
	weak            bool  // it stands under a key that names other things too
}

// name chooses the file that is meant: what the client called it, else what
// stands beside the URL, else that of the upload to which the call itself belongs.
func (a *announced) name(names []fileName, of *Upload) {
	chosen, ok := choose(names, a.indexes)
	if !ok || chosen.name == "" {
		if beside, ok := choose(a.beside, nil); ok && beside.name != "" {
			chosen.name = beside.name
			if chosen.mediaType == "" {
				chosen.mediaType = beside.mediaType
			}
		}
	}
	if of != nil {
		if chosen.name == "" {
			chosen.name = of.Filename
		}
		if chosen.mediaType == "" {
			chosen.mediaType = of.MediaType
		}
		if chosen.size == 0 {
			chosen.size = of.Size
		}
	}
	a.Filename, a.MediaType, a.Size = chosen.name, chosen.mediaType, chosen.size
}

// choose returns the only file, or the only one at the same place in its list as
// the URL; false when it cannot be told which is meant.
func choose(names []fileName, at []int) (fileName, bool) {
	if slices.ContainsFunc(names, func(n fileName) bool { return !n.weak }) {
		names = slices.DeleteFunc(slices.Clone(names), func(n fileName) bool { return n.weak })
	}
	if one, ok := only(names); ok {
		return one, true
	}
	if len(at) == 0 {
		return fileName{}, false
	}
	return only(slices.DeleteFunc(slices.Clone(names), func(n fileName) bool {
		return len(n.indexes) == 0 || n.indexes[len(n.indexes)-1] != at[len(at)-1]
	}))
}

func only(names []fileName) (fileName, bool) {
	if len(names) == 0 || slices.ContainsFunc(names, func(n fileName) bool { return n.name != names[0].name }) {
		return fileName{}, false
	}
	return names[0], true
}

// fileNames finds the files that a call speaks of: in its headers, its query and
// its body.
func (s *Snapshot) fileNames(p *Plan, request Body) []fileName {
	r := &p.Request
	fromHead := headName(r)
	if values, err := url.ParseQuery(r.Query); err == nil && fromHead.name == "" {
		for _, key := range []string{"filename", "file_name", "fileName", "name"} {
			if name := cleanName(values.Get(key)); name != "" {
				fromHead.name = name
				break
			}
		}
	}
	if name, ok := bytes.CutPrefix(request.Bytes, []byte("File name:")); ok && fromHead.name == "" { // so the web app of Gemini writes it
		fromHead.name = cleanName(string(name[:min(len(name), maxFilename+1)]))
	}
	if fromHead.name != "" {
		return []fileName{fromHead}
	}
	var names []fileName
	if len(request.Bytes) > 0 {
		names = bodyNames(s.leaves(r.Header, request.Bytes))
	}
	if len(names) == 0 && (fromHead.mediaType != "" || fromHead.size > 0) {
		return []fileName{fromHead}
	}
	for i := range names {
		if names[i].mediaType == "" {
			names[i].mediaType = fromHead.mediaType
		}
		if names[i].size == 0 && len(names) == 1 {
			names[i].size = fromHead.size
		}
	}
	return names
}

// headName reads what the head of a request says of the file that will follow.
// Sources: tus 1.0 (Upload-Metadata), RFC 5023 section 9.7 (Slug), RFC 6266, and
// Google's clients.
func headName(r *Request) (n fileName) {
	for _, name := range []string{"Upload-Length", "X-Goog-Upload-Header-Content-Length", "X-Upload-Content-Length"} {
		if size, err := strconv.ParseInt(r.header(name), 10, 64); err == nil && size > 0 {
			n.size = size
		}
	}
	for _, name := range []string{"X-Goog-Upload-Header-Content-Type", "X-Upload-Content-Type"} {
		if media := r.header(name); media != "" {
			n.mediaType = media
		}
	}
	for _, name := range []string{"X-Goog-Upload-File-Name", "X-Goog-Upload-Header-X-File-Name", "X-File-Name", "Slug"} {
		if value, err := url.PathUnescape(r.header(name)); err == nil && value != "" {
			n.name = cleanName(value)
		}
	}
	if disposition := r.header("Content-Disposition"); disposition != "" && n.name == "" {
		_, parameters, _ := mime.ParseMediaType(disposition)
		n.name = cleanName(parameters["filename"])
	}
	metadata := r.header("Upload-Metadata")
	for metadata != "" {
		var pair string
		pair, metadata, _ = strings.Cut(metadata, ",")
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil {
			continue
		}
		switch key = normalKey(key); {
		case isNameKey(key) || key == "name" && n.name == "":
			n.name = cleanName(string(decoded))
		case isMediaKey(key) && strings.Contains(string(decoded), "/"):
			n.mediaType = string(decoded)
		}
	}
	return n
}

// bodyNames finds the names of files among the strings of a body.
func bodyNames(leaves []classifier.Segment) []fileName {
	var names []fileName
	for i := range leaves {
		leaf := &leaves[i]
		if name, ok := nameIn(leaf); ok {
			names = append(names, fileName{name: name.name, weak: name.weak, indexes: indexes(leaf), mediaType: mediaBeside(leaf, leaves)})
		}
	}
	return names
}

func nameIn(leaf *classifier.Segment) (n fileName, ok bool) {
	key := normalKey(leaf.Field)
	n.name = cleanName(string(leaf.Text[:min(len(leaf.Text), maxFilename+1)]))
	n.weak = !isNameKey(key)
	return n, n.name != "" && (!n.weak || (key == "name" || key == "title" || key == "path") && hasExtension(n.name))
}

func isNameKey(key string) bool {
	return slices.Contains([]string{"filename", "originalfilename", "originalname", "displayname", "sourcename", "fname"}, key)
}

func isMediaKey(key string) bool {
	return slices.Contains([]string{"mimetype", "contenttype", "filetype", "mediatype", "mime", "filemimetype", "type"}, key)
}

// namesBeside returns the names of files in the object where a leaf stands.
func namesBeside(leaf *classifier.Segment, leaves []classifier.Segment) []fileName {
	var names []fileName
	for i := range leaves {
		if leaves[i].Location.Parent != leaf.Location.Parent {
			continue
		}
		if name, ok := nameIn(&leaves[i]); ok {
			name.mediaType = mediaBeside(leaf, leaves)
			names = append(names, name)
		}
	}
	return names
}

func mediaBeside(leaf *classifier.Segment, leaves []classifier.Segment) string {
	for i := range leaves {
		text := leaves[i].Text
		if leaves[i].Location.Parent == leaf.Location.Parent && len(text) <= 128 && isMediaKey(normalKey(leaves[i].Field)) && strings.Contains(string(text), "/") {
			return string(text)
		}
	}
	return ""
}

// indexes are those of the arrays around a leaf, the outermost first.
func indexes(leaf *classifier.Segment) []int {
	var out []int
	for _, step := range leaf.Location.Steps() {
		if step.Stage == classifier.StageIndex {
			out = append(out, step.Index)
		}
	}
	return out
}

// cleanName returns the last element of a path without what no name has; "" for
// what cannot be one.
func cleanName(name string) string {
	name = strings.TrimSpace(name[strings.LastIndexAny(name, `/\`)+1:])
	if len(name) > maxFilename || !utf8.ValidString(name) || name == "." || name == ".." || strings.ContainsFunc(name, unicode.IsControl) {
		return ""
	}
	return name
}

func hasExtension(name string) bool {
	i := strings.LastIndexByte(name, '.')
	if i < 1 || len(name)-i < 2 || len(name)-i > 9 {
		return false
	}
	return !strings.ContainsFunc(name[i+1:], func(c rune) bool {
		return c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c)
	})
}

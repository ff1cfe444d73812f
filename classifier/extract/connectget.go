package extract

import (
	"bytes"
	"encoding/base64"

	"daylight.internal/classifier"
)

// connectGet is what the query of a Connect call by GET says of its message.
// Source: https://connectrpc.com/docs/protocol#unary-get-request
type connectGet struct {
	message     []byte
	codec       string // "json", "proto"
	compression string
	base64      bool
}

// connectQuery recognises the query of a Connect call by GET.
func (e *extractor) connectQuery(query []byte) (get connectGet, ok bool) {
	for pair := range bytes.SplitSeq(query, []byte{'&'}) {
		name, value, _ := bytes.Cut(pair, []byte{'='})
		value = e.percentDecode(value, true)
		switch string(name) {
		case "message":
			get.message = value
		case "encoding":
			get.codec = string(value)
		case "compression":
			get.compression = string(value)
		case "base64":
			get.base64 = string(value) == "1"
		}
	}
	return get, len(get.message) > 0 && get.codec != "" && (get.base64 || get.compression != "")
}

// connectMessage reads the message in such a query and tells whether it could.
func (e *extractor) connectMessage(get connectGet) bool {
	at := classifier.Location{Stage: classifier.StageQuery, Name: "message"}
	b := get.message
	if get.base64 {
		decoded, err := base64.RawURLEncoding.DecodeString(string(bytes.TrimRight(b, "=")))
		if err != nil {
			return false
		}
		b, at = decoded, classifier.Location{Parent: e.locate(at), Stage: classifier.StageBase64}
		e.decoded += int64(len(b))
	}
	if get.compression != "" && get.compression != "identity" {
		b, _ = e.decompressOne(b, get.compression)
	}
	h := hint{mediaType: jsonType}
	if get.codec == "proto" {
		h.mediaType = protobufType
	}
	e.content(b, h, place{e.locate(at), "message", 1})
	return true
}

// query reads the query of a URL.
func (e *extractor) query(query []byte) {
	if get, ok := e.connectQuery(query); ok && e.connectMessage(get) {
		var rest [][]byte
		for pair := range bytes.SplitSeq(query, []byte{'&'}) {
			if !bytes.HasPrefix(pair, []byte("message=")) {
				rest = append(rest, pair)
			}
		}
		query = bytes.Join(rest, []byte{'&'})
	}
	e.pairs(query, classifier.StageQuery, place{})
}

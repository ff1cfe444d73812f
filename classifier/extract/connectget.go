package extract

import (
	"bytes"
	"cmp"
	"encoding/base64"

	"daylight.internal/classifier"
)

// connectGet is what the query of a Connect call by GET says of its message.
// Source: https://connectrpc.com/docs/protocol#unary-get-request
type connectGet struct {
	codec       string // "json", "proto"
	compression string
	base64      string // "1"
}

// connectQuery recognises the query of a Connect call by GET. Of a name that
// stands there twice servers take the first value; of the message each is read.
func (e *extractor) connectQuery(query []byte) (get connectGet, ok bool) {
	found := false
	for pair := range bytes.SplitSeq(query, []byte{'&'}) {
		name, value := e.queryPair(pair)
		switch name {
		case "message":
			found = found || len(value) > 0
		case "encoding":
			get.codec = cmp.Or(get.codec, string(value))
		case "compression":
			get.compression = cmp.Or(get.compression, string(value))
		case "base64":
			get.base64 = cmp.Or(get.base64, string(value))
		}
	}
	return get, found && get.codec != "" && (get.base64 == "1" || get.compression != "")
}

func (e *extractor) queryPair(pair []byte) (name string, value []byte) {
	encoded, value, _ := bytes.Cut(pair, []byte{'='})
	return string(e.percentDecode(encoded, true)), e.percentDecode(value, true)
}

// connectMessage reads a message in such a query and tells whether it could.
func (e *extractor) connectMessage(get connectGet, b []byte) bool {
	at := classifier.Location{Stage: classifier.StageQuery, Name: "message"}
	if get.base64 == "1" {
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
	if get, ok := e.connectQuery(query); ok {
		var rest [][]byte
		for pair := range bytes.SplitSeq(query, []byte{'&'}) {
			if name, value := e.queryPair(pair); name != "message" || len(value) == 0 || !e.connectMessage(get, value) {
				rest = append(rest, pair)
			}
		}
		query = bytes.Join(rest, []byte{'&'})
	}
	e.pairs(query, classifier.StageQuery, place{})
}

package extract_test

import (
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
)

func TestWhatIsUploadedToS3InSignedChunksIsReadWithoutThem(t *testing.T) {
	const signature = ";chunk-signature=9e3c7a"
	for _, c := range []struct{ name, encoding, body, want, reason string }{
		{"signed", "aws-chunked", "5" + signature + "\r\nana.k\r\n6" + signature + "\r\novac@x\r\n0" + signature + "\r\n\r\n", "ana.kovac@x", ""},
		{"with trailers", "aws-chunked", "b\r\nana.kovac@x\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "ana.kovac@x", ""},
		{"around gzip is named first", "aws-chunked, identity", "3\r\nana\r\n0\r\n\r\n", "ana", ""},
		{"cut within a chunk", "aws-chunked", "b\r\nana.kov", "ana.kov", "incomplete"},
		{"cut between chunks", "aws-chunked", "3\r\nana\r\n", "ana", "incomplete"},
		{"not in chunks at all", "aws-chunked", "ana.kovac@x wrote", "ana.kovac@x wrote", "corrupt"},
		{"a size that is none", "aws-chunked", "3\r\nana\r\n-5\r\nkovac", "ana", "corrupt"},
		{"more than trailers behind the end", "aws-chunked", "3\r\nana\r\n0\r\n" + strings.Repeat("kovac ", 2000), "ana", "corrupt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := extract.Body(extract.Input{Encoding: c.encoding, Body: []byte(c.body)}, extract.Limits{})
			found := false
			for _, s := range d.Segments {
				found = found || string(s.Text) == c.want
			}
			if !found {
				t.Errorf("%q is not among %d segments", c.want, len(d.Segments))
			}
			if d.Coverage.Reason != c.reason || (d.Coverage.State == classifier.Complete) != (c.reason == "") {
				t.Errorf("coverage %+v, want %q", d.Coverage, c.reason)
			}
		})
	}
}

package extract

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/snappy"
)

// snappyRatio is more than snappy ever gains: two bytes stand for 64 at most.
const snappyRatio = 32

var errSnappySize = errors.New("snappy block of an impossible size")

// newSnappy returns the decoder of either form of snappy: gRPC libraries write
// the one in frames, some services one block.
// Source: https://github.com/google/snappy/blob/main/framing_format.txt
func newSnappy(r *bytes.Reader, b []byte) (io.ReadCloser, error) {
	if bytes.HasPrefix(b, []byte("\xff\x06\x00\x00sNaPpY")) {
		return io.NopCloser(snappy.NewReader(r)), nil
	}
	size, err := snappy.DecodedLen(b)
	if err != nil {
		return nil, err
	}
	if size > len(b)*snappyRatio { // it is what would be allocated
		return nil, errSnappySize
	}
	decoded, err := snappy.Decode(nil, b)
	if err != nil {
		return nil, err
	}
	_, _ = r.Seek(0, io.SeekEnd) // all of b was used
	return io.NopCloser(bytes.NewReader(decoded)), nil
}

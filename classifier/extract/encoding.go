package extract

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"daylight.internal/classifier"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Some compressions of a few bytes are enormous and harmless.
const alwaysAllowed = 1 << 20

// zstdWindow is the largest window that a content coding may ask for.
// Source: RFC 9659.
const zstdWindow = 8 << 20

// coding is the name of a content coding.
func coding(mediaType string) string {
	if mediaType == zstdType {
		return "zstd"
	}
	return "gzip"
}

func trimCompressionSuffix(filename string) string {
	return strings.TrimSuffix(strings.TrimSuffix(filename, ".gz"), ".zst")
}

// decompress undoes the codings of a Content-Encoding header, the last first,
// and tells how many bytes of b it took for that.
func (e *extractor) decompress(b []byte, header string) (decoded []byte, consumed int) {
	if len(b) == 0 {
		return nil, 0
	}
	codings := strings.Split(strings.ToLower(header), ",")
	consumed = len(b)
	for i := len(codings) - 1; i >= 0; i-- {
		name := strings.TrimSpace(codings[i])
		if name == "" || name == "identity" {
			continue
		}
		if len(codings)-i > e.limits.Depth {
			e.skip(classifier.Truncated, "over_depth", 0)
			return b, consumed
		}
		size := len(b)
		var used int
		if b, used = e.decompressOne(b, name); used < size {
			consumed = int(int64(consumed) * int64(used) / int64(size))
		}
	}
	return b, consumed
}

// decompressOne undoes one coding and tells how many bytes of b were used. What
// is not compressed at all, though the header says so, comes back as it is.
func (e *extractor) decompressOne(b []byte, name string) (decoded []byte, used int) {
	source := bytes.NewReader(b)
	r, err := newDecoder(source, b, name)
	if err != nil {
		reason := "corrupt"
		if errors.Is(err, errUnknownCoding) {
			reason = "unknown_encoding"
		}
		e.skip(classifier.Undecodable, reason, 0)
		return b, len(b)
	}
	defer func() { _ = r.Close() }() // it frees memory; there is nothing to lose
	room, reason := e.room(len(b))
	var out bytes.Buffer
	out.Grow(min(int(room)+bytes.MinRead, 4*len(b)+bytes.MinRead))
	n, err := out.ReadFrom(io.LimitReader(r, room+1))
	switch {
	case n > room:
		out.Truncate(int(room))
		e.skip(classifier.Truncated, reason, 0)
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.skip(classifier.Truncated, "incomplete", 0)
	case err != nil && n == 0:
		e.skip(classifier.Undecodable, "corrupt", 0)
		return b, 0
	case err != nil:
		e.skip(classifier.Undecodable, "corrupt", 0)
	case source.Len() > 0: // bytes behind the end, which a server may read
		e.skip(classifier.Undecodable, "corrupt", 0)
	}
	e.decoded += int64(out.Len())
	return out.Bytes(), len(b) - source.Len()
}

// room is how much n encoded bytes may decode to, and the word for having less.
func (e *extractor) room(n int) (room int64, reason string) {
	left := min(max(e.limits.DecodedBytes-e.decoded, 0), e.left())
	byRatio := max(alwaysAllowed, int64(n)*e.limits.Ratio)
	if byRatio < left {
		return byRatio, "over_ratio"
	}
	return left, "over_limit"
}

var errUnknownCoding = errors.New("unknown content coding")

// newDecoder returns the decoder of a coding named as in the registry of RFC 9110.
func newDecoder(r *bytes.Reader, b []byte, name string) (io.ReadCloser, error) {
	switch name {
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "deflate":
		// The registry means zlib; some clients send the bare stream.
		if len(b) >= 2 && b[0]&0x0f == 8 && (uint(b[0])<<8|uint(b[1]))%31 == 0 {
			return zlib.NewReader(r)
		}
		return flate.NewReader(r), nil
	case "snappy", "x-snappy-framed":
		return newSnappy(r, b)
	case "aws-chunked":
		return newAWSChunked(r), nil
	case "br":
		return io.NopCloser(brotli.NewReader(r)), nil
	case "zstd":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	default:
		return nil, errUnknownCoding
	}
}

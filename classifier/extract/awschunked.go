package extract

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
)

// maxTrailer bytes may stand behind the last chunk: checksums and a signature.
const maxTrailer = 4096

// errChunk is the error of a body that is not in chunks.
var errChunk = errors.New("not a chunk")

// awsChunked undoes the coding "aws-chunked", in which clients of S3 sign what
// they upload: "SIZE;chunk-signature=…", the bytes, and at the end trailers.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
type awsChunked struct {
	in   *bufio.Reader
	left int64 // of the chunk
	any  bool  // a chunk was begun
	end  error // io.EOF behind the last chunk, or what is wrong
}

func newAWSChunked(r io.Reader) io.ReadCloser {
	return io.NopCloser(&awsChunked{in: bufio.NewReaderSize(r, maxTrailer)})
}

// Read implements io.Reader.
func (c *awsChunked) Read(p []byte) (int, error) {
	if c.left == 0 && c.end == nil {
		c.end = c.begin()
	}
	if c.end != nil {
		return 0, c.end
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// begin reads the head of the next chunk.
func (c *awsChunked) begin() error {
	if c.any {
		if behind, err := c.in.ReadSlice('\n'); err == io.EOF {
			return io.ErrUnexpectedEOF
		} else if err != nil || len(bytes.TrimRight(behind, "\r\n")) > 0 {
			return errChunk
		}
	}
	c.any = true
	line, err := c.in.ReadSlice('\n')
	size, _, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte{';'})
	n, malformed := strconv.ParseUint(string(size), 16, 62)
	switch {
	case err == io.EOF && (malformed == nil || len(size) == 0):
		return io.ErrUnexpectedEOF
	case err != nil || malformed != nil:
		return errChunk
	case n > 0:
		c.left = int64(n)
		return nil
	}
	if n, _ := io.CopyN(io.Discard, c.in, maxTrailer+1); n > maxTrailer {
		return errChunk
	}
	return io.EOF
}

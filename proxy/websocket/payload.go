package websocket

import "io"

// Payload reads the payload of one message from its frames, which a Reader has
// passed. Frames that were cut off end with io.ErrUnexpectedEOF.
type Payload struct {
	frames io.Reader
	head   Header
	at     int64 // bytes of the frame's payload that were read
	begun  bool
	bytes  [maxHeader]byte
}

// NewPayload returns a reader over the frames of one message.
func NewPayload(frames io.Reader) *Payload { return &Payload{frames: frames} }

// Read implements io.Reader.
func (p *Payload) Read(b []byte) (int, error) {
	for p.at == p.head.Length {
		if p.begun && p.head.Final {
			return 0, io.EOF
		}
		if err := p.next(); err != nil {
			return 0, unexpected(err)
		}
	}
	n, err := p.frames.Read(b[:min(int64(len(b)), p.head.Length-p.at)])
	if p.head.Masked {
		mask(b[:n], p.head.Key, p.at)
	}
	p.at += int64(n)
	if n > 0 {
		return n, nil
	}
	return 0, unexpected(err)
}

// next reads the head of a frame.
func (p *Payload) next() error {
	if _, err := io.ReadFull(p.frames, p.bytes[:2]); err != nil {
		return err
	}
	n := headerLength(p.bytes[:])
	if _, err := io.ReadFull(p.frames, p.bytes[2:n]); err != nil {
		return err
	}
	p.head, _ = parseHeader(p.bytes[:n])
	p.at, p.begun = 0, true
	return nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

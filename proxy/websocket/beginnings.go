package websocket

// Beginnings gathers the beginnings of the messages of a server's stream, whose
// frames are not masked (RFC 6455 5.1). Limit must be set.
type Beginnings struct {
	Limit int // bytes of a message that are gathered

	bytes [maxHeader]byte
	have  int
	frame Header // that is being read
	left  int64
	first Header // of the message
	data  []byte
	lost  bool // a length made no sense, or the stream was closed
}

// keptBeginning bounds the memory that is kept from message to message.
const keptBeginning = 8 << 10

// Add takes the next bytes of the stream, and tells each message that comes to its
// end: the head of its first frame, the beginning of its payload, as it travelled,
// and whether that is all of it. payload is valid during the call.
func (m *Beginnings) Add(b []byte, each func(first Header, payload []byte, whole bool)) {
	for len(b) > 0 && !m.lost {
		if m.left > 0 {
			b = m.take(b)
		} else {
			m.bytes[m.have] = b[0]
			m.have++
			b = b[1:]
			if m.have < 2 || m.have < headerLength(m.bytes[:]) {
				continue
			}
			m.begin()
		}
		if m.have == 0 && m.left == 0 && m.frame.Final && !m.frame.Opcode.IsControl() && !m.lost {
			whole := len(m.data) <= m.Limit
			each(m.first, m.data[:min(len(m.data), m.Limit)], whole)
			m.data, m.frame = m.data[:0], Header{}
			if cap(m.data) > keptBeginning {
				m.data = nil
			}
		}
	}
}

// take takes payload, of which one byte more than Limit is kept to tell that there was more.
func (m *Beginnings) take(b []byte) (rest []byte) {
	n := int(min(m.left, int64(len(b))))
	if !m.frame.Opcode.IsControl() {
		m.data = append(m.data, b[:min(n, max(0, m.Limit+1-len(m.data)))]...)
	}
	m.left -= int64(n)
	return b[n:]
}

func (m *Beginnings) begin() {
	m.frame, _ = parseHeader(m.bytes[:m.have])
	m.have, m.left = 0, m.frame.Length
	m.lost = m.frame.Length < 0 || m.frame.Masked || m.frame.Opcode == Close
	if !m.frame.Opcode.IsControl() && m.frame.Opcode != Continuation {
		m.first, m.data = m.frame, m.data[:0]
	}
}

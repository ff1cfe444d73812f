package recording

import (
	"strconv"
	"strings"
)

// chunked reads a body in chunks (RFC 9112, 7.1). One that breaks off was not
// recorded to its end.
func (m *message) chunked(x *Exchange) error {
	for {
		start := m.at
		line, ok := m.line()
		size, _, _ := strings.Cut(line, ";") // extensions say nothing
		if !ok && line == "" {
			x.Body.Reason = NotRecorded
			return nil
		}
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 31)
		if err != nil {
			return m.fault(start, "a chunk begins with its size in hexadecimal digits", "this is no size of a chunk")
		}
		if n == 0 {
			_, err := m.fields() // the trailer
			return err
		}
		rest := m.data[m.at:]
		taken := rest[:min(n, uint64(len(rest)))]
		x.Body.Bytes = append(x.Body.Bytes, taken...)
		m.at += len(taken)
		if uint64(len(taken)) < n {
			x.Body.Reason = NotRecorded
			return nil
		}
		start = m.at
		if end, _ := m.line(); end != "" {
			return m.fault(start, "line ends count: two bytes for CR LF", "the chunk is longer than its size says")
		}
	}
}

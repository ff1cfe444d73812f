package proxy

// prefix keeps the first bytes of a stream and counts all of them. It grows as
// bytes come, so that a declared length costs nothing.
type prefix struct {
	memory *memory
	limit  int64 // bytes kept at most
	data   []byte
	total  int64
	reason string // why no more is kept: "over_limit" or "busy"; "" while there is room
}

// write keeps what fits of b and returns how much that was.
func (p *prefix) write(b []byte) (kept int) {
	p.total += int64(len(b))
	for len(b) > 0 {
		room := p.room()
		if room == nil {
			break
		}
		n := copy(room, b)
		p.data = p.data[:len(p.data)+n]
		b, kept = b[n:], kept+n
	}
	return kept
}

// room returns where the next bytes go; nil when no more are kept. Who fills it
// by itself calls filled.
func (p *prefix) room() []byte {
	if p.reason == "" && int64(len(p.data)) == min(p.limit, int64(cap(p.data))) {
		p.grow()
	}
	if p.reason != "" {
		return nil
	}
	return p.data[len(p.data):min(p.limit, int64(cap(p.data)))]
}

// filled tells that n bytes were put where room said.
func (p *prefix) filled(n int) {
	p.total += int64(n)
	p.data = p.data[:len(p.data)+n]
}

// grow makes room, or sets the reason why there is none. Small ones grow faster:
// most bodies are small, and a large one must not take more than its share.
func (p *prefix) grow() {
	if int64(len(p.data)) >= p.limit {
		p.reason = "over_limit"
		return
	}
	size := int64(cap(p.data))
	if size < fairFloor {
		size *= 4
	} else {
		size *= 2
	}
	bigger := p.memory.get(min(p.limit, max(smallestBuffer, size)))
	if bigger == nil {
		p.reason = "busy"
		return
	}
	bigger = append(bigger, p.data...)
	p.memory.put(p.data)
	p.data = bigger
}

// release gives the memory back; data is gone.
func (p *prefix) release() {
	p.memory.put(p.data)
	p.data = nil
}

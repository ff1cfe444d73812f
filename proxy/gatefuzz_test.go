package proxy

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/rpc"
)

// Whatever a client sends, in whatever pieces: what goes on is a whole number of
// envelopes from the beginning of it, and all of it unless there is an error.
func FuzzGate(f *testing.F) {
	f.Add([]byte(framed(0, "abc")+framed(1, "")+framed(0, "SECRET")+framed(0, "x")), uint64(1), true)
	f.Add([]byte(framed(0, strings.Repeat("a", 300))+framed(2, "{}")), uint64(2), false)
	f.Add([]byte(`{"messages":[]}`), uint64(3), true)
	f.Add([]byte("\x00\xff\xff\xff\xffabc"), uint64(4), true)
	m := metrics.New(metrics.Build{})
	snapshots := NewSnapshots(func() (Snapshot, error) { return gateOf("SECRET"), nil }, m)
	if err := snapshots.Load(); err != nil {
		f.Fatal(err)
	}
	j := NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: m, Limits: Limits{HoldMemoryBytes: 64, HoldBytes: 200}, TempDir: f.TempDir()})
	f.Fuzz(func(t *testing.T, data []byte, seed uint64, grpc bool) {
		media := "application/connect+proto"
		if grpc {
			media = "application/grpc"
		}
		x, r := openGateOf(t, j, media, &pieces{data: data, random: rand.New(rand.NewPCG(seed, 1))})
		out, err := io.ReadAll(&pieces{inner: r.Body, random: rand.New(rand.NewPCG(seed, 2))})
		if !bytes.HasPrefix(data, out) || err == nil && len(out) != len(data) {
			t.Errorf("%q went in, %q came out, %v", data, out, err)
		}
		for rest := out; len(rest) > 0; {
			if len(rest) < rpc.HeadSize || rest[0] > 3 {
				t.Fatalf("%q is no envelope", rest)
			}
			size := int(binary.BigEndian.Uint32(rest[1:])) + rpc.HeadSize
			if size > len(rest) {
				if size > 200 && err != nil {
					break // too long to be held, and cut by the client
				}
				t.Fatalf("a part of an envelope went on: %q", rest)
			}
			if size <= 200 && bytes.Contains(rest[:size], []byte("SECRET")) {
				t.Fatalf("a stopped message went on: %q", rest[:size])
			}
			rest = rest[size:]
		}
		x.finish(nil)
		if used := j.memory.used.Load(); used != 0 {
			t.Errorf("%d bytes of memory were not given back", used)
		}
	})
}

// pieces reads in pieces of random length.
type pieces struct {
	data   []byte
	inner  io.Reader // else
	random *rand.Rand
}

func (p *pieces) Read(b []byte) (int, error) {
	b = b[:min(len(b), 1+p.random.IntN(400))]
	if p.inner != nil {
		return p.inner.Read(b)
	}
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.data)
	p.data = p.data[n:]
	return n, nil
}

package proxy

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"daylight.internal/rules/discovery"
)

// FuzzCodedAnswer feeds any bytes under any coding, in pieces of any size.
func FuzzCodedAnswer(f *testing.F) {
	d, err := discovery.New()
	if err != nil {
		f.Fatal(err)
	}
	for _, coding := range []string{"gzip", "deflate", "br", "zstd", "x"} {
		var b bytes.Buffer
		out, flush := coded(&b, coding)
		out.Write([]byte("data: {\"choices\":[{\"delta\":{\"content\":\" a\"}}]}\n\n"))
		flush()
		out.Close()
		f.Add(coding, b.Bytes(), uint8(7))
	}
	f.Fuzz(func(t *testing.T, coding string, data []byte, size uint8) {
		x := d.Exchange(&discovery.Request{Method: "POST", Body: []byte(neutral("please write a friendly mail to her"))})
		x.Answer(&discovery.Response{Status: 200, MediaType: "text/event-stream"})
		c := newCodedAnswer(http.Header{"Content-Encoding": {coding}})
		if c == nil {
			return
		}
		for at := time.Duration(0); len(data) > 0; at += 40 * time.Millisecond {
			n := min(len(data), int(size)+1)
			c.add(at, data[:n])
			data = data[n:]
		}
		c.replay(&x)
		x.Evidence()
		if len(c.data) > codedBytes || len(c.pieces) > codedPieces {
			t.Errorf("%d bytes in %d pieces were kept", len(c.data), len(c.pieces))
		}
	})
}

// The rhythm of a compressed answer is that of its pieces.
func TestACompressedAnswerKeepsItsRhythm(t *testing.T) {
	d, err := discovery.New()
	if err != nil {
		t.Fatal(err)
	}
	words := []string{" the", " order", " is", " on", " its", " way", " to", " you", " tomorrow", " morning"}
	for _, coding := range []string{"gzip", "br", "zstd"} {
		x := d.Exchange(&discovery.Request{Method: "POST", Body: []byte(neutral("please write a friendly mail to her"))})
		x.Answer(&discovery.Response{Status: 200, MediaType: "text/event-stream"})
		c := &codedAnswer{coding: coding}
		var b bytes.Buffer
		out, flush := coded(&b, coding)
		for i := range 60 {
			out.Write([]byte(`data: {"t":"` + words[i*7%len(words)] + "\"}\n\n"))
			flush()
			c.add(time.Duration(i)*40*time.Millisecond, b.Bytes())
			b.Reset()
		}
		c.replay(&x)
		if words := x.Evidence().Words; !words.Has(discovery.StreamAnswer) || !words.Has(discovery.TokenPieces) {
			t.Errorf("%s: %v", coding, words.Strings())
		}
	}
}

package extract

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"daylight.internal/classifier"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// compress encodes text with one content coding.
func compress(t testing.TB, coding string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, err = flate.NewWriter(&b, 6)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	default:
		t.Fatalf("no encoder for %q", coding)
	}
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatalf("compressing: %v", err)
	}
	return b.Bytes()
}

func TestContentEncodings(t *testing.T) {
	text := []byte(`{"a":"Hello Ana"}`)
	want := []string{"$.a = Hello Ana"}
	run(t, []bodyCase{
		{name: "gzip", in: Input{Encoding: "gzip", Body: compress(t, "gzip", text)}, want: want, media: "application/json"},
		{name: "zlib", in: Input{Encoding: "deflate", Body: compress(t, "deflate", text)}, want: want},
		{name: "deflate without zlib", in: Input{Encoding: "deflate", Body: compress(t, "raw deflate", text)}, want: want},
		{name: "br", in: Input{Encoding: "br", Body: compress(t, "br", text)}, want: want},
		{name: "zstd", in: Input{Encoding: "ZSTD", Body: compress(t, "zstd", text)}, want: want},
		{name: "identity", in: Input{Encoding: "identity", Body: text}, want: want},
		{name: "stacked", in: Input{Encoding: "br, gzip", Body: compress(t, "gzip", compress(t, "br", text))}, want: want},
		{name: "not declared", in: Input{Body: compress(t, "gzip", text)}, want: want, media: "application/gzip"},
		{name: "zlib with bytes behind its end", in: Input{Encoding: "deflate", Body: append(compress(t, "deflate", text), "ana@customer.example"...)}, want: want, coverage: "undecodable corrupt"},
		{name: "deflate with bytes behind its end", in: Input{Encoding: "deflate", Body: append(compress(t, "raw deflate", text), "ana@customer.example"...)}, want: want, coverage: "undecodable corrupt"},
		{name: "unknown", in: Input{Encoding: "compress", Body: []byte("\x1f\x9d\x90\x00\x01\x02")}, want: nil, coverage: "undecodable unknown_encoding"},
		{name: "declared, but not compressed", in: Input{Encoding: "gzip", Body: text}, want: want, coverage: "undecodable corrupt"},
	})
}

func TestCompressedBodyThatEndsEarlyKeepsWhatWasRead(t *testing.T) {
	var text []byte
	for i := range 50_000 {
		text = strconv.AppendInt(append(text, " order "...), int64(i)*7919*7919, 36)
	}
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		whole := compress(t, coding, text)
		d := Body(Input{Encoding: coding, Body: whole[:len(whole)*3/4]}, Limits{})
		if len(d.Segments) != 1 || !bytes.HasPrefix(text, d.Segments[0].Text) || len(d.Segments[0].Text) < len(text)/4 {
			t.Errorf("%s: what was read is lost", coding)
		}
		if got := d.Coverage.State.String() + " " + d.Coverage.Reason; got != "truncated incomplete" {
			t.Errorf("%s: coverage %s, want truncated incomplete", coding, got)
		}
	}
}

func TestLimits(t *testing.T) {
	spaces := bytes.Repeat([]byte("x "), 4<<20)
	nested := strings.Repeat(`[`, 600) + `"deep 12345"` + strings.Repeat(`]`, 600)
	for _, c := range []struct {
		name     string
		in       Input
		limits   Limits
		coverage string
		atMost   int // bytes of text
	}{
		{"ratio", Input{Encoding: "gzip", Body: compress(t, "gzip", spaces)}, Limits{}, "truncated over_ratio", 2 << 20},
		{"decoded bytes", Input{Encoding: "gzip", Body: compress(t, "gzip", spaces)}, Limits{DecodedBytes: 1000}, "truncated over_limit", 1000},
		{"decoded bytes of base64", body(strings.Repeat("SGVsbG8g", 100)), Limits{DecodedBytes: 100}, "truncated over_limit", 100},
		{"segments", body(`["a","b","c"]`), Limits{Segments: 2}, "truncated over_segments", 2},
		{"nesting of arrays", body(nested), Limits{}, "truncated over_depth", len(nested)},
		{"nested formats", body(`["[\"[\\\"a\\\"]\"]"]`), Limits{Depth: 1}, "truncated over_depth", 5},
		{"cells: the rest is text", body("a\tb\n1\t2\n3\t4\n"), Limits{Cells: 4}, "complete", 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Body(c.in, c.limits)
			if got := strings.TrimSpace(d.Coverage.State.String() + " " + d.Coverage.Reason); got != c.coverage {
				t.Errorf("coverage %q, want %q", got, c.coverage)
			}
			n := 0
			for _, s := range d.Segments {
				n += len(s.Text)
			}
			if n == 0 || n > c.atMost {
				t.Errorf("%d bytes of text, want 1 to %d", n, c.atMost)
			}
		})
	}
}

func TestCoverageCountsTheBytesRead(t *testing.T) {
	image := `{"a":"data:image/gif;base64,R0lGODlh` + strings.Repeat("AAAA", 250) + `","b":"c"}`
	c := Body(body(image), Limits{}).Coverage
	if want := int64(len(image) - 1008); c.BytesRead != want {
		t.Errorf("%d bytes read of %d, want %d", c.BytesRead, len(image), want)
	}
	if c := Body(Input{}, Limits{}).Coverage; c.State.String() != "complete" || c.BytesRead != 0 {
		t.Errorf("nothing to read: %+v", c)
	}
}

func TestAFaultCostsTheBodyAlone(t *testing.T) {
	e := &extractor{limits: Limits{}.withDefaults()}
	d := e.guard(body("x"), func(in Input) classifier.Document {
		e.emit(in.Body, classifier.Location{}, "")
		panic("a decoder's fault")
	})
	if c := d.Coverage; c.State != classifier.Undecodable || c.Reason != "internal_error" || c.BytesRead != 0 || len(d.Segments) != 1 {
		t.Errorf("after a panic: %+v", d)
	}
}

// TestEveryCutIsSurvived cuts a sample of each format at every offset.
func TestEveryCutIsSurvived(t *testing.T) {
	samples := map[string]Input{
		"json":      body(`{"a":"x\u0438\ud83d\ude00","b":[1,12345,{"c":"{\"d\":\"e\"}"}],"t":"x\ty\n1\t2\n"}`),
		"form":      body("f.req=%5B%22a%22%5D&q=%D0%B8+x"),
		"csv":       {MediaType: "text/csv", Body: []byte("a,b\n\"x\"\"y\",2\n3,\"q\nr\"\n")},
		"multipart": body(part("Content-Disposition: form-data; name=\"f\"; filename*=UTF-8''x%20y", "a;b;c\n1;2;3\n4;5;6\n") + "--XyZ--"),
		"html":      body(`<html><a href="x">b &lt; c</a><!-- d --></html>`),
		"connect":   body("\x00\x00\x00\x00\x09{\"a\":\"b\"}"),
		"utf-16":    body("\xff\xfeA\x00n\x00a\x00"),
		"gzip":      {Encoding: "gzip", Body: compress(t, "gzip", []byte(`{"a":"b"}`))},
		"zstd":      {Encoding: "zstd", Body: compress(t, "zstd", []byte(`{"a":"b"}`))},
		"br":        {Encoding: "br", Body: compress(t, "br", []byte(`{"a":"b"}`))},
	}
	for name, in := range samples {
		for i := range len(in.Body) {
			for _, truncated := range []bool{false, true} {
				cut := in
				cut.Body, cut.Truncated = in.Body[:i:i], truncated
				e := &extractor{limits: Limits{}.withDefaults(), cut: truncated}
				d := e.extract(cut) // not Body, which would hide a panic
				if truncated && d.Coverage.State.String() == "complete" {
					t.Errorf("%s cut at %d is called complete", name, i)
				}
				checkDocument(t, d, int64(i))
			}
		}
	}
}

func TestLongTextsAreCutBehindALine(t *testing.T) {
	line := "The second headline is too long, please rewrite it: ана ٠١٢\n"
	text := strings.Repeat(line, 5<<20/len(line))
	d := Body(body(text), Limits{})
	end := 0
	for _, s := range d.Segments {
		if s.Offset != end || len(s.Text) > maxPiece || !bytes.HasSuffix(s.Text, []byte{'\n'}) {
			t.Errorf("a piece of %d bytes at %d, behind %d, ends in %q", len(s.Text), s.Offset, end, s.Text[len(s.Text)-4:])
		}
		end += len(s.Text)
	}
	if end != len(text) || len(d.Segments) < 5 {
		t.Errorf("%d pieces hold %d bytes of %d", len(d.Segments), end, len(text))
	}
}

func TestMemoryOfExtractionIsBounded(t *testing.T) {
	for name, in := range map[string]Input{
		"segments":  body("[" + strings.Repeat(`"ab",`, 100_000) + "1]"),
		"locations": body("[" + strings.Repeat(`{"a":{"b":"cd"}},`, 50_000) + "1]"),
		"strings":   body("[" + strings.Repeat(`"`+strings.Repeat(`\n`, 1000)+`",`, 1000) + "1]"),
		"tables":    body(strings.Repeat("a\tb\n1\t2\n\n", 100_000)),
		"damaged":   body(strings.Repeat("жж\xff", 300_000)),
		"html":      body("<html>" + strings.Repeat("<p>&amp;", 200_000)),
		"form":      body("a=" + strings.Repeat("%41", 500_000)),
		"escapes":   body(strings.Repeat("&#65; ", 300_000)),
	} {
		e := newExtractor(in, Limits{Memory: 1 << 20})
		d := e.extract(in)
		used := e.memory + e.decoded
		if used > 1<<20+64<<10 {
			t.Errorf("%s: %d bytes are in use", name, used)
		}
		if got := d.Coverage.State.String(); name != "tables" && got != "truncated" {
			t.Errorf("%s: coverage %s %s, want truncated", name, got, d.Coverage.Reason)
		}
	}
}

func TestSizesOfTypes(t *testing.T) {
	for name, sizes := range map[string][2]uintptr{
		"location": {unsafe.Sizeof(classifier.Location{}), locationBytes}, "segment": {unsafe.Sizeof(classifier.Segment{}), segmentBytes},
		"table": {unsafe.Sizeof(classifier.Table{}), tableBytes}, "cell": {unsafe.Sizeof(classifier.Cell{}), cellBytes}, "name": {unsafe.Sizeof(""), nameBytes},
	} {
		if sizes[0] != sizes[1] {
			t.Errorf("a %s takes %d bytes, counted as %d", name, sizes[0], sizes[1])
		}
	}
}

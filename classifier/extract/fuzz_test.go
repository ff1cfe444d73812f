package extract

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// checkDocument asserts what holds of every document.
func checkDocument(t *testing.T, d classifier.Document, size int64) {
	t.Helper()
	if d.Coverage.BytesRead < 0 || d.Coverage.BytesRead > size {
		t.Errorf("%d bytes read of %d", d.Coverage.BytesRead, size)
	}
	for _, s := range d.Segments {
		if !utf8.Valid(s.Text) || len(s.Text) == 0 {
			t.Errorf("segment %s: text %q", s.Location, s.Text)
		}
		if s.Table == nil {
			continue
		}
		last := uint32(0)
		for _, c := range s.Table.Cells {
			if c.Start < last || c.Start >= c.End || int(c.End) > len(s.Text) || int(c.Column) >= s.Table.Columns || c.Row == 0 {
				t.Errorf("cell %+v of %q", c, s.Text)
			}
			last = c.End
		}
	}
}

func extractForTest(in Input) classifier.Document {
	return newExtractor(in, Limits{}).extract(in)
}

// FuzzJSON holds the reader against encoding/json: the same leaves, in order.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":["b",12345,{"c":null}]}`, `["\u0438\ud83d\ude00\ud800","\\\"",""]`, ` [ 1 , true , -0.12345e+9 ] `,
		`{"ana@x.example":{"":"x"},"a":"{\"b\":1}"}`, `"x"`, `[[[]]]`, `{"a":"x\ty\n1\t2\n"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !json.Valid(b) || !utf8.Valid(b) {
			return
		}
		e := &extractor{limits: Limits{Depth: 1 << 20, JSONDepth: 1 << 20}.withDefaults()}
		w := jsonWalk{e: e, b: b, depth: 1 << 20} // too deep for formats inside: leaves stay whole
		if o := w.run(); o != parsed {
			t.Fatalf("outcome %d for valid JSON %q", o, b)
		}
		var got strings.Builder
		for _, s := range e.document.Segments {
			got.Write(s.Text)
		}
		if want := leavesOf(b); got.String() != want {
			t.Errorf("leaves of %q:\n got %q\nwant %q", b, got.String(), want)
		}
	})
}

// leavesOf joins the leaves that are text, and the keys that are data.
func leavesOf(b []byte) string {
	var out strings.Builder
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	type level struct{ object, key bool }
	levels := []level{{}}
	for {
		token, err := d.Token()
		if err != nil {
			return out.String()
		}
		top := &levels[len(levels)-1]
		isKey := top.object && top.key
		top.key = !top.key
		switch v := token.(type) {
		case json.Delim:
			if v == '{' || v == '[' {
				levels = append(levels, level{v == '{', true})
			} else {
				levels = levels[:len(levels)-1]
				// The bracket is no member of the container that it closes.
			}
		case json.Number:
			if top.object || countDigits(v.String()) >= 5 {
				out.WriteString(v.String())
			}
		case string:
			if _, isData := new(extractor).label([]byte(v)); !isKey || isData {
				out.WriteString(v)
			}
		}
	}
}

func countDigits(s string) int {
	n := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

func FuzzBody(f *testing.F) {
	f.Add([]byte(`{"a":"b"}`), "application/json", "", false)
	f.Add([]byte("a,b,c\n1,2,3\n4,5,6\n"), "text/csv", "", true)
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"), "", "gzip", false)
	f.Add([]byte("3;chunk-signature=9e\r\nana\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"), "", "aws-chunked", false)
	f.Add([]byte("<html><p a='b'>x"), "text/html; charset=koi8-r", "deflate", false)
	f.Add([]byte("\x00\x00\x00\x00\x02{}"), "", "identity", false)
	f.Add([]byte("\xff\xfea\x00"), "multipart/form-data; boundary=\"x\"", "br", false)
	f.Fuzz(func(t *testing.T, b []byte, mediaType, encoding string, truncated bool) {
		before := slices.Clone(b)
		in := Input{MediaType: mediaType, Encoding: encoding, Body: b, Truncated: truncated}
		d := extractForTest(in)
		checkDocument(t, d, int64(len(b)))
		if !bytes.Equal(b, before) {
			t.Error("the body was changed")
		}
	})
}

func FuzzMultipart(f *testing.F) {
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--"), "b")
	f.Add([]byte("--b\n\nx\n--b\n"), "b")
	f.Add([]byte("--\r\nContent-Type: x"), "")
	f.Fuzz(func(t *testing.T, b []byte, boundary string) {
		in := Input{MediaType: "multipart/form-data; boundary=" + boundary, Body: b}
		checkDocument(t, extractForTest(in), int64(len(b)))
	})
}

func FuzzForm(f *testing.F) {
	f.Add([]byte("a=b&c=%D0%B8+%"))
	f.Add([]byte("f.req=%5B%22%5B1%5D%22%5D"))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkDocument(t, extractForTest(Input{MediaType: formType, Body: b}), int64(len(b)))
		checkDocument(t, extractForTest(Input{Query: string(b), Path: string(b)}), 0)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n\"x\"\"\",2\n"), true)
	f.Add([]byte("Hi\n|a|b|\n|-|-|\n|1|2|\nBye"), false)
	f.Add([]byte("x\t\"\ny\t\"\"\nz\t\"\n"), false)
	f.Fuzz(func(t *testing.T, b []byte, declared bool) {
		in := Input{Body: b}
		if declared {
			in.Filename = "x.csv"
		}
		checkDocument(t, extractForTest(in), int64(len(b)))
	})
}

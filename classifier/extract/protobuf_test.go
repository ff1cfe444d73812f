package extract

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"daylight.internal/classifier"
)

// message encodes fields: a string or bytes as the value of a field, a message
// as one inside it, an int as a varint.
func message(fields ...any) []byte {
	var b []byte
	for i := 0; i < len(fields); i += 2 {
		number := protowire.Number(fields[i].(int))
		switch v := fields[i+1].(type) {
		case string:
			b = protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), v)
		case []byte:
			b = protowire.AppendBytes(protowire.AppendTag(b, number, protowire.BytesType), v)
		case int:
			b = protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), uint64(v))
		case float64:
			b = protowire.AppendFixed64(protowire.AppendTag(b, number, protowire.Fixed64Type), uint64(v))
		case float32:
			b = protowire.AppendFixed32(protowire.AppendTag(b, number, protowire.Fixed32Type), uint32(v))
		default:
			panic(v)
		}
	}
	return b
}

func proto3(b []byte) Input { return Input{MediaType: "application/proto", Body: b} }

func TestStringsOfProtocolBuffers(t *testing.T) {
	long := strings.Repeat("A letter to Ana. ", 20)
	group := protowire.AppendTag(nil, 5, protowire.StartGroupType)
	group = append(group, message(1, "in a group")...)
	group = protowire.AppendTag(group, 5, protowire.EndGroupType)
	run(t, []bodyCase{
		{name: "a field", in: proto3(message(2, "Hello Ana")), want: []string{"protobuf .2 = Hello Ana"}, media: "application/protobuf"},
		{name: "fields in messages", in: proto3(message(2, message(1, message(3, "deep"), 4, "x y"), 2, "again")),
			want: []string{"protobuf .2.1.3 = deep", "protobuf .2.4 = x y", "protobuf .2 = again"}},
		{name: "numbers are no text", in: proto3(message(1, 7, 2, 1.5, 3, float32(2), 4, "text")), want: []string{"protobuf .4 = text"}},
		{name: "packed numbers are no text", in: proto3(message(1, []byte{0x80, 0x01, 0x96, 0x01, 0xff, 0x7f}, 2, "text")), want: []string{"protobuf .2 = text"}},
		{name: "a group", in: proto3(group), want: []string{"protobuf .5.1 = in a group"}},
		{name: "a text whose length is a letter", in: proto3(message(1, message(1, strings.Repeat("7", 50)))), want: []string{"protobuf .1.1 = " + strings.Repeat("7", 50)}},
		{name: "a message that could be printed", in: proto3(message(1, message(1, "0123456789"))), want: []string{"protobuf .1.1 = 0123456789"}},
		{name: "texts that could be numbers in a message", in: proto3(message(1, "hi", 2, "user1", 3, "english", 4, "(x)")),
			want: []string{"protobuf .1 = hi", "protobuf .2 = user1", "protobuf .3 = english", "protobuf .4 = (x)"}},
		{name: "lines", in: proto3(message(1, "\n\nDear Ana,\n\tthanks")), want: []string{"protobuf .1 = \n\nDear Ana,\n\tthanks"}},
		{name: "a large text", in: proto3(message(1, long)), want: []string{"protobuf .1 = " + long}},
		{name: "control characters in a text", in: proto3(message(1, "Ana\x00\x01 Schmidt")), want: []string{"protobuf .1 = Ana\x00\x01 Schmidt"}},
		{name: "JSON in a string", in: proto3(message(3, `{"to":"Ana"}`)), want: []string{"protobuf .3 | json $.to = Ana"}},
		{name: "a table in a string", in: proto3(message(3, "name\temail\nAna\ta@x.example\n")), want: []string{`protobuf .3 = table ["name" "email"] 1.0:name 1.1:email 2.0:Ana 2.1:a@x.example`}},
		{name: "gzip in bytes", in: proto3(message(3, compress(t, "gzip", []byte("Hello Ana, how are you?")))), want: []string{"protobuf .3 = Hello Ana, how are you?"}},
		{name: "an image in bytes", in: proto3(message(1, "look", 3, []byte("\x89PNG\r\n\x1a\n\x00\x00"))), want: []string{"protobuf .1 = look"}, coverage: "undecodable image"},
		{name: "a key in bytes", in: proto3(message(1, "look", 3, bytes.Repeat([]byte{0xff, 0x80}, 1024))), want: []string{"protobuf .1 = look"}},
		{name: "more than keys in bytes", in: proto3(message(1, "look", 3, bytes.Repeat([]byte{0xff, 0x80}, 2049))), want: []string{"protobuf .1 = look"}, coverage: "undecodable binary"},
		{name: "more than keys in many pieces", in: proto3(bytes.Repeat(message(3, bytes.Repeat([]byte{0xff, 0x80}, 512)), 5)), want: nil, coverage: "undecodable binary"},
		{name: "nothing", in: proto3(nil), want: nil},
		{name: "cut in a text", in: Input{MediaType: "application/proto", Body: message(1, "first", 2, "second")[:11], Truncated: true},
			want: []string{"protobuf .1 = first", "protobuf .2 = se"}, coverage: "truncated over_limit"},
		{name: "the beginning of a text, whatever the header says", in: Input{MediaType: "application/proto", Body: []byte("\npeople: 4539 1488"), Truncated: true},
			want: []string{" = \npeople: 4539 1488"}, coverage: "truncated over_limit"},
		{name: "nobody said so", in: body(string(message(1, message(1, "Hello Ana, how are you?"), 2, 5))), want: []string{"protobuf .1.1 = Hello Ana, how are you?"}, media: "application/protobuf"},
		{name: "JSON, whatever the header says", in: Input{MediaType: "application/proto", Body: []byte(`{"a":"b"}`)}, want: []string{"$.a = b"}, media: "application/json"},
		{name: "text, whatever the header says", in: Input{MediaType: "application/proto", Body: []byte("Dear Ana, hello")}, want: []string{" = Dear Ana, hello"}},
		{name: "no message, whatever the header says", in: Input{MediaType: "application/proto", Body: []byte("\x08\x01\xff\xff\xff\x00\xfe\x01")}, want: nil, coverage: "undecodable binary"},
	})
}

func TestNoiseIsNotTakenForAMessage(t *testing.T) {
	for name, b := range map[string][]byte{
		"two bytes":           {0x08, 0x01},
		"a few bytes":         {0x0a, 0x02, 0x41, 0x42, 0x10, 0x07},
		"a number":            message(1, 1<<40),
		"an image":            []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		"an unknown format":   append([]byte("\x7fELF\x02\x01\x01\x00"), make([]byte, 60)...),
		"mostly other things": message(1, "text", 2, bytes.Repeat([]byte{0xfe, 0x81}, 1000)),
	} {
		d := Body(Input{Body: b}, Limits{})
		if d.Coverage.State == classifier.Complete {
			t.Errorf("%s is called complete: %q", name, show(d))
		}
	}
}

func TestNestedMessagesAreBounded(t *testing.T) {
	b := message(1, "bottom")
	for range 300 {
		b = message(1, b, 2, 1)
	}
	if c := Body(proto3(b), Limits{}).Coverage; c.State != classifier.Truncated || c.Reason != "over_depth" {
		t.Errorf("coverage %+v", c)
	}
}

// FuzzProtobuf marshals texts into messages of known types: each comes out. The
// raw bytes alone must not upset the reader.
func FuzzProtobuf(f *testing.F) {
	f.Add([]byte("Hello Ana"), uint8(1), uint16(3))
	f.Add([]byte("\n\n0123456789"), uint8(9), uint16(1))
	f.Add([]byte("\xff\x00\x08\x01"), uint8(3), uint16(200))
	f.Add(message(1, message(2, "x y", 3, 7)), uint8(2), uint16(0))
	f.Fuzz(func(t *testing.T, b []byte, depth uint8, number uint16) {
		for _, in := range []Input{{Body: b}, proto3(b), {MediaType: "application/grpc", Body: b}} {
			checkDocument(t, extractForTest(in), int64(len(b)))
		}
		text := printable(b)
		if len(text) == 0 {
			return
		}
		// Words in front, so that the text is nothing else by chance.
		text = "Please write to " + text
		raw := message(int(number%2000)+1, text)
		for range depth % 20 {
			raw = message(int(number%15)+1, raw, int(number%900)+1, 5)
		}
		value, err := structpb.NewValue(map[string]any{"key": []any{text, 7, true}, text: "v"})
		if err != nil {
			t.Fatal(err)
		}
		marshaled, err := proto.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for name, b := range map[string][]byte{"own": raw, "marshaled": marshaled} {
			if d := extractForTest(proto3(b)); !hasTextOf(d, text) {
				t.Errorf("%s: %q is not in %q", name, text, show(d))
			}
		}
	})
}

// printable keeps what people could write, and what no format of its own takes apart.
func printable(b []byte) string {
	var out strings.Builder
	for _, r := range string(b[:min(len(b), 300)]) {
		if r != utf8.RuneError && (r >= ' ' || r == '\n') && r != 0x7f && !strings.ContainsRune(",;|\t%&\\=", r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func hasTextOf(d classifier.Document, text string) bool {
	return slices.ContainsFunc(d.Segments, func(s classifier.Segment) bool { return bytes.Contains(s.Text, []byte(text)) })
}

func BenchmarkProtobuf(b *testing.B) {
	paragraphs := strings.Repeat(paragraph, 40)
	var chat, records []byte
	for i := range 16 {
		chat = append(chat, message(2, message(1, 1, 2, message(1, paragraphs), 3, fmt.Sprint("m", i)))...)
	}
	for i := range 900 {
		records = append(records, message(4, message(1, fmt.Sprint("Ana ", i), 2, fmt.Sprintf("ana%d@x.example", i), 3, fmt.Sprintf("+4930%07d", i), 4, i))...)
	}
	for name, body := range map[string][]byte{"chat": chat, "records": records, "noise": bytes.Repeat(message(1, 1, 2, []byte{0xff, 0x81}), 8<<10)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				Body(proto3(body), Limits{})
			}
		})
	}
}

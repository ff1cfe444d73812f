package extract

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

const paragraph = "Our autumn campaign starts in nine regions, and the landing page speaks to returning customers first. "

// corpora returns bodies of about 64 KiB, by name.
func corpora() map[string]Input {
	var chat, escaped, records, csv, quoted, prose bytes.Buffer
	chat.WriteString(`{"model":"m","messages":[`)
	escaped.WriteString(`{"model":"m","messages":[`)
	for i := range 16 {
		if i > 0 {
			chat.WriteByte(',')
			escaped.WriteByte(',')
		}
		fmt.Fprintf(&chat, `{"role":"user","content":"%s"}`, strings.Repeat(paragraph, 40))
		fmt.Fprintf(&escaped, `{"role":"user","content":"%s"}`, strings.Repeat(`\u041f\u043b\u0430\u043d, line\n`, 130))
	}
	chat.WriteString(`]}`)
	escaped.WriteString(`]}`)
	records.WriteString(`[{"id":0}`)
	csv.WriteString("name,email,phone,city\n")
	quoted.WriteString("name,email,phone,city\n")
	for i := range 900 {
		fmt.Fprintf(&records, `,{"name":"Ana %d","email":"ana%d@x.example","phone":"+4930%07d"}`, i, i, i)
		fmt.Fprintf(&csv, "Ana Schmidt,ana.schmidt%d@mail.example,+49 30 %07d,Berlin\n", i, i)
		fmt.Fprintf(&quoted, "\"Schmidt, Ana\",\"ana.schmidt%d@mail.example\",\"+49 30 %07d\",\"Berlin\"\n", i, i)
	}
	records.WriteString(`]`)
	for prose.Len() < 64<<10 {
		prose.WriteString(paragraph)
		prose.WriteString("First, second, third.\n")
	}
	image := base64.StdEncoding.EncodeToString(append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 48<<10)...))
	plain := func(b []byte) Input { return Input{Body: b} }
	return map[string]Input{
		"chat": plain(chat.Bytes()), "chat-escaped": plain(escaped.Bytes()), "json-records": plain(records.Bytes()),
		"csv": plain(csv.Bytes()), "csv-quoted": plain(quoted.Bytes()), "csv-declared": {Filename: "x.csv", Body: csv.Bytes()},
		"form":  plain([]byte("prompt=" + url.QueryEscape(strings.Repeat(paragraph, 600)))),
		"prose": plain(prose.Bytes()), "image": plain([]byte(`{"image":"` + image + `"}`)),
		"zh": plain([]byte(`{"content":"` + strings.Repeat("我们的秋季活动将在九个地区开始。", 1300) + `"}`)),
	}
}

func BenchmarkBody(b *testing.B) {
	for name, in := range corpora() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in.Body)))
			b.ReportAllocs()
			for b.Loop() {
				Body(in, Limits{})
			}
		})
	}
}

// BenchmarkAdversarial has texts that are made to be slow. Each must stay linear:
// the speed must not fall with the size.
func BenchmarkAdversarial(b *testing.B) {
	repeat := func(s string, size int) Input { return Input{Body: []byte(strings.Repeat(s, size/len(s)+1))} }
	for name, s := range map[string]string{
		"brackets": "[", "objects": `{"":`, "backslashes": `"\\`, "tiny-nested": `["[]",`, "lines": "{}\n", "tables": "\t\n\t\nx\n",
		"odd-quotes": "x\t\"\ny\t\"\"\n", "part": "--x\nContent-Type: x\n\n", "pairs": "a=&", "quotes": "a,\"\n", "tags": "<a b='", "pipes": "|",
	} {
		for _, size := range []int{64 << 10, 1 << 20} {
			in := repeat(s, size)
			switch name {
			case "tiny-nested":
				in.Body = append([]byte(`[`), bytes.Repeat([]byte(`"[]",`), size/5)...)
			case "backslashes":
				in.Body = []byte(`["` + strings.Repeat(`\"`, size/2))
			case "tags":
				in.MediaType = "text/html"
			case "quotes":
				in.Filename = "x.csv"
			}
			b.Run(fmt.Sprintf("%s/%dKiB", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(in.Body)))
				b.ReportAllocs()
				for b.Loop() {
					Body(in, Limits{})
				}
			})
		}
	}
}

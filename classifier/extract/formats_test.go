package extract

import (
	"encoding/base64"
	"strconv"
	"strings"
	"testing"
)

func TestFormFields(t *testing.T) {
	run(t, []bodyCase{
		{name: "pairs", in: body("prompt=Write+to+Ana%40x.example&n=2"),
			want: []string{"form:prompt = Write to Ana@x.example", "form:n = 2"}, media: "application/x-www-form-urlencoded"},
		{name: "declared only", in: Input{MediaType: "application/x-www-form-urlencoded", Body: []byte("just some words")},
			want: []string{"form: = just some words"}},
		{name: "declared, but JSON", in: Input{MediaType: "application/x-www-form-urlencoded", Body: []byte(`{"a":"b=c"}`)},
			want: []string{"$.a = b=c"}},
		{name: "JSON in JSON in a field", in: body(`f.req=%5Bnull%2C%22%5B%5B%5C%22hello%5C%22%5D%5D%22%5D&at=x`),
			want: []string{"form:f.req | json $[1] | json $[0][0] = hello", "form:at = x"}},
		{name: "a name that is data", in: body("ana%40x.example=1"),
			want: []string{"form:*['*'] (key) = ana@x.example", "form:* = 1"}},
		{name: "escapes that are none", in: body("a=100%&b=%zz%4"), want: []string{"form:a = 100%", "form:b = %zz%4"}},
		{name: "an assignment in prose is no form", in: body("x=1 means a lot"), want: []string{" = x=1 means a lot"}},
		{name: "windows-1251 in escapes", in: body("q=%CF%F0%E8%E2%E5%F2+%EC%E8%F0"), want: []string{"form:q = Привет мир"}},
	})
}

func TestRequestLine(t *testing.T) {
	run(t, []bodyCase{
		{name: "query", in: Input{Query: "q=hello+Ana&model=x"}, want: []string{"query:q = hello Ana", "query:model = x"}},
		{name: "a prompt in the path", in: Input{Path: "/prompt/a portrait of our customer Ana"},
			want: []string{"path = /prompt/a portrait of our customer Ana"}},
		{name: "an address in the path", in: Input{Path: "/users/ana@x.example"}, want: []string{"path = /users/ana@x.example"}},
		{name: "identifiers in the path", in: Input{Path: "/c/6740f1d2-1c34-8001-9c3d-0123456789ab/conversationstreammessages"}, want: nil},
		{name: "file name", in: Input{Filename: "customers Q3.csv", Body: []byte("x")},
			want: []string{"filename = customers Q3.csv", " = table [] 1.0:x"}},
	})
}

func part(headers, content string) string {
	return "--XyZ\r\n" + strings.ReplaceAll(headers, "\n", "\r\n") + "\r\n\r\n" + content + "\r\n"
}

func TestMultipart(t *testing.T) {
	const end = "--XyZ--\r\n"
	declared := func(parts ...string) Input {
		return Input{MediaType: "multipart/form-data; boundary=XyZ", Body: []byte(strings.Join(parts, "") + end)}
	}
	csv := "name,email\r\nAna,a@x.example\r\n"
	table := `table ["name" "email"] 1.0:name 1.1:email 2.0:Ana 2.1:a@x.example`
	run(t, []bodyCase{
		{name: "fields and file", in: declared(
			part(`Content-Disposition: form-data; name="prompt"`, "Segment these"),
			part("content-disposition: form-data; name=\"file\"; filename=\"crm.csv\"\nContent-Type: application/vnd.ms-excel", csv)),
			want:  []string{"multipart:prompt = Segment these", "multipart:file filename = crm.csv", "multipart:file = " + table},
			media: "multipart/form-data"},
		{name: "boundary not declared", in: body(part(`Content-Disposition: form-data; name=a`, "x") + end),
			want: []string{"multipart:a = x"}},
		{name: "preamble", in: declared("This is multipart.\r\n", part(`Content-Disposition: form-data; name="a"`, "x")),
			want: []string{" = This is multipart.", "multipart:a = x"}},
		{name: "rows that look like delimiters", in: declared(part(`Content-Disposition: form-data; name="a"`, "x\r\n--XyZAna;a@x.example")),
			want: []string{"multipart:a = x", " = Ana;a@x.example"}},
		{name: "epilogue", in: body(part(`Content-Disposition: form-data; name=a`, "x") + end + "a@x.example"),
			want: []string{"multipart:a = x", " = a@x.example"}},
		{name: "JSON field", in: declared(part(`Content-Disposition: form-data; name="data"`, `{"inputs":"hi"}`)),
			want: []string{"multipart:data | json $.inputs = hi"}},
		{name: "file names", in: declared(
			part(`Content-Disposition: form-data; name="a"; filename="C:\tmp\x \"y\".txt"`, "1"),
			part(`Content-Disposition: form-data; filename="x"; name="b"; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD.txt`, "2"),
			part(`Content-Disposition: form-data; name="c"; filename*=bogus; filename="план.txt"`, "3")),
			want: []string{`multipart:a filename = C:\tmp\x "y".txt`, "multipart:a = 1",
				"multipart:b filename = план.txt", "multipart:b = 2", "multipart:c filename = план.txt", "multipart:c = 3"}},
		{name: "transfer encodings", in: declared(
			part("Content-Disposition: form-data; name=a\nContent-Transfer-Encoding: base64", "SGVsbG8gQW5h"),
			part("Content-Disposition: form-data; name=b\nContent-Transfer-Encoding: Quoted-Printable", "Gr=C3=BC=\r\nn")),
			want: []string{"multipart:a = Hello Ana", "multipart:b = Grün"}},
		{name: "an image is not read, the rest is", in: declared(
			part(`Content-Disposition: form-data; name="i"; filename="i.png"`, "\x89PNG\r\n\x1a\n\x00\x00"),
			part(`Content-Disposition: form-data; name="prompt"`, "describe")),
			want: []string{"multipart:i filename = i.png", "multipart:prompt = describe"}, coverage: "undecodable image"},
		{name: "no last boundary", in: Input{Body: []byte(part(`Content-Disposition: form-data; name="a"`, "x")[:53]), Truncated: true},
			want: []string{"multipart:a = x"}, coverage: "truncated over_limit"},
		{name: "part without header", in: declared("--XyZ\r\n\r\nx\r\n"), want: []string{"multipart: = x"}},
		{name: "parts in a part", in: declared(part("Content-Disposition: form-data; name=a\nContent-Type: multipart/mixed; boundary=In",
			"--In\r\nContent-Disposition: file; filename=f\r\n\r\ninner\r\n--In--")),
			want: []string{"multipart:a multipart: filename = f", "multipart:a multipart: = inner"}},
	})
}

func TestBase64(t *testing.T) {
	std := base64.StdEncoding.EncodeToString
	text := "Dear Ana, your order 4711 will be sent to Berlin. Best wishes, shop."
	png := std(append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 90)...))
	token := strings.Repeat("sk-proj-0aB9_", 8)
	opaque := make([]byte, 5000)
	for i := range opaque {
		opaque[i] = byte(i*i*7 + i>>3)
	}
	run(t, []bodyCase{
		{name: "text", in: body(`{"content":"` + std([]byte(text)) + `"}`), want: []string{"$.content | base64 = " + text}},
		{name: "for URLs", in: body(`{"content":"` + base64.RawURLEncoding.EncodeToString([]byte(text+"???>>>")) + `"}`),
			want: []string{"$.content | base64 = " + text + "???>>>"}},
		{name: "in lines", in: body(std([]byte(text))[:76] + "\r\n" + std([]byte(text))[76:] + "\r\n"), want: []string{" | base64 = " + text}},
		{name: "JSON inside", in: body(`{"a":"` + std([]byte(`{"prompt":"`+text+`"}`)) + `"}`),
			want: []string{"$.a | base64 | json $.prompt = " + text}},
		{name: "an image is not read", in: body(`{"a":"` + png + `","b":"c"}`), want: []string{"$.b = c"}, coverage: "undecodable image"},
		{name: "data URI image", in: body(`{"a":"data:image/png;base64,` + png + `"}`), want: nil, coverage: "undecodable image"},
		{name: "data URI text", in: body(`{"a":"data:text/csv;base64,` + std([]byte("name,email\nAna,a@x.example\nBo,b@x.example\n")) + `"}`),
			want: []string{`$.a | base64 = table ["name" "email"] 1.0:name 1.1:email 2.0:Ana 2.1:a@x.example 3.0:Bo 3.1:b@x.example`}},
		{name: "a picture amid a text", in: body("See ![x](data:image/png;base64," + png + ") and reply"),
			want: []string{" = See ![x](data:image/png;base64," + png + ") and reply"}, coverage: "undecodable image"},
		{name: "a text amid a text", in: body("See data:;base64," + std([]byte(text)) + " and reply"),
			want: []string{" | base64 = " + text, " = See data:;base64," + std([]byte(text)) + " and reply"}},
		{name: "data URI in percent escapes", in: body(`{"a":"data:,Hello%20Ana"}`), want: []string{"$.a = Hello Ana"}},
		{name: "words that begin like one", in: body(`{"a":"data: see, below"}`), want: []string{"$.a = data: see, below"}},
		{name: "a key stays text", in: body(`{"key":"` + token + `"}`), want: []string{"$.key = " + token}},
		{name: "an unknown file", in: body(`{"a":"` + std(opaque) + `"}`), want: []string{"$.a = " + std(opaque)}, coverage: "undecodable binary"},
	})
}

func TestTables(t *testing.T) {
	csv := func(s string) Input { return Input{Filename: "", MediaType: "text/csv", Body: []byte(s)} }
	run(t, []bodyCase{
		{name: "comma", in: csv("name,email,city\r\nAna,a@x.example,\"Berlin, Mitte\"\r\nBo,b@x.example,\r\n"), media: "text/csv",
			want: []string{` = table ["name" "email" "city"] 1.0:name 1.1:email 1.2:city 2.0:Ana 2.1:a@x.example 2.2:Berlin, Mitte 3.0:Bo 3.1:b@x.example`}},
		{name: "semicolon with commas in figures", in: body("Name;Umsatz\nAna;1,5\nBo;2,5\n"), media: "text/csv",
			want: []string{` = table ["Name" "Umsatz"] 1.0:Name 1.1:Umsatz 2.0:Ana 2.1:1,5 3.0:Bo 3.1:2,5`}},
		{name: "tabs from a spreadsheet", in: body("姓名\t手机\n王伟\t13800138000"), media: "text/tab-separated-values",
			want: []string{` = table ["姓名" "手机"] 1.0:姓名 1.1:手机 2.0:王伟 2.1:13800138000`}},
		{name: "Markdown", in: body("See:\n| name | phone |\n|------|:-----:|\n| Ana | 030 1234567 |\n\nDone."),
			want: []string{" = See:\n", ` = table ["name" "phone"] 1.0:name 1.1:phone 3.0:Ana 3.1:030 1234567`, " = \nDone."}},
		{name: "quotes doubled and lines broken in quotes", in: csv("a_b,c\n\"say \"\"hi\"\"\",\"two\nlines\"\n1,2\n"),
			want: []string{` = table ["a_b" "c"] 1.0:a_b 1.1:c 2.0:say ""hi"" 2.1:two` + "\n" + `lines 3.0:1 3.1:2`}},
		{name: "quotes that are none", in: csv("a,\"b\n1,2\" x,3\n"),
			want: []string{` = table ["a" "\"b" ""] 1.0:a 1.1:"b 2.0:1 2.1:2" x 2.2:3`}},
		{name: "no header where the first row is data", in: csv("Ana,a@x.example\nBo,b@x.example\n"),
			want: []string{` = table [] 1.0:Ana 1.1:a@x.example 2.0:Bo 2.1:b@x.example`}},
		{name: "no header where nothing tells it from data", in: csv("Anna Schmidt,Berlin\nPeter Meier,Hamburg\n"),
			want: []string{` = table [] 1.0:Anna Schmidt 1.1:Berlin 2.0:Peter Meier 2.1:Hamburg`}},
		{name: "one column", in: csv("email\na@x.example\n"), want: []string{` = table ["email"] 1.0:email 2.0:a@x.example`}},
		{name: "prose has commas", in: body("Hello, Ana,\nhow are you, dear,\nwe met in Rome, Paris, and Bonn.\nBye, Bo"),
			want: []string{" = Hello, Ana,\nhow are you, dear,\nwe met in Rome, Paris, and Bonn.\nBye, Bo"}, media: "text/plain"},
		{name: "code ends lines with delimiters", in: body("a = 1;\nb = 2;\nc = 3;\nd = 4;\n"), want: []string{" = a = 1;\nb = 2;\nc = 3;\nd = 4;\n"}},
		{name: "code is indented by tabs", in: body("if x {\n\tfoo()\n\tbar()\n}\n"), want: []string{" = if x {\n\tfoo()\n\tbar()\n}\n"}},
		{name: "two tables", in: body("x\ty\n1\t2\n\nand\nu;v;w\n1;2;3\n4;5;6"),
			want: []string{` = table ["x" "y"] 1.0:x 1.1:y 2.0:1 2.1:2`, " = \nand\n",
				` = table ["u" "v" "w"] 1.0:u 1.1:v 1.2:w 2.0:1 2.1:2 2.2:3 3.0:4 3.1:5 3.2:6`}},
	})
}

func TestOffsetsOfPieces(t *testing.T) {
	text := "Please:\nx\ty\n1\t2\n\nThanks"
	for _, s := range Body(body(text), Limits{}).Segments {
		if !strings.HasPrefix(text[s.Offset:], string(s.Text)) {
			t.Errorf("offset %d does not lead to %q", s.Offset, s.Text)
		}
	}
}

func TestCharsets(t *testing.T) {
	utf16le := "\xff\xfeA\x00n\x00a\x00 \x00\x16\x04"
	run(t, []bodyCase{
		{name: "UTF-16 with mark", in: body(utf16le), want: []string{" = Ana Ж"}},
		{name: "UTF-16 big endian", in: body("\xfe\xff\x00{\x00\"\x00a\x00\"\x00:\x00\"\x00b\x00\"\x00}"), want: []string{"$.a = b"}},
		{name: "UTF-16 without mark", in: body("H\x00e\x00l\x00l\x00o\x00 \x00A\x00n\x00a\x00"), want: []string{" = Hello Ana"}},
		{name: "GB 18030", in: body("\xbf\xcd\xbb\xa7\xc3\xfb\xb5\xa5\xa3\xac\xc7\xeb\xb2\xbb\xd2\xaa\xb7\xa2\xb8\xf8\xb1\xf0\xc8\xcb\xa1\xa3"),
			want: []string{" = 客户名单，请不要发给别人。"}},
		{name: "windows-1251", in: body("\xd1\xef\xe8\xf1\xee\xea \xea\xeb\xe8\xe5\xed\xf2\xee\xe2"), want: []string{" = Список клиентов"}},
		{name: "KOI8-R", in: body("\xf3\xd0\xc9\xd3\xcf\xcb \xcb\xcc\xc9\xc5\xce\xd4\xcf\xd7"), want: []string{" = Список клиентов"}},
		{name: "windows-1252", in: body("Gr\xfc\xdfe aus M\xfcnchen, sch\xf6ne Stadt"), want: []string{" = Grüße aus München, schöne Stadt"}},
		{name: "declared", in: Input{MediaType: "text/plain; charset=windows-1256", Body: []byte("\xe3\xd1\xcd\xc8\xc7")}, want: []string{" = مرحبا"}},
		{name: "damaged UTF-8", in: body("План\xff на год"), want: []string{" = План\ufffd на год"}},
		{name: "bytes", in: body("\x00\x01\x02\x03\x04\x05\x06"), want: nil, coverage: "undecodable binary", media: "application/octet-stream"},
	})
}

func TestMarkup(t *testing.T) {
	run(t, []bodyCase{
		{name: "HTML", in: body(`<!DOCTYPE html><p>Call <b>A</b>na &amp; Bo</p><a href="mailto:a@x.example">x</a> 1 < 2`),
			want: []string{" =   Call Ana & Bo\n mailto:a@x.example x 1 < 2"}, media: "text/html"},
		{name: "XML", in: body(`<?xml version="1.0"?><r><n>Ana</n><n><![CDATA[a<b]]></n></r>`),
			want: []string{" =   1.0   Ana  a<b  "}, media: "application/xml"},
		{name: "tags in a chat are text", in: body(`{"a":"<note>Ana</note>"}`), want: []string{"$.a = <note>Ana</note>"}},
	})
}

// TestShapesOfServices has requests as AI services get them.
func TestShapesOfServices(t *testing.T) {
	list := "name;mail\nAna;ana@x.example\nBo;bo@x.example\nCy;cy@x.example\n"
	table := `table ["name" "mail"] 1.0:name 1.1:mail 2.0:Ana 2.1:ana@x.example 3.0:Bo 3.1:bo@x.example 4.0:Cy 4.1:cy@x.example`
	run(t, []bodyCase{
		{name: "a file as base64 in JSON", in: body(`{"fileName":"l.csv","content":"` + base64.StdEncoding.EncodeToString([]byte(list)) + `"}`),
			want: []string{"$.fileName = l.csv", "$.content | base64 = " + table}},
		{name: "a file as base64 in a part", in: body(part(`Content-Disposition: form-data; name="files"; filename="base64;l.csv"`,
			base64.StdEncoding.EncodeToString([]byte(list))) + "--XyZ--\r\n"),
			want: []string{"multipart:files filename = base64;l.csv", "multipart:files | base64 = " + table}},
		{name: "a paste within the completion", in: body(`{"prompt":"Sort","attachments":[{"file_name":"l.csv","extracted_content":` + strconv.Quote(list) + `}]}`),
			want: []string{"$.prompt = Sort", "$.attachments[0].file_name = l.csv", "$.attachments[0].extracted_content = " + table}},
		{name: "server action as text/plain", in: Input{MediaType: "text/plain;charset=UTF-8", Body: []byte(`["$K1",{"message":"Hi Ana"}]`)},
			want: []string{"$[0] = $K1", "$[1].message = Hi Ana"}},
		{name: "persisted GraphQL in a form", in: body("doc_id=12345&variables=%7B%22message%22%3A%7B%22text%22%3A%22Hi+Ana%22%7D%7D"),
			want: []string{"form:doc_id = 12345", "form:variables | json $.message.text = Hi Ana"}},
	})
}

func TestConnectEnvelopes(t *testing.T) {
	run(t, []bodyCase{{name: "two messages", in: body("\x00\x00\x00\x00\x09{\"a\":\"b\"}\x00\x00\x00\x00\x09{\"a\":\"c\"}"),
		want: []string{"connect $.a = b", "connect $.a = c"}, media: "application/connect"}})
}

func TestSniff(t *testing.T) {
	for _, c := range [][2]string{
		{"", "text/plain"}, {`{"a":1}`, "application/json"}, {"{\"a\":1}\n{\"a\":2}", "application/x-ndjson"},
		{"a=b&c=d", "application/x-www-form-urlencoded"}, {"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n", "multipart/form-data"},
		{"a\tb\n1\t2\n", "text/tab-separated-values"}, {"a,b,c\n1,2,3\n4,5,6", "text/csv"}, {"<html><p>", "text/html"}, {"Hello", "text/plain"},
		{"%PDF-1.7\n", "application/pdf"}, {"PK\x03\x04....[Content_Types].xml", "application/vnd.openxmlformats-officedocument"},
		{"PK\x03\x04....a.txt", "application/zip"}, {"\xff\xd8\xff\xe0", "image/jpeg"}, {"RIFF\x00\x00\x00\x00WEBP", "image/webp"},
		{"\x00\x00\x00\x18ftypmp42", "video/mp4"}, {"ID3\x04\x00", "audio/mpeg"}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"},
		{"\x7fELF\x02\x01\x01\x00\x00\x00", "application/octet-stream"},
	} {
		if got := Sniff([]byte(c[0])); got != c[1] {
			t.Errorf("Sniff(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestKindsThatAreNotRead(t *testing.T) {
	for magic, reason := range map[string]string{
		"%PDF-1.7\n%\xe2": "pdf", "PK\x03\x04....word/[Content_Types].xml": "office_document", "PK\x03\x04....a.txt": "archive",
		"Rar!\x1a\x07\x01": "archive", "GIF89a....": "image", "OggS\x00...": "audio", "\x1aE\xdf\xa3....": "video",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "office_document", "wOF2....": "font", "\x7fELF\x00\x00\x00\x00": "binary",
	} {
		c := Body(body(magic), Limits{}).Coverage
		if c.State.String() != "undecodable" || c.Reason != reason || c.BytesRead != 0 {
			t.Errorf("%q: coverage %v %q, %d bytes read; want undecodable %q, 0", magic, c.State, c.Reason, c.BytesRead, reason)
		}
	}
}

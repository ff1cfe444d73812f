package engine_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"daylight.internal/rules/engine"
)

// TestDisguisesDoNotHideAList sends one list in bodies that say they are something else.
func TestDisguisesDoNotHideAList(t *testing.T) {
	s := policy(t, "rules:", "  - {name: lists, match: {data: {class: personal, people: '>=10'}}, action: block}")
	list := customers(20)
	json := chatgpt(list)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(json))
	z.Close()
	utf16le := func(s string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(s)) {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
		return b.String()
	}
	var attributes strings.Builder
	for i := range 20 {
		fmt.Fprintf(&attributes, "<c email=\"person.%d@customers.example\"/>", i)
	}
	file := func(header, content string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n" + header + "\r\n" + content + "\r\n--b--\r\n"
	}
	const form, upload = "multipart/form-data; boundary=b", "/backend-api/files"
	for _, c := range []struct{ name, method, path, media, coding, body string }{
		{"JSON as text", "POST", chatPath, "text/plain", "", json},
		{"JSON as a picture", "POST", chatPath, "image/png", "", json},
		{"JSON as a form", "POST", chatPath, "application/x-www-form-urlencoded", "", json},
		{"JSON as multipart", "POST", chatPath, form, "", json},
		{"JSON with a charset that it has not", "POST", chatPath, "application/json; charset=utf-16le", "", json},
		{"JSON with an EBCDIC charset", "POST", chatPath, "application/json; charset=ibm037", "", json},
		{"JSON in UTF-16", "POST", chatPath, "application/json", "", utf16le(json)},
		{"JSON called gzip", "POST", chatPath, "application/json", "gzip", json},
		{"JSON called deflate", "POST", chatPath, "application/json", "deflate", json},
		{"JSON called br", "POST", chatPath, "application/json", "br", json},
		{"JSON behind blanks called br", "POST", chatPath, "application/json", "br", "\n" + json},
		{"JSON behind blanks called deflate", "POST", chatPath, "application/json", "deflate", " \n\t" + json},
		{"JSON behind a return called deflate", "POST", chatPath, "application/json", "deflate", "\r\n" + json},
		{"JSON called zstd", "POST", chatPath, "application/json", "zstd", json},
		{"gzip called br", "POST", chatPath, "application/json", "br", zipped.String()},
		{"gzip twice announced", "POST", chatPath, "application/json", "gzip, gzip", zipped.String()},
		{"gzip not announced", "POST", chatPath, "application/json", "", zipped.String()},
		{"gzip with text behind it", "POST", chatPath, "application/json", "gzip", zipped.String() + "x"},
		{"an MP4 key", "POST", chatPath, "application/json", "", `{"  ftyp":0,` + json[1:]},
		{"a WEBP key", "POST", chatPath, "application/json", "", `{"      WEBP":0,` + json[1:]},
		{"a tar key", "POST", chatPath, "application/json", "", `{"` + strings.Repeat("x", 255) + `ustar":0,` + json[1:]},
		{"a NUL behind JSON", "POST", chatPath, "application/json", "", json + "\x00"},
		{"JSON behind JSON", "POST", chatPath, "application/json", "", "{}" + json},
		{"JSON with a BOM", "POST", chatPath, "application/json", "", "\ufeff" + json},
		{"JSON behind 70000 blanks", "POST", chatPath, "application/json", "", strings.Repeat(" ", 70000) + json},
		{"deep JSON", "POST", chatPath, "application/json", "", strings.Repeat("[", 600) + json + strings.Repeat("]", 600)},
		{"other method", "PUT", chatPath, "application/json", "", json},
		{"lower-case method", "post", chatPath, "application/json", "", json},
		{"body of a GET", "GET", chatPath, "application/json", "", json},
		{"body of an OPTIONS", "OPTIONS", chatPath, "application/json", "", json},
		{"other spelling of the path", "POST", "/backend-api//f/./conversation", "application/json", "", json},
		{"a telemetry path", "POST", "/ces/v1/t", "application/json", "", json},
		{"a table with a NUL", "POST", upload, form, "", file("", list+"\x00")},
		{"a table behind %PDF-", "POST", upload, form, "", file("", "%PDF-1.4\n"+list)},
		{"a table behind GIF89a", "POST", upload, form, "", file("", "GIF89a\n"+list)},
		{"a table with control characters", "POST", upload, form, "", file("", strings.ReplaceAll(list, "\n", "\x01\n"))},
		{"a table called quoted-printable", "POST", upload, form, "", file("Content-Transfer-Encoding: quoted-printable\r\n", "a=ZZ\n"+list)},
		{"a table in quoted-printable", "POST", upload, form, "", file("Content-Transfer-Encoding: Quoted-Printable\r\n", strings.ReplaceAll(list, "@", "=40"))},
		{"a table called base64", "POST", upload, form, "", file("Content-Transfer-Encoding: base64\r\n", list)},
		{"a table in base64", "POST", upload, form, "", file("Content-Transfer-Encoding: base64\r\n", base64.StdEncoding.EncodeToString([]byte(list)))},
		{"a table called 8bit base64", "POST", upload, form, "", file("Content-Transfer-Encoding: BASE64 ; x=y\r\n", base64.StdEncoding.EncodeToString([]byte(list)))},
		{"a table called a picture", "POST", upload, form, "", file("Content-Type: image/png\r\n", list)},
		{"a table in nested multipart", "POST", upload, form, "", file("Content-Type: multipart/mixed; boundary=bb\r\n", "--bb\r\n\r\n"+list+"\r\n--bb--")},
		{"rows behind delimiters", "POST", upload, form, "", file("", "x\r\n--b"+strings.ReplaceAll(list, "\n", "\r\n--b"))},
		{"a preamble", "POST", upload, form, "", list + "\r\n" + file("", "x")},
		{"an epilogue", "POST", upload, form, "", file("", "x") + list},
		{"an odd boundary", "POST", upload, `multipart/form-data; boundary="a b'()+_,-./:=?"`, "", strings.ReplaceAll(file("", list), "--b", "--a b'()+_,-./:=?")},
		{"no boundary", "POST", upload, "multipart/form-data", "", file("", list)},
		{"another boundary", "POST", upload, "multipart/form-data; boundary=zzz", "", file("", list)},
		{"two boundaries", "POST", upload, "multipart/form-data; boundary=zzz; boundary=b", "", file("", list)},
		{"bare line feeds", "POST", upload, form, "", strings.ReplaceAll(file("", list), "\r\n", "\n")},
		{"a file name", "POST", upload, form, "", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + strings.ReplaceAll(list, "\n", " ") + "\"\r\n\r\nx\r\n--b--\r\n"},
		{"a long header of a part", "POST", upload, form, "", file("X-Pad: "+strings.Repeat("x", 20000)+"\r\n", list)},
		{"a comment in HTML", "POST", upload, form, "", file("", "<html><!-- "+list+" -->")},
		{"attributes of XML", "POST", upload, form, "", file("", "<?xml version='1.0'?><l>"+attributes.String()+"</l>")},
		{"a script in HTML", "POST", upload, form, "", file("", "<html><script>"+list+"</script>")},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, b := post("chatgpt.com", c.path, c.body, func(r *engine.Request) {
				r.Method = c.method
				r.Header["Content-Type"] = []string{c.media}
				if c.coding != "" {
					r.Header["Content-Encoding"] = []string{c.coding}
				}
			})
			p, o := evaluate(s, r, b)
			if !o.Verdict.Stops() || o.Verdict.Monitor {
				t.Errorf("need %v, verdict %+v, content %+v", p.Need, o.Verdict, o.Facts.Content)
			}
		})
	}
}

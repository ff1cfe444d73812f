package extract

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

func TestEscapesInTextAreUndone(t *testing.T) {
	long := "Ana Schmidt, ana@customer.example, card 4532 0151 1283 0366, wants the invoice again"
	encoded := base64.StdEncoding.EncodeToString([]byte(long))
	wrapped := encoded[:64] + "\r\n" + encoded[64:]
	for _, c := range []struct{ name, text, want string }{
		{"decimal entity", "4532&#48;15112830366", "4532015112830366"},
		{"hexadecimal entity", "ana&#x40;x.example", "ana@x.example"},
		{"entity without a semicolon", "4532&#48 15", "45320 15"},
		{"named entities", "Gr&uuml;&szlig;e &amp; 4532&nbsp;0151&shy;12", "Grüße & 4532\u00a00151\u00ad12"},
		{"entities of entities", "ana&amp;#64;x.example", "ana@x.example"},
		{"an ampersand", "AT&T; R&D; a && b; &; &#; &#x; &nothing; Q&A", "AT&T; R&D; a && b; &; &#; &#x; &nothing; Q&A"},
		{"no control characters", "a&#0;b&#27;c%00%1b\\x00\\u0007", "a&#0;b&#27;c%00%1b\\x00\\u0007"},
		{"units of UTF-16", `log: \u0410\u043d\u043d\u0430 \u0661\u0662`, "log: Анна ١٢"},
		{"a pair of units", `\ud83d\ude00 and \ud83d alone`, `😀 and \ud83d alone`},
		{"units escaped twice and four times", `\\u0410\\\\u043d`, "Ан"},
		{"braces", `\u{41}\u{1f600}\x{44f}`, "A😀я"},
		{"long units", `\U0001F600\U00000041`, "😀A"},
		{"bytes of UTF-8", `b'\xd0\x90\xd0\xbd\xd0\xb0'`, "b'Ана'"},
		{"bytes escaped twice", `\\xd0\\x90`, "А"},
		{"characters of Latin-1", `caf\xe9 4532\x30151`, "café 45320151"},
		{"octal bytes", `"\320\220\320\275.csv"`, `"Ан.csv"`},
		{"no octal byte in a path", `C:\2024\101`, `C:\2024\101`},
		{"escaped line breaks before data", `Ana\n4532015112830366\t+49 30`, "Ana\n4532015112830366\t+49 30"},
		{"folders", "see\nC:\\new\\table and \\\\server\\share", "see\nC:\\new\\table and \\\\server\\share"},
		{"Markdown", `ana\_maria\@x.example`, "ana_maria@x.example"},
		{"expressions stay", `^\d+\.\d{2}\b`, `^\d+\.\d{2}\b`},
		{"percent in a text", "mail ana%40x.example now", "mail ana@x.example now"},
		{"percent of UTF-8", "q=%D0%90%D0%BD%D0%BD%D0%B0 end", "q=Анна end"},
		{"percent twice", "ana%2540x.example", "ana@x.example"},
		{"percent of windows-1251", "see %CF%F0%E8%E2%E5%F2 there", "see Привет there"},
		{"percent with u", "%u0410%u043d%uD83D%uDE00", "Ан😀"},
		{"a form in a text", `name=Ana+Maria&tel=%2B49+30`, "name=Ana Maria&tel=+49 30"},
		{"a plus in a text", "ana+news%40x.example or not", "ana+news@x.example or not"},
		{"a percentage", "up 100% and 5%, %d of %s %zz %0", "up 100% and 5%, %d of %s %zz %0"},
		{"encoded words", "Subject: =?utf-8?B?0JDQvdC9?= =?UTF-8?Q?=D0=B0_x?= end", "Subject: Анна x end"},
		{"an encoded word in koi8-r", "=?koi8-r?B?4c7OwQ==?=", "Анна"},
		{"no encoded word", "a=?b?c and x =? y", "a=?b?c and x =? y"},
		{"quoted-printable", "Liebe Frau M=C3=BCller,\nIhre IBAN=3D DE89 3704, mail ana=40x.example", "Liebe Frau Müller,\nIhre IBAN= DE89 3704, mail ana@x.example"},
		{"soft line breaks", "Your card is on its way to the address that you gave us, number 4532=\r\n015112830366, and will=\n be there", "Your card is on its way to the address that you gave us, number 4532015112830366, and will be there"},
		{"a mail in quoted-printable", "Content-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: quoted-printable\n\n=CF=F0=E8=E2=E5=F2", "Content-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: quoted-printable\n\nПривет"},
		{"assignments are no quoted-printable", "iban=DE89370400440532013000\nkey=ABCD\nempty=\nname=Ana", "iban=DE89370400440532013000\nkey=ABCD\nempty=\nname=Ana"},
		{"escapes of several kinds", `%26%2364%3B and \u0026#64; and &#92;u0040`, "@ and @ and @"},
		{"JSON escaped twice", `{\"mail\":\"ana@x.example\"}`, "ana@x.example"},
		{"a paste encoded as a whole", url.QueryEscape(long), long},
		{"base64 in a text", "the secret is " + encoded + " as said", long},
		{"base64 out of step", "path/" + encoded, long},
		{"base64 for URLs", "u=" + base64.RawURLEncoding.EncodeToString([]byte(long+"ÿþ?>")), long + "ÿþ?>"},
		{"base64 of a mail", "Content-Transfer-Encoding: base64\r\n\r\n" + wrapped + "\r\n", long},
		{"base64 of windows-1251", "x: " + base64.StdEncoding.EncodeToString([]byte("\xca\xeb\xe8\xe5\xed\xf2 \xc8\xe2\xe0\xed\xee\xe2, \xef\xe0\xf1\xef\xee\xf0\xf2 \xe2\xfb\xe4\xe0\xed 4510 \xef\xee \xe0\xe4\xf0\xe5\xf1\xf3 \xe4\xee\xec\xe0")),
			"Клиент Иванов, паспорт выдан 4510 по адресу дома"},
		{"base64 of base64", base64.StdEncoding.EncodeToString([]byte("see " + encoded)), long},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newExtractor(Input{}, Limits{})
			d := e.extract(Input{Body: []byte("{" + `"a":` + quoteJSON(c.text) + "}")})
			last := d.Segments[len(d.Segments)-1]
			if last.Location.Stage == 0 || d.Coverage.Reason != "" {
				t.Errorf("at %s, coverage %+v", last.Location, d.Coverage)
			}
			var got []string
			for _, s := range d.Segments {
				if string(s.Text) == c.want {
					return
				}
				got = append(got, string(s.Text))
			}
			t.Errorf("got %q, want %q", got, c.want)
		})
	}
}

func quoteJSON(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
}

func TestWhereUnescapedTextStands(t *testing.T) {
	run(t, []bodyCase{
		{name: "in a string", in: body(`{"a":"ana&#64;x.example"}`), want: []string{"$.a | unescaped = ana@x.example"}},
		{name: "however often", in: body(`{"a":"ana%2526%252364;x.example"}`), want: []string{"$.a | unescaped = ana@x.example"}},
		{name: "JSON that was escaped", in: body(`{"a":"{\\\"b\\\":\\\"c d\\\"}"}`), want: []string{"$.a | unescaped | json $.b = c d"}},
		{name: "in plain text", in: body("mail ana%40x.example now"), want: []string{" | unescaped = mail ana@x.example now"}},
		{name: "cells keep their borders", in: Input{Filename: "x.csv", Body: []byte("name,mail\nSchmidt&#44; Ana,ana&#64;x.example\nBo\\nCo,b%40x.example%0A\n")},
			want: []string{"filename = x.csv", ` | unescaped = table ["name" "mail"] 1.0:name 1.1:mail 2.0:Schmidt  Ana 2.1:ana@x.example 3.0:Bo Co 3.1:b@x.example`}},
		{name: "lines that were escaped make a table", in: body(`{"a":"name\\tmail\\nAna\\ta%40x.example\\nBo\\tb%40x.example"}`),
			want: []string{`$.a | unescaped = table ["name" "mail"] 1.0:name 1.1:mail 2.0:Ana 2.1:a@x.example 3.0:Bo 3.1:b@x.example`}},
		{name: "deeper than the limit", in: body(`{"a":"` + "%" + strings.Repeat("25", 9) + `40"}`), want: []string{"$.a | unescaped = %252525252540"}, coverage: "truncated over_depth"},
	})
}

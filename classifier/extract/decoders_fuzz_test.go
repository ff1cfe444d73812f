package extract

import (
	"bytes"
	"encoding/base64"
	"testing"
	"unicode/utf8"
)

// FuzzEscapes undoes escapes in any text: the result is text if the input was, is
// never longer, and cells are parted as before.
func FuzzEscapes(f *testing.F) {
	for _, s := range []string{"4532&#48;1511&amp;#64;&nbsp;&#x41", `\u0410\\\\u043d\ud83d\ude00\u{41}\U0001F600`, `\xd0\x90\\xd0\\x90\320\220\n\"\_`,
		"%D0%90%2540%u0410+%CF%F0%E8%E2", "=?utf-8?B?0JDQvQ==?= =?koi8-r?Q?=E1_?=", "=?", "=?0000?B?00?=", "&&&#;", `\\\\\\\`, "%%%d0%", `\x{41}\x4`} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, b []byte, cells bool) {
		before := bytes.Clone(b)
		e := newExtractor(Input{}, Limits{})
		out := e.unescaped(b, cells)
		if !bytes.Equal(b, before) {
			t.Fatal("the text was changed")
		}
		if len(out) > len(b) {
			t.Fatalf("%d bytes became %d", len(b), len(out))
		}
		if utf8.Valid(b) && !utf8.Valid(out) {
			t.Fatalf("%q became %q", b, out)
		}
		if !cells {
			return
		}
		for _, c := range []byte(partsCells) {
			if c != ';' && c != '"' && bytes.Count(out, []byte{c}) > bytes.Count(b, []byte{c}) {
				t.Fatalf("%q became %q, with more of %q", b, out, c)
			}
		}
	})
}

// FuzzEntities reads the entities of HTML in place.
func FuzzEntities(f *testing.F) {
	f.Add([]byte("a&ampb&#48 &#x41;&copy;&notit;&nGt;&#99999999;&"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := len(b)
		valid := utf8.Valid(b)
		out := newExtractor(Input{}, Limits{}).unescapeEntities(b)
		if len(out) > n || valid && !utf8.Valid(out) {
			t.Fatalf("became %q", out)
		}
	})
}

// FuzzQuoted reads quoted-printable, and what looks like it.
func FuzzQuoted(f *testing.F) {
	f.Add([]byte("Content-Transfer-Encoding: quoted-printable\n\nM=C3=BCller =3D =\r\n=4"))
	f.Add([]byte("=D0=9F=\n=zz==="))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out := appendQuoted(nil, b); len(out) > len(b) {
			t.Fatalf("%d bytes became %d", len(b), len(out))
		}
		checkDocument(t, extractForTest(Input{Body: b}), int64(len(b)))
	})
}

// FuzzRuns finds the runs of base64 that a plain search finds.
func FuzzRuns(f *testing.F) {
	run := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("Ana Schmidt "), 8))
	f.Add([]byte("see " + run + " and\n" + run[:64] + "\r\n" + run[64:76] + "\nend"))
	f.Add([]byte("x/" + run[:63] + " " + run[:64]))
	f.Fuzz(func(t *testing.T, b []byte) {
		from := 0
		for i := 0; i < len(b); {
			j := i
			for j < len(b) && base64Letters[b[j]] {
				j++
			}
			if j-i >= minBase64 && i >= from {
				start, end := nextRun(b, from)
				if start != i || end < j {
					t.Fatalf("run %d:%d, want %d:%d or more", start, end, i, j)
				}
				from = end
			}
			i = max(j, i+1, from)
		}
		if start, end := nextRun(b, from); start != end {
			t.Fatalf("one run too many: %d:%d", start, end)
		}
		checkDocument(t, extractForTest(Input{Body: b}), int64(len(b)))
	})
}

// FuzzCharset makes UTF-8 of any bytes.
func FuzzCharset(f *testing.F) {
	for _, s := range []string{"\xcf\xf0\xe8\xe2\xe5\xf2", "\xff\xfea\x00", "\xff\xfe\x00\x00a\x00\x00\x00", "\x1b$B$\"\x1b(B", "<meta charset=koi8-r>\xe1", "\xe3\xd1\xcd\xc8\xc7", "\xc4\xe3\xba\xc3", "\xa7A\xa6n", "ж\xff\xff"} {
		f.Add([]byte(s), "")
		f.Add([]byte(s), "windows-1256")
	}
	f.Fuzz(func(t *testing.T, b []byte, declared string) {
		e := newExtractor(Input{}, Limits{})
		out, ok := e.toUTF8(b, declared)
		if ok && !utf8.Valid(out) {
			t.Fatalf("%q became %q", b, out)
		}
		if len(out) > 3*len(b)+3 {
			t.Fatalf("%d bytes became %d", len(b), len(out))
		}
	})
}

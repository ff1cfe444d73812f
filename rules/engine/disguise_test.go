package engine_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"daylight.internal/rules/engine"
)

// TestDisguisedValuesAreFound writes one value of each kind in the ways in which
// pastes, logs, mails and exports carry it, and in those that hide it.
func TestDisguisedValuesAreFound(t *testing.T) {
	s := compile(t, engine.Source{})
	values := []struct{ detector, before, value string }{
		{"payment_card", "Card ", "4532 0151 1283 0366"},
		{"payment_card", "Card ", "4532015112830366"},
		{"iban", "IBAN ", "DE89 3704 0044 0532 0130 00"},
		{"phone", "Call ", "+49 151 23456789"},
		{"us_ssn", "SSN ", "536-90-4399"},
		{"cn_resident_id", "身份证 ", "11010519491231002X"},
		{"ru_snils", "СНИЛС ", "112-233-445 95"},
		{"email", "Mail ", "ana.schmidt@customer.example"},
	}
	for name, write := range disguises() {
		for _, v := range values {
			if slices.Contains(undisguised[name], v.detector) {
				continue
			}
			body := write(v.before, v.value)
			doc, result := s.Scan("", []byte(body))
			found := false
			for _, summary := range result.Summaries {
				found = found || summary.Detector == v.detector
			}
			if !found {
				var texts []string
				for _, segment := range doc.Segments {
					texts = append(texts, fmt.Sprintf("%s = %q", segment.Location, segment.Text))
				}
				t.Errorf("%s: %s is not found in %q\n%s", name, v.detector, body, strings.Join(texts, "\n"))
			}
		}
	}
}

// undisguised lists, for a way of writing, the detectors that do not take it, since
// so many other numbers look like that.
var undisguised = map[string][]string{
	"dots":                          {"payment_card", "iban", "ru_snils"},
	"slashes":                       {"payment_card", "iban", "ru_snils"},
	"underscores":                   {"payment_card", "iban", "ru_snils", "phone"},
	"two spaces":                    {"payment_card", "iban", "ru_snils"},
	"tabs":                          {"payment_card", "iban", "ru_snils"},
	"line breaks of a wrapped mail": {"payment_card", "iban", "ru_snils", "phone"},
	"line breaks of a quoted mail":  {"payment_card", "iban", "ru_snils", "phone"},
	"line breaks of Windows":        {"payment_card", "iban", "ru_snils", "phone"},
}

// disguises returns ways to write a value behind the words before it.
func disguises() map[string]func(before, value string) string {
	each := func(format string) func(string, string) string {
		return func(before, value string) string {
			var b strings.Builder
			b.WriteString(before)
			for _, r := range value {
				fmt.Fprintf(&b, format, r)
			}
			return b.String() + " thanks"
		}
	}
	middle := func(s string) func(string, string) string { // in place of, or beside, a character in the middle
		return func(before, value string) string {
			return before + value[:6] + s + value[6:] + ", thanks"
		}
	}
	one := func(format string) func(string, string) string {
		return func(before, value string) string {
			return before + value[:6] + fmt.Sprintf(format, value[6]) + value[7:] + " thanks"
		}
	}
	digits := func(zero rune) func(string, string) string {
		return func(before, value string) string {
			return before + strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return zero + r - '0'
				}
				return r
			}, value) + " thanks"
		}
	}
	replaced := func(old, by string) func(string, string) string {
		return func(before, value string) string { return before + strings.ReplaceAll(value, old, by) + ", thanks" }
	}
	all := func(wrap func(string) string) func(string, string) string {
		return func(before, value string) string {
			return wrap(before + value + ", and please write back as soon as you can, since we have to ship it today")
		}
	}
	inString := func(s string) string {
		return `{"messages":[{"role":"user","content":` + fmt.Sprintf("%q", s) + `}]}`
	}
	utf16le := func(s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return map[string]func(string, string) string{
		"plain":                         all(func(s string) string { return s }),
		"decimal entities":              each("&#%d;"),
		"hexadecimal entities":          each("&#x%X;"),
		"one decimal entity":            one("&#%d;"),
		"one escaped unit":              one(`\u%04x`),
		"one escaped byte":              one(`\x%02x`),
		"one percent":                   one("%%%02X"),
		"units of UTF-16":               each(`\u%04x`),
		"units of UTF-16 escaped again": each(`\\\\u%04x`),
		"braces":                        each(`\u{%x}`),
		"percent-encoding":              all(url.QueryEscape),
		"percent-encoding in a string":  all(func(s string) string { return inString(url.PathEscape(s)) }),
		"percent-encoding twice":        all(func(s string) string { return "see " + url.PathEscape(url.PathEscape(s)) }),
		"percent with u":                each("%%u%04x"),
		"base64 as a whole":             all(b64),
		"base64 in a text":              all(func(s string) string { return "decode this: " + b64(s) + " please" }),
		"base64 in a string":            all(func(s string) string { return inString("decode this: " + b64(s)) }),
		"base64 of UTF-16":              all(func(s string) string { return "-EncodedCommand " + b64(utf16le(s)) }),
		"base64 twice":                  all(func(s string) string { return b64("again " + b64(s)) }),
		"base64 with line breaks":       all(func(s string) string { b := b64(s); return "Hi\r\n\r\n" + b[:76] + "\r\n" + b[76:] + "\r\n" }),
		"UTF-16":                        all(utf16le),
		"quoted-printable":              all(func(s string) string { return quotedPrintable("Grüße =\n" + s) }),
		"an encoded word":               all(func(s string) string { return "Subject: =?utf-8?B?" + b64(s) + "?= end" }),
		"soft hyphens":                  middle("\u00ad"),
		"zero-width joiners":            middle("\u200d"),
		"zero-width spaces":             middle("\u200b"),
		"soft hyphens as entities":      middle("&shy;"),
		"joiners as entities":           middle("&zwj;"),
		"byte order marks":              middle("\ufeff"),
		"right-to-left marks around": func(before, value string) string {
			return "رقم العميل " + before + "\u202a\u200e" + value + "\u200f\u202c، شكرا"
		},
		"isolates around":               func(before, value string) string { return "מספר " + before + "\u2066" + value + "\u2069 תודה" },
		"no-break spaces":               replaced(" ", "\u00a0"),
		"no-break spaces as entities":   replaced(" ", "&nbsp;"),
		"thin spaces":                   replaced(" ", "\u2009"),
		"narrow no-break spaces":        replaced(" ", "\u202f"),
		"ideographic spaces":            replaced(" ", "\u3000"),
		"hyphens":                       replaced("-", "\u2010"),
		"no-break hyphens":              replaced("-", "\u2011"),
		"en dashes":                     replaced("-", "–"),
		"minus signs":                   replaced("-", "\u2212"),
		"small hyphens":                 replaced("-", "\ufe63"),
		"full-width hyphens":            replaced("-", "\uff0d"),
		"dots":                          replaced(" ", "."),
		"dashes":                        replaced(" ", "-"),
		"slashes":                       replaced(" ", "/"),
		"underscores":                   replaced(" ", "_"),
		"two spaces":                    replaced(" ", "  "),
		"tabs":                          replaced(" ", "\t"),
		"line breaks of a wrapped mail": replaced(" ", "\n"),
		"line breaks of a quoted mail":  replaced(" ", "\r\n> "),
		"line breaks of Windows":        replaced(" ", "\r\n"),
		"inline tags":                   func(b, v string) string { return "<html><p>" + b + v[:6] + "<b>" + v[6:] + "</b></p></html>" },
		"entities in HTML": func(b, v string) string {
			return "<html><p>" + b + strings.ReplaceAll(v, " ", "&nbsp;") + "</p></html>"
		},
		"full-width digits":               digits('０'),
		"Arabic-Indic digits":             digits('٠'),
		"Persian digits":                  digits('۰'),
		"Devanagari digits":               digits('०'),
		"Bengali digits":                  digits('০'),
		"Thai digits":                     digits('๐'),
		"mathematical digits":             digits('𝟎'),
		"bold mathematical digits":        digits('𝟬'),
		"Markdown":                        func(b, v string) string { return b + strings.NewReplacer(".", `\.`, "-", `\-`).Replace(v) + " thanks" },
		"an escaped line break before it": func(b, v string) string { return `log: "` + b + `\n` + v + `\nthanks"` },
		"JSON escaped twice":              all(func(s string) string { return inString(inString(s)) }),
		"JSON in a log":                   all(func(s string) string { return "2026-11-22 ERROR body=" + strings.ReplaceAll(inString(s), `"`, `\"`) }),
	}
}

// quotedPrintable writes every byte beyond ASCII, equals signs and at signs as an escape.
func quotedPrintable(s string) string {
	var b strings.Builder
	width := 0
	for i := range len(s) {
		piece := s[i : i+1]
		if c := s[i]; c >= 0x80 || c == '=' || c == '@' || i%5 == 4 {
			piece = fmt.Sprintf("=%02X", c)
		}
		if width += len(piece); width > 72 {
			b.WriteString("=\r\n")
			width = len(piece)
		}
		b.WriteString(piece)
	}
	return b.String()
}

package proxy

import (
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"daylight.internal/proxy/websocket"
)

func TestALineIsInOneLanguage(t *testing.T) {
	n := sampleNotice()
	for _, c := range []struct {
		name, accept string
		message      map[string]string
		want, tag    string
	}{
		{"all in the client's", "zh-CN", n.message, "客户名单不得外传。请使用 Campaign Studio 处理分群。 发现：涉及的人数 (250)、", "zh"},
		{"the policy speaks English only", "ar", map[string]string{"en": "Ask us first"}, "Ask us first. Found: People who are named (250), ", "en"},
		{"the policy speaks a language of its own", "ru", map[string]string{"fi": "Kysy ensin."}, "Kysy ensin. Найдено: Упомянуто людей (250), ", "fi"},
		{"the policy says nothing", "ru", nil, "Это не было отправлено. Здесь есть данные, которые нельзя отправлять в ChatGPT. ", "ru"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "https://chat.example/", nil)
			r.Header.Set("Accept-Language", c.accept)
			n.message = c.message
			text, tag := line(r, n)
			if !strings.HasPrefix(text, c.want) || tag != c.tag || !strings.HasSuffix(text, eventID) {
				t.Errorf("got %s: %s", tag, text)
			}
		})
	}
}

func TestTheReasonOfACloseCanBeUnderstood(t *testing.T) {
	const starter = "В тексте есть список людей. Используйте инструмент, одобренный для данных клиентов."
	for _, c := range []struct{ name, message, want string }{
		{"short enough for the number too", "Customer lists stay here", "Customer lists stay here. Event number: " + eventID},
		{"whole, without the number", "Customer lists stay with us. Use Campaign Studio for your segments, please.", "Customer lists stay with us. Use Campaign Studio for your segments, please."},
		{"60 letters of two bytes", "يحتوي النص على قائمة أشخاص. استخدم أداة معتمدة لبيانات العملاء", "يحتوي النص على قائمة أشخاص. استخدم أداة معتمدة لبيانات العملاء."},
		{"the first sentence", starter, "В тексте есть список людей. Event number: " + eventID},
		{"sentences without blanks", strings.Repeat("客户名单不得外传。", 6), strings.Repeat("客户名单不得外传。", 4)},
		{"one long sentence", strings.Repeat("списки ", 20), strings.TrimSpace(strings.Repeat("списки ", 9)) + "…"},
		{"one long word", strings.Repeat("客", 60), strings.Repeat("客", 40) + "…"},
		{"a number is no end of a sentence", "Version 2.5 " + strings.Repeat("of this tool ", 12), "Version 2.5" + strings.Repeat(" of this tool", 8) + " of…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "https://chat.example/", nil)
			got := shortLine(r, notice{id: eventID, message: map[string]string{"en": c.message}}, websocket.MaxReason)
			if got != c.want || len(got) > websocket.MaxReason || !utf8.ValidString(got) {
				t.Errorf("got %q of %d bytes", got, len(got))
			}
		})
	}
}

func FuzzShorten(f *testing.F) {
	f.Add("One. Two. Three", 9)
	f.Add("قائمة؟ نعم", 12)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if !utf8.ValidString(text) || limit < 3 || limit > 1<<20 {
			t.Skip()
		}
		if got := shorten(text, limit); len(got) > limit || !utf8.ValidString(got) {
			t.Errorf("%q cut to %d is %q", text, limit, got)
		}
	})
}

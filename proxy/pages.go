package proxy

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/text/language"

	"daylight.internal/classifier"
)

//go:embed pages
var pageFiles embed.FS

// notice is what a person or a program is told of a blocked exchange. It holds
// no matched value, also not a masked one.
type notice struct {
	id      string
	service string            // name; "" when there is none
	message map[string]string // the policy's, by language tag
	rule    string            // that decided; "" when none did
	classes []classCount
	people  int
	file    string // that was uploaded; "" when it has no name
	failed  bool   // blocked because it could not be judged
}

// classCount is how many values of a data class were found.
type classCount struct {
	class string
	count int
}

// countClasses adds the findings up by class, the most frequent first.
func countClasses(findings []classifier.Summary) []classCount {
	sums := map[string]int{}
	for _, f := range findings {
		sums[f.Class] += f.Count
	}
	var out []classCount
	for class, count := range sums {
		out = append(out, classCount{class, count})
	}
	slices.SortFunc(out, func(a, b classCount) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.class, b.class))
	})
	return out
}

// pageText holds the words of the pages in one language.
type pageText struct {
	Language    string `json:"language"`
	Direction   string `json:"direction"` // "ltr" or "rtl"
	ThisService string `json:"this_service"`
	NextTitle   string `json:"next_title"`
	EventNumber string `json:"event_number"`
	EventHint   string `json:"event_hint"`
	Reason      string `json:"reason"`
	Separator   string `json:"separator"`
	Line        struct {
		File  string `json:"file"`
		Found string `json:"found"`
		Rule  string `json:"rule"`
		Event string `json:"event"`
		Stop  string `json:"stop"` // at the end of a sentence
	} `json:"line"` // the notice in one line	} `json:"line"`
	Block struct {
		Title       string   `json:"title"`
		LeadContent string   `json:"lead_content"`
		LeadService string   `json:"lead_service"`
		LeadFailed  string   `json:"lead_failed"`
		PolicySays  string   `json:"policy_says"`
		Found       string   `json:"found"`
		File        string   `json:"file"`
		People      string   `json:"people"`
		NextContent []string `json:"next_content"`
		NextService []string `json:"next_service"`
		NextFailed  []string `json:"next_failed"`
	} `json:"block"`
	Own struct {
		Title           string `json:"title"`
		Lead            string `json:"lead"`
		Certificate     string `json:"certificate"`
		CertificateText string `json:"certificate_text"`
		Download        string `json:"download"`
		Fingerprint     string `json:"fingerprint"`
		FingerprintText string `json:"fingerprint_text"`
		Steps           []struct {
			System string `json:"system"`
			Text   string `json:"text"`
		} `json:"steps"`
		Settings     string `json:"settings"`
		SettingsText string `json:"settings_text"`
	} `json:"own"`
	Classes map[string]string `json:"classes"`
	// Failures are by status. Reasons are by reason and stand in their place where they
	// say more.
	Failures map[string]failureText `json:"failures"`
	Reasons  map[string]failureText `json:"reasons"`
}

type failureText struct {
	Title string `json:"title"`
	Lead  string `json:"lead"`
	Do    string `json:"do"` // the one thing to do
}

// pageSet is the embedded pages, read once and never changed.
type pageSet struct {
	notice   *template.Template // of a block or a failure
	own      *template.Template // of the proxy itself
	style    template.CSS
	security string // the Content-Security-Policy that fits the style
	texts    []*pageText
	matcher  language.Matcher
	blind    map[int][]byte // whole answers by status, with blindID for the event
}

// pages reads the embedded files. They are part of the program, so a fault in
// them is one of the program.
var pages = sync.OnceValue(func() *pageSet {
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(style)
	p := &pageSet{
		notice: template.Must(template.ParseFS(pageFiles, "pages/frame.html.tmpl", "pages/notice.html.tmpl")),
		own:    template.Must(template.ParseFS(pageFiles, "pages/frame.html.tmpl", "pages/own.html.tmpl")),
		style:  template.CSS(style),
		security: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			base64.StdEncoding.EncodeToString(sum[:])),
	}
	var tags []language.Tag
	for _, name := range []string{"en", "zh", "ru", "ar"} { // the first is the fallback
		data, err := pageFiles.ReadFile("pages/text/" + name + ".json")
		if err != nil {
			panic(err)
		}
		text := &pageText{}
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(text); err != nil {
			panic(fmt.Errorf("reading the words of %s: %w", name, err))
		}
		p.texts = append(p.texts, text)
		tags = append(tags, language.Make(name))
	}
	p.matcher = language.NewMatcher(tags)
	p.blind = p.renderBlind()
	return p
})

// accepted returns what languages the client wants, at most the first few.
func accepted(r *http.Request) []language.Tag {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return nil
	}
	return tags[:min(len(tags), 16)]
}

// textFor returns the words in the language that fits the client best.
func textFor(r *http.Request) *pageText {
	_, i, _ := pages().matcher.Match(accepted(r)...)
	return pages().texts[i]
}

// textIn returns the words in a language, or those that fit the client best when
// it is "" or not known.
func textIn(r *http.Request, tag string) *pageText {
	if tag != "" {
		if _, i, confidence := pages().matcher.Match(language.Make(tag)); confidence >= language.High {
			return pages().texts[i]
		}
	}
	return textFor(r)
}

// messageIn chooses the policy's message in the language that fits the client
// best, else the English one, else the first.
func messageIn(r *http.Request, messages map[string]string) (text, tag string) {
	if len(messages) == 0 {
		return "", ""
	}
	names := slices.SortedFunc(maps.Keys(messages), func(a, b string) int {
		return cmp.Or(cmp.Compare(b2i(b == "en"), b2i(a == "en")), cmp.Compare(a, b))
	})
	tags := make([]language.Tag, len(names))
	for i, name := range names {
		tags[i] = language.Make(name)
	}
	_, i, _ := language.NewMatcher(tags).Match(accepted(r)...)
	return messages[names[i]], names[i]
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pageData is what the frame of every page shows.
type pageData struct {
	Text  *pageText
	Style template.CSS
	Title string
}

// noticeData is what the page of a block or a failure shows.
type noticeData struct {
	pageData
	Lead            string
	Message         *messageData
	Found           []foundData
	Next            []string // of a block: what may be done
	Do              string   // after a failure: what is to be done
	EventID, Reason string
}

type messageData struct{ Language, Text string }

type foundData struct{ Name, Count string }

// blockPage tells a person that the exchange was stopped, and what to do.
func blockPage(r *http.Request, n notice) *http.Response {
	t := textFor(r)
	d := noticeData{pageData: newPageData(t, t.Block.Title), EventID: n.id}
	d.Lead, d.Next = t.lead(n)
	if text, tag := messageIn(r, n.message); text != "" {
		d.Message = &messageData{tag, text}
	}
	if n.file != "" {
		d.Found = append(d.Found, foundData{t.Block.File, n.file})
	}
	if n.people > 0 {
		d.Found = append(d.Found, foundData{t.Block.People, strconv.Itoa(n.people)})
	}
	for _, c := range n.classes {
		d.Found = append(d.Found, foundData{t.className(c.class), strconv.Itoa(c.count)})
	}
	return d.response(r, http.StatusForbidden)
}

func newPageData(t *pageText, title string) pageData {
	return pageData{Text: t, Style: pages().style, Title: title}
}

func (d *noticeData) response(r *http.Request, status int) *http.Response {
	resp := newResponse(r, status, "text/html; charset=utf-8", render(pages().notice, d))
	setPageHeader(resp.Header, d.Text)
	if d.EventID != "" {
		resp.Header.Set(eventHeader, d.EventID)
	}
	return resp
}

// setPageHeader says that a page loads nothing and may stand in no frame.
func setPageHeader(h http.Header, t *pageText) {
	h.Set("Content-Security-Policy", pages().security)
	h.Set("Content-Language", t.Language)
	h.Set("Referrer-Policy", "no-referrer")
	h.Add("Vary", "Accept-Language")
}

// render panics only when a template does not fit its data, which is a fault of
// the program; the callers recover.
func render(page *template.Template, data any) []byte {
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, "frame.html.tmpl", data); err != nil {
		panic(err)
	}
	return b.Bytes()
}

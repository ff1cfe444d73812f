package discovery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules/discovery"
)

const question = `{"query":"What do our customers say about the spring offer?"}`

// tokens are pieces of text as a model writes it.
func tokens(n int) []string {
	words := strings.Fields("the customers say that delivery was slow, although prices have been fair and everything arrived in one piece as promised")
	list := make([]string, n)
	for i := range list {
		list[i] = " " + words[i%len(words)]
	}
	return list
}

// events plays an answer of events, one every gap, and returns the evidence.
func events(t *testing.T, request, mediaType string, gap time.Duration, list []string) discovery.Evidence {
	x := embedded(t).Exchange(post(request))
	x.Answer(&discovery.Response{Status: 200, MediaType: mediaType})
	for i, event := range list {
		x.Stream(time.Duration(i)*gap, []byte(event))
	}
	return x.Evidence()
}

// each puts every text into an event.
func each(format string, texts []string) []string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = fmt.Sprintf(format, text)
	}
	return list
}

// growing are texts that each begin with the one before.
func growing(n int) []string {
	list := tokens(n)
	for i := 1; i < n; i++ {
		list[i] = list[i-1] + list[i]
	}
	return list
}

func TestAnAnswerIsJudgedByItsEventsAndTheirRhythm(t *testing.T) {
	const sse = "text/event-stream"
	lines := each("data: {\"line\":\"%s, and this is a long line of a log that tells what was done in this step of the build\"}\n\n", tokens(40))
	numbers := make([]string, 40)
	for i := range numbers {
		numbers[i] = fmt.Sprint(i)
	}
	for _, c := range []struct {
		name, request, media string
		gap                  time.Duration
		events               []string
		result               discovery.Result
		words                []string // of the answer
	}{
		{"tokens in events", question, sse, 40 * time.Millisecond, each("data: {\"t\":\"%s\"}\n\n", tokens(40)), "ai", []string{"stream_answer", "token_cadence", "token_pieces"}},
		{"tokens in lines", question, "application/x-ndjson", 40 * time.Millisecond, each("{\"t\":\"%s\"}\n", tokens(40)), "ai", []string{"stream_answer", "token_cadence", "token_pieces"}},
		{"tokens as they are", question, "text/plain", 40 * time.Millisecond, tokens(40), "ai", []string{"stream_answer", "token_cadence", "token_pieces"}},
		{"text that grows", question, sse, 40 * time.Millisecond, each("data: {\"t\":\"%s\"}\n\n", growing(40)), "ai", []string{"stream_answer", "token_cadence", "token_pieces"}},
		{"tokens all at once", question, sse, 0, each("data: {\"t\":\"%s\"}\n\n", tokens(40)), "", []string{"stream_answer"}},
		{"tokens every two seconds", question, sse, 2 * time.Second, each("data: {\"t\":\"%s\"}\n\n", tokens(40)), "", []string{"stream_answer"}},
		{"five events", question, sse, 40 * time.Millisecond, each("data: {\"t\":\"%s\"}\n\n", tokens(5)), "", nil},
		{"the lines of a log", question, sse, 40 * time.Millisecond, lines, "", []string{"stream_answer"}},
		{"a counter", question, sse, 40 * time.Millisecond, each("data: {\"percent\":%s}\n\n", numbers), "", []string{"stream_answer"}},
		{"tokens that nobody asked for", `{"id":17}`, sse, 40 * time.Millisecond, each("data: {\"t\":\"%s\"}\n\n", tokens(40)), "", nil},
		{"the events of a model", `{"x":1}`, sse, time.Second, each("data: {\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}\n\n", tokens(3)), "suspected", []string{"model_frames"}},
		{"an event cut in two pieces", `{"x":1}`, sse, time.Second, []string{"data: {\"choices\":[{\"del", "ta\":{\"content\":\"x\"}}]}\n\n"}, "suspected", []string{"model_frames"}},
		{"the names of events", `{"x":1}`, sse, time.Second, []string{"event: content_block_delta\ndata: {}\n\n"}, "suspected", []string{"model_frames"}},
		{"a document of a model", `{"x":1}`, jsonType, time.Second, []string{`{"choices":[{"message":{"content":"x"}}],`, `"usage":{"prompt_tokens":1}}`}, "suspected", []string{"model_frames", "token_usage"}},
		{"a document of many lines", `{"x":1}`, jsonType, time.Second, []string{"[{\n  \"candidates\": [\n    {\n      \"content\": {\n \"parts\": [{\"text\": \"x\"}]}}]}]"}, "suspected", []string{"model_frames"}},
		{"the last line without its end", `{"x":1}`, sse, time.Second, []string{"data: [DONE]"}, "", []string{"chat_frames"}},
		{"a list of choices", `{"x":1}`, jsonType, time.Second, []string{`{"choices":[{"text":"yes","votes":3}]}`}, "", nil},
		{"a page", question, "text/html", time.Second, []string{`{"choices":[{"delta":{}}]}`}, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := events(t, c.request, c.media, c.gap, c.events)
			words := slices.DeleteFunc(e.Words.Strings(), func(w string) bool { return w == "prompt_keys" })
			if e.Result != c.result || !slices.Equal(words, c.words) {
				t.Errorf("got %d %q %v, want %q %v", e.Score, e.Result, words, c.result, c.words)
			}
		})
	}
}

func TestTheHeadOfAnAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer discovery.Response
		body   string
		words  []string
	}{
		{"a header of a vendor", discovery.Response{Header: map[string][]string{"Openai-Processing-Ms": {"12"}}}, "", []string{"answer_header"}},
		{"a limit of tokens", discovery.Response{Header: map[string][]string{"X-Ratelimit-Remaining-Tokens": {"12"}}}, "", []string{"token_limit_header"}},
		{"another header", discovery.Response{Header: map[string][]string{"X-Ratelimit-Remaining": {"12"}, "Server": {"x"}}}, "", nil},
		{"sound", discovery.Response{MediaType: "audio/mpeg"}, "ID3", []string{"media_answer"}},
		{"binary events", discovery.Response{MediaType: "application/vnd.amazon.eventstream"}, "", []string{"event_stream"}},
		{"a wrong key", discovery.Response{Status: 401, MediaType: jsonType}, `{"error":{"message":"x","code":"invalid_api_key"}}`, []string{"error_words"}},
		{"a wrong key that is no error", discovery.Response{Status: 200, MediaType: jsonType}, `{"error":{"message":"x","code":"invalid_api_key"}}`, nil},
		{"a server of MCP", discovery.Response{MediaType: jsonType}, `{"jsonrpc":"2.0","result":{"protocolVersion":"2025-06-18","serverInfo":{"name":"x"}}}`, []string{"mcp_answer"}},
		{"its tools", discovery.Response{MediaType: jsonType}, `{"jsonrpc":"2.0","result":{"tools":[{"name":"x","inputSchema":{"type":"object"}}]}}`, []string{"mcp_answer"}},
	} {
		x := embedded(t).Exchange(post(`{"note":"Please tell me what this is"}`))
		x.Answer(&c.answer)
		x.Stream(0, []byte(c.body))
		if got := x.Evidence().Words.Strings(); !slices.Equal(got, c.words) {
			t.Errorf("%s: %v, want %v", c.name, got, c.words)
		}
	}
}

func TestAPromptIsAnsweredByAJob(t *testing.T) {
	for request, want := range map[string]discovery.Result{
		`{"prompt":"a red bicycle in the rain"}`: discovery.Suspected,
		`{"title":"the sales of last month"}`:    discovery.Ordinary,
	} {
		x := embedded(t).Exchange(post(request))
		x.Answer(&discovery.Response{Status: 200, MediaType: jsonType})
		x.Stream(0, []byte(`{"task_id":"t-1"}`))
		if e := x.Evidence(); e.Result != want {
			t.Errorf("%s: %+v", request, e)
		}
	}
}

func TestALongTextCountsWhenAStreamAnswersIt(t *testing.T) {
	long := `{"page":"` + strings.Repeat("some text ", 6000) + `"}`
	for media, want := range map[string]bool{"text/event-stream": true, "text/html": false} {
		e := events(t, long, media, 0, each("data: {\"t\":\"%s\"}\n\n", tokens(9)))
		if slices.Contains(e.Words.Strings(), "long_paste") != want {
			t.Errorf("%s: %v", media, e.Words.Strings())
		}
	}
}

func TestTheRhythmOfAWebSocket(t *testing.T) {
	ask := `{"event":"send","text":"What do our customers say about the spring offer?"}`
	socket := func(play func(x *discovery.Exchange)) []string {
		x := embedded(t).Exchange(&discovery.Request{Method: "GET", Host: "svc.example", WebSocket: true})
		play(&x)
		return x.Evidence().Words.Strings()
	}
	at := func(i int) time.Duration { return time.Duration(i) * 50 * time.Millisecond }
	answer := func(x *discovery.Exchange, format string) {
		for i, token := range tokens(40) {
			x.ServerMessage(at(i+1), []byte(fmt.Sprintf(format, token)))
		}
	}
	for _, c := range []struct {
		name string
		play func(x *discovery.Exchange)
		want []string
	}{
		{"a question and an answer in pieces", func(x *discovery.Exchange) {
			x.ClientMessage(0, []byte(ask))
			answer(x, `{"t":"%s"}`)
		}, []string{"socket_rhythm", "token_cadence", "token_pieces"}},
		{"push without a question", func(x *discovery.Exchange) { answer(x, `{"t":"%s"}`) }, nil},
		{"a question among messages that come anyway", func(x *discovery.Exchange) {
			answer(x, `{"t":"%s"}`)
			x.ClientMessage(0, []byte(ask))
			answer(x, `{"t":"%s"}`)
		}, nil},
		{"a short command", func(x *discovery.Exchange) {
			x.ClientMessage(0, []byte(`{"subscribe":"all"}`))
			answer(x, `{"t":"%s"}`)
		}, nil},
		{"signs of life between", func(x *discovery.Exchange) {
			x.ClientMessage(0, []byte(ask))
			for i, token := range tokens(40) {
				x.ServerMessage(at(i+1), []byte(`{"t":"`+token+`"}`))
				x.ClientMessage(at(i+1), []byte(`{"ping":1}`))
			}
		}, []string{"socket_rhythm", "token_cadence", "token_pieces"}},
		{"both talk", func(x *discovery.Exchange) {
			for i := range 40 {
				x.ClientMessage(at(i), []byte(ask))
				x.ServerMessage(at(i), []byte(ask))
			}
		}, []string{"both_talk"}},
		{"the shape of a chat", func(x *discovery.Exchange) { x.ClientMessage(0, []byte(chat)) }, []string{"chat_body"}},
		{"the events of a model", func(x *discovery.Exchange) {
			x.ServerMessage(0, []byte(`{"type":"response.output_text.delta","delta":"x"}`))
		}, []string{"model_frames"}},
	} {
		if got := socket(c.play); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWeakSignsCountOnlyWhereTheyComeTogether(t *testing.T) {
	d := embedded(t)
	judge := func(list ...discovery.Word) discovery.Evidence {
		var words discovery.Words
		for _, w := range list {
			words = words.With(w)
		}
		return d.Judge(words)
	}
	search, talk, export := judge(discovery.PromptKeys), judge(discovery.ConversationText), judge(discovery.StreamAnswer)
	for _, c := range []struct {
		name  string
		list  []discovery.Evidence
		score int
	}{
		{"nothing", nil, 0},
		{"a search, a chat and an export of one host", []discovery.Evidence{search, talk, export}, 20},
		{"the same in one exchange", []discovery.Evidence{judge(discovery.PromptKeys, discovery.ConversationText, discovery.StreamAnswer)}, 55},
		{"telling signs add up", []discovery.Evidence{judge(discovery.ChatBody), judge(discovery.ModelFrames)}, 100},
		{"a telling sign and a weak one of another exchange", []discovery.Evidence{judge(discovery.ChatBody), search}, 55},
		{"telemetry takes nothing away", []discovery.Evidence{judge(discovery.ChatBody), judge(discovery.Telemetry, discovery.PromptKeys)}, 55},
		{"the fourth exchange takes the place of the first", []discovery.Evidence{judge(discovery.ChatBody), search, search, search}, 15},
	} {
		var h discovery.History
		for _, e := range c.list {
			h.Add(e)
		}
		if e := h.Evidence(d); e.Score != c.score {
			t.Errorf("%s: %d, want %d", c.name, e.Score, c.score)
		}
	}
}

func TestATunnelIsNeverMoreThanSuspected(t *testing.T) {
	d := embedded(t)
	play := func(up int, gap time.Duration, size, pieces int) *discovery.Tunnel {
		var tunnel discovery.Tunnel
		tunnel.Sent(0, up)
		for i := range pieces {
			tunnel.Received(d, time.Duration(i+1)*gap, size)
		}
		return &tunnel
	}
	answer := func(up int) *discovery.Tunnel { return play(up, 50*time.Millisecond, 120, 64) }
	for _, c := range []struct {
		name, host string
		tunnel     *discovery.Tunnel
		want       discovery.Result
	}{
		{"a name of AI and the rhythm of a model", "chat.startup.ai", answer(900), discovery.Suspected},
		{"with an upload", "gpt.startup.example", answer(5 << 20), discovery.Suspected},
		{"a rhythm and an upload, but no name", "api.startup.example", answer(5 << 20), discovery.Suspected},
		{"a name alone", "chat.startup.ai", &discovery.Tunnel{}, discovery.Ordinary},
		{"a rhythm alone", "api.startup.example", answer(900), discovery.Ordinary},
		{"a download", "chat.startup.ai", play(900, time.Millisecond, 16<<10, 64), discovery.Ordinary},
		{"pieces one after the other, but large", "chat.startup.ai", play(900, 50*time.Millisecond, 16<<10, 64), discovery.Ordinary},
		{"a few pieces", "chat.startup.ai", play(900, 50*time.Millisecond, 120, 12), discovery.Ordinary},
		{"nothing was asked", "chat.startup.ai", play(80, 50*time.Millisecond, 120, 64), discovery.Ordinary},
		{"a messenger", "gpt.slack.com", answer(900), discovery.Ordinary},
	} {
		if e := d.Tunnel(c.host, c.tunnel); e.Result != c.want || c.want == discovery.Suspected && e.Confidence != discovery.Low {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	for _, media := range []string{"text/event-stream", jsonType, "text/plain", "application/connect+json", "application/vnd.amazon.eventstream", "audio/mpeg"} {
		f.Add([]byte("event: x\ndata: {\"choices\":[{\"delta\":{\"content\":\" a\"}}]}\n\ndata: [DONE]\n\n"), media, uint8(7))
		f.Add([]byte("\x00\x00\x00\x00\x07{\"a\":1}"), media, uint8(3))
	}
	d, err := discovery.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte, media string, cut uint8) {
		x := d.Exchange(post(question))
		x.Answer(&discovery.Response{Status: 200 + int(cut), MediaType: media, Header: map[string][]string{media: nil}})
		socket := d.Exchange(&discovery.Request{})
		var tunnel discovery.Tunnel
		for i := 0; len(body) > 0; i++ {
			n := min(int(cut)+1, len(body))
			at := time.Duration(int(cut)*i-300) * time.Millisecond
			x.Stream(at, body[:n])
			socket.ServerMessage(at, body[:n])
			if i%7 == 0 {
				socket.ClientMessage(at, body[:n])
				tunnel.Sent(at, 10*n)
			}
			tunnel.Received(d, at, n)
			body = body[n:]
		}
		for _, e := range []discovery.Evidence{x.Evidence(), socket.Evidence(), d.Tunnel(media, &tunnel)} {
			if e.Score < 0 || e.Score > 100 {
				t.Error(e)
			}
		}
	})
}

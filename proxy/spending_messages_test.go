package proxy

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
)

// The least that so many messages can take at a pace, after as many as a second has.
func leastTime(messages, perSecond int) time.Duration {
	return time.Duration(messages-perSecond-1) * time.Second / time.Duration(perSecond)
}

// A message of one byte takes seven to send, and leaves an event of hundreds.
func TestAFloodOfTinyMessagesIsPaced(t *testing.T) {
	const perSecond, flood = 50, 150
	for name, p := range map[string]*policy{"held": holdMessages(), "observed": observeMessages()} {
		t.Run(name, func(t *testing.T) {
			b := startSockets(t, p, JudgeOptions{Limits: Limits{MessagesPerSecond: perSecond, ObservedMessages: flood}}, "", nil)
			client, server := b.open(t, "ai.example", "/")
			message := masked(websocket.Text, "x")
			started := time.Now()
			client.say(t, []byte(strings.Repeat(string(message), flood)), masked(websocket.Ping, "behind"))
			eventually(t, func() bool { return len(server.received()) == flood*len(message)+len(masked(websocket.Ping, "behind")) })
			if took, least := time.Since(started), leastTime(flood, perSecond); took < least {
				t.Errorf("%d messages went through in %s, at the earliest they may in %s", flood, took, least)
			}
			client.Close()
			server.waitEnd(t)
			if messages, _ := b.end(t); len(messages) != flood {
				t.Errorf("%d events for %d messages", len(messages), flood)
			}
			if hits := metricValue(t, b.metrics, "daylight_limit_hits_total", "limit", "messages_per_second"); hits == 0 || hits > flood-perSecond {
				t.Errorf("the limit is counted %v times", hits)
			}
		})
	}
}

func TestMessagesThatGoOnUnreadAreNotPaced(t *testing.T) {
	b := startSockets(t, &policy{service: "chat", need: rules.Nothing, verdict: rules.Verdict{Action: rules.Allow}}, JudgeOptions{Limits: Limits{MessagesPerSecond: 1}}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	stream := []byte(strings.Repeat(string(masked(websocket.Text, "x")), 50000))
	started := time.Now()
	client.say(t, stream)
	server.expect(t, stream)
	t.Logf("%d messages of %d bytes in %s", 50000, len(stream), time.Since(started))
	client.Close()
	server.waitEnd(t)
	if messages, _ := b.end(t); len(messages) != 0 {
		t.Errorf("%d events", len(messages))
	}
}

// 260 bytes may unpack to 256 KiB. Such a message counts for as many as it looks like.
func TestMessagesThatUnpackToMuchCountForMany(t *testing.T) {
	const perSecond, bombs = 50, 4
	b := startSockets(t, holdMessages(), JudgeOptions{Limits: Limits{MessagesPerSecond: perSecond}}, noTakeover, nil)
	client, server := b.open(t, "ai.example", "/")
	c := newCompressor(false)
	bomb := c.message(strings.Repeat("z", 250<<10))
	weight := (250<<10 - honestRatio*len(bomb)) / chargedBytes // messages that each counts for, beside itself
	started := time.Now()
	for range bombs {
		client.say(t, bomb)
	}
	server.expect(t, []byte(strings.Repeat(string(bomb), bombs)))
	if took, least := time.Since(started), leastTime((bombs-1)*weight, perSecond); took < least {
		t.Errorf("%d bombs went through in %s, at the earliest they may in %s", bombs, took, least)
	}
	t.Logf("%d bytes unpack to %d and count for %d messages", len(bomb), 250<<10, weight+1)
	client.Close()
	server.waitEnd(t)
	b.end(t)
}

// lookedAt is a policy under which messages to ai.example, which is on no list, are looked
// at and go on.
const lookedAt = "version: 1\nrules: [{name: lists, match: {data: {class: personal, people: \">=3\"}}, action: block}]\n"

// A file that goes to a tool in large messages is no flood: to look at them costs less than
// to carry them, and they leave no event.
func TestLargeMessagesThatAreOnlyLookedAtAreNotPaced(t *testing.T) {
	b := startSockets(t, compile(t, lookedAt), JudgeOptions{Limits: Limits{MessagesPerSecond: 1}}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	upload := []byte(strings.Repeat(string(masked(websocket.Binary, strings.Repeat("\x00\xff", bulkMessage/2))), 5))
	client.say(t, upload)
	server.expect(t, upload)
	client.Close()
	server.waitEnd(t)
	if messages, _ := b.end(t); len(messages) != 0 {
		t.Errorf("%d events", len(messages))
	}
	b.metrics.LimitHit("messages_per_second") // so that there is a number
	if hits := metricValue(t, b.metrics, "daylight_limit_hits_total", "limit", "messages_per_second"); hits != 1 {
		t.Errorf("an upload waited %v times", hits-1)
	}
}

// What is only looked at is paced when it is small, or unpacks to much.
func TestMessagesThatAreOnlyLookedAtArePaced(t *testing.T) {
	const perSecond, small = 50, 100
	c := newCompressor(false)
	bomb := c.message(strings.Repeat("z", 250<<10))
	weight := (250<<10 - honestRatio*len(bomb)) / chargedBytes
	for name, flood := range map[string]struct {
		extensions string
		message    []byte
		messages   int
		counted    int
	}{
		"small":                 {"", masked(websocket.Binary, strings.Repeat("x", bulkMessage-1)), small, small},
		"large, but compressed": {noTakeover, c.message(string(noise(bulkMessage))), small, small},
		"bombs":                 {noTakeover, bomb, 4, 3 * weight},
	} {
		t.Run(name, func(t *testing.T) {
			b := startSockets(t, compile(t, lookedAt), JudgeOptions{Limits: Limits{MessagesPerSecond: perSecond}}, flood.extensions, nil)
			client, server := b.open(t, "ai.example", "/")
			stream := []byte(strings.Repeat(string(flood.message), flood.messages))
			started := time.Now()
			client.say(t, stream)
			server.expect(t, stream)
			if took, least := time.Since(started), leastTime(flood.counted, perSecond); took < least {
				t.Errorf("%d messages went through in %s, at the earliest they may in %s", flood.messages, took, least)
			}
			client.Close()
			server.waitEnd(t)
			b.end(t)
		})
	}
}

// Frames without a payload cost their six bytes of traffic and no memory.
func TestAFloodOfEmptyFramesTakesNoMemory(t *testing.T) {
	const frames = 300000
	for name, frame := range map[string][]byte{
		"pings":           masked(websocket.Ping, ""),
		"empty fragments": part(websocket.Header{}, ""),
		"fragments of 1":  part(websocket.Header{}, "x"),
	} {
		t.Run(name, func(t *testing.T) {
			b := startSockets(t, holdMessages(), JudgeOptions{Limits: Limits{HoldMemoryBytes: 64 << 10, HoldBytes: 128 << 10}}, "", nil)
			client, server := b.open(t, "ai.example", "/")
			client.say(t, part(websocket.Header{Opcode: websocket.Text}, "x")) // never finished
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			flood := []byte(strings.Repeat(string(frame), frames/10))
			for range 10 {
				client.say(t, flood)
			}
			client.Close()
			server.waitEnd(t)
			runtime.ReadMemStats(&after)
			allocated, sent := after.TotalAlloc-before.TotalAlloc, uint64(frames*len(frame))
			// The server of the test keeps what it gets, which takes some times that.
			if allocated > 8*sent+4<<20 || after.Mallocs-before.Mallocs > frames/4 {
				t.Errorf("%d frames of %d bytes made %d objects of %d bytes", frames, sent, after.Mallocs-before.Mallocs, allocated)
			}
			t.Logf("%d frames: %d objects", frames, after.Mallocs-before.Mallocs)
			if messages, _ := b.end(t); len(messages) != 1 {
				t.Errorf("%d events for one message", len(messages))
			}
		})
	}
}

func TestAFloodOfCallMessagesIsPaced(t *testing.T) {
	const perSecond, flood = 50, 150
	b := newBench(t, gateOf("SECRET"), JudgeOptions{Limits: Limits{MessagesPerSecond: perSecond}}, nil)
	stream := strings.Repeat(framed(0, "x"), flood)
	x, r := openGate(t, b, "application/grpc", strings.NewReader(stream))
	started := time.Now()
	passed, err := io.ReadAll(r.Body)
	if string(passed) != stream || err != nil {
		t.Fatalf("%d of %d bytes passed: %v", len(passed), len(stream), err)
	}
	if took, least := time.Since(started), leastTime(flood, perSecond); took < least {
		t.Errorf("%d messages went through in %s, at the earliest they may in %s", flood, took, least)
	}
	r.Body.Close()
	b.close(t, x)
}

// What one message leaves on disk, whatever the client sends.
func TestTheEventOfATinyMessageIsBounded(t *testing.T) {
	b := startSockets(t, holdMessages(), JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/"+strings.Repeat("a/", 4000))
	client.say(t, masked(websocket.Text, "x"))
	client.Close()
	server.waitEnd(t)
	messages, _ := b.end(t)
	path := t.TempDir() + "/events.jsonl"
	file, err := audit.OpenFile(path, audit.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file.Record(messages[0])
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if line := mustRead(t, path); len(line) > 2048 {
		t.Errorf("an event of %d bytes: %.300s", len(line), line)
	} else {
		t.Logf("%d bytes for 7", len(line))
	}
}

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pageReport is what a page tells of its WebSocket.
type pageReport struct {
	Answers            []string
	Extensions, Reason string
	Code               int
	Clean              bool
}

// onPage calls a function of the page and returns what it tells.
func onPage(ctx context.Context, t *testing.T, call string) pageReport {
	t.Helper()
	told, err := chromedp.Run(ctx, chromedp.Evaluate[string](call, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.100s: %v", call, err)
	}
	var r pageReport
	if err := json.Unmarshal([]byte(told), &r); err != nil {
		t.Fatalf("%q: %v", told, err)
	}
	return r
}

func talk(url string, messages ...string) string {
	return fmt.Sprintf("talk(%q, %s)", url, must(json.Marshal(messages)))
}

// openSocketPage starts a Chromium on the page of a chat.
func openSocketPage(t *testing.T, w *world) context.Context {
	t.Helper()
	ctx := w.browser("en", true)
	if err := chromedp.Do(ctx, chromedp.Navigate("https://www.shop.test/socket-page")); err != nil {
		t.Fatal(err)
	}
	return ctx
}

func TestChromiumWebSocketIsClosedWithTheReason(t *testing.T) {
	w := start(t, marketingPolicy)
	ctx := openSocketPage(t, w)
	clean := copilotMessage(cleanPrompt)

	got := onPage(ctx, t, talk(copilot, clean, clean))
	if !slices.Equal(got.Answers, []string{clean, clean}) || got.Code != 1000 || !got.Clean || !strings.Contains(got.Extensions, "permessage-deflate") {
		t.Errorf("a clean talk: %+v", got)
	}
	got = onPage(ctx, t, talk(copilot, clean, copilotMessage(customerList(25)), clean))
	if !slices.Equal(got.Answers, []string{clean}) || got.Code != 1008 || !got.Clean || !strings.Contains(got.Reason, "Customer lists stay in the CRM") {
		t.Errorf("a talk with a customer list: %+v", got)
	}
	w.blockedMessage("copilot.microsoft.com", "microsoft-copilot", []string{clean, clean, clean})
}

// chatInvocation is a record of SignalR as Microsoft 365 Copilot sends it.
func chatInvocation(id int, text string) string {
	return string(must(json.Marshal(map[string]any{"type": 4, "target": "chat", "invocationId": strconv.Itoa(id),
		"arguments": []any{map[string]any{"source": "officeweb", "message": map[string]any{"author": "user", "inputMethod": "Keyboard", "text": text}}}}))) + "\x1e"
}

func TestChromiumSignalRGoesOnAfterABlockedInvocation(t *testing.T) {
	w := start(t, marketingPolicy)
	ctx := openSocketPage(t, w)
	handshake := "{\"protocol\":\"json\",\"version\":1}\x1e"
	ping := "{\"type\":6}\x1e"
	got := onPage(ctx, t, talk("wss://substrate.office.com/m365Copilot/Chathub/0f1e2d3c-aaaa-bbbb-cccc-123456789abc@9a8b7c6d-aaaa-bbbb-cccc-123456789abc?access_token=needle",
		handshake, chatInvocation(0, cleanPrompt), ping+chatInvocation(1, customerList(25)), chatInvocation(2, "And shorter, please.")))
	if got.Code != 1000 || len(got.Answers) != 4 {
		t.Fatalf("the talk did not go on: %+v", got)
	}
	var refused struct {
		Type                int
		InvocationID, Error string
	}
	if err := json.Unmarshal([]byte(strings.TrimSuffix(got.Answers[2], "\x1e")), &refused); err != nil || !strings.HasSuffix(got.Answers[2], "\x1e") {
		t.Errorf("the page was told %q: %v", got.Answers[2], err)
	}
	if refused.Type != 3 || refused.InvocationID != "1" || !strings.Contains(refused.Error, "Customer lists stay in the CRM") {
		t.Errorf("the invocation ended with %+v", refused)
	}
	if !strings.Contains(got.Answers[3], `"invocationId":"2"`) || !strings.Contains(got.Answers[3], "Guten Tag.") {
		t.Errorf("the next invocation was answered %q", got.Answers[3])
	}
	w.blockedMessage("substrate.office.com", "microsoft-365-copilot", []string{handshake, chatInvocation(0, cleanPrompt), chatInvocation(2, "And shorter, please.")})
}

func TestChromiumEditsTypedKeyByKeyAreStoppedAtTheTenthPerson(t *testing.T) {
	w := start(t, marketingPolicy)
	ctx := openSocketPage(t, w)
	var pasted strings.Builder
	for i := range 8 {
		fmt.Fprintf(&pasted, "anna.bergmann%d@posteo.example\n", i)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf("type(%q, %s)", "wss://capi.grammarly.com/freews", must(json.Marshal(pasted.String()))), chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
	typed := "lea.vogt@posteo.example ida.brandt@posteo.example emil.keller@posteo.example "
	if err := chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS("#text"), typed)); err != nil {
		t.Fatal(err)
	}
	got := onPage(ctx, t, "typed()")
	if got.Code != 1008 || !strings.Contains(got.Reason, "Customer lists stay in the CRM") {
		t.Errorf("the page was told %+v", got)
	}
	ninth, tenth := strings.Index(typed, " "), strings.Index(typed, " emil")
	if keys := len(w.services.sockets.messagesTo("capi.grammarly.com")) - 2; keys <= ninth || keys >= tenth {
		t.Errorf("%d keys arrived: the tenth person begins after %d and ends at %d", keys, ninth, tenth)
	}
	w.waitEvent("the edit that was blocked", func(e event) bool {
		return e.Service.ID == "grammarly" && e.Verdict.Action == "block" && e.Verdict.Rule == "customer-lists-stay-home"
	})
	eventually(t, "ten people are told in all", func() bool {
		people := 0
		for _, e := range w.events() {
			if e.Service.ID == "grammarly" {
				people += e.People
			}
		}
		return people == 10
	})
}

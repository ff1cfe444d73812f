package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// signIn makes a Chromium sign in at the proxy with its first page.
func signIn(ctx context.Context, t *testing.T, user, password, page string) {
	t.Helper()
	answer := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseProvideCredentials, Username: user, Password: password}
	listening, stop := context.WithCancel(ctx)
	defer stop()
	if err := chromedp.Listen(listening, func(event any) {
		switch e := event.(type) { // listeners must not wait
		case *fetch.EventRequestPaused:
			go func() {
				_, _ = chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
			}()
		case *fetch.EventAuthRequired:
			go func() {
				_, _ = chromedp.Call(ctx, fetch.ContinueWithAuth, fetch.ContinueWithAuthParams{RequestID: e.RequestID, AuthChallengeResponse: answer})
			}()
		}
	}); err != nil {
		t.Fatal(err)
	}
	handle := true
	if _, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{HandleAuthRequests: &handle}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(page)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, fetch.Disable, struct{}{}); err != nil {
		t.Fatal(err)
	}
}

// fourSteps uploads a file as the page of ChatGPT does; the bytes go to another
// origin, which the browser asks first whether it may.
const fourSteps = `(async (name, text) => {
  const json = {"Content-Type": "application/json"};
  const opened = await (await fetch("/backend-api/files", {method: "POST", headers: json, body: JSON.stringify({file_name: name, file_size: text.length, use_case: "my_files"})})).json();
  const put = await fetch(opened.upload_url, {method: "PUT", headers: {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2020-04-08"}, body: new Blob([text])});
  const answer = await put.text();
  const told = await fetch("/backend-api/files/" + opened.file_id + "/uploaded", {method: "POST", headers: json, body: "{}"});
  return JSON.stringify({Opened: opened.status, Put: put.status, Answer: answer, Told: told.status});
})`

func TestChromiumMakesChatGPTsUploadInFourSteps(t *testing.T) {
	need(t, "chromium")
	w := start(t, marketingPolicy, signedIn(t))
	ctx := w.browser("en", true)
	signIn(ctx, t, "ana@marketing.corp.example", "spring", "https://chatgpt.com/")
	upload := func(name, text string) (report struct {
		Opened, Answer string
		Put, Told      int
	}) {
		t.Helper()
		told, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("%s(%s, %s)", fourSteps, must(json.Marshal(name)), must(json.Marshal(text))), chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(told), &report); err != nil {
			t.Fatalf("%q: %v", told, err)
		}
		return report
	}
	if r := upload("briefing.txt", cleanPrompt); r.Opened != "success" || r.Put != 201 || r.Told != 200 {
		t.Errorf("a briefing: %+v", r)
	}
	r := upload("customers.csv", customerList(40))
	if r.Put != 403 || !strings.Contains(r.Answer, "Customer lists stay in the CRM") || !strings.Contains(r.Answer, "customers.csv") || r.Told != 200 {
		t.Errorf("a customer list: %+v", r)
	}
	w.stored(len(cleanPrompt))
	if e := w.blockedUpload("chatgpt", "files.oaiusercontent.com", "customers.csv", 40); e.Client.User != "ana@marketing.corp.example" {
		t.Errorf("the user is %q", e.Client.User)
	}
}

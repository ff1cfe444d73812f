package e2e_test

import (
	"bytes"
	"context"
	"image"
	_ "image/png" // screenshots are measured
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// browser starts a headless Chromium behind the proxy that trusts its CA as a
// managed computer does, through the certificate store of the user.
func (w *world) browser(languages string, trust bool) context.Context {
	w.t.Helper()
	need(w.t, "chromium")
	need(w.t, "certutil")
	home := w.t.TempDir()
	store := filepath.Join(home, ".pki", "nssdb")
	if err := os.MkdirAll(store, 0o700); err != nil {
		w.t.Fatal(err)
	}
	w.run("", "certutil", "-d", "sql:"+store, "-N", "--empty-password")
	if trust {
		w.run("", "certutil", "-d", "sql:"+store, "-A", "-t", "C,,", "-n", "daylight", "-i", w.ca)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.ProxyServer(w.proxy),
		chromedp.Env("HOME="+home), chromedp.UserDataDir(filepath.Join(home, "profile")), chromedp.WindowSize(1200, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("lang", languages), chromedp.Flag("accept-lang", languages), chromedp.WSURLReadTimeout(patience))
	ctx, cancel := chromedp.NewExecAllocator(w.t.Context(), options...)
	w.t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	w.t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, patience)
	w.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		w.t.Fatalf("starting chromium: %v", err)
	}
	return ctx
}

func TestChromiumChatsAndIsStopped(t *testing.T) {
	w := start(t, marketingPolicy)
	ctx := w.browser("en", true)
	if err := chromedp.Do(ctx, chromedp.Navigate("https://chatgpt.com/")); err != nil {
		t.Fatal(err)
	}
	send := func(text string) string {
		t.Helper()
		answer, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => {
			document.getElementById("prompt").value = `+strconv.Quote(text)+`;
			document.getElementById("answer").textContent = "";
			document.getElementById("send").click();
			for (let i = 0; i < 2000 && !document.getElementById("answer").textContent; i++) await new Promise(r => setTimeout(r, 50));
			return document.getElementById("answer").textContent;
		})()`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	if got := send(cleanPrompt); !strings.HasPrefix(got, `200 {"received":`) {
		t.Errorf("a clean prompt was answered %q", got)
	}
	before := w.services.bytesTo("chatgpt.com")
	if got := send(customerList(25)); !strings.HasPrefix(got, "403 ") || !strings.Contains(got, "Customer lists stay in the CRM") {
		t.Errorf("a customer list was answered %q", got)
	}
	if got := w.services.bytesTo("chatgpt.com"); got != before {
		t.Errorf("%d bytes of it reached the server", got-before)
	}
}

func TestChromiumUploadShowsTheBlockPage(t *testing.T) {
	need(t, "chromium")
	need(t, "certutil")
	for _, c := range []struct{ language, direction, expected string }{
		{"en", "ltr", "Customer lists stay in the CRM"},
		{"ar", "rtl", "قوائم العملاء تبقى في النظام"},
		{"zh-CN", "ltr", ""},
		{"ru", "ltr", ""},
	} {
		t.Run(c.language, func(t *testing.T) {
			w := start(t, marketingPolicy)
			list := filepath.Join(w.dir, "customers.csv")
			w.write("customers.csv", customerList(250))
			ctx := w.browser(c.language, true)
			if err := chromedp.Do(ctx, chromedp.Navigate("https://chatgpt.com/"), chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{list})); err != nil {
				t.Fatal(err)
			}
			response, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("#go")))
			if err != nil {
				t.Fatal(err)
			}
			if response.Status != 403 {
				t.Errorf("status %d", response.Status)
			}
			text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
			if err != nil {
				t.Fatal(err)
			}
			event := w.waitEvent("the upload", func(e event) bool { return e.Verdict.Action == "block" })
			if event.People != 250 || event.Service.Operation != "upload" {
				t.Errorf("event: %+v", event)
			}
			if !strings.Contains(text, event.ID) || !strings.Contains(text, c.expected) {
				t.Errorf("the page lacks the event id or the message:\n%s", text)
			}
			marks, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.lang + " " + getComputedStyle(document.body).direction + " " + document.querySelectorAll("h1").length`))
			if err != nil || marks != strings.TrimSuffix(c.language, "-CN")+" "+c.direction+" 1" && !strings.HasPrefix(marks, c.language+" "+c.direction+" 1") {
				t.Errorf("language, direction and headings: %q %v", marks, err)
			}
			picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			keepPicture(t, "block-page-"+c.language+".png", picture)
			if image, _, err := image.DecodeConfig(bytes.NewReader(picture)); err != nil || image.Width < 800 || image.Height < 400 {
				t.Errorf("the screenshot is %d by %d: %v", image.Width, image.Height, err)
			}
			if loaded, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.styleSheets.length`)); err != nil || loaded == 0 {
				t.Errorf("the policy of the page stopped its own style: %d %v", loaded, err)
			}
		})
	}
}

// keepPicture saves a screenshot for people to look at, when SCREENSHOTS names a folder.
func keepPicture(t *testing.T, name string, picture []byte) {
	t.Helper()
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
			t.Error(err)
		}
	}
}

func TestChromiumWithoutTrustIsSeen(t *testing.T) {
	w := start(t, marketingPolicy)
	ctx := w.browser("en", false)
	if err := chromedp.Do(ctx, chromedp.Navigate("https://chatgpt.com/")); err == nil {
		t.Error("a browser that does not trust the CA opened the page")
	}
	eventually(t, "the refused certificate is counted", func() bool { return w.metric("daylight_intercept_failures_total") > 0 })
	if n := w.services.requestsTo("chatgpt.com"); n != 0 {
		t.Errorf("%d requests reached the server", n)
	}
}

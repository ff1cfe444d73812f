package e2e_test

import (
	"bytes"
	encoding "encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secrets are values that Daylight finds, or that stand where it looks. None may
// be in anything it writes or answers.
var secrets = map[string]string{
	"e-mail":        "zarathustra.quill@posteo.example",
	"phone":         "+493023125017",
	"card":          "4532015112830366",
	"resident id":   "11010519491231002X",
	"iban":          "DE89370400440532013000",
	"ssn":           "536-90-4399",
	"key":           "sk-ant-api03-Zq8vXw2LkT5nR7cY1bD4gH6jM9pS3uW0eA5fK8xC2vB7nQ4tL1yE6rG9hJ3mP0sU-Wd5kZ8aXQ1tV4yB7nC0f-AAAAAA",
	"query":         "needle-in-the-query-7731",
	"path":          "needle-in-the-path-7732",
	"header":        "needle-in-the-header-7733",
	"cookie":        "needle-in-the-cookie-7734",
	"bearer token":  "needle-in-the-token-7735",
	"file name":     "needle-in-the-filename-7736",
	"user info":     "needle-in-the-password-7737",
	"broken body":   "needle-in-the-broken-body-7738",
	"response body": "needle-in-the-response-7739",
	"workspace":     "needle-in-the-workspace-7740",
}

func TestNoRawValueLeavesInAnyOutput(t *testing.T) {
	w := start(t, marketingPolicy+"  - name: cards\n    match: {data: {class: payment}}\n    action: block\n")
	text := "Please write to " + secrets["e-mail"] + " or call " + secrets["phone"] + ". Card " + secrets["card"] + ", ID " + secrets["resident id"] +
		", IBAN " + secrets["iban"] + ", SSN " + secrets["ssn"] + ", key " + secrets["key"] + "."
	list := customerList(30) + "Zara;Quill;" + secrets["e-mail"] + ";" + secrets["phone"] + ";Berlin;2026-01-01;20.90\n"
	headers := []string{"-H", "X-Note: " + secrets["header"], "-H", "Cookie: session=" + secrets["cookie"], "-H", "Authorization: Bearer " + secrets["bearer token"], "-H", "ChatGPT-Account-ID: " + secrets["workspace"]}
	var answers strings.Builder
	send := func(body string, args ...string) {
		t.Helper()
		_, _, answer := w.curl(body, append(args, headers...)...)
		answers.WriteString(answer)
	}
	for _, accept := range []string{"Accept: text/html", "Accept: application/json", "Accept: */*"} {
		for _, body := range []string{text, list, chatGPTPrompt(t, text), chatGPTPrompt(t, list), `{"messages":[{"content":{"parts":["` + secrets["broken body"] + text} {
			send(body, "--data-binary", "@-", "-H", accept, "-H", "Content-Type: application/json",
				"https://chatgpt.com/backend-api/f/conversation?token="+secrets["query"])
			send(body, "--data-binary", "@-", "-H", accept, "https://llm.newcomer.test/"+secrets["path"]+"/v1/chat/completions?q="+secrets["e-mail"])
		}
	}
	upload := filepath.Join(w.dir, secrets["file name"]+".csv")
	w.write(secrets["file name"]+".csv", list)
	send("", "-F", "file=@"+upload, "-F", "purpose="+secrets["e-mail"], "https://chatgpt.com/backend-api/files")
	send("", "https://chatgpt.com/?q="+strings.ReplaceAll(text[:60], " ", "+"))
	send("", "http://plain.test/"+secrets["path"]+"?q="+secrets["query"])
	send("", "--proxy-user", "ana:"+secrets["user info"], "https://unlisted.test/"+secrets["path"])
	w.waitEvent("a block", func(e event) bool { return e.Verdict.Action == "block" })
	w.holdNoSecret(answers.String(), upload)
}

func TestNoRawValueOfAMessageAStreamOrAnUploadLeaves(t *testing.T) {
	need(t, "curl")
	need(t, "node")
	clientFile(t, "ws.mjs")
	w := start(t, marketingPolicy)
	list := customerList(30) + "Zara;Quill;" + secrets["e-mail"] + ";" + secrets["phone"] + ";Berlin;2026-01-01;20.90\n"
	var answers strings.Builder
	told := w.socket("wss://substrate.office.com/m365Copilot/Chathub/"+secrets["path"]+"@tenant?access_token="+secrets["query"], step{"headers": step{"Cookie": "session=" + secrets["cookie"]}},
		say("{\"protocol\":\"json\",\"version\":1}\x1e"), say(chatInvocation(1, list)), say("{\"type\":6}\x1e"+secrets["broken body"]), step{"messages": 2}, step{"close": 4000, "reason": secrets["header"]})
	answers.WriteString(strings.Join(told.Messages[1:], ""))
	told = w.socket(copilot+"?clientSessionId="+secrets["query"], step{}, say(copilotMessage(list)))
	answers.WriteString(told.Closed.Reason)

	_, _, answer := w.curl(`{"name":"`+secrets["e-mail"]+`.csv"}`, "--data-binary", "@-", "-H", "Content-Type: application/json", "https://www.kimi.com/api/pre-sign-url")
	_, address, _ := strings.Cut(answer, `"url":"`)
	address, _, _ = strings.Cut(address, `"`)
	_, _, answer = w.curl(list, "-X", "PUT", "--data-binary", "@-", address)
	answers.WriteString(strings.ReplaceAll(answer, secrets["e-mail"]+".csv", "")) // its owner is told which file

	text := `{"message":{"role":"user","blocks":[{"text":{"content":` + string(must(json.Marshal(list))) + `}}]}}`
	_, _, answer = w.curl(string(encoding.BigEndian.AppendUint32([]byte{0}, uint32(len(text))))+text, "--data-binary", "@-", "-H", "Content-Type: application/connect+json",
		"-H", "X-Msh-Session-Id: "+secrets["header"], "https://www.kimi.com"+kimiChat)
	answers.WriteString(answer)
	eventually(t, "four blocks", func() bool { return w.metric("daylight_exchanges_total", `action="block"`) == 4 })
	w.holdNoSecret(answers.String(), "")
}

// holdNoSecret ends Daylight and searches everything that it wrote and answered,
// but for the file that clients uploaded.
func (w *world) holdNoSecret(answers, upload string) {
	t := w.t
	t.Helper()
	response, err := http.Get(w.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	w.stop() // everything is flushed

	outputs := map[string][]byte{"the answers of the proxy": []byte(answers), "/metrics": metrics, "the log": []byte(w.log.String())}
	err = filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path == upload {
			return err
		}
		data, err := os.ReadFile(path)
		outputs[entry.Name()] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(outputs["events.jsonl"]) == 0 || len(outputs["the log"]) == 0 || !strings.Contains(answers, "403") && !strings.Contains(answers, "vent") {
		t.Fatal("there is nothing to search")
	}
	for where, data := range outputs {
		for what, secret := range secrets {
			for _, form := range forms(secret) {
				if i := bytes.Index(data, []byte(form)); i >= 0 {
					t.Errorf("the %s is in %s: …%s", what, where, data[max(0, i-120):i])
				}
			}
		}
	}
}

// forms are the ways in which a value might be written.
func forms(secret string) []string {
	quoted, err := json.Marshal(secret)
	if err != nil {
		panic(err)
	}
	return []string{secret, strings.Trim(string(quoted), `"`), strings.ReplaceAll(secret, "@", "%40"), fmt.Sprintf("%x", secret), strings.ToUpper(secret)}
}

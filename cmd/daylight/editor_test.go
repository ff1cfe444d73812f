package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// editor is what VS Code, Neovim and others are for yaml-language-server: they
// talk the Language Server Protocol over its standard input and output.
type editor struct {
	t           *testing.T
	in          io.Writer
	out         *bufio.Reader
	calls       int
	diagnostics map[string][]diagnostic // by URI
}

type diagnostic struct {
	Range   struct{ Start, End position } `json:"range"`
	Message string                        `json:"message"`
}

type position struct {
	Line      int `json:"line"` // from 0
	Character int `json:"character"`
}

// rpcMessage is a request, an answer or a notification.
type rpcMessage struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`
}

// startEditor runs the language server; without Node the test is left out, but
// not in CI.
func startEditor(t *testing.T) *editor {
	t.Helper()
	missing := t.Skip
	if os.Getenv("CI") != "" {
		missing = t.Fatal
	}
	server, err := filepath.Abs("../../testdata/clients/node_modules/yaml-language-server/bin/yaml-language-server")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(server); err != nil {
		missing("yaml-language-server is not installed: make test does it where there is npm")
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing("node is not installed; .ci/run lists what the tests use")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // of a machine that stalls
	cmd := exec.CommandContext(ctx, "node", server, "--stdio")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	e := &editor{t: t, in: in, out: bufio.NewReader(out), diagnostics: map[string][]diagnostic{}}
	e.call("initialize", map[string]any{"processId": os.Getpid(), "rootUri": nil, "capabilities": map[string]any{
		"workspace":    map[string]any{"configuration": true},
		"textDocument": map[string]any{"completion": map[string]any{"completionItem": map[string]any{"documentationFormat": []string{"markdown"}}}},
	}})
	e.send(rpcMessage{Method: "initialized", Params: []byte("{}")})
	return e
}

func (e *editor) send(m rpcMessage) {
	e.t.Helper()
	text, err := json.Marshal(struct {
		Version string `json:"jsonrpc"`
		rpcMessage
	}{"2.0", m})
	if err != nil {
		e.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(text), text); err != nil {
		e.t.Fatal(err)
	}
}

// call sends a request and returns its result.
func (e *editor) call(method string, params any) json.RawMessage {
	e.t.Helper()
	e.calls++
	id := []byte(strconv.Itoa(e.calls))
	e.send(rpcMessage{ID: id, Method: method, Params: asJSON(e.t, params)})
	for {
		if m := e.receive(); m.Method == "" && bytes.Equal(m.ID, id) {
			if m.Error != nil {
				e.t.Fatalf("%s: %s", method, m.Error)
			}
			return m.Result
		}
	}
}

// receive reads one message, keeps diagnostics and answers what the server asks.
func (e *editor) receive() rpcMessage {
	e.t.Helper()
	length := 0
	for {
		line, err := e.out.ReadString('\n')
		if err != nil {
			e.t.Fatalf("the language server has ended: %v", err)
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(n)
		}
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(e.out, text); err != nil {
		e.t.Fatal(err)
	}
	var m rpcMessage
	if err := json.Unmarshal(text, &m); err != nil {
		e.t.Fatal(err)
	}
	switch {
	case m.Method == "textDocument/publishDiagnostics":
		var found struct {
			URI         string
			Diagnostics []diagnostic
		}
		if err := json.Unmarshal(m.Params, &found); err != nil {
			e.t.Fatal(err)
		}
		e.diagnostics[found.URI] = found.Diagnostics
	case m.Method != "" && m.ID != nil:
		e.send(rpcMessage{ID: m.ID, Result: e.answer(m)})
	}
	return m
}

// answer is what an editor tells the server: its settings.
func (e *editor) answer(m rpcMessage) json.RawMessage {
	if m.Method != "workspace/configuration" {
		return []byte("null")
	}
	var asked struct{ Items []struct{ Section string } }
	if err := json.Unmarshal(m.Params, &asked); err != nil {
		e.t.Fatal(err)
	}
	settings := make([]any, len(asked.Items))
	for i, item := range asked.Items {
		if item.Section == "yaml" {
			settings[i] = map[string]any{"validate": true, "hover": true, "completion": true, "schemaStore": map[string]any{"enable": false}}
		}
	}
	return asJSON(e.t, settings)
}

// open shows a text to the server and returns its URI and what is wrong with it.
func (e *editor) open(file, text string) (uri string, found []diagnostic) {
	e.t.Helper()
	uri = (&url.URL{Scheme: "file", Path: file}).String()
	e.send(rpcMessage{Method: "textDocument/didOpen", Params: asJSON(e.t, map[string]any{
		"textDocument": map[string]any{"uri": uri, "languageId": "yaml", "version": 1, "text": text},
	})})
	for {
		if found, told := e.diagnostics[uri]; told {
			return uri, found
		}
		e.receive()
	}
}

// complete returns what is offered at a place.
func (e *editor) complete(uri string, at position) []string {
	e.t.Helper()
	var list struct{ Items []struct{ Label string } }
	if err := json.Unmarshal(e.call("textDocument/completion", inDocument(uri, at)), &list); err != nil {
		e.t.Fatal(err)
	}
	var labels []string
	for _, item := range list.Items {
		labels = append(labels, item.Label)
	}
	return labels
}

// hover returns what is shown at a place.
func (e *editor) hover(uri string, at position) string {
	e.t.Helper()
	var shown struct{ Contents struct{ Value string } }
	if err := json.Unmarshal(e.call("textDocument/hover", inDocument(uri, at)), &shown); err != nil {
		e.t.Fatal(err)
	}
	return shown.Contents.Value
}

func inDocument(uri string, at position) any {
	return map[string]any{"textDocument": map[string]any{"uri": uri}, "position": at}
}

func asJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

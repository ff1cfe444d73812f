package proxy

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"daylight.internal/rules/catalog"
)

// failureReasons are the reasons that the code gives for answers of its own, with
// the place of each.
func failureReasons(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			for _, literal := range reasonLiterals(declaration) {
				if word, err := strconv.Unquote(literal.Value); err == nil && regexp.MustCompile(`^[a-z_0-9]+$`).MatchString(word) {
					found[word] = files.Position(literal.Pos()).String()
				}
			}
		}
	}
	return found
}

var (
	// Functions of which every returned literal is a reason, and those of which every assigned
	// one is.
	returnReasons = []string{"check", "checkName", "blindReason"}
	assignReasons = []string{"brokenBody", "connectServer"}
	// The place of the reason among the arguments.
	takeFailures = map[string]int{"found": 1, "answer": 3, "failurePage": 2, "refuse": 1, "refused": 0}
)

// reasonLiterals returns the literals of a declaration that become the reason of a failure.
func reasonLiterals(declaration ast.Decl) (out []*ast.BasicLit) {
	add := func(expressions ...ast.Expr) {
		for _, e := range expressions {
			if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
				out = append(out, l)
			}
		}
	}
	within := ""
	if f, ok := declaration.(*ast.FuncDecl); ok {
		within = f.Name.Name
	}
	ast.Inspect(declaration, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if kind, ok := n.Type.(*ast.Ident); ok && slices.Contains([]string{"carryError", "failed", "refusal"}, kind.Name) {
				add(reasonOf(n))
			}
		case *ast.CallExpr:
			if at, ok := takeFailures[calledName(n)]; ok && at < len(n.Args) {
				add(n.Args[at])
			}
		case *ast.ReturnStmt:
			if slices.Contains(returnReasons, within) {
				add(n.Results...)
			}
		case *ast.AssignStmt:
			if slices.Contains(assignReasons, within) && len(n.Rhs) > 0 && len(n.Lhs) == len(n.Rhs) {
				add(n.Rhs[len(n.Rhs)-1])
			}
		case *ast.ValueSpec:
			if slices.Contains([]string{"reason", "signIn"}, n.Names[0].Name) {
				add(n.Values...)
			}
		}
		return true
	})
	return out
}

// reasonOf is the element of a literal that is its reason.
func reasonOf(literal *ast.CompositeLit) ast.Expr {
	for i, e := range literal.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); !ok && i == 1 {
			return e
		} else if ok && pair.Key.(*ast.Ident).Name == "reason" {
			return pair.Value
		}
	}
	return nil
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func TestEveryReasonInTheCodeHasWordsInEveryLanguage(t *testing.T) {
	found := failureReasons(t)
	for _, known := range []string{"dns", "body_bytes", "tunnel_limit", "forbidden_address", "request_body", "sign_in", "misdirected", "malformed", "not_grpc"} {
		if found[known] == "" {
			t.Errorf("the search does not find %s", known)
		}
	}
	for _, p := range pages().texts {
		for reason, at := range found {
			words, ok := p.Reasons[reason]
			if !ok || strings.HasSuffix(reason, "_limit") && words.Lead == "" { // of what there is too much
				t.Errorf("%s: %s has no words in %s", at, reason, p.Language)
			}
		}
	}
}

// failureStatuses are the statuses of answers of our own.
var failureStatuses = []int{400, 403, 404, 407, 408, 413, 421, 431, 500, 501, 502, 503, 504, 505, 508}

// leaks are words that only come from inside.
var leaks = regexp.MustCompile(`(?i)dial tcp|lookup |\bEOF\b|x509|i/o timeout|goroutine|panic:|\.go:|net/http|127\.0\.0\.1|\[::1\]|upstream\.corp`)

// Each failure of each reason says in one language what happened and the one thing
// to do, and names its event.
func TestEveryFailureNamesItsEventAndTheOneThingToDo(t *testing.T) {
	for _, text := range pages().texts {
		for _, reason := range slices.Sorted(maps.Keys(text.Reasons)) {
			for _, status := range failureStatuses {
				words := text.failure(status, reason)
				name := fmt.Sprint(text.Language, " ", status, " ", reason)
				if words.Title == "" || words.Lead == "" || words.Do == "" {
					t.Errorf("%s: words are missing: %+v", name, words)
				}
				checkFailurePage(t, name, text, words, failurePage(browser(text.Language), status, reason, eventID))
				checkFailureJSON(t, name, text, words, status, reason)
			}
		}
	}
}

func checkFailurePage(t *testing.T, name string, text *pageText, words failureText, resp *http.Response) {
	t.Helper()
	page := bodyOf(t, resp)
	for _, want := range []string{
		`<html lang="` + text.Language + `" dir="` + text.Direction + `">`, "<h1>" + words.Title + "</h1>", words.Lead,
		"<h2>" + text.NextTitle + "</h2>\n<p>" + words.Do + "</p>\n<footer>", eventID,
	} {
		if strings.Count(page, want) != 1 {
			t.Errorf("%s: the page has %q %d times", name, want, strings.Count(page, want))
		}
	}
	if strings.Contains(page, "<li>") || strings.Count(page, "<h1>") != 1 || strings.Count(page, "<h2>") != 1 || leaks.MatchString(page) {
		t.Errorf("%s: more than one thing, or what is nobody's business: %s", name, page)
	}
	if resp.Header.Get(eventHeader) != eventID || resp.Header.Get("Content-Language") != text.Language {
		t.Errorf("%s: header %v", name, resp.Header)
	}
}

func checkFailureJSON(t *testing.T, name string, text *pageText, words failureText, status int, reason string) {
	t.Helper()
	for _, shape := range []string{"", catalog.OpenAIError, catalog.AnthropicError, catalog.GoogleError} {
		r := httptest.NewRequest(http.MethodPost, "https://api.example/v1/messages", nil)
		r.Header.Set("Accept-Language", text.Language)
		var service *catalog.Service
		if shape != "" {
			service = &catalog.Service{ErrorShape: shape}
		}
		resp := failed{status, reason, eventID, service}.answer(r)
		body := bodyOf(t, resp)
		var got any
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatalf("%s: %v: %s", name, err, body)
		}
		if resp.StatusCode != status || resp.Header.Get(eventHeader) != eventID || resp.Header.Get("Content-Language") != text.Language {
			t.Errorf("%s %s: %d, header %v", name, shape, resp.StatusCode, resp.Header)
		}
		for _, want := range []string{words.Lead, words.Do, eventID, reason} {
			if !strings.Contains(body, want) {
				t.Errorf("%s %s: %q is missing in %s", name, shape, want, body)
			}
		}
		if leaks.MatchString(body) {
			t.Errorf("%s: %s", name, body)
		}
	}
}

func TestAFailureHasTheShapeOfTheService(t *testing.T) {
	const message = "The site did not answer as it should. Nobody knows a site of this name. Check the address for typing errors. (dns) Event number: " + eventID
	for shape, want := range map[string]string{
		catalog.OpenAIError:    `{"error":{"code":"dns","message":"` + message + `","param":null,"type":"server_error"}}`,
		catalog.AnthropicError: `{"error":{"message":"` + message + `","type":"api_error"},"request_id":"` + eventID + `","type":"error"}`,
		catalog.GoogleError: `{"error":{"code":502,"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","domain":"daylight.internal","metadata":{"event_id":"` + eventID +
			`"},"reason":"DNS"}],"message":"` + message + `","status":"UNAVAILABLE"}}`,
	} {
		r := httptest.NewRequest(http.MethodPost, "https://api.example/v1/messages", nil)
		resp := failed{http.StatusBadGateway, "dns", eventID, &catalog.Service{ErrorShape: shape}}.answer(r)
		if got := strings.TrimSpace(bodyOf(t, resp)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", shape, got, want)
		}
	}
}

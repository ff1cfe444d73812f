package audit_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// reasonsInCode returns each literal of the code that can become the reason of a
// coverage, with its place.
func reasonsInCode(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range []string{"../../classifier/extract", "../../rules/engine", "../../rules/catalog", ".."} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for word, pos := range literalReasons(file) {
				found[word] = fmt.Sprint(files.Position(pos))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// A reasonFinder gathers the literals that are put into a field or variable which
// is named as a reason, given to a function that takes one, or returned by one
// that gives one. Fields of that name which say something else are left out by
// their types.
type reasonFinder map[string]token.Pos

var (
	reasonTypes = []string{"Coverage", "Body", "tunnelReport", "prefix"}
	takeReasons = []string{"skip", "relay", "connectServer", "failed", "watch", "passUnread"}
	giveReasons = []string{"unreadReason", "room", "unreadable", "unreadCoverage", "unopened", "Unopened", "bypassed", "bypassReasons", "bypass"}
)

func literalReasons(file *ast.File) map[string]token.Pos {
	found := reasonFinder{}
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		gives := slices.Contains(giveReasons, function.Name.Name)
		ast.Inspect(function.Body, func(n ast.Node) bool {
			found.look(n, gives)
			return true
		})
	}
	return found
}

func (f reasonFinder) look(n ast.Node, gives bool) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		for _, element := range n.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if ok && slices.Contains(reasonTypes, lastName(n.Type)) && strings.EqualFold(lastName(pair.Key), "reason") {
				f.take(pair.Value)
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if i < len(n.Rhs) && isReason(left) {
				f.take(n.Rhs[i])
			}
		}
	case *ast.CallExpr:
		if slices.Contains(takeReasons, lastName(n.Fun)) {
			f.take(n.Args...)
		}
	case *ast.ReturnStmt:
		if gives {
			f.take(n.Results...)
		}
	}
}

func (f reasonFinder) take(expressions ...ast.Expr) {
	for _, e := range expressions {
		ast.Inspect(e, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if word, err := strconv.Unquote(l.Value); err == nil && word != "" {
					f[word] = l.Pos()
				}
			}
			return true
		})
	}
}

// isReason tells whether an expression names the reason of a coverage, and not
// that of a verdict.
func isReason(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "reason" || e.Name == "unread"
	case *ast.SelectorExpr:
		return (e.Sel.Name == "Reason" || e.Sel.Name == "reason") && !strings.EqualFold(lastName(e.X), "verdict")
	}
	return false
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return lastName(e.X)
	}
	return ""
}

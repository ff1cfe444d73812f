package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestTheKeysOfExplainAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Explain\n")
	section, _, _ = strings.Cut(section, "\n## ")
	keys := map[string]bool{}
	addKeys(keys, reflect.TypeFor[explanation]())
	addKeys(keys, reflect.TypeFor[explainedEntry]())
	if len(keys) < 60 {
		t.Fatalf("only %d keys", len(keys))
	}
	for key := range keys {
		if !strings.Contains(section, "`"+key+"`") {
			t.Errorf("the key %s is not in the section", key)
		}
	}
}

// addKeys adds the names of the members of a type, and of those in them.
func addKeys(keys map[string]bool, t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		addKeys(keys, t.Elem())
		return
	case reflect.Struct:
	default:
		return
	}
	if !strings.HasPrefix(t.PkgPath(), "daylight.internal") && t.PkgPath() != "main" {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			keys[name] = true
		}
		addKeys(keys, f.Type)
	}
}

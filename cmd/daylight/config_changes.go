package main

import (
	"reflect"
	"slices"
	"strings"

	"daylight.internal/rules/strictyaml"
)

// reloadedKeys are the keys of the configuration that a reload applies; the others
// take a restart.
func reloadedKeys() []string {
	return []string{"policy", "mode", "on_error", "tls.intercept", "tls.bypass", "reload"}
}

// withReloaded returns the configuration of the start with what a reload applies
// of a newer one.
func (c *configuration) withReloaded(newer *configuration) *configuration {
	next := *c
	next.Policy, next.Monitor, next.Reload = newer.Policy, newer.Monitor, newer.Reload
	next.OnErrorAllow = newer.OnErrorAllow
	next.Intercept, next.Bypass = newer.Intercept, newer.Bypass
	next.text, next.written = newer.text, newer.written
	return &next
}

// changedKeys returns the dotted keys, in the order of the documentation, whose
// values differ between two configurations as they were written.
func changedKeys(old, new *configFile) []string {
	if old == nil || new == nil {
		return nil
	}
	return differences("", reflect.ValueOf(old).Elem(), reflect.ValueOf(new).Elem())
}

// needRestart keeps of changed keys those that a reload does not apply.
func needRestart(keys []string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		return slices.ContainsFunc(reloadedKeys(), func(r string) bool { return key == r || strings.HasPrefix(key, r+".") })
	})
}

func differences(prefix string, old, new reflect.Value) (keys []string) {
	for i := range old.NumField() {
		name, _, _ := strings.Cut(old.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "" {
			continue
		}
		a, b := old.Field(i), new.Field(i)
		if isSection(a.Type()) {
			keys = append(keys, differences(prefix+name+".", a, b)...)
		} else if !sameValue(a, b) {
			keys = append(keys, prefix+name)
		}
	}
	return keys
}

// isSection tells whether a type holds keys, and is no value with its place.
func isSection(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	_, value := t.FieldByName("V")
	return !value
}

// sameValue compares what was written, wherever it stands in the file.
func sameValue(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameValue(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() {
			return false
		}
		for _, key := range a.MapKeys() {
			if other := b.MapIndex(key); !other.IsValid() || !sameValue(a.MapIndex(key), other) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.Name != "Length" && f.Type != reflect.TypeFor[strictyaml.Position]() && !sameValue(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	default:
		return a.Equal(b)
	}
}

package main

import (
	"reflect"
	"strings"
	"unicode"
)

// printable takes from text what would do something to a terminal, or show it in
// another order: a log, a recording or somebody else's policy may hold anything.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsGraphic(c) {
			return c
		}
		return '·'
	}, text)
}

// makePrintable does so with every text in what v points to. Texts by name, which are
// the messages of rules, are left: they are quoted where they are printed.
func makePrintable(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			makePrintable(v.Elem())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			makePrintable(field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			makePrintable(v.Index(i))
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(printable(v.String()))
		}
	}
}

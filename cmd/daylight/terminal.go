package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// ink colours text for a terminal, and leaves it alone for everything else.
type ink struct{ on bool }

// inkFor follows the conventions of no-color.org and bixense.com/clicolors.
func inkFor(w io.Writer) ink {
	switch {
	case os.Getenv("NO_COLOR") != "":
		return ink{}
	case os.Getenv("CLICOLOR_FORCE") != "" && os.Getenv("CLICOLOR_FORCE") != "0":
		return ink{on: true}
	}
	f, ok := w.(*os.File)
	return ink{on: ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"}
}

func (i ink) paint(code, text string) string {
	if !i.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (i ink) bold(text string) string   { return i.paint("1", text) }
func (i ink) dim(text string) string    { return i.paint("2", text) }
func (i ink) red(text string) string    { return i.paint("1;31", text) }
func (i ink) green(text string) string  { return i.paint("32", text) }
func (i ink) yellow(text string) string { return i.paint("33", text) }

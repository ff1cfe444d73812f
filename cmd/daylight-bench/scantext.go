package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/cmd/daylight-accuracy/corpus"
)

// documentSize is that of the texts, the size of a long prompt or a small upload.
const documentSize = 64 << 10

// scanText is a document in one language or format.
type scanText struct {
	name     string
	file     string // its name; the suffix tells how it is read
	body     []byte
	segments []classifier.Segment // as extraction parts it
	findings int
}

// scanGroup is a set of texts with a mean of its own.
type scanGroup struct {
	name  string
	texts []scanText
}

// cleanPages are pages without a figure, one in each language.
const cleanPages = "testdata/corpus/clean"

// scanGroups are the texts that are measured. Prose of people mostly has no figures;
// that of the generator has as many as it takes to mislead a scanner.
func scanGroups() ([]scanGroup, error) {
	clean := scanGroup{name: "clean"}
	figures := scanGroup{name: "with figures"}
	full := scanGroup{name: "full of findings"}
	for _, language := range corpus.Languages() {
		page, err := os.ReadFile(filepath.Join(cleanPages, string(language)+".txt"))
		if err != nil {
			return nil, fmt.Errorf("reading a page in %s (run it in the folder of the repository): %w", language, err)
		}
		clean.texts = append(clean.texts, scanText{name: string(language), body: bytes.ToValidUTF8(bytes.Repeat(page, 1+documentSize/len(page))[:documentSize], nil)})
		text := corpus.Clean(corpus.Prose, language, 1, documentSize)
		figures.texts = append(figures.texts, scanText{name: string(language), body: text})
		full.texts = append(full.texts, scanText{name: string(language), body: planted(text)})
	}
	code, err := sourceCode()
	if err != nil {
		return nil, err
	}
	clean.texts = append(clean.texts,
		scanText{name: "code", file: "main.go", body: code},
		scanText{name: "json", file: "chat.json", body: chat(clean.texts[0].body)},
		scanText{name: "csv", file: "figures.csv", body: corpus.Clean(corpus.Numbers, corpus.English, 1, documentSize)},
	)
	figures.texts = append(figures.texts,
		scanText{name: "json", file: "records.json", body: corpus.Clean(corpus.JSON, corpus.English, 1, documentSize)},
		scanText{name: "code", file: "main.go", body: corpus.Clean(corpus.Code, corpus.English, 1, documentSize)},
	)
	full.texts = append(full.texts, scanText{name: "json", file: "chat.json", body: chat(full.texts[0].body)})
	machine := scanGroup{name: "machine text"}
	for _, kind := range []corpus.Kind{corpus.Logs, corpus.Codes, corpus.Markup} {
		machine.texts = append(machine.texts, scanText{name: string(kind), body: corpus.Clean(kind, corpus.English, 1, documentSize)})
	}
	customers := scanGroup{name: "customers"}
	for _, format := range []corpus.Format{corpus.CSV, corpus.JSONArray} {
		d := corpus.NewCustomers(corpus.English, format, 1, documentSize/150)
		customers.texts = append(customers.texts, scanText{name: string(format), file: d.Name, body: d.Text})
	}
	return []scanGroup{clean, figures, full, machine, customers}, nil
}

// sourceCode is some of our own, without tests.
func sourceCode() ([]byte, error) {
	files, err := filepath.Glob("proxy/*.go")
	if err != nil {
		return nil, fmt.Errorf("looking for source code: %w", err)
	}
	var code []byte
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") { // full of customers
			continue
		}
		file, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading source code: %w", err)
		}
		if code = append(code, file...); len(code) >= documentSize {
			return code[:documentSize], nil
		}
	}
	return nil, fmt.Errorf("there are less than %d bytes of source code in proxy/: run it in the folder of the repository", documentSize)
}

// every is how far apart values are planted, in bytes.
const every = 120

// planted is text with the data of a person after every so many bytes, at the end
// of a word.
func planted(text []byte) []byte {
	var b bytes.Buffer
	for n, from := 0, 0; from < len(text); n++ {
		to := min(len(text), from+every)
		for to < len(text) && text[to] != ' ' && text[to] != '\n' && !bytes.HasPrefix(text[to:], []byte("。")) {
			to++
		}
		b.Write(text[from:to])
		switch n % 4 {
		case 0:
			fmt.Fprintf(&b, " (customer%d@mail%d.example.com)", n, n%7)
		case 1:
			fmt.Fprintf(&b, " +49 151 %08d", 20000000+n*7919)
		case 2:
			fmt.Fprintf(&b, " DE89 3704 0044 0532 0130 00")
		case 3:
			fmt.Fprintf(&b, " 4532 0151 1283 0366")
		}
		from = to
	}
	return b.Bytes()
}

// chat is the body of a call with text cut into messages.
func chat(text []byte) []byte {
	var b bytes.Buffer
	b.WriteString(`{"model":"gpt-5","messages":[`)
	for i, message := range bytes.Split(text, []byte("\n\n")) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"role":"user","content":%q}`, message)
	}
	b.WriteString("]}")
	return b.Bytes()
}

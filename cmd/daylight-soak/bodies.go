package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// prompt returns a prompt to a chat without findings; the padding gives it a size of its own.
func prompt(padding int) string {
	return `{"model":"gpt-5","messages":[{"role":"user","content":"Write three taglines for our spring campaign, playful, no more than six words each.` + strings.Repeat(" ", padding) + `"}]}`
}

// listPrompt is a prompt with customers in it.
func listPrompt(padding int) string {
	return `{"model":"gpt-5","messages":[{"role":"user","content":"Write to each of them: ` + strings.ReplaceAll(customers(20), "\n", `\n`) + strings.Repeat(" ", padding) + `"}]}`
}

// item is a prompt as a message of a WebSocket.
func item(text string, padding int) string {
	return `{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"` + text + strings.Repeat(" ", padding) + `"}]}}`
}

// customers is a table of n invented people.
func customers(n int) string {
	given := []string{"Anna", "Jonas", "Mila", "Paul", "Lea", "Finn", "Ida", "Emil", "Clara", "Oskar"}
	family := []string{"Bergmann", "Keller", "Vogt", "Lindner", "Sommer", "Brandt", "Winkler"}
	var b strings.Builder
	b.WriteString("First name;Last name;E-Mail;City\n")
	for i := range n {
		g, f := given[i%len(given)], family[i%len(family)]
		fmt.Fprintf(&b, "%s;%s;%s.%s%d@posteo.example;Berlin\n", g, f, strings.ToLower(g), strings.ToLower(f), i)
	}
	return b.String()
}

// form wraps a file as the upload of an API wants it.
func form(file string) string {
	return "--soak\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n" +
		"--soak\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n" + file + "\r\n--soak--\r\n"
}

// grpcMessage frames a message that has one string, in field 1.
func grpcMessage(text string) []byte {
	field := append([]byte{1<<3 | 2, byte(len(text)&0x7f | 0x80), byte(len(text) >> 7)}, text...)
	return append([]byte{0, 0, 0, byte(len(field) >> 8), byte(len(field))}, field...)
}

// post makes a request whose body is never sent twice.
func post(ctx context.Context, url, mediaType string, body string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, io.NopCloser(bytes.NewReader([]byte(body))))
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Type", mediaType)
	return r, nil
}

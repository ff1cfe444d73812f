package e2e_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// customerList is a CRM export of n people who do not exist.
func customerList(n int) string {
	given := []string{"Anna", "Jonas", "Mila", "Paul", "Lea", "Finn", "Ida", "Emil", "Clara", "Oskar"}
	family := []string{"Bergmann", "Keller", "Vogt", "Lindner", "Sommer", "Brandt", "Winkler"}
	var b strings.Builder
	b.WriteString("First name;Last name;E-Mail;Phone;City;Last order;Amount\n")
	for i := range n {
		g, f := given[i%len(given)], family[i%len(family)]
		fmt.Fprintf(&b, "%s;%s;%s.%s%d@posteo.example;+49 30 %07d;Berlin;2026-%02d-%02d;%d.90\n",
			g, f, strings.ToLower(g), strings.ToLower(f), i, 2345678+i*13, 1+i%12, 1+i%28, 20+i%80)
	}
	return b.String()
}

const cleanPrompt = "Write three taglines for our spring campaign. Playful, no more than six words each."

// chatGPTPrompt is the body that the page of ChatGPT sends for a text.
func chatGPTPrompt(t *testing.T, text string) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"action": "next", "model": "auto", "messages": []any{
		map[string]any{"author": map[string]any{"role": "user"}, "content": map[string]any{"content_type": "text", "parts": []any{text}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func sha(b []byte) [32]byte { return sha256.Sum256(b) }

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
)

// customers is the number of rows of the customer list.
const customers = 250

// customerList writes a CRM export as CSV. Everybody in it is made up, with
// numbers and domains that are set aside for fiction, and the same each time.
func customerList() string {
	random := rand.New(rand.NewPCG(2026, 11))
	first := []string{"Anna", "Ben", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Katya", "Lars", "Mei", "Noor", "Olga", "Pablo", "Quinn", "Rosa", "Sami", "Tomas"}
	last := []string{"Albers", "Bianchi", "Castro", "Dietrich", "Eriksen", "Fontaine", "Garcia", "Haddad", "Ivanova", "Jansen", "Kowalski", "Lindqvist", "Moreau"}
	cities := []string{"Hamburg", "Lyon", "Porto", "Turin", "Utrecht", "Vienna"}
	products := []string{"Sunrise Blend", "Night Roast", "Cold Brew Kit", "Decaf Duo"}
	area := []int{212, 312, 415, 503, 617, 702}
	var b strings.Builder
	b.WriteString("customer_id,first_name,last_name,email,phone,city,last_purchase,total_spent\n")
	for i := range customers {
		f, l := first[i%len(first)], last[i/len(first)%len(last)]
		fmt.Fprintf(&b, "C-%05d,%s,%s,%s.%s%d@example.com,+1 %d 555 01%02d,%s,%s,%d.%02d\n", 10_000+i, f, l,
			strings.ToLower(f), strings.ToLower(l), i, area[i/100], i%100, cities[random.IntN(len(cities))],
			products[random.IntN(len(products))], 20+random.IntN(400), random.IntN(100))
	}
	return b.String()
}

// fakeKeys returns credentials that have the right form and open nothing.
func fakeKeys() (aws, openAI string) {
	random := rand.New(rand.NewPCG(7, 7))
	letters := func(n int, alphabet string) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	const upper, mixed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	return "AKIA" + letters(16, upper), "sk-" + letters(20, mixed) + "T3BlbkFJ" + letters(20, mixed)
}

// message is the request of one demo exchange.
type message struct {
	method, url, mediaType string
	body                   []byte
}

func jsonMessage(url string, body any) message {
	data, err := json.Marshal(body)
	if err != nil {
		panic(err) // a literal of ours
	}
	return message{http.MethodPost, url, "application/json", data}
}

// uploadMessage sends a file as a form does, with one more field.
func uploadMessage(url, field, value, fileName, mediaType, content string) message {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary("daylight-demo-boundary") // writing to memory does not fail
	_ = w.WriteField(field, value)
	part, _ := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf("form-data; name=%q; filename=%q", "file", fileName)},
		"Content-Type":        {mediaType},
	})
	_, _ = part.Write([]byte(content))
	_ = w.Close()
	return message{http.MethodPost, url, w.FormDataContentType(), b.Bytes()}
}

// chatGPT is a question as ChatGPT's web app sends it.
func chatGPT(text string) message {
	return jsonMessage("https://chatgpt.com/backend-api/f/conversation", map[string]any{
		"action": "next", "model": "auto", "parent_message_id": "client-created-root",
		"messages": []any{map[string]any{
			"author":  map[string]string{"role": "user"},
			"content": map[string]any{"content_type": "text", "parts": []string{text}},
		}},
	})
}

// openAIChat is a question as programs send it.
func openAIChat(url, text string, stream bool) message {
	return jsonMessage(url, map[string]any{
		"model": "gpt-5", "stream": stream,
		"messages": []any{map[string]string{"role": "user", "content": text}},
	})
}

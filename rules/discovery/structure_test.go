package discovery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daylight.internal/rules/discovery"
)

const secret = "Ana Schmidt, 4111 1111 1111 1111, ana@customers.example"

func TestTheStructureNamesThePlaceOfThePrompt(t *testing.T) {
	for _, c := range []struct {
		name    string
		request *discovery.Request
		prompt  string
		upload  string
		fields  []string // some of them
	}{
		{"messages", post(`{"model":"m-1","messages":[{"role":"user","content":"` + secret + `"},{"role":"user","content":"short one"}],"n":1,"stream":true}`),
			"$.messages[*].content", "", []string{"$.model text up to 16", "$.messages array ", "$.messages[*] object ", "$.messages[*].content text up to 80", "$.n number ", "$.stream word "}},
		{"a text in an odd member", post(`{"a-b":{"c":["` + secret + `"]}}`), "$['a-b'].c[*]", "", nil},
		{"a document in a text", post(`{"init":{"body":"{\"q\":\"` + secret + `\"}"}}`), "$.init.body | json $.q", "", nil},
		{"a form", post("q="+strings.ReplaceAll(secret, " ", "+")+"&n=1", media(formType)), "form:q", "", nil},
		{"a document in a form", post("v=%7B%22m%22%3A%22"+strings.ReplaceAll(secret, " ", "+")+"%22%7D", media(formType)), "form:v | json $.m", "", nil},
		{"parts", post(boundary+"ask\"\r\n\r\n"+secret+"\r\n"+filePart, media("multipart/form-data")), "multipart:ask", "multipart:file", []string{"multipart:file file up to 16"}},
		{"an envelope", post("\x00\x00\x00\x00\x10" + `{"q":"` + secret + `"}`), "connect $.q", "", nil},
		{"a message of a WebSocket", post(`42{"q":"`+secret+`"}`, func(r *discovery.Request) { r.WebSocket = true }), "ws:$.q", "", nil},
		{"no text", post(`{"id":17}`), "", "", []string{"$.id number "}},
		{"names that are values", post(`{"ana@customers.example":{"8d1e2f30aa":"x"},"4111111111111111":1}`), "", "", []string{"$.* object ", "$.*.* text up to 16"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := embedded(t).Structure(c.request, nil)
			var fields []string
			for _, f := range s.Fields {
				fields = append(fields, f.Place+" "+f.Type+" "+f.Size)
			}
			if s.Prompt != c.prompt || s.Upload != c.upload {
				t.Errorf("prompt %q, upload %q; %q", s.Prompt, s.Upload, fields)
			}
			for _, f := range c.fields {
				if !slices.Contains(fields, f) {
					t.Errorf("%q is not in %q", f, fields)
				}
			}
			for _, part := range []string{"Ana", "4111", "customers.example", "8d1e"} {
				if strings.Contains(fmt.Sprint(s), part) {
					t.Errorf("%q got into %+v", part, s)
				}
			}
		})
	}
}

func FuzzStructure(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":"{\"c\":\"d e\"}"}]}`), jsonType)
	f.Add([]byte("a=%7B%22b%22%3A1%7D&c"), formType)
	f.Add([]byte(boundary+"x\"\r\n\r\n{\"a\":1}\r\n--b1--"), "multipart/form-data")
	d, err := discovery.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte, mediaType string) {
		for _, socket := range []bool{false, true} {
			s := d.Structure(&discovery.Request{MediaType: mediaType, Body: body, WebSocket: socket}, nil)
			if len(s.Fields) > 96 {
				t.Errorf("%d fields", len(s.Fields))
			}
		}
	})
}

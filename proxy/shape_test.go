package proxy

import (
	"slices"
	"testing"

	"daylight.internal/rules/discovery"
)

func TestAShapeHoldsNoNameThatLooksLikeAValue(t *testing.T) {
	d, err := discovery.New()
	if err != nil {
		t.Fatal(err)
	}
	body := `{"ana.kovac@customer.example":{"text":"please write a friendly mail to her"},"4111111111111111":1,"aGVsbG9XB3JsZEhlbGxv":2,"maxOutputTokens":3}`
	shape := newShape(d.Structure(&discovery.Request{Method: "POST", MediaType: "application/json", Body: []byte(body)}, nil), "application/json", 0)
	want := []string{"$.* object", "$.*.text text", "$.* number", "$.maxOutputTokens number"}
	if shape.Text != "$.*.text" || !slices.Equal(shape.Keys, want) {
		t.Errorf("%q, %q", shape.Text, shape.Keys)
	}
}

func TestAPlaceHoldsNoNameThatLooksRandom(t *testing.T) {
	for place, want := range map[string]string{
		"$.messages[*].content":                    "$.messages[*].content",
		"$.aGVsbG9XB3JsZEhlbGxv[*].text":           "$.*[*].text",
		"$.aGVsbG9XB3JsZEhlbGxv | json $.text":     "$.* | json $.text",
		"form:aGVsbG9XB3JsZEhlbGxv":                "form:*",
		"multipart:aGVsbG9XB3JsZEhlbGxv":           "multipart:*",
		"form:aGVsbG9XB3JsZEhlbGxv | json $.q":     "form:* | json $.q",
		"multipart:file":                           "multipart:file",
		"ws:$.aGVsbG9XB3JsZEhlbGxv.prompt":         "ws:$.*.prompt",
		"connect $.request['max-tokens'][*].value": "connect $.request['max-tokens'][*].value",
	} {
		if got := safePlace(place); got != want {
			t.Errorf("%s: %s, want %s", place, got, want)
		}
	}
}
